"""Which templates a template needs: those that it extends, includes and imports, and theirs."""

import functools

import jinja2
from jinja2.meta import find_referenced_templates

from ssg.digests import digest
from ssg.render.environment import parse_template
from ssg.render.theme import Theme


@functools.lru_cache(maxsize=512)
def closure(theme: Theme, name: str) -> str:
    """Give a digest of a template's text and of all that it needs; nothing where there is none of that name.

    A template whose name is worked out while rendering may be any of the theme's: then all of them are needed.
    """
    texts = {template.name: template.text for template in theme.templates}
    if name not in texts:
        return ""
    needed: set[str] = set()
    waiting = {name}
    while waiting:
        one = waiting.pop()
        needed.add(one)
        further = _referenced(theme, texts[one]) if one in texts else frozenset()
        if further is None:
            needed = set(texts)
            break
        waiting |= further - needed
    # A template that is not there is told from one that is empty: a site may add it.
    return digest("\0".join(f"{one}\0{texts.get(one)}" for one in sorted(needed)).encode())


@functools.lru_cache(maxsize=512)
def _referenced(theme: Theme, text: str) -> frozenset[str] | None:
    """Give the names of templates that a template names; None where one is worked out while rendering."""
    try:
        names = frozenset(find_referenced_templates(parse_template(theme, text)))
    except jinja2.TemplateSyntaxError:
        return None
    return None if None in names else frozenset(name for name in names if name is not None)
