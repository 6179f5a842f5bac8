"""`Page* → Site`: sections, taxonomies and routes, in explicit order; every URL has one owner."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from ssg.config import Config, ContentConfig, output_setting
from ssg.content.arrange import arrange_section, newest_first, rank_newest
from ssg.content.discover import Found
from ssg.content.routes import plan_routes
from ssg.content.slug import segment, term_slug, titled
from ssg.errors import Diagnostic, Location, error, nearest, warning
from ssg.model import Edition, File, Page, Route, RouteKind, Section, Site, SourceKind, Taxonomy, Term
from ssg.urls import folder_url, output_url


class Visibility(msgspec.Struct, frozen=True):
    """Which pages a build shows: those dated up to `now` and not expired, drafts and later ones where asked."""

    now: datetime
    drafts: bool = False
    future: bool = False

    def shows(self, page: Page) -> bool:
        """Tell whether a page is part of the build."""
        if not page.url or (page.draft and not self.drafts) or (page.expires and page.expires <= self.now):
            return False
        return self.future or page.date is None or page.date <= self.now


class Placed(msgspec.Struct, frozen=True):
    """Where pages stand in a site, and what follows from that; all but `order` is the site's.

    `order` are the positions of the pages among those that were parsed.
    """

    order: tuple[int, ...]
    editions: Mapping[str, Edition]
    routes: tuple[Route, ...]
    files: Mapping[str, str]
    hidden: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def assemble(parsed: Sequence[Page], placed: Placed, data: Mapping[str, Any]) -> Site:
    """Put a site together from pages and their places."""
    return Site(
        pages=tuple(map(parsed.__getitem__, placed.order)),
        editions=placed.editions,
        routes=placed.routes,
        files=placed.files,
        hidden=placed.hidden,
        data=data,
        diagnostics=placed.diagnostics,
    )


def place(parsed: Sequence[Page], found: Found, config: Config, visibility: Visibility) -> Placed:
    """Place pages in a site.

    Takes the pages that could be parsed, in any order, and all that was found in the content folder. Of a page it reads
    nothing that `Marks.placed` does not stand for: neither summary, words and anchors, nor what ssg does not know. A
    link to a source that is hidden here (a draft, or one with an error of its own) is told apart from a link to nothing
    by `Placed.hidden`.
    """
    shows = [number for number, page in enumerate(parsed) if visibility.shows(page)]
    order = tuple(sorted(shows, key=lambda number: (parsed[number].url, parsed[number].source)))
    pages = tuple(map(parsed.__getitem__, order))
    ranks = rank_newest(pages)
    editions = {language: _edition(language, pages, ranks, config) for language in config.tongues}
    shown = {page.source for page in pages}
    hidden = frozenset(source.path for source in found.sources if source.path not in shown)
    closed = [page for page in parsed if page.kind is SourceKind.BUNDLE and page.source not in shown]
    routes = tuple(plan_routes(pages, tuple(editions.values()), config))
    taken = {route.url: route for route in routes if route.kind is not RouteKind.ALIAS}
    said = (
        _described_twice(pages),
        _hitting_aliases(pages, taken),
        _unaddressed(config),
        _unmatched(config, editions[config.site.language].sections),
        _unspoken(pages, config),
    )
    return Placed(
        order=order,
        editions=editions,
        routes=tuple(route for route in routes if route.kind is not RouteKind.ALIAS or route.url not in taken),
        files=dict(_files(found.files, _bundles(pages, config.tongues), {page.folder for page in closed})),
        hidden=hidden,
        diagnostics=tuple(itertools.chain(*said)),
    )


class _Spoken(NamedTuple):
    """The pages of one language: all pages of the site, their ranks from the newest on, and which are of it."""

    pages: Sequence[Page]
    ranks: Sequence[int]
    numbers: Sequence[int]
    prefix: str
    settings: ContentConfig


def _edition(language: str, pages: Sequence[Page], ranks: Sequence[int], config: Config) -> Edition:
    """Group the pages of one language."""
    prefix = "" if language == config.site.language else f"/{language}"
    numbers = [number for number, page in enumerate(pages) if page.language == language]
    spoken = _Spoken(pages, ranks, numbers, prefix, config.content)
    return Edition(
        language=language,
        prefix=prefix,
        newest=newest_first(ranks, [number for number in numbers if pages[number].kind is not SourceKind.SECTION]),
        sections=_sections(spoken),
        taxonomies={name: _taxonomy(name, spoken) for name in config.content.taxonomies},
    )


def _sections(spoken: _Spoken) -> dict[str, Section]:
    """Give every folder with a page in or below it as a section, by folder; the content folder is the first.

    Each shows as many pages at a time, and has the formats, that its own page asks for, else those of the settings.
    """
    pages, ranks, numbers, prefix, settings = spoken
    size = settings.paginate or 0
    members: dict[str, list[int]] = defaultdict(list)
    described: dict[str, int] = {}
    folders = {""}
    for number in numbers:
        page = pages[number]
        if page.kind is SourceKind.SECTION:
            described[page.section] = number
        else:
            members[page.section].append(number)
        folder = page.section
        while folder:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    children: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(folders - {""}):
        children[folder.rpartition("/")[0]].append(folder)
    sections: dict[str, Section] = {}
    for folder in sorted(folders):
        own = described.get(folder)
        sort_by = pages[own].sort_by if own is not None else ""
        listed, reading = arrange_section(pages, ranks, members[folder], sort_by)
        kind = "section" if folder else "home"
        formats = pages[own].outputs if own is not None else output_setting(settings, folder, kind)[1]
        url = f"{prefix}/" + "".join(f"{segment(part)}/" for part in folder.split("/") if part)
        sections[folder] = Section(
            folder=folder,
            url=output_url(url, formats[0]),
            title=pages[own].title if own is not None else titled(folder.rpartition("/")[2]),
            page=own,
            pages=listed,
            reading=reading,
            sections=tuple(children[folder]),
            size=(pages[own].paginate or size) if own is not None else size,
            outputs=formats,
        )
    return {folder: _with_ordered_children(section, sections, pages) for folder, section in sections.items()}


def _with_ordered_children(section: Section, sections: Mapping[str, Section], pages: Sequence[Page]) -> Section:
    """Order a section's sections: by the weight of their own page, then by folder."""

    def rank(folder: str) -> tuple[bool, int, str]:
        own = sections[folder].page
        weight = pages[own].weight if own is not None else None
        return (weight is None, weight or 0, folder)

    return msgspec.structs.replace(section, sections=tuple(sorted(section.sections, key=rank)))


def _taxonomy(name: str, spoken: _Spoken) -> Taxonomy:
    """Group pages by the terms of one taxonomy; names that differ in case alone are one term."""
    pages, ranks, numbers, prefix, settings = spoken
    grouped: dict[str, list[int]] = defaultdict(list)
    spelled: dict[str, dict[str, int]] = defaultdict(dict)
    for number in numbers:
        for term in pages[number].terms.get(name, ()):
            key = term.casefold()
            if not grouped[key] or grouped[key][-1] != number:
                grouped[key].append(number)
            spelled[key][term] = spelled[key].get(term, 0) + 1
    url = f"{prefix}/{segment(name)}/"
    outputs, term_outputs = (output_setting(settings, name, kind)[1] for kind in ("taxonomy", "term"))
    slugs: set[str] = set()
    terms: list[Term] = []
    for key in sorted(grouped):
        slug = base = term_slug(key)
        number = 1
        while slug in slugs:  # "a b" and "a-b"
            number += 1
            slug = f"{base}-{number}"
        slugs.add(slug)
        spelling = min(spelled[key], key=lambda written: (-spelled[key][written], written))
        term_url = output_url(f"{url}{slug}/", term_outputs[0])
        terms.append(Term(spelling, slug, term_url, newest_first(ranks, grouped[key])))
    size = settings.paginate or 0
    return Taxonomy(name, output_url(url, outputs[0]), tuple(terms), size, outputs, term_outputs)


def _bundles(pages: Sequence[Page], tongues: Sequence[str]) -> dict[str, str]:
    """Give the URL of each bundle by its folder: that of its page in the first of the site's languages that it has."""
    bundles = [page for page in pages if page.kind is SourceKind.BUNDLE]
    bundles.sort(key=lambda page: tongues.index(page.language), reverse=True)
    return {page.folder: folder_url(page.url) for page in bundles}


def _files(files: Sequence[File], bundles: Mapping[str, str], closed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give each file of the content folder with its URL: beside its bundle's page, else where it lies.

    The files of a bundle that is not shown are not published either.
    """
    for file in files:
        folder = file.name.rpartition("/")[0]
        while folder and folder not in bundles and folder not in closed:
            folder = folder.rpartition("/")[0]
        if folder in bundles:
            yield file.path, bundles[folder] + file.name[len(folder) + 1 :]
        elif folder not in closed:
            yield file.path, f"/{file.name}"


def _unspoken(pages: Sequence[Page], config: Config) -> Iterator[Diagnostic]:
    """Name languages that no page is in."""
    spoken = {page.language for page in pages}
    for language in config.languages:
        if language not in spoken:
            hint = f"write one, like {config.content.dir}/_index.{language}.md, or take the table out"
            yield warning(
                "language", f"no page is in the language of [languages.{language}]", Location("site.toml"), hint
            )


def _unaddressed(config: Config) -> Iterator[Diagnostic]:
    if not config.site.base_url:
        message = "base_url is not set, so the sitemap and the feeds are left out"
        hint = 'write base_url = "https://…" under [site], or use --base-url'
        yield warning("base-url", message, Location("site.toml"), hint)


def _hitting_aliases(pages: Sequence[Page], taken: Mapping[str, Route]) -> Iterator[Diagnostic]:
    """Name aliases that are the URL of something else."""
    for page in pages:
        for alias in page.aliases:
            route = taken.get(alias.url)
            if route is not None:
                owner = (
                    pages[int(route.key[0])].source if route.kind is RouteKind.PAGE else f"a {route.kind.value} page"
                )
                where = Location(page.source, alias.line)
                message = f'the alias "{alias.url}" is the URL of {owner}'
                yield error("alias", message, where, "take the alias out, or give it another path")


def _unmatched(config: Config, sections: Mapping[str, Section]) -> Iterator[Diagnostic]:
    """Name permalink patterns and outputs for folders that have no page."""
    lists = {*sections, *config.content.taxonomies}
    for code, key, settings, known in (
        ("permalink", "permalinks", config.content.permalinks, sections),
        ("outputs", "outputs", config.content.outputs, lists),
    ):
        for folder in settings:
            if folder.strip("/") not in known:
                message = f'[content.{key}] names "{folder}", which is no section'
                hint = nearest(folder, filter(None, known)) or "name a folder below the content folder"
                yield warning(code, message, Location("site.toml"), hint)


def _described_twice(pages: Sequence[Page]) -> Iterator[Diagnostic]:
    """Name the index files of a folder beside the first: only one can describe its section."""
    first: dict[str, str] = {}
    for page in pages:
        if page.kind is SourceKind.SECTION and first.setdefault(page.url, page.source) != page.source:
            message = f"is published at {page.url}, and so is {first[page.url]}"
            yield error("path", message, Location(page.source), "keep one of them")
