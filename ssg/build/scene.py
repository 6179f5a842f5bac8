"""All that rendering reads, as a value."""

import msgspec

from ssg import content, render
from ssg.config import Config
from ssg.manifest import AssetManifest
from ssg.model import Inputs, Marks, Ref, Site


class Scene(msgspec.Struct, frozen=True):
    """All that rendering reads: of each page, by its position in the site, its marks, and where its body lies.

    `standing` names all that places the pages in the site.
    """

    theme: render.Theme
    site: Site
    manifest: AssetManifest
    config: Config
    inputs: Inputs
    marks: tuple[Marks, ...]
    bodies: tuple[Ref, ...]
    elements: content.Elements
    standing: str
