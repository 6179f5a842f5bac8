"""Which templates a template needs: those that it extends, includes and imports, and theirs."""

import functools
from collections.abc import Mapping

import jinja2
from jinja2.meta import find_referenced_templates

from ssg.model import digest
from ssg.render.environment import parse_template
from ssg.render.theme import Theme


@functools.lru_cache(maxsize=2)
def closures(theme: Theme) -> Mapping[str, str]:
    """Give, for each template of a theme by name, a digest of its text and of all that it needs.

    A template whose name is worked out while rendering may be any of the theme's: then all of them are needed.
    """
    texts = {template.name: template.text for template in theme.templates}
    named = {template.name: _referenced(theme, template.text) for template in theme.templates}
    whole = digest("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode())
    return {name: _closure(name, texts, named) or whole for name in texts}


def _closure(name: str, texts: Mapping[str, str], named: Mapping[str, frozenset[str] | None]) -> str:
    """Give the digest of a template and what it needs; nothing where that can be any template."""
    needed: set[str] = set()
    waiting = {name}
    while waiting:
        one = waiting.pop()
        needed.add(one)
        further = named.get(one, frozenset())
        if further is None:
            return ""
        waiting |= further - needed
    # A template that is not there is told from one that is empty: a site may add it.
    return digest("\0".join(f"{one}\0{texts.get(one)}" for one in sorted(needed)).encode())


def _referenced(theme: Theme, text: str) -> frozenset[str] | None:
    """Give the names of templates that a template names; None where one is worked out while rendering."""
    try:
        names = frozenset(find_referenced_templates(parse_template(theme, text)))
    except jinja2.TemplateSyntaxError:
        return None
    return None if None in names else frozenset(name for name in names if name is not None)
