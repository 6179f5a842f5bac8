"""A theme's templates, compiled once, with the functions that they may call."""

import functools
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, NamedTuple

import jinja2
import msgspec
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables
from jinja2.utils import missing

from ssg.errors import nearest
from ssg.extensions import TemplateExtension
from ssg.manifest import Asset, AssetManifest
from ssg.model import Fragment, Inputs, Site
from ssg.render import assets, functions
from ssg.render.fragments import Fragments, PlainFragments
from ssg.render.marks import Marker
from ssg.render.reads import Options
from ssg.render.texts import Catalogue, Texts
from ssg.render.theme import Added, Theme
from ssg.render.view import SiteView
from ssg.spans import Recorder
from ssg.urls import is_markup

_SHORTCODES = "shortcodes/"
_NAMES = {
    "Subject": "page",
    "PageRef": "a page",
    "SectionRef": "a section",
    "TermRef": "a term",
    "SiteView": "site",
    "NoneType": "None",
}


NAMES = (
    "site",
    "config",
    "url_for",
    "asset_url",
    "css_bundle",
    "js_bundle",
    "inline",
    "image",
    "menu",
    "data",
    "related",
    "markdown",
    "env",
    "now",
    "today",
    "t",
)
"""What every template knows and no page changes."""


class Tools(NamedTuple):
    """What rendering takes from other rooms and from extensions.

    `convert` turns Markdown into a fragment, `plain` HTML into text, `slug` a name into its form in a URL. A `recorder`
    is told when templates run; a `marker` marks what they write. `read` gives the bytes of a file that is published.
    """

    convert: Callable[[str], Fragment]
    plain: Callable[[str], str]
    slug: Callable[[str], str]
    extensions: tuple[TemplateExtension, ...] = ()
    recorder: Recorder | None = None
    read: Callable[[Asset], bytes] = lambda _: b""
    marker: Marker | None = None


class _Undefined(jinja2.StrictUndefined):
    """Fails on any use, and says which name is missing and which one may be meant."""

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f'"{name}" is not defined; a template knows page, {", ".join(NAMES[:-1])} and {NAMES[-1]}'
        kind = type(self._undefined_obj).__name__
        if isinstance(self._undefined_obj, Mapping):
            keys = sorted(map(str, self._undefined_obj))
            return f'the mapping has no "{name}"; {nearest(name, keys) or functions.listed(keys)}'
        public = [attribute for attribute in dir(self._undefined_obj) if not attribute.startswith("_")]
        hint = nearest(name, public) or functions.listed(public)
        return f'{_NAMES.get(kind, f"a value of type {kind}")} has no "{name}"; {hint}'


class _Compiled(jinja2.BaseLoader):
    """Gives templates from a theme's compiled code."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: "Mapping[str, Any] | None" = None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        code = compile_template(self._theme, name)
        if code is None:
            raise jinja2.TemplateNotFound(name)
        return environment.template_class.from_code(environment, code, {**(globals or {})})


@functools.lru_cache(maxsize=512)
def compile_template(theme: Theme, name: str) -> CodeType | None:
    """Compile one template, or give None where there is none; a worker that is forked afterwards has it already.

    Raises:
        jinja2.TemplateSyntaxError: the template is not valid.
    """
    template = next((template for template in theme.templates if template.name == name), None)
    if template is None:
        return None
    return _bare(theme.added).compile(template.text, template.name, template.path)


def parse_template(theme: Theme, text: str) -> nodes.Template:
    """Read a template as it is written: what a cached fragment includes is still an include.

    Raises:
        jinja2.TemplateSyntaxError: the template is not valid.
    """
    return _bare(theme.added, plain=True).parse(text)


@functools.lru_cache(maxsize=2)
def shortcodes(theme: Theme) -> Mapping[str, tuple[str, ...]]:
    """Give the theme's shortcodes by name, and which of `inner` and `source` the template of each reads.

    These stand for the text between the tags of a shortcode, so a template that reads one of them asks for a closing
    tag. A template that is not valid reads neither; what is wrong with it is found when it is compiled.
    """
    found: dict[str, tuple[str, ...]] = {}
    for template in theme.templates:
        if template.name.startswith(_SHORTCODES) and template.name.endswith(".html"):
            try:
                names = find_undeclared_variables(parse_template(theme, template.text))
            except jinja2.TemplateSyntaxError:
                names = set()
            name = template.name.removeprefix(_SHORTCODES).removesuffix(".html")
            found[name] = tuple(one for one in ("inner", "source") if one in names)
    return found


def _escapes(name: str | None) -> bool:
    """Tell whether values are escaped in a template: in HTML and XML, not in JSON, plain text or calendars."""
    return name is None or is_markup(name)


@functools.cache
def _bare(added: Added, *, plain: bool = False) -> jinja2.Environment:
    """The environment that templates are compiled in: as the one they run in, as far as compiling can tell.

    A `plain` one reads cached fragments as if they were not cached.
    """
    environment = jinja2.Environment(
        autoescape=_escapes,  # noqa: S701 - all HTML is escaped
        undefined=_Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", PlainFragments if plain else Fragments],
    )
    environment.extend(known_everywhere=frozenset((*NAMES, *added.functions)))
    later = dict.fromkeys(("markdown", "slug", *added.filters), functions.filled_in_later)
    environment.filters |= {**functions.FILTERS, **later}
    # The same inputs give the same bytes.
    del environment.filters["random"], environment.globals["lipsum"]
    return environment


def environment(
    theme: Theme, view: SiteView, site: Site, manifest: AssetManifest, inputs: Inputs, tools: Tools
) -> jinja2.Environment:
    """Give the environment in which the theme's templates run over one site, in one of its languages."""
    ask = view.reads.ask
    made = _bare(theme.added).overlay(loader=_Compiled(theme), cache_size=-1)
    made.extend(fragments={}, reads=view.reads)
    catalogue = msgspec.json.decode(theme.texts, type=Catalogue)
    given: dict[str, Callable[..., Any]] = {"markdown": functions.markdown(view), "slug": functions.slug(tools.slug)}
    made.globals = {
        **made.globals,
        "site": view,
        "config": {"theme": Options(msgspec.json.decode(theme.options), ask)},
        "url_for": functions.url_for(view),
        **assets.AssetFunctions(view, manifest, tools.read).named,
        "image": functions.image(view, manifest),
        "data": functions.data(site.data, ask),
        "menu": view.menu,
        "related": functions.related,
        "markdown": given["markdown"],
        "t": functions.text(Texts(catalogue, view.language, next(iter(site.editions))), ask),
        "today": functions.today(inputs.now, ask),
        "now": functions.now(inputs.now, ask),
        "env": functions.env(inputs.environment, ask),
        "absolute": functools.partial(functions.absolute, view.permalink("/")),
    }
    for extension in tools.extensions:
        made.globals |= functions.guarded(extension, extension.functions)
        given |= functions.guarded(extension, extension.filters)
    made.filters = made.filters | {name: functions.with_context(function) for name, function in given.items()}
    return made
