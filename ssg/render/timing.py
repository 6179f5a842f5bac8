"""Templates that say when they run: the compiled code is the same, its functions are wrapped where it is loaded."""

from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

import jinja2
from jinja2.runtime import Context, Macro

from ssg.digests import digest
from ssg.render.constant import constant_fragments
from ssg.render.theme import Theme
from ssg.spans import Recorder

_Function = Callable[..., Iterator[str]]
# The folders whose templates write elements of a body; what is rendered by name from outside is a page's template.
_ELEMENTS = {"hooks": "hook", "shortcodes": "shortcode"}
_OUTSIDE = frozenset(("", "stage", "chunk", "page"))


def timed_templates(theme: Theme, recorder: Recorder, language: str) -> type[jinja2.Template]:
    """Give a class of templates whose roots, blocks and macros are spans of a recorder.

    Where one that reads nothing of the page is rendered, outside of another such one, the span tells its results
    apart: the same digest is the same text in the same language.
    """
    timing = _Timing(recorder, constant_fragments(theme), language)

    class Template(jinja2.Template):
        """A template whose runs are recorded."""

        @classmethod
        def from_code(
            cls,
            environment: jinja2.Environment,
            code: CodeType,
            globals: Any,  # noqa: A002 - Jinja's name
            uptodate: Callable[[], bool] | None = None,
        ) -> jinja2.Template:
            made = super().from_code(environment, code, globals, uptodate)
            timing.wrap(made, code.co_filename)
            return made

    return Template


class _Timing:
    """Wraps the functions of templates of one environment."""

    def __init__(self, recorder: Recorder, constant: frozenset[str], language: str) -> None:
        self._recorder = recorder
        self._constant = constant
        self._language = language
        self._within = False

    def wrap(self, template: jinja2.Template, path: str) -> None:
        """Wrap what a template is compiled to. Its own code finds blocks and macros by the names of its module."""
        root = template.root_render_func
        names = root.__globals__
        names["Macro"] = self._macros(path)
        for block, function in list(template.blocks.items()):
            wrapped = self._wrapped(function, f"{path}:{block}", lambda _: "block")
            template.blocks[block] = names[function.__name__] = wrapped
        kind = _ELEMENTS.get(str(template.name).partition("/")[0], "")

        def told(context: Context) -> str:
            if context.name != template.name:
                return "extends"
            return kind or ("template" if self._recorder.innermost in _OUTSIDE else "include")

        template.root_render_func = self._wrapped(root, path, told)

    def _wrapped(self, function: _Function, name: str, kind: Callable[[Context], str]) -> _Function:
        recorder = self._recorder

        def run(context: Context, *rest: Any) -> Iterator[str]:
            told = kind(context)
            recorder.begin(told, name)
            try:
                yield from function(context, *rest)
            finally:
                recorder.end()

        def run_constant(context: Context, *rest: Any) -> Iterator[str]:
            told = kind(context)
            if self._within or told not in {"block", "include"}:
                yield from run(context, *rest)
                return
            parts: list[str] = []
            self._within = True
            recorder.begin(told, name)
            try:
                for part in function(context, *rest):
                    parts.append(part)
                    yield part
            finally:
                self._within = False
                recorder.end(lambda: f"{self._language}:{digest(''.join(parts).encode())}")

        return run_constant if name in self._constant else run

    def _macros(self, path: str) -> type[Macro]:
        recorder = self._recorder

        class TimedMacro(Macro):
            """A macro whose calls are recorded; the body of a `{% call %}` or a cached fragment has no name."""

            def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001 - Jinja's form
                if not self.name:
                    return super()._invoke(arguments, autoescape)
                recorder.begin("macro", f"{path}:{self.name}")
                try:
                    return super()._invoke(arguments, autoescape)
                finally:
                    recorder.end()

        return TimedMacro
