"""The functions and filters that templates call."""

import email.utils
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from ssg.errors import Raised, nearest
from ssg.extensions import TemplateExtension
from ssg.manifest import AssetManifest
from ssg.model import readable
from ssg.render.refs import Mistake, PageRef
from ssg.render.texts import Texts
from ssg.render.view import SiteView

_SHOWN = 30
Ask = Callable[..., None]
"""Notes a question: its kind, and what it asks about."""


def listed(names: Sequence[str]) -> str:
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


def _json(value: object) -> str:
    """Give a value as JSON text, for a template of JSON; in HTML, Jinja's tojson is the one that is safe."""
    return json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)


def _rfc822(value: datetime) -> str:
    """Give a moment as RFC 822 has it, with the year in four digits, as RSS 2.0 wants it."""
    return email.utils.format_datetime(value)


def _xmldate(value: datetime) -> str:
    """Give a moment as RFC 3339 text, as Atom and sitemaps want it."""
    return value.isoformat().replace("+00:00", "Z")


FILTERS: Mapping[str, Callable[..., Any]] = {"date": _date, "xmldate": _xmldate, "rfc822": _rfc822, "json": _json}
"""The filters that are the same for every site."""


def absolute(root: str, html: str) -> str:
    """Give HTML with the URLs from the site's host made absolute, for readers that do not know where it came from."""
    host = re.match(r"https?://[^/]+", root)
    return re.sub(r'(\s(?:href|src|poster)=")(?=/(?!/))', rf"\g<1>{host[0]}", str(html)) if host else html


def url_for(view: SiteView) -> Callable[[Any], str]:
    """Give the function `url_for` of a site."""

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


def data(values: Mapping[str, Any], ask: Ask) -> Callable[[str], Any]:
    """Give the function `data` of a site."""

    def data(name: str) -> Any:
        """Give the value of a data file, named from the data folder and without its ending."""
        if name not in values:
            hint = nearest(name, values) or listed(sorted(values))
            raise Mistake(f'there is no data "{name}"', hint)
        ask("data", name)
        return values[name]

    return data


def text(texts: Texts, ask: Ask) -> Callable[..., str]:
    """Give the function `t` of a site."""

    def t(key: str, **values: object) -> str:
        """Give a text in the language of the page; `{name}` in it becomes a value, and `count` chooses the plural."""
        ask("texts")
        return texts.t(key, **values)

    return t


def today(moment: datetime, ask: Ask) -> Callable[[], date]:
    """Give the function `today` of a build."""

    def today() -> date:
        """Give the date of the build, in UTC; a page that asks is built again every day."""
        ask("today")
        return moment.date()

    return today


def now(moment: datetime, ask: Ask) -> Callable[[], datetime]:
    """Give the function `now` of a build."""

    def now() -> datetime:
        """Give the moment of the build, in UTC; a page that asks is built again each time."""
        ask("now")
        return moment

    return now


def env(environment: Mapping[str, str], ask: Ask) -> Callable[..., str]:
    """Give the function `env` of a build."""

    def env(name: str, default: str = "") -> str:
        """Give an environment variable, one whose name begins with `SSG_`, or `CI`; else the default."""
        if not readable(name):
            raise Mistake(f'env("{name}") is not for templates', "name it SSG_…: others may hold secrets")
        ask("env", name)
        return environment.get(name, default)

    return env


def related(page: Any, limit: int = 5) -> tuple[PageRef, ...]:
    """Give the pages that share most terms with a page, rare terms counting more; at most `limit`."""
    return tuple(page.related(limit))


def markdown(view: SiteView) -> Callable[..., Markup]:
    """Give the function and filter `markdown` of a site."""

    def markdown(text: object, *, inline: bool = False) -> Markup:
        """Give the HTML of a Markdown text, its links written from the content folder; `inline` drops a lone `<p>`."""
        return view.markdown(str(text), inline=inline)

    return markdown


def image(view: SiteView, manifest: AssetManifest) -> Callable[..., Markup]:
    """Give the function `image` of a site."""

    def image(path: str, alt: str = "", **attributes: object) -> Markup:
        """Give an `<img>` with width and height in px for an asset, or a file named from the content folder.

        The page offers its variants: those that serve `widths`, `widths=[480, 800]`, or all. `sizes` is as in HTML;
        `slot` names one of the theme's places in its stead.
        """
        rooted = f"/assets/{path}"
        view.reads.ask("asset", rooted)
        url = rooted if path in manifest.urls else view.links.find(path, view.language)
        if url is None:
            hint = nearest(path, manifest.urls) or view.links.suggest(path.lstrip("/"), "")
            raise Mistake(f'image("{path}") finds no image', hint or "name an asset, or a file like posts/a.png")
        return view.image(view.links.public(url), alt, attributes)

    return image


def slug(convert: Callable[[str], str]) -> Callable[[object], str]:
    """Give the filter `slug` over the rule that turns a name into its form in a URL."""

    def slug(value: object) -> str:
        """Give a name's form in a URL, as tags have it."""
        return convert(str(value))

    return slug


@jinja2.pass_context
def filled_in_later(_: Context, *__: object) -> Any:
    """Stand in for a filter whose function is known only when templates run: Jinja compiles a call with context."""
    raise NotImplementedError


def with_context(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a filter in the form that `filled_in_later` has templates compiled for."""

    @jinja2.pass_context
    @functools.wraps(function)
    def called(_: Context, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return called


def guarded(
    extension: TemplateExtension, functions: Mapping[str, Callable[..., Any]]
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Give an extension's functions so that what they raise names the extension."""
    for name, function in functions.items():
        yield name, functools.partial(_called, extension.name, function)


def _called(extension: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except Mistake:
        raise
    except Exception as reason:
        raise Raised(extension, reason) from reason
