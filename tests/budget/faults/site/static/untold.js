const name = document.documentElement.lang;
import(`/${name}.js`);
