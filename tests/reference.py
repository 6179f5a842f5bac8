"""The reference pages of the documentation, made from the docstrings of what they describe."""

import ast
import inspect
import json
import textwrap
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click
import msgspec

from ssg import cli, config
from ssg.config import budgets, hosts, limits, pwa, tables, targets
from ssg.render import assets, environment, functions, refs, subject, texts, view

_TYPES = {
    "PurgeConfig | None": "table",
    "_COLOR": "text, a colour",
    "_COLOR | None": "text, a colour",
    "_COUNT": "whole number from 0",
    "_DAYS": "text, a number of days",
    "_PERCENT": "whole number from 1 to 100",
    "_SECONDS": "text, a number of seconds",
    "Annotated[int, msgspec.Meta(ge=0, description='a whole number from 0')]": "whole number from 0",
    "dict[str, _SIZE]": "table of texts",
    "_SIZE": "text, a size in B, kB, MB or GB",
    "str": "text",
    "bool": "true or false",
    "int": "whole number",
    "Annotated[int, msgspec.Meta(ge=1)]": "whole number from 1",
    "_WIDTHS": "list of whole numbers from 1",
    "Annotated[int, msgspec.Meta(ge=1)] | None": "whole number from 1",
    "dict[str, Any]": "table",
    "dict[str, str]": "table of texts",
    "dict[str, str | RedirectConfig]": "table of texts or tables",
    "dict[str, dict[str, str]]": "table of tables",
    "dict[str, tuple[str, ...]]": "table of lists",
    "dict[str, dict[str, Any]]": "table of tables",
    "dict[str, dict[str, Field]]": "table of tables",
    "dict[_IDENTIFIER, CommandConfig]": "table of tables",
    "dict[_IDENTIFIER, str]": "table of texts",
    "dict[_IDENTIFIER, tuple[str, ...]]": "table of lists",
    "dict[str, _FORMATS | dict[_KIND, _FORMATS]]": "table of lists, or of tables of lists",
    "dict[str, tuple[MenuEntry, ...]]": "table of menus",
    "tuple[str, ...] | None": "list of texts",
    "tuple[_IDENTIFIER, ...]": "list of texts",
    "tuple[str, ...]": "list of texts",
    "tuple[Target, ...]": "list of " + " or ".join(f'`"{one}"`' for one in get_args(hosts.Target)),
}


def pages() -> dict[str, str]:
    """Give the text of every reference page, by path below the content folder."""
    return {
        "reference/_index.md": _head("Reference", "Every key, command and name, made from the code itself", 3),
        "reference/configuration.md": "\n".join(_configuration()) + "\n",
        "reference/commands.md": "\n".join(_commands()) + "\n",
        "reference/templates.md": "\n".join(_templates()) + "\n",
    }


def _head(title: str, description: str, weight: int) -> str:
    return f"---\ntitle: {title}\ndescription: {description}\nweight: {weight}\n---\n"


def _configuration() -> Iterator[str]:
    yield _head("Configuration", "Every key of site.toml, with its type and default", 1)
    yield "A site is configured by `site.toml` in its folder. Every key has a default; an unknown key is an error.\n"
    sources = (tables, budgets, hosts, pwa, targets)
    trees = [ast.parse(Path(inspect.getfile(one)).read_text(encoding="utf-8")) for one in sources]
    classes = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    for name in config.Config.__struct_fields__:
        if name == "budgets":
            yield from _budgets()
            continue
        yield from _table(name, _ENTRIES.get(name) or get_type_hints(config.Config)[name], classes)
    yield from _table("content.schemas", config.Field, classes)
    yield from _table("assets.commands", config.CommandConfig, classes)
    yield from _table("delivery.redirects", config.RedirectConfig, classes)
    yield from _table("deploy.NAME.purge", config.PurgeConfig, classes)


def _budgets() -> Iterator[str]:
    yield "## [[budgets]]\n\nWhat pages may weigh; of the rules for a page the last counts, key by key\n"
    yield "| key | |\n|---|---|"
    yield "\n".join(f"| `{key}` | {said} |" for key, said in budgets.CONDITIONS.items())
    yield f"| `measure` | the encoding that sizes are of: {', '.join(limits.MEASURES)} |"
    yield "\n".join(f"| `{key}` | {said} |" for key, said in limits.KEYS.items()) + "\n"


# The tables whose keys are names of the author's, with what each holds.
_ENTRIES: dict[str, type[Any]] = {
    "menus": config.MenuEntry,
    "languages": config.LanguageConfig,
    "extensions": config.ExtensionConfig,
    "deploy": config.DeployConfig,
    "pwa": config.PwaConfig,
}


def _table(name: str, kind: type[Any], classes: dict[str, ast.ClassDef]) -> Iterator[str]:
    _, _, purpose = (kind.__doc__ or "").partition("`: ")
    yield f"## [{name}]\n\n{_sentence(purpose)}\n"
    node = classes[kind.__name__]
    nested: list[tuple[str, type[Any]]] = []
    rows: list[str] = []
    for field, said in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        key = field.target.id
        of_type = get_type_hints(kind)[key]
        if isinstance(of_type, type) and issubclass(of_type, msgspec.Struct):
            nested.append((f"{name}.{key}", of_type))
            continue
        assert isinstance(said, ast.Expr), f"{kind.__name__}.{key} says nothing of itself"
        assert isinstance(said.value, ast.Constant)
        rows.append(f"| `{key}` | {_typed(field.annotation)} | {_default(kind, key)} | {said.value.value!s} |")
    yield "| key | type | default | |\n|---|---|---|---|"
    yield "\n".join(rows) + "\n"
    for below, of_type in nested:
        yield from _table(below, of_type, classes)


def _typed(annotation: ast.expr) -> str:
    written = ast.unparse(annotation)
    if written.startswith(("Literal", "tuple[Literal")):
        choices = written[written.index("Literal[") + 8 : written.index("]")].replace("'", "").split(", ")
        shown = " or ".join(f'`"{choice}"`' for choice in choices)
        return f"list of {shown}" if written.startswith("tuple") else shown
    return _TYPES[written]


def _default(kind: type[Any], key: str) -> str:
    """Show a key's default; one that has none must be given."""
    defaults = {field.name: field for field in msgspec.structs.fields(kind)}
    field = defaults[key]
    if field.required:
        return "must be given"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return "" if value is None else f"`{json.dumps(value)}`"


def _commands() -> Iterator[str]:
    yield _head("Commands", "Every command with its options", 2)
    for name, command in _flat(cli.main.commands):
        context = click.Context(command, info_name=f"ssg {name}")
        yield f"## ssg {name}\n"
        yield f"```console\n$ {command.get_usage(context).removeprefix('Usage: ')}\n```\n"
        yield inspect.cleandoc(command.help or "") + "\n"
        options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
        rows = [row for row in (one.get_help_record(context) for one in options) if row is not None]
        yield "| option | |\n|---|---|"
        yield "\n".join(f"| `{_cell(written)}` | {_cell(said)} |" for written, said in rows) + "\n"


def _cell(text: str) -> str:
    """Give a text for a cell of a table, where a stroke would end it, in code too."""
    return text.replace("|", r"\|")


def _flat(commands: Mapping[str, click.Command], before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Give commands by name, and those of a group after it; what a group does by itself is not hidden in another."""
    for name, command in sorted(commands.items()):
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _flat(command.commands, f"{before}{name} ")


def _templates() -> Iterator[str]:
    yield _head("Templates", "Every name that a template knows", 3)
    yield "A template sees `page`, `site`, `config.theme` (the theme's options) and these functions and filters.\n"
    yield "## Functions\n"
    for name in sorted(environment.NAMES):
        if name in {"site", "config"}:
            continue
        made = _closure(name)
        arguments = ", ".join(inspect.signature(made).parameters)
        yield f"`{name}({arguments})`\n: {_first(made)}\n"
    yield "## Filters\n"
    for name, function in {
        **functions.FILTERS,
        **{name: _closure(name) for name in ("markdown", "slug")},
    }.items():
        takes = [one for one in inspect.signature(function).parameters if one != "context"][1:]
        shown = f"{name}({', '.join(takes)})" if takes else name
        yield f"`{shown}`\n: {_first(function)}\n"
    yield "Jinja's own filters and functions are there too.\n"
    for title, kind in _KINDS:
        yield f"## {title}\n\n{_first(kind)}\n"
        yield from _members(kind)


_KINDS: tuple[tuple[str, type[Any]], ...] = (
    ("page", subject.Subject),
    ("site", view.SiteView),
    ("A page in a list", refs.PageRef),
    ("A section in a list", refs.SectionRef),
    ("A term in a list", refs.TermRef),
    ("page.paginator", subject.Paginator),
    ("A feed", refs.FeedRef),
    ("An output", refs.OutputRef),
    ("An entry of a menu", refs.MenuRef),
    ("A language of the site", refs.LanguageRef),
    ("A translation", refs.TranslationRef),
    ("An entry of a table of contents", subject.TocEntry),
)
_INTERNAL = {
    "addresses",
    "dated",
    "feeds_of",
    "outputs",
    "related",
    "translations",
    "html",
    "image",
    "links",
    "markdown",
    "beside",
    "page_terms",
    "permalink",
    "ref",
    "refs",
    "sections_of",
    "spoken",
    "term",
}
# What __init__ sets, in words: these need no method.
_ATTRIBUTES = {
    "title": "The title.",
    "url": "The URL to put into a link, below the base path and percent-encoded.",
    "date": "The date, or nothing.",
    "updated": "When the page was last changed, by its front matter, or nothing.",
    "weight": "The weight, or nothing.",
    "description": "The description, empty without one.",
    "section": "The folder of the section.",
    "kind": "`page`, `home`, `section`, `taxonomy`, `term`, `404`, `search`, `sitemap` or `feed`.",
    "format": "The output format, like `html` or `json`.",
    "has_heading": "Whether the content begins with an `<h1>` of its own.",
    "extra": "The front matter that ssg does not know.",
    "taxonomy": "The name of the taxonomy that a `taxonomy` or `term` page belongs to.",
    "folder": "The folder below the content folder.",
    "name": "The name as written.",
    "count": "The number of pages.",
    "language": "The language (BCP 47).",
    "direction": "`ltr`, or `rtl` where the script runs from right to left.",
    "permalink": "The absolute URL, percent-encoded.",
    "base_url": "Where the site will be published; empty if not set.",
    "feed_url": "The URL of the feed; empty without one.",
    "taxonomies": "The names of the taxonomies.",
    "feeds": "The feeds of the site.",
    "search_url": "The URL of the search page in the language; empty where search is off.",
    "search_index": "The URL of the folder that the index lies in; empty where search is off.",
    "sitemap_url": "The absolute URL of the sitemap; empty without base_url.",
    "type": "The media type.",
    "menus": "The names of the menus.",
    "number": "The number of this part, from 1.",
    "total": "The number of parts.",
    "urls": "The URLs of all parts.",
    "first": "The URL of the first part.",
    "last": "The URL of the last part.",
    "previous": "The URL of the part before, or nothing.",
    "next": "The URL of the part after, or nothing.",
    "id": "The id of the heading.",
    "level": "The level of the heading, 1 to 6.",
    "children": "The entries below.",
}


def _members(kind: type[Any]) -> Iterator[str]:
    internal = _INTERNAL if kind is view.SiteView else set()
    entries: dict[str, str] = {}
    for name in _assigned(kind):
        entries[name] = _ATTRIBUTES[name]
    for name, member in inspect.getmembers(kind):
        if name.startswith("_") or name in internal or name in entries:
            continue
        if isinstance(member, property) or hasattr(member, "attrname"):
            entries[name] = _first(member)
        elif inspect.isfunction(member):
            parameters = ", ".join(list(inspect.signature(member).parameters)[1:])
            entries[f"{name}({parameters})"] = _first(member)
    for name, said in sorted(entries.items()):
        yield f"`{name}`\n: {said}\n"


def _assigned(kind: type[Any]) -> list[str]:
    if issubclass(kind, msgspec.Struct):
        return list(kind.__struct_fields__)
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    return sorted(
        {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
            and not node.attr.startswith("_")
            and node.attr not in {"convert", "facts", "index", "links", "plain", "reads", "sizes"}
        }
    )


def _closure(name: str) -> Any:
    """Give a template function as templates have it; it is made for a site, here for none."""
    nothing: Any = None
    made: dict[str, Any] = {
        "url_for": functions.url_for(nothing),
        **assets.AssetFunctions(nothing, nothing, nothing).named,
        "image": functions.image(nothing, nothing),
        "data": functions.data({}, nothing),
        "env": functions.env({}, nothing),
        "now": functions.now(nothing, nothing),
        "today": functions.today(nothing, nothing),
        "menu": types.MethodType(view.SiteView.menu, object()),
        "markdown": functions.markdown(nothing),
        "related": functions.related,
        "slug": functions.slug(nothing),
        "t": texts.Texts({}, "en", "en").t,
    }
    return made[name]


def _first(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]
