"""Files → an asset manifest."""

from ssg.assets.pack import Publication, collect, pack, publications

__all__ = ["Publication", "collect", "pack", "publications"]
