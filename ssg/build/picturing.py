"""Images that are published → their variants: made once, in the process that is free next, and remembered."""

import functools
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ssg import assets
from ssg.build.setting import Setting
from ssg.cache import Shelf, blob
from ssg.config import ImagesConfig
from ssg.digests import digest
from ssg.errors import Diagnostic, Location, warning
from ssg.manifest import Asset, Picture
from ssg.model import Ref
from ssg.versions import form
from ssg.workers import Workers


class Pictured(msgspec.Struct, frozen=True):
    """All files that are published, with the variants of images among them; where what was made lies in the store."""

    files: tuple[Asset, ...]
    kept: Mapping[str, Ref]
    diagnostics: tuple[Diagnostic, ...]


class _Body(msgspec.Struct, frozen=True, array_like=True):
    """Bytes that were made: their digest, where they lie now, and in the store; of a variant, its form and size."""

    digest: str
    now: Ref
    kept: Ref
    ending: str = ""
    width: int = 0
    height: int = 0


class _Known(msgspec.Struct, frozen=True):
    """What was made of an image, without the name that it has in this site: a file that moves keeps its variants."""

    variants: tuple[_Body, ...]
    original: bool
    color: str
    body: _Body | None
    diagnostics: tuple[Diagnostic, ...]


class _Work(msgspec.Struct, frozen=True):
    """An image: its path for messages, where it lies, its widths in px, and the name in the store of what is made."""

    path: str
    body: Ref
    widths: tuple[int, ...]
    name: str


def picture_all(
    given: Sequence[tuple[Asset, str]], asked: Mapping[str, tuple[int, ...]], setting: Setting, workers: Workers
) -> Pictured:
    """Make the variants of images, as far as no earlier build has.

    Takes published files, each with its name: the path below its folder, which names the variants; an empty one for a
    file that stays as it is. Where the bytes of a file were made by this build, they lie at its `file` and `offset`.
    `asked` are widths in px beside those of the configuration, by that name, and for all images by an empty one.
    """
    config = setting.config.images
    work = {
        asset.source: _work(asset, {*config.widths, *asked.get("", ()), *asked.get(name, ())}, config)
        for asset, name in given
        if name and assets.is_picture(asset.source, config)
    }
    if not work:
        return Pictured(tuple(asset for asset, _ in given), {}, ())
    known = _remembered(work.values(), setting.shelf)
    missing = list({one.name: one for one in work.values() if one.name not in known}.values())
    missing.sort(key=lambda one: -one.body.size)  # the largest first, so that all processes end together
    heavy = not all(one.path.lower().endswith(".svg") for one in missing)
    made = workers.map(functools.partial(_make, config, setting.shelf), missing, "images", heavy=heavy)
    known |= {name: one for chunk in made for name, one in chunk}
    files: list[Asset] = []
    variants: dict[str, Asset] = {}
    kept: dict[str, Ref] = {}
    said: list[Diagnostic] = []
    for asset, name in given:
        if not name or asset.source not in work:
            files.append(asset)
            continue
        found = known[work[asset.source].name]
        said += (_named(one, asset.source) for one in found.diagnostics)
        made_of = _variants(asset, name.rpartition(".")[0], found)
        itself = _itself(asset, found, tuple(made_of))
        files.append(itself)
        variants |= made_of  # two images may have one variant: its name follows from its bytes
        bodies = zip(made_of, found.variants, strict=True)
        kept |= {url.lstrip("/"): one.kept for url, one in bodies}
        if found.body is not None:
            kept[itself.url.lstrip("/")] = found.body.kept
    return Pictured((*files, *variants.values()), kept, tuple(said))


def _work(asset: Asset, wanted: Iterable[int], config: ImagesConfig) -> _Work:
    widths = tuple(sorted(wanted))
    ending = asset.source.rpartition(".")[2].lower()
    told = (form(), assets.picture_version(), widths, config.formats, config.quality, ending, asset.digest)
    return _Work(
        asset.source, Ref(asset.file, asset.offset, asset.size), widths, f"image:{digest(msgspec.msgpack.encode(told))}"
    )


def _remembered(work: Iterable[_Work], shelf: Shelf) -> dict[str, _Known]:
    """Give what earlier builds have made, by name."""
    found = shelf.store.get(sorted({one.name for one in work}))
    return {name: msgspec.msgpack.decode(body, type=_Known) for name, body in found.items()}


def _make(config: ImagesConfig, shelf: Shelf, work: Sequence[_Work]) -> list[tuple[str, _Known]]:
    """Make all that is published of images, and keep it: one image is in memory at a time."""
    return [(one.name, _made(one, config, shelf)) for one in work]


def _made(work: _Work, config: ImagesConfig, shelf: Shelf) -> _Known:
    try:
        body = shelf.get(work.body)
    except OSError as reason:
        message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
        return _Known((), True, "", None, (warning("image", message, Location(work.path), "make it readable"),))  # noqa: FBT003 - a field
    found = assets.make_pictures(work.path, body, msgspec.structs.replace(config, widths=work.widths))
    entries: list[tuple[str, bytes]] = []

    def at_rest(body: bytes, ending: str = "", width: int = 0, height: int = 0) -> _Body:
        ref, entry = blob(body)
        entries.append(entry)
        return _Body(digest(body), ref, ref, ending, width, height)

    variants = tuple(
        at_rest(one.body, one.media_type.rpartition("/")[2], one.width, one.height) for one in found.variants
    )
    own = at_rest(found.body) if found.body is not None else None
    lasting = _Known(variants, found.original, found.color, own, found.diagnostics)
    shelf.store.put([*entries, (work.name, msgspec.msgpack.encode(lasting))])
    places = {name: shelf.put(body) for name, body in entries}
    now = tuple(msgspec.structs.replace(one, now=places[one.kept.file]) for one in variants)
    own = msgspec.structs.replace(own, now=places[own.kept.file]) if own is not None else None
    return msgspec.structs.replace(lasting, variants=now, body=own)


def _named(said: Diagnostic, path: str) -> Diagnostic:
    """Give a diagnostic of an image with the path that it has now."""
    return msgspec.structs.replace(said, where=msgspec.structs.replace(said.where, path=path))


def _variants(asset: Asset, stem: str, found: _Known) -> dict[str, Asset]:
    """Give the published variants of an image by URL."""
    made: dict[str, Asset] = {}
    for one in found.variants:
        ending = "jpg" if one.ending == "jpeg" else one.ending
        url = assets.fingerprinted(f"{assets.PREFIX}{stem}-{one.width}w.{ending}", one.digest)
        now = one.now
        made[url] = Asset(url, asset.source, now.file, now.size, one.digest, one.width, one.height, offset=now.offset)
    return made


def _itself(asset: Asset, found: _Known, variants: tuple[str, ...]) -> Asset:
    """Give an image with what was made of it; where its own bytes were, they decide its name."""
    picture = Picture(variants, found.original, found.color) if variants or found.color else None
    asset = msgspec.structs.replace(asset, picture=picture)
    if found.body is None:
        return asset
    mark, now = found.body.digest, found.body.now
    url = assets.fingerprinted(asset.logical, mark) if asset.logical else asset.url
    return msgspec.structs.replace(asset, url=url, file=now.file, offset=now.offset, size=now.size, digest=mark)
