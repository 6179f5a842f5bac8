let a
import './bb.js'
