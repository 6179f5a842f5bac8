"""Apply templates: a route in, a document out."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple

import jinja2
import msgspec

from ssg.config import Config
from ssg.errors import MEND, Diagnostic, Location, Raised, Severity, error, failure, nearest, warning
from ssg.manifest import AssetManifest
from ssg.memory import Memory
from ssg.model import Document, Inputs, Marks, Page, PageBody, Query, Route, RouteKind, Site
from ssg.render.answers import Answers
from ssg.render.environment import Tools, compile_template, environment
from ssg.render.hooks import is_external
from ssg.render.links import Broken, Links
from ssg.render.outputs import template_names
from ssg.render.projections import World
from ssg.render.reads import Reads
from ssg.render.refs import Mistake, PageRef
from ssg.render.standing import Standing
from ssg.render.subject import Notes, Subject
from ssg.render.theme import BUILTIN, Theme
from ssg.render.timing import timed_templates
from ssg.render.view import Shared, SiteView
from ssg.routes import own_page
from ssg.urls import HTML

# Elements in a line of text: the line feed that ends a template's file would be a space there.
_BLOCKS = frozenset(("heading", "code"))


class Stage(NamedTuple):
    """All that rendering one site reads, and the tools for it.

    `marks` are those of the site's pages, by their positions; `standing` names all that places them in the site.
    """

    theme: Theme
    site: Site
    manifest: AssetManifest
    config: Config
    inputs: Inputs
    marks: Sequence[Marks]
    tools: Tools
    standing: str
    memory: Memory


class Renderer:
    """Everything that rendering one site needs, set up once in each process."""

    def __init__(self, stage: Stage) -> None:
        """Compile nothing yet: a template is compiled when first used, unless `prepare` has done it before."""
        theme, site, manifest, config, inputs, marks, tools, name, memory = stage
        self._stage = stage
        self._site = site
        self._paths = {template.name: template.path for template in theme.templates}
        self._sources = frozenset(self._paths.values())
        self._reads = Reads()
        key = (name, [one.written for one in manifest.files])
        standing = memory.recall("standing of routes", key, lambda: Standing(name, site, manifest, config.content.dir))
        places = config.content.dir, config.site.base_path
        links = Links(site.pages, standing.targets, places, self._reads, manifest)
        sizes = {links.public(one.written): (one.width, one.height) for one in manifest.files if one.width}
        own = tools.convert, tools.plain, sizes, self._reads
        self._shared = Shared(site, config, links, standing, self._hooked, *own)
        self._views: dict[str, SiteView] = {}
        self._environments: dict[str, jinja2.Environment] = {}
        self.answers = Answers(World(self._view, site, standing, theme, manifest, config, inputs, marks), memory)

    def _view(self, language: str) -> SiteView:
        """Give the site in one of its languages; in its own where none is named."""
        language = language or next(iter(self._site.editions))
        if language not in self._views:
            self._views[language] = SiteView(self._shared, language)
        return self._views[language]

    def _environment(self, language: str) -> jinja2.Environment:
        if language not in self._environments:
            theme, site, manifest, _, inputs, _, tools, *_ = self._stage
            given = self._view(language), site, manifest, inputs, tools
            made = environment(theme, *given)
            if tools.recorder is not None:
                made.template_class = timed_templates(theme, tools.recorder, language)
            if tools.marker is not None:
                made.template_class = tools.marker.templates()
            self._environments[language] = made
        return self._environments[language]

    def prepare(self, languages: Collection[str]) -> None:
        """Set up what pages in these languages share."""
        for language in languages:
            self._environment(language)

    def render(self, route: Route, body: PageBody | None) -> tuple[Document, frozenset[Query]]:
        """Render one route; give the document, and all that was asked for it beside the route and its own page.

        Takes the body of the Markdown file behind it, if any. A mistake in a template, or a link that leads nowhere,
        comes as a diagnostic of the document; a document with an error has no text.
        """
        with self._reads.apart() as asked:
            document = self._rendered(route, body)
        return document, frozenset(asked)

    def _rendered(self, route: Route, body: PageBody | None) -> Document:
        broken: list[tuple[int, Broken]] = []
        own = own_page(self._site, route)
        name, said = self._choose(route, own)
        source = origin(self._site, route)
        if not name:
            return Document(route.url, "", source, said)
        try:
            marker = self._stage.tools.marker
            notes = Notes(broken, self._hooked, marker.body if marker is not None else None)
            subject = Subject(self._view(route.language), self._site, route, body, notes)
            text = self._environment(route.language).get_template(name).render(page=subject)
        except Exception as reason:  # noqa: BLE001 - whatever a template raises is the author's to mend
            return Document(route.url, "", source, (self._diagnose(reason, name, source),))
        return Document(route.url, text, source, (*said, *_warnings(broken, own)))

    def _hooked(self, page: Subject | PageRef, kind: str, values: Mapping[str, Any]) -> str:
        """Write an element of a page's body by the theme's hook for its kind, or a shortcode by its template."""
        templates = self._environment(page.language)
        if kind == "shortcode":
            given = {
                **values["given"],
                "args": tuple(values["args"]),
                "inner": values["inner"],
                "source": values["source"],
            }
            link = functools.partial(page.link, line=values["line"])
            name = f"shortcodes/{values['name']}.html"
            self._reads.ask("template", name)
            return templates.get_template(name).render(page=page, link=link, **given).strip("\n")
        if kind == "link":
            values = {**values, "external": is_external(values["url"], self._stage.config.site.base_url)}
        self._reads.ask("template", f"hooks/{kind}.html")
        written = templates.get_template(f"hooks/{kind}.html").render(page=page, **values)
        return written if kind in _BLOCKS else written.strip("\n")

    def _choose(self, route: Route, own: Page | None) -> tuple[str, tuple[Diagnostic, ...]]:
        """Give the template's name: the page's own choice, else the first of its kind that the theme has, else none.

        A choice that the theme does not have is a warning: pages that come from another generator name its templates.
        A format that the theme does not have is told once for all pages, by `check_outputs`.
        """
        said: tuple[Diagnostic, ...] = ()
        names = template_names(route, own)
        if own is not None and own.template and own.template not in self._paths:
            message = f'the theme "{self._stage.theme.name}" has no template "{own.template}", so its usual one is used'
            where = Location(own.source, own.template_line)
            self._reads.ask("templates")
            said = (warning("template", message, where, _known(own.template, self._paths)),)
        for name in names:
            self._reads.ask("template", name)
            if name in self._paths:
                return name, said
        if route.format != HTML:
            return "", said
        name = names[-1]
        message = f'the theme has no template "{name}"'
        hint = f"write templates/{name} in the site or in the theme"
        return "", (error("template", message, Location(f"themes/{self._stage.theme.name}"), hint),)

    def _diagnose(self, reason: Exception, template: str, shown: str) -> Diagnostic:
        """Turn what a template raised into a diagnostic at the template's line."""
        if isinstance(reason, jinja2.TemplateSyntaxError):
            return _syntax(reason)
        where = _template_line(reason.__traceback__, self._sources) or Location(self._paths[template])
        match reason:
            case jinja2.TemplatesNotFound() | jinja2.TemplateNotFound():
                message, hint = f'there is no template "{reason.name}"', _known(str(reason.name), self._paths)
            case RecursionError():
                message, hint = "the template extends or includes itself", f'the theme\'s own is "theme/{template}"'
            case jinja2.UndefinedError():
                message, _, hint = str(reason).partition("; ")
            case Mistake():
                message, hint = str(reason), reason.hint
            case Raised():
                wrong = failure(f'the extension "{reason.extension}" failed', reason.reason, where, MEND)
                return msgspec.structs.replace(wrong, subject=shown)
            case _:
                message, hint = f"{type(reason).__name__}: {_sentence(str(reason))}", "look at the values on this line"
        return Diagnostic(Severity.ERROR, "template", message, where, hint, shown)


def origin(site: Site, route: Route) -> str:
    """Name what a route is made from: its Markdown file, else its URL."""
    if route.kind is RouteKind.ALIAS:
        return site.pages[int(route.key[0])].source
    own = own_page(site, route)
    return own.source if own is not None else route.url


def prepare(theme: Theme) -> tuple[Diagnostic, ...]:
    """Compile the theme's templates ahead, so that workers need not; give what is wrong with them.

    Another name for a template, and ssg's own templates, of which few sites use all, are compiled if one asks for them.
    """
    found = list(theme.diagnostics)
    for template in theme.templates:
        if not f"/{template.path}".endswith(f"/{template.name}") or template.path.startswith(f"{BUILTIN}/"):
            continue
        try:
            compile_template(theme, template.name)
        except jinja2.TemplateSyntaxError as reason:
            found.append(_syntax(reason))
    return tuple(found)


def _syntax(reason: jinja2.TemplateSyntaxError) -> Diagnostic:
    where = Location(reason.filename or str(reason.name), reason.lineno)
    return error("template", _sentence(reason.message or "syntax error"), where, "mend the template's syntax")


def _template_line(trace: TracebackType | None, sources: frozenset[str]) -> Location | None:
    """Find the innermost template frame of a traceback: Jinja gives such frames the template's path and line."""
    found: Location | None = None
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path in sources:
            found = Location(path, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _known(name: str, names: "dict[str, str]") -> str:
    return nearest(name, names) or f"known are {', '.join(sorted(names))}"


def _sentence(text: str) -> str:
    text = text.strip().removesuffix(".")
    return text[:1].lower() + text[1:]


def _warnings(broken: "list[tuple[int, Broken]]", own: Page | None) -> Iterator[Diagnostic]:
    if own is not None:
        for line, problem in broken:
            yield warning("link", problem.message, Location(own.source, line), problem.hint)
