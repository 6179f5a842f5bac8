"""Fill the slots of a fragment: links by their URLs, elements by the theme's hooks, inside out."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from ssg.model import Fragment, Hook

Apply = Callable[[str, Mapping[str, Any]], str]
"""Takes the kind of an element and its data, gives the HTML that the theme's hook makes of it."""

_OTHER = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def fill(fragment: Fragment, urls: Sequence[str], apply: Apply | None) -> Markup:
    """Give the HTML of a fragment; `urls` are those of its links. Without `apply`, elements stand as they were."""
    if not urls and not fragment.hooks:
        return Markup(fragment.html)  # noqa: S704 - the author's own HTML
    return Markup(_Filling(fragment.hooks, urls, apply).html(fragment.html))  # noqa: S704 - the author's own HTML


def is_external(url: str, base_url: str) -> bool:
    """Tell whether a URL leads to another site than the one at `base_url`."""
    return _OTHER.match(url) is not None and urlsplit(url).netloc != urlsplit(base_url).netloc


class _Filling:
    """One fragment, while it is filled; an element that stands in two texts of another is written once."""

    def __init__(self, hooks: Sequence[Hook], urls: Sequence[str], apply: Apply | None) -> None:
        self._hooks = hooks
        self._raw = urls
        self._urls = [url.replace("&", "&amp;").replace('"', "&quot;") for url in urls]
        self._apply = apply
        self._written: dict[int, str] = {}

    def html(self, text: str) -> str:
        parts = text.split("\0")
        parts[1::2] = [self._hook(int(slot[1:])) if slot[0] == "#" else self._urls[int(slot)] for slot in parts[1::2]]
        return "".join(parts)

    def _hook(self, number: int) -> str:
        if number not in self._written:
            hook = self._hooks[number]
            self._written[number] = (
                self.html(hook.html["default"])
                if self._apply is None
                else self._apply(
                    hook.kind,
                    {name: self._plain(value) for name, value in hook.values.items()}
                    | {name: Markup(self.html(text)) for name, text in hook.html.items()},  # noqa: S704
                )
            )
        return self._written[number]

    def _plain(self, value: Any) -> Any:
        """Give a value with URLs as they are: a template escapes them."""
        if isinstance(value, str) and "\0" in value:
            parts = value.split("\0")
            parts[1::2] = [self._raw[int(slot)] for slot in parts[1::2]]
            return "".join(parts)
        return {name: self._plain(one) for name, one in value.items()} if isinstance(value, dict) else value
