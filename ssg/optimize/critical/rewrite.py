"""The changes of the tree that bring a page's CSS to its new places."""

from turbohtml import Document, E, Element

from ssg.optimize.critical.survey import Survey

LOADER = (
    'document.addEventListener("load",function(e){var l=e.target,m=l.getAttribute&&l.getAttribute("data-ssg-media");'
    'm&&(l.removeAttribute("data-ssg-media"),l.media=m)},!0)'
)
"""The one script that `Way.MEDIA` needs: a sheet that has come holds for all media. It never changes, nor its hash."""


def media_of(link: Element) -> dict[str, str]:
    """Give the attribute `media` of a link or a style as that of a new element."""
    media = link.attrs.get("media")
    return {"media": str(media)} if media else {}


def charset_first(tree: Document) -> None:
    """Put the encoding before what is inlined: it counts in the first 1,024 bytes (WHATWG HTML, 4.2.5.4)."""
    head, charset = tree.find("head"), tree.select_one("head > meta[charset]")
    if head is not None and charset is not None and charset.previous_sibling is not None:
        head.insert(0, charset)


def wait(link: Element) -> None:
    """Let a link fetch its sheet without delaying the page; without scripts it is as it was."""
    link.insert_after(E("noscript", E("link", {name: _written(value) for name, value in link.attrs.items()})))
    link.attrs["data-ssg-media"] = str(link.attrs.get("media") or "all")
    link.attrs["media"] = "print"


def follow(body: Element | None, link: Element, found: Survey) -> None:
    """Put a link at the end of the body, and after it once more the styles that came after it."""
    if body is None:
        return
    link.attrs["fetchpriority"] = "low"
    body.append(link)
    for style in found.styles:
        body.append(E("style", media_of(style), style.text))


def _written(value: str | list[str] | None) -> str:
    return " ".join(value) if isinstance(value, list) else value or ""
