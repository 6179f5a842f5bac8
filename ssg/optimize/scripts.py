"""Scripts that hold up the first paint → scripts that do not, where nothing can tell the difference but the clock."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from turbohtml import Document as Tree
from turbohtml import Element

from ssg.errors import Diagnostic, Location, warning
from ssg.optimize.context import SKIP, Context
from ssg.optimize.policy import classic

LOADER = (
    '(d=>{let e=["pointerdown","touchstart","keydown","wheel","scroll"],o={capture:!0,passive:!0},t,g=()=>{'
    "clearTimeout(t);for(let n of e)removeEventListener(n,g,o);"
    'for(let s of d.querySelectorAll("script[data-load=lazy][data-src]")){let n=d.createElement("script");'
    'for(let{name:k,value:v}of s.attributes)k!="type"&&n.setAttribute(k.replace(/^data-(src|type)$/,"$1"),v);'
    'n.async=s.hasAttribute("async");s.replaceWith(n)}};'
    "for(let n of e)addEventListener(n,g,o);t=setTimeout(g,3e3)})(document)"
)
"""The script that loads lazy ones, in their order: when a reader first does something, or after 3 s.

It is the same on every page, so that a content security policy has one hash for it.
"""

# A type that no browser knows: the element is data, and is not fetched (WHATWG HTML, section 4.12.1).
_WAITING = "text/lazy"


class _Script(NamedTuple):
    """A script that runs while a page is parsed or right after: blocking, deferred, or within the page."""

    element: Element
    kind: str
    in_head: bool


def scripts(tree: Tree, page: Context) -> Iterable[Diagnostic]:
    """Defer the scripts that block in `<head>`, and have lazy ones wait for the loader.

    A deferred script runs when the page is parsed, after all that is not deferred. So a script is deferred only with
    all blocking ones after it, and only where no inline script, which cannot be deferred, comes after it, no deferred
    one before it, and nothing in it writes into the page as it is parsed.
    """
    elements = [one for one in tree.select("script") if one.closest("template,noscript") is None]
    lazy = set(page.config.scripts.lazy)
    if waiting := [one for one in elements if _is_lazy(one, lazy, page)]:
        _wait(waiting, tree)
    running = list(_running(elements))
    if not any(one.kind == "blocking" and one.in_head for one in running):
        return ()
    begin, reason = _boundary(running, page)
    for one in running[begin:]:
        if one.kind == "blocking":
            one.element.attrs["defer"] = ""
    return _blocking(running[:begin], reason, page)


def _is_lazy(element: Element, lazy: set[str], page: Context) -> bool:
    written = element.attr("src")
    if not written or element.closest(f"[{SKIP}]") is not None:
        return False
    if element.attr("data-load") == "lazy" or written in lazy:
        return True
    found = page.find(written) if lazy else None
    return found is not None and found.path in lazy


def _wait(elements: Sequence[Element], tree: Tree) -> None:
    """Turn elements into such that wait for the loader, and put it at the end of the body, once."""
    for one in elements:
        kind = one.attr("type") or ""
        if not classic(kind):
            one.attrs["data-type"] = kind
        one.attrs.update({"type": _WAITING, "data-load": "lazy", "data-src": one.attr("src") or ""})
        del one.attrs["src"]
    body = tree.find("body")
    if body is not None and all(one.text != LOADER for one in tree.select("script:not([src])")):
        loader = Element("script")
        loader.text = LOADER
        body.append(loader)


def _running(elements: Iterable[Element]) -> Iterator[_Script]:
    """Give the scripts whose order matters; those that are `async` run whenever they have arrived."""
    for one in elements:
        kind, external = (one.attr("type") or "").strip().lower(), "src" in one.attrs
        if one.text == LOADER or ("async" in one.attrs and external) or not (classic(kind) or kind == "module"):
            continue
        deferred = kind == "module" or (external and "defer" in one.attrs)
        named = "deferred" if deferred else "blocking" if external else "inline"
        yield _Script(one, named, one.closest("head") is not None)


def _boundary(running: Sequence[_Script], page: Context) -> tuple[int, str]:
    """Give the position from which on blocking scripts can be deferred, and why not before it."""
    first = next((number for number, one in enumerate(running) if one.kind == "deferred"), len(running))
    for number in range(len(running) - 1, -1, -1):
        one = running[number]
        if one.kind == "inline":
            return number + 1, "the script within the page that comes after it may need it"
        if one.kind == "blocking" and number > first:
            return number + 1, "a deferred script comes before it or before one that follows"
        if one.kind == "blocking" and one.element.closest(f"[{SKIP}]") is not None:
            return number + 1, f"it has {SKIP}, or one that follows has"
        if one.kind == "blocking" and "document.write" in (page.read(one.element.attr("src") or "") or ""):
            return number + 1, "it or one that follows has document.write"
    return 0, ""


def _blocking(running: Iterable[_Script], reason: str, page: Context) -> Iterator[Diagnostic]:
    """Name the scripts in `<head>` that stay as they are, without those of which the author has said so."""
    for one in running:
        if one.kind != "blocking" or not one.in_head or one.element.closest(f"[{SKIP}]") is not None:
            continue
        written = one.element.attr("src") or ""
        found = page.find(written)
        where = Location(found.source if found is not None else written)
        hint = f"write defer where nothing needs it at once, or {SKIP} to keep it so"
        said = warning("blocking", f"holds up the first paint, since {reason}", where, hint)
        yield msgspec.structs.replace(said, subject=page.source)
