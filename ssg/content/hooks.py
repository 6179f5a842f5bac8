"""Elements of a body that the theme has a hook for: taken out of the tree, with their data, for the renderer."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from turbohtml import Element, Text

from ssg.content.shortcodes import ELEMENT, END, Call
from ssg.model import Heading, Hook


class Elements(msgspec.Struct, frozen=True):
    """What the theme writes of a body: the kinds of elements that it has a hook for, and its shortcodes.

    `shortcodes` gives for each which of `inner` and `source` its template reads.
    """

    hooks: tuple[str, ...] = ()
    shortcodes: Mapping[str, tuple[str, ...]] = {}


SHORTCODE = "shortcode"
_SELECTORS = {
    "image": "img",
    "link": "a[href]",
    "heading": "h1,h2,h3,h4,h5,h6",
    "code": "div.highlight,div.codehilite,pre",
    SHORTCODE: ELEMENT,
}
HOOKS = tuple(name for name in _SELECTORS if name != SHORTCODE)
_KINDS = {"img": "image", "a": "link", "div": "code", "pre": "code", ELEMENT: SHORTCODE}
_OPTIONS = "data-options"
# Links that an engine makes for its own ends: permalinks of headings, footnotes there and back.
_OWN = ("headerlink", "footnote-ref", "footnote-backref", "footnote-reference")


def open_hooks(
    root: Element, kinds: Collection[str], headings: Sequence[Heading], calls: Sequence[Call] = ()
) -> tuple[Hook, ...]:
    """Replace the elements of these kinds by slots, `NUL # n NUL`, that stand for the hooks given.

    `headings` are those of the tree, in order. Works from the last element to the first, so that the data of an
    element holds slots for those inside it.
    """
    elements = root.select(",".join(_SELECTORS[kind] for kind in _SELECTORS if kind in kinds))
    plain = [element.text for element in elements]
    by_level = iter(headings)
    titles = {place: next(by_level) for place, element in enumerate(elements) if element.tag not in _KINDS}
    hooks: list[Hook] = []
    for place in reversed(range(len(elements))):
        element = elements[place]
        kind = _KINDS.get(element.tag, "heading")
        if not _meant(element, kind):
            continue
        target = element
        match kind:
            case "image":
                parent = element.parent
                alone = isinstance(parent, Element) and parent.tag == "p" and _only(parent, element)
                target = parent if alone and isinstance(parent, Element) else element
                values = _taken(element, src="url", alt="alt", title="title") | {"block": alone}
                hook = Hook(kind, values, {"default": target.html})
            case "link":
                values = _taken(element, href="url", title="title") | {"text": plain[place].strip()}
                hook = Hook(kind, values, {"default": element.html, "html": element.inner_html})
            case "heading":
                values = _taken(element, id="id") | {"level": int(element.tag[1]), "text": titles[place].text}
                hook = Hook(kind, values, {"default": element.html, "html": element.inner_html})
            case "shortcode":
                hook = _call(element, calls)
            case _:
                values = _code(element)
                hook = Hook(kind, values, {"default": element.html, "html": element.html})
        target.replace_with(Text(f"\0#{len(hooks)}\0"))
        hooks.append(hook)
    return tuple(hooks)


def _call(element: Element, calls: Sequence[Call]) -> Hook:
    """Give a shortcode with its arguments and the HTML of the text between its tags."""
    for end in element.select(END):
        end.decompose()
    call = calls[int(_text(element.attrs["n"]))]
    values = {"name": call.name, "args": call.args, "given": dict(call.given), "source": call.source, "line": call.line}
    inner = element.inner_html.strip()
    return Hook(SHORTCODE, values, {"default": inner, "inner": inner})


def _meant(element: Element, kind: str) -> bool:
    """Tell whether an element is the author's own, and not a part of another that has a hook."""
    if kind == "link":
        parent = element.parent
        return not any(one.has_class(name) for one in (element, parent) if isinstance(one, Element) for name in _OWN)
    if element.tag == "pre":
        inside = element.closest("div.highlight,div.codehilite") is not None
        return not inside and element.select_one("code") is not None
    return not (element.tag == "div" and element.select_one("pre") is None)


def _only(parent: Element, element: Element) -> bool:
    """Tell whether an element is all that another shows."""
    rest = [child for child in parent.children if child != element]
    return all(isinstance(child, Text) and not child.data.strip() for child in rest)


def _taken(element: Element, **names: str) -> dict[str, Any]:
    """Give the named attributes under their names in a hook, and all others as `attributes`."""
    given = {name: _text(value) for name, value in element.attrs.items()}
    taken: dict[str, Any] = {shown: given.pop(name, "") for name, shown in names.items()}
    return {**taken, "attributes": given}


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")


def _code(element: Element) -> dict[str, Any]:
    """Give language, text and options of a code block of either engine."""
    written = element.attrs.get(_OPTIONS)
    options: Mapping[str, str] = json.loads(_text(written)) if written else {}
    if written:
        del element.attrs[_OPTIONS]
    code = element.select_one("td.code code, td.code pre") or element.select_one("code") or element
    named = [name for one in (code, element) for name in _text(one.attrs.get("class")).split()]
    language = next((name.removeprefix("language-") for name in named if name.startswith("language-")), "")
    return {"language": language, "code": code.text, "options": dict(options)}
