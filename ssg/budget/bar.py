"""The weight of one page as a preview's bar shows it: by class, against its limits, and what the last edit added."""

from collections.abc import Mapping

import msgspec

from ssg.budget.values import BYTES, Figure, Kind, Level, PageReport, Phase, Weight


class Part(msgspec.Struct, frozen=True):
    """One line of a bar: a class of files, or a limit of another kind.

    `found` is in `unit`, as figures are; `added` what it was less before the last edit (None: not known); `limit` the
    one that it is nearest to or over (None: none), `level` how bad that is (None: it is kept); `below` tells that it is
    a least one.
    """

    key: str
    found: float
    unit: str
    added: float | None
    limit: float | None
    level: Level | None
    below: bool = False


class Bar(msgspec.Struct, frozen=True):
    """What a page brings before anybody scrolls, under the profile with the most.

    `bytes` are in the encoding `measure`; `parts` the classes that it has files of, `limits` all other limits, worst
    first, with those of classes that count other bytes: in another encoding, or of another profile. `level` is the
    worst of all. `about` tells that bytes are not those that will be published, but a little more.
    """

    url: str
    profile: str
    measure: str
    bytes: int
    added: int | None
    requests: int
    level: Level | None
    parts: tuple[Part, ...]
    limits: tuple[Part, ...]
    about: bool = False


def weigh_bar(now: PageReport, before: PageReport | None, measure: str, *, about: bool = False) -> Bar:
    """Give the bar of a page; `before` is its report of the build before the last edit, where there was one.

    `about` tells that sizes are a little more than those that will be published.
    """
    weight = max(now.weights, key=lambda one: sum(_sizes(one, measure).values()), default=None)
    sizes = _sizes(weight, measure)
    then = _before(before, weight, measure)
    # A limit stands beside the class where it is of these very bytes, not of another encoding, profile or phase.
    figures = {one.key: one for one in now.figures if one.key in sizes and one.found == sizes[Kind(one.key)]}
    parts = tuple(
        _part(kind, size, None if then is None else size - then[kind], figures.get(kind))
        for kind, size in sizes.items()
        if size or (then is not None and then[kind])
    )
    earlier = {} if before is None else {figure.key: figure.found for figure in before.figures}
    limits = tuple(_limit(one, earlier) for one in now.figures if one.key not in figures and _limited(one) is not None)
    levels = {level for figure in now.figures if (level := figure.level) is not None}
    begun = [one for one in weight.fetches if one.phase is not Phase.LAZY] if weight is not None else []
    return Bar(
        url=now.subject.url,
        profile=weight.profile if weight is not None else "",
        measure=measure,
        bytes=sum(sizes.values()),
        added=None if then is None else sum(sizes.values()) - sum(then.values()),
        requests=len(begun),
        level=Level.ERROR if Level.ERROR in levels else Level.WARN if levels else None,
        parts=parts,
        limits=limits,
        about=about,
    )


def _before(before: PageReport | None, weight: Weight | None, measure: str) -> Mapping[Kind, int] | None:
    """Give the sizes under the same profile before the edit."""
    if before is None or weight is None:
        return None
    return next((_sizes(one, measure) for one in before.weights if one.profile == weight.profile), None)


def _sizes(weight: Weight | None, measure: str) -> dict[Kind, int]:
    """Give the bytes before scrolling by class; a file of unknown size counts nothing."""
    sizes = dict.fromkeys(Kind, 0)
    for fetch in weight.fetches if weight is not None else ():
        if fetch.phase is not Phase.LAZY and fetch.sizes is not None:
            sizes[fetch.kind] += fetch.sizes.measured(measure)
    return sizes


def _part(kind: Kind, size: int, added: int | None, figure: Figure | None) -> Part:
    if figure is None:
        return Part(kind, size, BYTES, added, None, None)
    return Part(kind, size, BYTES, added, _limited(figure), figure.level, figure.below)


def _limit(figure: Figure, earlier: Mapping[str, float]) -> Part:
    added = figure.found - earlier[figure.key] if figure.key in earlier else None
    return Part(figure.key, figure.found, figure.unit, added, _limited(figure), figure.level, figure.below)


def _limited(figure: Figure) -> float | None:
    """Give the limit that matters now: the one that is not kept, else the first that growth would meet."""
    if figure.below:
        return figure.least
    if figure.level is Level.ERROR:
        return figure.error
    return figure.warn if figure.warn is not None else figure.error if figure.error is not None else figure.least
