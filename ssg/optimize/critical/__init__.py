"""Critical CSS, faithful by construction: what a page can use of its stylesheets, and how the rest is delivered."""

from ssg.optimize.critical.apply import Applied, apply
from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.memo import Memo
from ssg.optimize.critical.placement import Limits, Placement, Way
from ssg.optimize.critical.rewrite import LOADER
from ssg.optimize.critical.select import select, signature, used_part
from ssg.optimize.critical.sheet import Sheet
from ssg.optimize.critical.tokens import tokens_of

__all__ = [
    "LOADER",
    "Applied",
    "Limits",
    "Memo",
    "Placement",
    "Sheet",
    "Way",
    "apply",
    "compile_sheet",
    "select",
    "signature",
    "tokens_of",
    "used_part",
]
