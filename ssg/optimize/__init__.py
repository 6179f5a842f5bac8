"""Documents → documents that a browser loads faster."""

from ssg.optimize.refine import arrange, refine

__all__ = ["arrange", "refine"]
