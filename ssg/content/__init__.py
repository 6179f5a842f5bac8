"""Sources → pages → a site: discover, read, parse, place, assemble."""

from ssg.content.assemble import Placed, Visibility, assemble, place
from ssg.content.data import Data, load_data
from ssg.content.discover import Found, discover, read
from ssg.content.hooks import HOOKS, Elements
from ssg.content.markdown import Dialect, load_dialect
from ssg.content.menus import check_menus
from ssg.content.parse import convert, parse
from ssg.content.plain import plain
from ssg.content.slug import term_slug
from ssg.content.version import version

__all__ = [
    "HOOKS",
    "Data",
    "Dialect",
    "Elements",
    "Found",
    "Placed",
    "Visibility",
    "assemble",
    "check_menus",
    "convert",
    "discover",
    "load_data",
    "load_dialect",
    "parse",
    "place",
    "plain",
    "read",
    "term_slug",
    "version",
]
