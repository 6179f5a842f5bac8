"""The HTML of one page → who wrote its bytes, by rendering it once more with marks."""

import functools
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from ssg import output, render
from ssg.budget.ledger import Row, ledger
from ssg.budget.parts import parts_of
from ssg.build.cases import Writer
from ssg.build.rendering import Stage, Work
from ssg.config import OutputConfig
from ssg.model import Artifact, PageBody, Ref

_HTML = "text/html"


class Ledgers:
    """Makes the ledgers of pages; what renders is set up once for all."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def body(self, work: Work) -> PageBody | None:
        """Give the body of the page behind a route."""
        return (
            msgspec.msgpack.decode(self._stage.shelf.get(work.body), type=PageBody) if work.body is not None else None
        )

    def of_file(self, source: str, published: str) -> tuple[Row[Writer], ...]:
        """Give the parts of a page that is a file of the site folder, as it is published; `source` is its path.

        A file that cannot be read, or that is no HTML, as the source of what an extension makes, has no lines to name:
        then they are those of the published page.
        """
        text = published
        if source.endswith((".html", ".htm")):
            with suppress(OSError):
                text = Path(self._stage.scene.inputs.root, source).read_text(encoding="utf-8-sig", errors="replace")
        parts: Sequence[tuple[int, Writer | None]] = parts_of(text)
        return ledger(text, parts, published)

    def of(self, work: Work, published: str) -> tuple[Row[Writer], ...]:
        """Give who wrote the published text of a route; a page that cannot be marked is one row, and one for passes.

        Marks that a template would take for text of the page are left out: first those around macros and elements.
        """
        body = self.body(work)
        plain = self._stage.renderer.render(work.route, body)[0]
        for fine in (True, False):
            marker, renderer = self._marked(fine)
            marked = marker.read(renderer.render(work.route, body)[0].text)
            if marked is not None and marked.text == plain.text:
                parts: Sequence[tuple[int, Writer | None]] = marked.parts
                return ledger(plain.text, parts, published)
        whole: Writer = render.Writer("page", "", plain.source)
        return ledger(plain.text, ((0, whole),), published)

    @functools.lru_cache(maxsize=2)  # noqa: B019 - as long as the scene
    def _marked(self, fine: bool) -> tuple[render.Marker, render.Renderer]:  # noqa: FBT001 - a key
        marker = render.Marker(self._stage.scene.theme, fine=fine)
        return marker, self._stage.renderer_with(marker)


def measured(body: bytes, media_type: str, measure: str, config: OutputConfig) -> int:
    """Give the bytes that a file would have in a measure if this were its body: compressed as a build does it."""
    artifact = Artifact("", Ref("", 0, len(body)), "", media_type, "")
    if measure in {"", "raw"} or not output.encodable(artifact, config.min_bytes):
        return len(body)
    for encoding in ("br", "gzip") if measure == "br" else ("gzip",):
        made = output.encode(body, encoding) if encoding in config.encodings else None
        if made is not None:
            return len(made)
    return len(body)
