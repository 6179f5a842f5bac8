"""Files → an asset manifest."""

from ssg.assets.commands import Command, run_command
from ssg.assets.esbuild import Esbuild, find_esbuild
from ssg.assets.pack import Publication, as_it_is, collect, collisions, pack, publications
from ssg.assets.sheets import check_targets
from ssg.assets.texts import PREFIX, Outcome, kind_of, pack_texts
from ssg.assets.values import Options, Packed, Text, Tools
from ssg.assets.version import version

__all__ = [
    "PREFIX",
    "Command",
    "Esbuild",
    "Options",
    "Outcome",
    "Packed",
    "Publication",
    "Text",
    "Tools",
    "as_it_is",
    "check_targets",
    "collect",
    "collisions",
    "find_esbuild",
    "kind_of",
    "pack",
    "pack_texts",
    "publications",
    "run_command",
    "version",
]
