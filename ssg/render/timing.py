"""Templates that say when they run."""

from collections.abc import Callable, Iterator
from typing import Any

import jinja2
from jinja2.runtime import Context, Macro

from ssg.digests import digest
from ssg.render.constant import constant_fragments
from ssg.render.theme import Theme
from ssg.render.wrapping import Function, element_of, wrapped_templates
from ssg.spans import Recorder

_OUTSIDE = frozenset(("", "stage", "chunk", "page"))


def timed_templates(theme: Theme, recorder: Recorder, language: str) -> type[jinja2.Template]:
    """Give a class of templates whose roots, blocks and macros are spans of a recorder.

    Where one that reads nothing of the page is rendered, outside of another such one, the span tells its results
    apart: the same digest is the same text in the same language.
    """
    return wrapped_templates(_Timing(recorder, constant_fragments(theme), language))


class _Timing:
    """Wraps the functions of templates of one environment."""

    def __init__(self, recorder: Recorder, constant: frozenset[str], language: str) -> None:
        self._recorder = recorder
        self._constant = constant
        self._language = language
        self._within = False

    def wrap_root(self, template: jinja2.Template, path: str) -> Function:
        """Give a root whose runs are recorded; what is rendered by name from outside is a page's template."""
        kind = element_of(template)

        def told(context: Context) -> str:
            if context.name != template.name:
                return "extends"
            return kind or ("template" if self._recorder.innermost in _OUTSIDE else "include")

        return self._wrapped(template.root_render_func, path, told)

    def wrap_block(self, _: jinja2.Template, path: str, block: str, function: Function) -> Function:
        """Give a block whose runs are recorded."""
        return self._wrapped(function, f"{path}:{block}", lambda _: "block")

    def _wrapped(self, function: Function, name: str, kind: Callable[[Context], str]) -> Function:
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

    def macros(self, _: jinja2.Template, path: str) -> type[Macro]:
        """Give macros whose calls are recorded."""
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
