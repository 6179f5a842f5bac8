"""A release → how the style sheets of its pages are delivered, in figures."""

from collections.abc import Mapping

from ssg.model import Release


def deliveries(release: Release) -> Mapping[str, Mapping[str, int]]:
    """Give for each way of delivery, sorted by name, the number of pages, and the medians of `cold` and `following`.

    Both are bytes of CSS, uncompressed: what a reader's first page waits for, and what the next one brings.
    """
    by_way: dict[str, list[tuple[int, int]]] = {}
    for one in release.artifacts:
        if one.delivery is not None:
            by_way.setdefault(one.delivery.way, []).append((one.delivery.cold, one.delivery.following))
    return {way: _figures(*zip(*costs, strict=True)) for way, costs in sorted(by_way.items())}


def _figures(cold: tuple[int, ...], following: tuple[int, ...]) -> Mapping[str, int]:
    middle = (len(cold) - 1) // 2  # of an even number, the lower one: a figure that a page has
    return {"pages": len(cold), "cold": sorted(cold)[middle], "following": sorted(following)[middle]}
