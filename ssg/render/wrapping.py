"""Templates whose compiled functions are wrapped where they are loaded: by what tells the time, and by what marks."""

from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, Protocol

import jinja2

# The folders whose templates write elements of a body.
_ELEMENTS = {"hooks": "hook", "shortcodes": "shortcode"}

Function = Callable[..., Iterator[str]]
"""A root or a block as Jinja compiles it: it takes a context, and gives the parts of a text."""


class Wrapping(Protocol):
    """What wraps the roots and blocks of templates; `path` is where a template stands."""

    def wrap_root(self, template: jinja2.Template, path: str) -> Function:
        """Give the root of a template, wrapped."""
        ...

    def wrap_block(self, template: jinja2.Template, path: str, block: str, function: Function) -> Function:
        """Give a block of a template, wrapped."""
        ...

    def macros(self, template: jinja2.Template, path: str) -> type | None:
        """Give the class of a template's macros; None for Jinja's own."""
        ...


def wrapped_templates(wrapping: Wrapping) -> type[jinja2.Template]:
    """Give a class of templates that are wrapped as they are loaded; their compiled code is the same."""

    class Template(jinja2.Template):
        """A template whose functions are wrapped."""

        @classmethod
        def from_code(
            cls,
            environment: jinja2.Environment,
            code: CodeType,
            globals: Any,  # noqa: A002 - Jinja's name
            uptodate: Callable[[], bool] | None = None,
        ) -> jinja2.Template:
            made = super().from_code(environment, code, globals, uptodate)
            _wrap(made, code.co_filename, wrapping)
            return made

    return Template


def _wrap(template: jinja2.Template, path: str, wrapping: Wrapping) -> None:
    """Wrap what a template is compiled to. Its own code finds blocks and macros by the names of its module."""
    names = template.root_render_func.__globals__
    macros = wrapping.macros(template, path)
    if macros is not None:
        names["Macro"] = macros
    for block, function in list(template.blocks.items()):
        wrapped = wrapping.wrap_block(template, path, block, function)
        template.blocks[block] = names[function.__name__] = wrapped
    template.root_render_func = wrapping.wrap_root(template, path)


def element_of(template: jinja2.Template) -> str:
    """Give what a template writes within a body: `hook`, `shortcode`; nothing where it is a page's own."""
    return _ELEMENTS.get(str(template.name).partition("/")[0], "")
