"""The compressed forms of files as files of their own: `a/index.html.br` beside `a/index.html`."""

from collections.abc import Iterator, Sequence

from ssg.errors import Diagnostic, Location, error
from ssg.model import Artifact, Variant
from ssg.output.encode import ENCODINGS, LARGEST, compressible


def encodable(artifact: Artifact, least: int) -> bool:
    """Tell whether a file is to have compressed forms: one of `least` bytes or more, by its media type."""
    return least <= artifact.body.size <= LARGEST and artifact.body.size > 0 and compressible(artifact.media_type)


def sibling(path: str, variant: Variant) -> str:
    """Give the path at which a compressed form of the file at `path` is published."""
    return path + ENCODINGS[variant.encoding].ending


def siblings(artifact: Artifact) -> tuple[Artifact, ...]:
    """Give the compressed forms of a file as files, in their order."""
    if not artifact.variants:
        return ()
    told = artifact.media_type, artifact.source
    return tuple(Artifact(sibling(artifact.path, one), one.body, one.digest, *told) for one in artifact.variants)


def sibling_collisions(artifacts: Sequence[Artifact]) -> Iterator[Diagnostic]:
    """Find files of the site where compressed forms of others go, and folders there; takes all files, by path."""
    owners = {one.path: one.source for one in artifacts}
    folders = {parent: one.path for one in reversed(artifacts) for parent in _parents(one.path)}
    hint = "take it away: ssg compresses the file itself; or take that encoding out of encodings in [output]"
    for artifact in artifacts:
        for variant in artifact.variants:
            path = sibling(artifact.path, variant)
            what = f"the {variant.encoding} form of {artifact.source}"
            if path in owners:
                yield error("path", f"is published at /{path}, and so is {what}", Location(owners[path]), hint)
            elif path in folders:
                message = f"is published at /{folders[path]}, but /{path} is {what}"
                yield error("path", message, Location(owners[folders[path]]), hint)


def _parents(path: str) -> Iterator[str]:
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
