"""Documents → documents that a browser loads faster."""

from ssg.optimize.refine import refine

__all__ = ["refine"]
