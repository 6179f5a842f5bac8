"""Compressed forms: what they hold, when there are any, and that they follow their files."""

import gzip
import os
import random
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ssg import output
from ssg.build import Choices
from ssg.build import encoding as encoding_stage
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.model import Artifact, Ref, Variant
from ssg.output import clean, compressors, encode, encoder_key, sibling_collisions
from ssg.output import encode as room_encode
from ssg.output.encode import ENCODINGS, LARGEST, compressible, encode_quickly
from ssg.output.siblings import encodable
from ssg.urls import media_type
from tests.site_test import SiteTest

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
}
ENDINGS = (".br", ".gz", ".zst")
TEXT = "A heron stands in the pond, and the pond is still. " * 40


@pytest.fixture
def encoded(site: SiteTest) -> SiteTest:
    """A site that is compressed as its configuration says, with a page that is worth it and one that is not."""
    site.encodings = None
    site.write("templates/page.html", "<p>{{ page.content }}")
    return site.write("content/a.md", f"# A\n\n{TEXT}\n").write("content/b.md", "B.\n")


def times(site: SiteTest) -> dict[str, int]:
    return {path: (site.public / path).stat().st_mtime_ns for path in site.tree()}


def forms(site: SiteTest) -> set[str]:
    return {path for path in site.tree() if path.endswith(ENDINGS)}


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(body=st.binary(max_size=3000) | st.text(alphabet="ab \n", max_size=3000).map(str.encode))
def test_what_is_encoded_is_what_comes_out(encoding: str, body: bytes) -> None:
    form = encode(body, encoding)
    if form is not None:
        assert DECODERS[encoding](form) == body
        assert len(form) <= len(body) * 0.95
    assert encode(body, encoding) == form


@given(body=st.binary(max_size=3000))
def test_what_is_encoded_quickly_is_what_comes_out(body: bytes) -> None:
    assert brotli.decompress(encode_quickly(body)) == body


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_saves_little_is_not_kept(encoding: str) -> None:
    noise = random.Random(1).randbytes(10_000)  # noqa: S311 - the same every time
    assert encode(noise, encoding) is None
    assert encode(noise + bytes(300), encoding) is None
    assert encode(noise + bytes(1000), encoding) is not None
    assert encode(b"", encoding) is None


def test_gzip_has_no_time_name_or_system_in_it() -> None:
    form = encode(TEXT.encode(), "gzip")
    assert form is not None
    assert form[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])


def test_windows_are_those_that_browsers_take() -> None:
    body = random.Random(2).randbytes(5 << 20) * 2  # noqa: S311 - what repeats lies far back
    form = encode(body, "zstd")
    assert form is not None
    assert zstandard.get_frame_parameters(form).window_size <= 8 << 20


def test_media_types_decide() -> None:
    yes = "a.html a.css a.js a.mjs a.json a.xml a.svg a.txt a.wasm a.ttf a.otf a.ico a.bmp a.webmanifest a.atom a.map"
    no = "a.png a.jpg a.webp a.avif a.woff a.woff2 a.pdf a.zip a.mp4 a.pagefind a"
    assert [name for name in yes.split() if not compressible(media_type(name))] == []
    assert [name for name in no.split() if compressible(media_type(name))] == []


def test_sizes_decide() -> None:
    def file(size: int) -> Artifact:
        return Artifact("a.txt", Ref("a", 0, size), "", "text/plain", "a")

    assert [size for size in (0, 499, 500, LARGEST, LARGEST + 1) if encodable(file(size), 500)] == [500, LARGEST]
    assert not encodable(file(0), 0)


def test_the_makers_of_forms_are_known() -> None:
    told = compressors(["br", "gzip", "zstd"])
    assert list(told) == ["brotli", "zlib", "zstd"]
    assert told["brotli"] == brotli.__version__
    assert told["zlib"] == zlib.ZLIB_RUNTIME_VERSION
    assert len({encoder_key(name) for name in ENCODINGS}) == 3


def test_forms_lie_beside_their_files(encoded: SiteTest) -> None:
    tree = encoded.built().tree()
    assert brotli.decompress(tree["a/index.html.br"]) == tree["a/index.html"]
    assert gzip.decompress(tree["a/index.html.gz"]) == tree["a/index.html"]
    assert not [path for path in forms(encoded) if path.startswith("b/")], "a small page has none"
    assert "a/index.html.zst" not in tree
    assert encoded.report is not None
    assert encoded.report.written == len(tree)


def test_they_can_be_chosen_and_left_out(encoded: SiteTest) -> None:
    config = (encoded.root / "site.toml").read_text()
    encoded.write("site.toml", f'{config}[output]\nencodings = ["zstd", "zstd"]\nmin_size = "3 kB"\n').built()
    assert forms(encoded) == {path for path in forms(encoded) if path.endswith(".zst")}
    assert "a/index.html.zst" not in encoded.tree(), "it is smaller than 3 kB"
    assert encoded.report is not None
    encoded.write("site.toml", f"{config}[output]\nencodings = []\n").built()
    assert forms(encoded) == set()
    encoded.write("site.toml", f'{config}[output]\nencodings = ["lzma"]\n').build()
    assert encoded.failed is not None
    assert "site.toml:5" in encoded.said()
    assert "lzma" in encoded.said()


def test_what_is_the_same_is_not_compressed_again(encoded: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded.built()
    before = times(encoded)
    made: list[tuple[str, str]] = []

    def counted(body: bytes, name: str) -> bytes | None:
        made.append((digest(body), name))
        return room_encode(body, name)

    monkeypatch.setattr(output, "encode", counted)
    encoded.write("content/b.md", f"Other.\n\n{TEXT}{TEXT}\n").built()
    changed = {path for path, when in times(encoded).items() if before.get(path) != when}
    assert {"b/index.html", "b/index.html.br", "b/index.html.gz"} <= changed
    assert not [path for path in changed if path.startswith("a/")]
    fresh = {digest(body) for path, body in encoded.tree().items() if path in changed and not path.endswith(ENDINGS)}
    assert {file for file, _ in made} <= fresh
    made.clear()
    encoded.built()
    (encoded.root / "content/a.md").rename(encoded.root / "content/moved.md")
    encoded.write("templates/page.html", "<p>{{ page.content }}").built()
    moved = digest(encoded.tree()["moved/index.html"])
    assert moved not in {file for file, _ in made}, "the same bytes have another name"
    assert "moved/index.html.br" in encoded.tree()
    assert "a/index.html.br" not in encoded.tree()


def test_a_build_that_is_ended_has_not_worked_for_nothing(encoded: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    real = encoding_stage._encode_chunk
    seen: list[str] = []

    def ended(shelf: Shelf, work: Sequence[encoding_stage._Work]) -> list[encoding_stage._Fresh]:
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.extend(one.artifact.path for one in work)
        return real(shelf, work)

    monkeypatch.setattr(encoding_stage, "_BATCH", 1)
    monkeypatch.setattr(encoding_stage, "_encode_chunk", ended)
    with pytest.raises(KeyboardInterrupt):
        encoded.build()
    before = set(seen)
    seen.clear()

    def noted(shelf: Shelf, work: Sequence[encoding_stage._Work]) -> list[encoding_stage._Fresh]:
        seen.extend(one.artifact.path for one in work)
        return real(shelf, work)

    monkeypatch.setattr(encoding_stage, "_encode_chunk", noted)
    encoded.built()
    assert len(before) == 2
    assert seen
    assert not before & set(seen)


def test_from_the_store_they_are_the_same(encoded: SiteTest) -> None:
    first = encoded.built().tree()
    for remove_record in (False, True):
        for file in encoded.public.rglob("*.br"):
            file.unlink()
        if remove_record:
            for record in (encoded.root / ".ssg" / "written").iterdir():
                record.unlink()
        assert encoded.built().tree() == first
    assert encoded.built(Choices(cache=False)).tree() == first
    assert encoded.report is not None
    assert encoded.report.written == 0
    encoded.built(Choices(verify=True))


def test_a_form_is_never_older_than_its_file(encoded: SiteTest) -> None:
    encoded.built()
    page, form = encoded.public / "a/index.html", encoded.public / "a/index.html.br"
    body, written = form.read_bytes(), form.stat().st_mtime_ns
    os.utime(page, ns=(written + 10**12, written + 10**12))  # somebody touches the file
    encoded.built()
    assert form.stat().st_mtime_ns >= page.stat().st_mtime_ns
    page.unlink()
    os.utime(form, ns=(10**9, 10**9))
    encoded.built()
    assert form.stat().st_mtime_ns >= page.stat().st_mtime_ns
    os.utime(form, ns=(10**9, 10**9))  # only the form is older now
    kept = page.stat().st_mtime_ns
    encoded.built()
    assert form.stat().st_mtime_ns >= page.stat().st_mtime_ns == kept
    assert form.read_bytes() == body


def test_a_file_of_the_site_in_the_place_of_a_form_is_an_error(encoded: SiteTest) -> None:
    encoded.write("static/a/index.html.br", "mine").build()
    assert encoded.failed is not None
    assert "static/a/index.html.br: is published at /a/index.html.br, and so is the br form of content/a.md" in (
        encoded.said()
    )
    assert not encoded.public.exists()
    encoded.remove("static/a/index.html.br").write("static/b/index.html.br", "mine").built()
    assert encoded.tree()["b/index.html.br"] == b"mine", "nothing else goes there"


def test_a_folder_in_the_place_of_a_form_is_an_error() -> None:
    form = Variant("gzip", Ref("x", 0, 1), "d")
    files = [
        Artifact("a.css", Ref("x", 0, 1), "d", "text/css", "static/a.css", variants=(form,)),
        Artifact("a.css.gz/x", Ref("x", 0, 1), "d", "text/css", "static/a.css.gz/x"),
        Artifact("a.css.gz/y", Ref("x", 0, 1), "d", "text/css", "static/a.css.gz/y"),
    ]
    [said] = sibling_collisions(files)
    assert said.where.path == "static/a.css.gz/x"
    assert "/a.css.gz is the gzip form of static/a.css" in said.message


def test_forms_of_others_stay_and_ours_go(encoded: SiteTest) -> None:
    encoded.built()
    (encoded.public / "own.css.br").write_bytes(b"mine")
    encoded.remove("content/a.md").built()
    assert not (encoded.public / "a").exists()
    clean(str(encoded.root), str(encoded.public))
    assert encoded.tree() == {"own.css.br": b"mine"}


def test_a_file_that_changes_during_a_build_has_no_wrong_form(
    encoded: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form belongs to the bytes that the build has seen; what was saved a moment later has its own next time."""
    encoded.write("static/notes.txt", TEXT)
    real = encoding_stage._encode_chunk

    def saved_before(shelf: Shelf, work: Sequence[encoding_stage._Work]) -> list[encoding_stage._Fresh]:
        encoded.write("static/notes.txt", TEXT.upper())
        return real(shelf, work)

    monkeypatch.setattr(encoding_stage, "_encode_chunk", saved_before)
    encoded.built()
    assert "notes.txt.br" not in encoded.tree()
    monkeypatch.undo()
    encoded.built()
    assert brotli.decompress(encoded.tree()["notes.txt.br"]) == TEXT.upper().encode()


def test_large_files_come_first(tmp_path: Path) -> None:
    def work(name: str, size: int) -> encoding_stage._Work:
        return encoding_stage._Work(Artifact(name, Ref(name, 0, size), name, "text/plain", name), ("br",))

    given_work = [work("b", 10), work("large", 1 << 20), work("a", 20), work("larger", 2 << 20)]
    ordered = sorted(given_work, key=encoding_stage._order)
    assert [one.artifact.path for one in ordered] == ["larger", "large", "a", "b"]


def test_a_build_that_knows_all_files_loads_no_compressor(encoded: SiteTest) -> None:
    code = (
        "import sys\nfrom ssg.cache import stamps\nfrom ssg.cli import main\nstamps._TICK = 0\n"
        "main(['build'], standalone_mode=False)\nprint('brotli' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=encoded.root, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert [one.splitlines()[-1] for one in said] == ["True", "False"]
    assert "0 written" in said[1]
    assert "a/index.html.br" in encoded.tree()
