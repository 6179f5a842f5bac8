"""Documents → documents that a browser loads faster."""

from ssg.optimize.context import Context, Resource, Step
from ssg.optimize.minify import Writer
from ssg.optimize.refine import Stretch, Work, arrange, refine

__all__ = ["Context", "Resource", "Step", "Stretch", "Work", "Writer", "arrange", "refine"]
