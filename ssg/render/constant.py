"""Which templates and blocks give the same for all pages: by the names they read, as `{% cache %}` asks of its body."""

import functools
from collections.abc import Mapping
from typing import NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.meta import find_referenced_templates

from ssg.render.environment import NAMES, parse_template
from ssg.render.fragments import foreign_names
from ssg.render.theme import Theme


@functools.lru_cache(maxsize=2)
def constant_fragments(theme: Theme) -> frozenset[str]:
    """Give the paths of templates, and the blocks as `PATH:NAME`, that could stand in `{% cache %}` as they are.

    They and all that they name read nothing of the page. Those that hold a cached fragment are left out.
    """
    shared = frozenset((*NAMES, *theme.added.functions))
    known: dict[str, _Reading] = {}
    parts: dict[str, _Reading] = {}
    for template in theme.templates:
        try:
            tree = parse_template(theme, template.text)
        except jinja2.TemplateSyntaxError:
            continue
        known[template.name] = parts[template.path] = _reading(tree, shared)
        for block in tree.find_all(nodes.Block):
            parts[f"{template.path}:{block.name}"] = _reading(nodes.Template(block.body, lineno=1), shared)
    return frozenset(name for name, part in parts.items() if not part.cached and _constant(part, known))


class _Reading(NamedTuple):
    """What a part of a template reads: anything of the page, and which templates; None for one known only by running.

    `cached` tells whether there is a cached fragment in it.
    """

    foreign: bool
    templates: frozenset[str | None]
    cached: bool


def _reading(part: nodes.Template, shared: frozenset[str]) -> _Reading:
    # A cached fragment is the one thing that is parsed to a scope.
    cached = part.find(nodes.Scope) is not None
    return _Reading(any(foreign_names(part.body, shared)), frozenset(find_referenced_templates(part)), cached)


def _constant(part: _Reading, known: Mapping[str, _Reading]) -> bool:
    waiting = [part]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        named = {name for name in one.templates if name is not None}
        if one.foreign or None in one.templates or not named <= known.keys():
            return False
        waiting += [known[name] for name in named - seen]
        seen |= named
    return True
