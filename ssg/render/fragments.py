"""`{% cache key %}…{% endcache %}`: a fragment that is rendered once for all pages which share the key."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from ssg.model import Query
from ssg.render.reads import Reads

_OF_JINJA = frozenset(("cycler", "dict", "joiner", "lipsum", "namespace", "range", "loop", "caller", "true", "false"))


_Kept = tuple[Markup, frozenset[Query]]


def foreign_names(body: list[nodes.Node], shared: frozenset[str]) -> Iterator[nodes.Name]:
    """Give the names that nodes read and that are not the same for all pages: neither theirs nor `shared`."""
    own = nodes.Template(body, lineno=1)
    stored = {name.name for name in own.find_all(nodes.Name) if name.ctx in {"store", "param"}}
    stored |= {imported.target for imported in own.find_all(nodes.Import)}
    for name in own.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in stored | shared | _OF_JINJA:
            yield name


class _IncludesWithoutPage(NodeTransformer):
    """Has included templates rendered with what all pages share; `without context` does not work in a block."""

    def __init__(self, extension: Extension) -> None:
        self._extension = extension

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 - Jinja's form
        call = self._extension.call_method("_include", [node.template], lineno=node.lineno)
        return nodes.Output([call], lineno=node.lineno)


class Fragments(Extension):
    """The tag `cache`. Its body may read what is the same for all pages, and nothing else.

    That is checked when a template is compiled: a name that comes from the page or from around the block is an error
    at its line. A template that the body includes sees no page either. So a fragment cannot be wrong on some page.
    """

    tags = {"cache"}  # noqa: RUF012 - Jinja's own form

    def parse(self, parser: Parser) -> nodes.Node:
        """Read one block and give the node that renders it through `_once`."""
        line = next(parser.stream).lineno
        key = parser.parse_expression()
        body = parser.parse_statements(("name:endcache",), drop_needle=True)
        body = [_IncludesWithoutPage(self).visit(node) for node in body]
        self._refuse_foreign_names(parser, body)
        place = nodes.Const(f"{parser.name}:{line}")
        return nodes.CallBlock(self.call_method("_once", [key, place]), [], [], body).set_lineno(line)

    def _refuse_foreign_names(self, parser: Parser, body: list[nodes.Node]) -> None:
        own = nodes.Template(body, lineno=1)
        shared = cast("frozenset[str]", self.environment.known_everywhere)  # type: ignore[attr-defined]
        for imported in own.find_all((nodes.Import, nodes.FromImport)):
            cast("nodes.Import", imported).with_context = False
        for name in foreign_names(body, shared):
            parser.fail(
                f'a cached fragment reads "{name.name}", which is not the same for all pages: '
                "put it into the key and take it out of the fragment, or do not cache it",
                name.lineno,
            )

    def _include(self, name: str) -> Markup:
        return Markup(self.environment.get_template(name).render())  # noqa: S704 - a template's own output

    def _once(self, key: object, place: str, caller: Callable[[], str]) -> Markup:
        kept = cast("dict[tuple[Any, str], _Kept]", self.environment.fragments)  # type: ignore[attr-defined]
        reads = cast("Reads", self.environment.reads)  # type: ignore[attr-defined]
        name = (key, place)
        if name not in kept:
            with reads.apart() as asked:
                html = Markup(caller())  # noqa: S704 - the template's own, escaped already
            kept[name] = (html, frozenset(asked))
        html, queries = kept[name]
        reads.also(queries)  # every page that shows the fragment depends on what its making asked
        return html


class PlainFragments(Extension):
    """The tag `cache` as if it were not there: for reading a template without running it."""

    tags = {"cache"}  # noqa: RUF012 - Jinja's own form

    def parse(self, parser: Parser) -> nodes.Node:
        """Read one block and give its body."""
        line = next(parser.stream).lineno
        key = nodes.Output([parser.parse_expression()], lineno=line)
        body = parser.parse_statements(("name:endcache",), drop_needle=True)
        return nodes.Scope([key, *body], lineno=line)
