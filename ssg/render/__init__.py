"""Pages and a theme → documents."""

from ssg.render.asking import asked_widths
from ssg.render.constant import constant_fragments
from ssg.render.environment import Tools, shortcodes
from ssg.render.explain import sentence
from ssg.render.marks import Marked, Marker, Writer
from ssg.render.outputs import check_outputs, template_names
from ssg.render.page import Renderer, Stage, origin, prepare
from ssg.render.theme import Showing, Theme, load_theme
from ssg.render.version import code, version

__all__ = [
    "Marked",
    "Marker",
    "Renderer",
    "Showing",
    "Stage",
    "Theme",
    "Tools",
    "Writer",
    "asked_widths",
    "check_outputs",
    "code",
    "constant_fragments",
    "load_theme",
    "origin",
    "prepare",
    "sentence",
    "shortcodes",
    "template_names",
    "version",
]
