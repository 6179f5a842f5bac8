"""Files → an asset manifest."""

from ssg.assets.pack import Publication, collect, collisions, pack, publications
from ssg.assets.sheets import check_targets
from ssg.assets.texts import Outcome, kind_of, pack_texts
from ssg.assets.values import Options, Packed, Text, Tools
from ssg.assets.version import version

__all__ = [
    "Options",
    "Outcome",
    "Packed",
    "Publication",
    "Text",
    "Tools",
    "check_targets",
    "collect",
    "collisions",
    "kind_of",
    "pack",
    "pack_texts",
    "publications",
    "version",
]
