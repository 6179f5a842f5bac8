"""The contracts that ssg's own parts and extensions keep: values in, values out.

An extension is an object that keeps one or more of these contracts. It is made once in each process from its own table
of `site.toml`, and sees nothing else of the configuration, nor the cache. `name` and `version` are part of the keys by
which results are remembered: what changes the result changes the version. A method may be called in any process, in any
order and for any page first, so it keeps no state between calls.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ssg.errors import Diagnostic
from ssg.model import Artifact, Document, Release

GROUP = "ssg.extensions"
"""The group of entry points by which an installed package offers its extensions."""


class MarkdownEngine(Protocol):
    """Turns Markdown into HTML. Built once in each process, used for every page, so it keeps no state of a page."""

    name: str
    """The name in `markdown.engine` of `site.toml`."""
    pure: bool
    """Whether the HTML depends on the text and the configuration alone, so that it can be remembered."""

    def code_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """Give where the code of a text lies, blocks and spans, as offsets of its UTF-8 bytes."""
        ...

    def convert(self, text: str) -> str:
        """Take the Markdown text of a body, give its HTML: ids of headings only where the author wrote them.

        Fenced code with a known language comes as `<div class="highlight">` with Pygments' classes.
        """
        ...


class Extension(Protocol):
    """What every extension has."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever its results do."""
        ...


@runtime_checkable
class MarkdownExtension(Extension, Protocol):
    """Stands around the Markdown engine of a page."""

    def convert(self, text: str, then: Callable[[str], str]) -> str:
        """Take the Markdown of a body, give its HTML; `then` is what comes next: other extensions, and the engine."""
        ...


@runtime_checkable
class TemplateExtension(Extension, Protocol):
    """Gives templates functions and filters by name. They are pure: the same arguments give the same value."""

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The functions by name."""
        ...

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The filters by name; the value that is filtered is the first argument."""
        ...


@runtime_checkable
class Pass(Extension, Protocol):
    """A step over the finished HTML of a page."""

    @property
    def after(self) -> str:
        """The name of the pass that it follows; empty for one before ssg's own, the last of which is `minify`."""
        ...

    def refine(self, document: Document) -> Document:
        """Give the document as it goes on."""
        ...


@runtime_checkable
class Check(Extension, Protocol):
    """Looks at the finished release before it is written."""

    def check(self, release: Release, read: Callable[[Artifact], bytes]) -> Iterable[Diagnostic]:
        """Name what is wrong; an error keeps the site from being written. `read` gives the bytes of an artifact."""
        ...


@runtime_checkable
class Remote(Extension, Protocol):
    """A place that sites are deployed to."""

    def list(self) -> Iterable[tuple[str, str]]:
        """Give the paths that are there, with the digests that they were put with."""
        ...

    def put(self, path: str, body: bytes, digest: str, headers: Mapping[str, str]) -> None:
        """Store a file's bytes with its digest and HTTP headers, in place of what has that path."""
        ...

    def delete(self, paths: Sequence[str]) -> None:
        """Remove files; those that are not there are no mistake."""
        ...

    def finalize(self, urls: Sequence[str]) -> None:
        """Make the deploy visible, and forget what is cached of these URLs."""
        ...


CONTRACTS = (MarkdownExtension, TemplateExtension, Pass, Check, Remote)
