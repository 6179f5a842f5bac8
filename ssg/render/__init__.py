"""Pages and a theme → documents."""

from ssg.render.environment import Tools, shortcodes
from ssg.render.outputs import check_outputs
from ssg.render.page import Renderer, prepare
from ssg.render.theme import Theme, load_theme

__all__ = ["Renderer", "Theme", "Tools", "check_outputs", "load_theme", "prepare", "shortcodes"]
