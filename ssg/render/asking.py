"""Which widths of images templates ask for, as far as their text tells: `image("hill.jpg", widths=[480, 800])`."""

import functools
from collections import defaultdict
from collections.abc import Iterator

import jinja2
from jinja2 import nodes

from ssg.render.environment import parse_template
from ssg.render.theme import Theme


@functools.lru_cache(maxsize=2)
def asked_widths(theme: Theme) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Give the widths in px that calls of `image` in a theme's templates name as numbers, by the path of the image.

    Those of a call whose path is not written there, as one of `page.image`, stand under an empty path.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for template in theme.templates:
        if "widths" not in template.text:
            continue
        try:
            tree = parse_template(theme, template.text)
        except jinja2.TemplateSyntaxError:
            continue  # which is told where the template is compiled
        for call in tree.find_all(nodes.Call):
            for width in _widths(call):
                found[_path(call)].add(width)
    return tuple(sorted((path, tuple(sorted(widths))) for path, widths in found.items()))


def _widths(call: nodes.Call) -> Iterator[int]:
    called = call.node
    name = called.name if isinstance(called, nodes.Name) else called.attr if isinstance(called, nodes.Getattr) else ""
    if name != "image":
        return
    for keyword in call.kwargs:
        if keyword.key == "widths" and isinstance(keyword.value, nodes.List | nodes.Tuple):
            for one in keyword.value.items:
                if isinstance(one, nodes.Const) and isinstance(one.value, int) and one.value > 0:
                    yield one.value


def _path(call: nodes.Call) -> str:
    path = call.args[0] if call.args else next((one.value for one in call.kwargs if one.key == "path"), None)
    written = path.value if isinstance(path, nodes.Const) and isinstance(call.node, nodes.Name) else ""
    return written.lstrip("/") if isinstance(written, str) else ""
