"""A small site in memory, for pages that are weighed."""

from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import DESKTOP, Fetch, File, Files, Label, Phase, Profile, Sizes, Weight
from ssg.urls import media_type

ICON = "/favicon.ico"


def files_of(texts: dict[str, str], *, lacking: tuple[str, ...] = ()) -> Files:
    """Give the files of a site: those with a text, and of any other name one of a single byte."""

    def find(url: str) -> File | None:
        if url in {ICON, "/404.html", *lacking}:
            return None
        body = texts.get(url, "x" if url not in texts else "").encode()
        kind = "text/html" if url.endswith("/") else media_type(url)
        return File(url, kind, Sizes(len(body)), lambda: body)

    return find


def weighed(
    html: str,
    texts: dict[str, str] | None = None,
    profile: Profile = DESKTOP,
    *,
    url: str = "/p/",
    lacking: tuple[str, ...] = (),
) -> Weight:
    origins = ("https://example.org",)
    weigher = Weigher(files_of({url: html, **(texts or {})}, lacking=lacking), origins)
    return weigher.weigh(read_page(html, url, origins), profile)


def fetched(
    html: str, texts: dict[str, str] | None = None, profile: Profile = DESKTOP, url: str = "/p/"
) -> dict[str, Fetch]:
    """Give what is fetched beside the page and its icon, by URL."""
    return {one.url: one for one in weighed(html, texts, profile, url=url).fetches if one.url not in {url, ICON}}


def told(found: dict[str, Fetch]) -> dict[str, str]:
    """Give the phase of each fetch, with `?` where it is an upper bound."""
    return {url: one.phase + ("?" if one.label is Label.UPPER else "") for url, one in found.items()}


CRITICAL, INITIAL, LAZY = Phase.CRITICAL, Phase.INITIAL, Phase.LAZY
