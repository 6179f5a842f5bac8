"""Documents → documents that a browser loads faster."""

from ssg.optimize.context import Context, Resource, Step
from ssg.optimize.critical import Sheet, compile_sheet, used_part
from ssg.optimize.minify import Writer
from ssg.optimize.offers import Candidate, ImageSet, ImageSource
from ssg.optimize.refine import Stretch, Work, arrange, refine
from ssg.optimize.script import minify_script
from ssg.optimize.scripts import LOADER as SCRIPT_LOADER

__all__ = [
    "SCRIPT_LOADER",
    "Candidate",
    "Context",
    "ImageSet",
    "ImageSource",
    "Resource",
    "Sheet",
    "Step",
    "Stretch",
    "Work",
    "Writer",
    "arrange",
    "compile_sheet",
    "minify_script",
    "refine",
    "used_part",
]
