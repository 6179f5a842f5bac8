"""Documents → documents that a browser loads faster."""

from ssg.optimize.refine import arrange, refine
from ssg.optimize.script import minify_script

__all__ = ["arrange", "minify_script", "refine"]
