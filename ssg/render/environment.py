"""A theme's templates, compiled once, with the functions that they may call."""

import email.utils
import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import CodeType
from typing import Any, cast

import jinja2
import msgspec
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context
from jinja2.utils import missing

from ssg.errors import nearest
from ssg.model import AssetManifest, Site
from ssg.render.fragments import Fragments
from ssg.render.refs import Mistake
from ssg.render.texts import Catalogue, Texts
from ssg.render.theme import Theme
from ssg.render.view import SiteView

_SHOWN = 30
_SHORTCODES = "shortcodes/"
_NAMES = {
    "Subject": "page",
    "PageRef": "a page",
    "SectionRef": "a section",
    "TermRef": "a term",
    "SiteView": "site",
    "NoneType": "None",
}


class _Undefined(jinja2.StrictUndefined):
    """Fails on any use, and says which name is missing and which one may be meant."""

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f'"{name}" is not defined; a template knows page, site, config, url_for, asset_url, menu, data and t'
        kind = type(self._undefined_obj).__name__
        if isinstance(self._undefined_obj, Mapping):
            keys = sorted(map(str, self._undefined_obj))
            return f'the mapping has no "{name}"; {nearest(name, keys) or _listed(keys)}'
        public = [attribute for attribute in dir(self._undefined_obj) if not attribute.startswith("_")]
        hint = nearest(name, public) or _listed(public)
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
    return _bare().compile(template.text, template.name, template.path)


def shortcodes(theme: Theme) -> dict[str, tuple[str, ...]]:
    """Give the theme's shortcodes by name, and which of `inner` and `source` the template of each reads.

    These stand for the text between the tags of a shortcode, so a template that reads one of them asks for a closing
    tag. A template that is not valid reads neither; what is wrong with it is found when it is compiled.
    """
    found: dict[str, tuple[str, ...]] = {}
    for template in theme.templates:
        if template.name.startswith(_SHORTCODES) and template.name.endswith(".html"):
            try:
                names = find_undeclared_variables(_bare().parse(template.text))
            except jinja2.TemplateSyntaxError:
                names = set()
            name = template.name.removeprefix(_SHORTCODES).removesuffix(".html")
            found[name] = tuple(one for one in ("inner", "source") if one in names)
    return found


@functools.cache
def _bare() -> jinja2.Environment:
    """The environment that templates are compiled in: as the one they run in, as far as compiling can tell."""
    environment = jinja2.Environment(
        # Values are escaped in HTML and XML, not in JSON and plain text.
        autoescape=jinja2.select_autoescape(disabled_extensions=("json", "txt"), default=True, default_for_string=True),
        undefined=_Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", Fragments],
    )
    environment.filters |= {"date": _date, "xmldate": _xmldate, "rfc822": _rfc822, "json": _json}
    return environment


def environment(theme: Theme, view: SiteView, site: Site, manifest: AssetManifest) -> jinja2.Environment:
    """Give the environment in which the theme's templates run over one site, in one of its languages."""
    made = _bare().overlay(loader=_Compiled(theme), cache_size=-1)
    made.extend(fragments={})
    catalogue = msgspec.json.decode(theme.texts, type=Catalogue)
    made.globals = {
        **made.globals,
        "site": view,
        "config": {"theme": msgspec.json.decode(theme.options)},
        "url_for": _url_for(view),
        "asset_url": _asset_url(view, manifest),
        "data": _data(site.data),
        "menu": view.menu,
        "t": Texts(catalogue, view.language, next(iter(site.editions))).t,
        "absolute": functools.partial(_absolute, view.permalink("/")),
    }
    return made


def _listed(names: Sequence[str]) -> str:
    """Say which names there are, or the first of them."""
    shown = ", ".join(names[:_SHOWN]) or "none"
    return f"known are {shown}" + (" and others" if len(names) > _SHOWN else "")


@jinja2.pass_context
def _date(context: Context, value: object, form: str = "%Y-%m-%d") -> str:
    """Give a date by a strftime pattern, or as the page's language has it: "short", "medium", "long" or "full".

    ISO 8601 text is read as a date.
    """
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, date):
        message = "the filter date was given no date"
        raise Mistake(message, "ask for the date first: {% if page.date %}")
    if "%" in form:
        return moment.strftime(form)
    from ssg.render.locales import localized  # noqa: PLC0415 - 30 ms, for sites that ask

    site = cast("SiteView", context.environment.globals["site"])
    return localized(moment, form, site.language)


def _absolute(root: str, html: str) -> str:
    """Give HTML with the URLs from the site's host made absolute, for readers that do not know where it came from."""
    host = re.match(r"https?://[^/]+", root)
    return re.sub(r'(\s(?:href|src|poster)=")(?=/(?!/))', rf"\g<1>{host[0]}", str(html)) if host else html


def _json(value: object) -> str:
    """Give a value as JSON text, for a template of JSON; in HTML, Jinja's tojson is the one that is safe."""
    return json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)


def _rfc822(value: datetime) -> str:
    """Give a moment as RFC 822 has it, with the year in four digits, as RSS 2.0 wants it."""
    return email.utils.format_datetime(value)


def _xmldate(value: datetime) -> str:
    """Give a moment as RFC 3339 text, as Atom and sitemaps want it."""
    return value.isoformat().replace("+00:00", "Z")


def _url_for(view: SiteView) -> Callable[[Any], str]:
    def url_for(target: Any) -> str:
        """Give the URL of a page, section or term, or of a path below the content folder."""
        if not isinstance(target, str):
            return str(target.url)
        found = view.links.find(target, view.language)
        if found is None:
            hint = view.links.suggest(target.lstrip("/"), "") or "name a file, like posts/a.md, or a URL, like /tags/"
            raise Mistake(f'url_for("{target}") finds no page or file', hint)
        return view.links.public(found)

    return url_for


def _asset_url(view: SiteView, manifest: AssetManifest) -> Callable[[str], str]:
    def asset_url(path: str) -> str:
        """Give the URL of an asset of the theme or the site, named from its assets folder."""
        if path not in manifest.urls:
            raise Mistake(f'there is no asset "{path}"', nearest(path, manifest.urls) or _listed(sorted(manifest.urls)))
        return view.links.public(manifest.urls[path])

    return asset_url


def _data(values: Mapping[str, Any]) -> Callable[[str], Any]:
    def data(name: str) -> Any:
        """Give the value of a data file, named from the data folder and without its ending."""
        if name not in values:
            hint = nearest(name, values) or _listed(sorted(values))
            raise Mistake(f'there is no data "{name}"', hint)
        return values[name]

    return data
