"""Files → an asset manifest."""

from ssg.assets.characters import characters_of
from ssg.assets.commands import Command, run_command
from ssg.assets.esbuild import Esbuild, find_esbuild
from ssg.assets.fallbacks import declared_fonts, is_font, with_fallbacks
from ssg.assets.fonts import FontMetrics, read_metrics, subset_font
from ssg.assets.icons import ICONS, make_icons, web_manifest
from ssg.assets.naming import may_name_assets, named_assets
from ssg.assets.pack import Publication, collect, collisions, pack, pack_made, publications
from ssg.assets.pictures import Made, is_picture, make_pictures, make_some
from ssg.assets.sheets import check_targets, imports_of
from ssg.assets.slots import slot_widths
from ssg.assets.texts import PREFIX, Outcome, kind_of, pack_texts
from ssg.assets.values import Options, Packed, Text, Tools, fingerprinted
from ssg.assets.variants import Variant
from ssg.assets.version import picture_version, version

__all__ = [
    "ICONS",
    "PREFIX",
    "Command",
    "Esbuild",
    "FontMetrics",
    "Made",
    "Options",
    "Outcome",
    "Packed",
    "Publication",
    "Text",
    "Tools",
    "Variant",
    "characters_of",
    "check_targets",
    "collect",
    "collisions",
    "declared_fonts",
    "find_esbuild",
    "fingerprinted",
    "imports_of",
    "is_font",
    "is_picture",
    "kind_of",
    "make_icons",
    "make_pictures",
    "make_some",
    "may_name_assets",
    "named_assets",
    "pack",
    "pack_made",
    "pack_texts",
    "picture_version",
    "publications",
    "read_metrics",
    "run_command",
    "slot_widths",
    "subset_font",
    "version",
    "web_manifest",
    "with_fallbacks",
]
