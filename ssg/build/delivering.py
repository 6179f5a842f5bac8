"""What hosts are told: the release with the files that they read, in it and beside it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ssg import delivery
from ssg.build.setting import Setting
from ssg.build.take import beside_name
from ssg.cache import Shelf, pack
from ssg.config import place
from ssg.digests import digest
from ssg.errors import arrange, has_errors, warning
from ssg.manifest import AssetManifest
from ssg.model import Artifact, Ref, Release, RouteKind, Site
from ssg.urls import media_type


class Delivered(NamedTuple):
    """A release for its hosts, and where those of its files lie in the store that were made now, by path."""

    release: Release
    kept: Mapping[str, Ref]


def deliver(release: Release, site: Site, manifest: AssetManifest, setting: Setting, *, strict: bool) -> Delivered:
    """Add the files of all hosts; a content security policy that is too long for a header goes into the pages.

    A release with errors, and one for no host, stay as they are.
    """
    config, root = setting.config, setting.inputs.root
    if has_errors(release.diagnostics):
        return Delivered(release, {})
    if not config.delivery.targets:
        return Delivered(_unused(release, setting, strict=strict), {})
    told = delivery.Told(config, root, manifest, _aliases(site))
    policy, within, said = delivery.compose(release.artifacts, told)
    emitted = delivery.emit(policy, config.delivery.targets, place(root, ("delivery",), "targets"))
    diagnostics = arrange((*release.diagnostics, *said, *emitted.diagnostics), strict=strict)
    if has_errors(diagnostics):
        return Delivered(msgspec.structs.replace(release, diagnostics=diagnostics), {})
    published, kept = _files(emitted.output, setting.shelf)
    beside, more = _files(emitted.beside, setting.shelf)
    artifacts = release.artifacts
    if within is not None:
        artifacts, inserted = _secured(artifacts, within, setting.shelf)
        kept = {**kept, **inserted}
    artifacts = tuple(sorted((*artifacts, *published), key=lambda one: (one.path, one.source)))
    whole = msgspec.structs.replace(release, artifacts=artifacts, diagnostics=diagnostics, beside=beside)
    return Delivered(whole, {**kept, **{beside_name(path): ref for path, ref in more.items()}})


def _unused(release: Release, setting: Setting, *, strict: bool) -> Release:
    """Warn of settings that are for hosts where there is none."""
    config, root = setting.config.delivery, setting.inputs.root
    unused = [name for name in ("headers", "redirects", "preload") if getattr(config, name)]
    if not unused:
        return release
    hint = 'name the hosts, like targets = ["nginx"]'
    said = [
        warning("config", f"{name} in [delivery] has no effect without targets", place(root, ("delivery",), name), hint)
        for name in unused
    ]
    return msgspec.structs.replace(release, diagnostics=arrange((*release.diagnostics, *said), strict=strict))


def _aliases(site: Site) -> tuple[delivery.Alias, ...]:
    """Give the aliases of pages that are published."""
    pages = ((route.url, site.pages[int(route.key[0])]) for route in site.routes if route.kind is RouteKind.ALIAS)
    return tuple(delivery.Alias(url, page.url, page.source) for url, page in pages)


def _files(texts: Mapping[str, str], shelf: Shelf) -> tuple[tuple[Artifact, ...], dict[str, Ref]]:
    """Put texts at rest for this build, and into the store for others."""
    bodies = [text.encode() for text in texts.values()]
    refs = _stored(bodies, shelf)
    made = tuple(
        Artifact(path, shelf.put(body), digest(body), media_type(path), f"/{path}")
        for path, body in zip(texts, bodies, strict=True)
    )
    return made, dict(zip(texts, refs, strict=True))


def _stored(bodies: Sequence[bytes], shelf: Shelf) -> list[Ref]:
    refs, entries = pack(bodies)
    shelf.store.put(entries)
    return refs


def _secured(
    artifacts: Sequence[Artifact], sources: Mapping[str, tuple[str, ...]], shelf: Shelf
) -> tuple[tuple[Artifact, ...], dict[str, Ref]]:
    """Put a content security policy into every page: what is the site's alone, with the hashes of that page."""
    hashes = {one.partition(" ")[2] for artifact in artifacts for one in artifact.inlined}
    pages = [one for one in artifacts if one.media_type == "text/html"]
    bodies = [delivery.within(shelf.get(one.body), delivery.for_page(sources, hashes, one.inlined)) for one in pages]
    refs = _stored(bodies, shelf)
    made = {
        one.path: msgspec.structs.replace(one, body=shelf.put(body), digest=digest(body))
        for one, body in zip(pages, bodies, strict=True)
    }
    kept = {one.path: ref for one, ref in zip(pages, refs, strict=True)}
    return tuple(made.get(one.path, one) for one in artifacts), kept
