"""Questions in words: what a page was built from, for its author."""

from collections.abc import Callable, Mapping

from ssg.model import Query

_SAID: Mapping[str, Callable[..., str]] = {
    "site": lambda _, name: f"the site's {name.replace('_', ' ')}",
    "languages": lambda _: "the languages of the site",
    "translations": lambda _, url: f"the translations of {url}",
    "section": lambda _, folder: f"the section {_folder(folder)}",
    "section_pages": lambda _, folder: f"the pages of the section {_folder(folder)}",
    "sections": lambda _, folder: f'the sections below "{folder}"' if folder else "the sections at the top",
    "pages": lambda _, section, limit: f"the {f'{limit} newest ' if limit else ''}pages of {_scope(section)}",
    "feeds": lambda _, url: f"the feeds of {url}",
    "outputs": lambda _, url: f"the formats of {url}",
    "addresses": lambda *_: "the addresses of all pages",
    "sitemaps": lambda *_: "the number of sitemaps",
    "taxonomy": lambda _, name: f"the taxonomy {name}",
    "terms": lambda _, name: f"the terms of {name}",
    "term": lambda _, taxonomy, name: f'the term "{name}" of {taxonomy}',
    "term_of": lambda _, url: f"the term that {url} shows",
    "term_pages": lambda _, taxonomy, name: f'the newest pages with the term "{name}" of {taxonomy}',
    "terms_of": lambda source: f"the terms of {source}",
    "menu": lambda _, name: f"the menu {name}",
    "previous": lambda _, source: f"the page before {source}",
    "next": lambda _, source: f"the page after {source}",
    "target": lambda _, url: f"the page that {url} leads to",
    "listed": lambda _, url: f"the pages that {url} lists",
    "parts": lambda _, url: f"the number of pages that {url} lists",
    "entries": lambda _, url: f"the entries of {url}",
    "link": lambda source, url: f"where the link to {url} in {source} leads",
    "find": lambda _, path: f"where {path} leads",
    "names": lambda: "the names of all pages and files, for a link that leads nowhere",
    "summary": lambda source: f"the summary of {source}",
    "extra": lambda source: f"the further front matter of {source}",
    "words": lambda source: f"the number of words of {source}",
    "anchors": lambda url: f"the headings of {url}",
    "template": lambda name: f"the template {name}, and those that it needs",
    "templates": lambda: "the names of all templates",
    "option": lambda name: f'the theme\'s option "{name}"',
    "options": lambda: "all options of the theme",
    "texts": lambda: "the theme's texts",
    "asset": lambda url: f"the asset {url}",
    "bundle": lambda name: f"the bundle {name}",
    "size": lambda url: f"the size of the image {url}",
    "image": lambda url: f"the variants of the image {url}",
    "resource": lambda url: f"the file {url}",
    "content": lambda url: f"the bytes of {url}",
    "data": lambda name: f"the data {name}",
    "env": lambda name: f"the environment variable {name}",
    "today": lambda: "the date of the build",
    "now": lambda: "the moment of the build",
}


def sentence(query: Query) -> str:
    """Give a question in words."""
    kind, *about = query
    return _SAID[str(kind)](*about)


def _folder(folder: str) -> str:
    return f'"{folder}"' if folder else "at the top"


def _scope(section: str | None) -> str:
    return f'the section "{section}"' if section else "the site"
