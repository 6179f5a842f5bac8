"""Pages and weights made by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ssg.budget.values import PROFILES, Fetch, Kind, Label, Phase, Sizes, Subject, Weight


def sizes(size: int) -> Sizes:
    """Give sizes whose compressed bytes are `size`."""
    return Sizes(size * 3, size + 10, size)


def fetch(url: str, kind: Kind, size: int | None, phase: Phase = Phase.INITIAL, label: Label = Label.EXACT) -> Fetch:
    known = sizes(size) if size is not None else None
    return Fetch(url, kind, phase, label, known, "/", third_party=url.startswith("http"))


def weights(
    url: str,
    html: int = 5_000,
    files: Sequence[Fetch] = (),
    *,
    head: int = 1_000,
    inline: Mapping[str, int] | None = None,
    unknown: tuple[tuple[str, str], ...] = (),
) -> Iterator[Weight]:
    """Give what a page weighs under each profile: the same."""
    page = Fetch(url, Kind.HTML, Phase.CRITICAL, Label.EXACT, sizes(html), url)
    for profile in PROFILES:
        yield Weight(url, profile.name, (page, *files), sizes(head), 100, inline or {}, unknown)


def subject(url: str, **facts: Any) -> Subject:
    return Subject(url, f"content{url.rstrip('/') or '/_index'}.md", template="page.html", **facts)
