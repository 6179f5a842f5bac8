"""Pages and a theme → documents."""

from ssg.render.environment import shortcodes
from ssg.render.page import Renderer, prepare
from ssg.render.theme import Theme, load_theme

__all__ = ["Renderer", "Theme", "load_theme", "prepare", "shortcodes"]
