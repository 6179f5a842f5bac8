"""ssg: a static site generator with performance budgets."""

__version__ = "0.1.0"
