"""Work that is remembered, and bytes at rest."""

from ssg.cache.spool import Spool

__all__ = ["Spool"]
