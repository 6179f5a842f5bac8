"""Images and fonts in a real browser: it takes what is offered, and nothing moves."""

import base64
from pathlib import Path

import pytest
import pyvips
import turbohtml

from ssg.assets.faces import declared_faces
from ssg.assets.fonts import FontMetrics, fallback_face, read_metrics
from ssg.assets.images import MEDIA_TYPES, ImageProbe, plan_variants, probe_image
from ssg.assets.variants import encode_variants
from ssg.optimize.images import Showing, improve_images
from ssg.optimize.offers import Candidate, ImageSet, ImageSource
from tests.assets.test_fonts import LETTERS, font
from tests.assets.test_images import WIDTHS, photograph
from tests.chromium import Tab, tab

TEXT = "the quick brown fox jumps over the lazy dog and runs away from all that noise in the night " * 20


def published(folder: Path, name: str) -> ImageSet:
    """Encode an image of a folder into that folder, and give what there is of it."""
    body = (folder / name).read_bytes()
    probe = probe_image(name, body)
    assert isinstance(probe, ImageProbe)
    made = encode_variants(probe, body, plan_variants(probe, WIDTHS))
    candidates: dict[str, list[Candidate]] = {}
    for one in made.variants:
        file = f"{one.width}.{one.media_type.removeprefix('image/')}"
        (folder / file).write_bytes(one.body)
        candidates.setdefault(one.media_type, []).append(Candidate(file, one.width))
    own = candidates.pop(MEDIA_TYPES[probe.format], [])
    sources = tuple(ImageSource(kind, tuple(several)) for kind, several in candidates.items())
    return ImageSet(probe.width, probe.height, sources, (*own, Candidate(name, probe.width)), made.color)


def test_a_browser_takes_the_format_and_the_width_that_it_needs(tmp_path: Path) -> None:
    photograph(1200, 800).write_to_file(str(tmp_path / "a.jpg"), Q=95)
    known = published(tmp_path, "a.jpg")
    html = """<!doctype html><style>img { max-width: 100%; height: auto }
        img[data-color] { background-color: attr(data-color type(<color>), transparent) }</style>
        <main style="width: 400px"><img src="a.jpg" alt="" sizes="400px"><p>Text
        <div style="width: 700px"><img src="a.jpg" alt=""></div><img src="gone.jpg" data-color="#010203"></main>"""
    root = turbohtml.parse(html, positions=False)
    improve_images(root, {"a.jpg": known}.get, Showing())
    (tmp_path / "index.html").write_text(root.serialize(), encoding="utf-8")
    with tab(tmp_path / "profile") as page:
        page.open((tmp_path / "index.html").as_uri())
        page.wait("[...document.images].slice(0, 2).every(one => one.currentSrc && one.complete)")
        taken = page.ask("[...document.images].map(one => one.currentSrc.split('/').pop())")
        assert taken[:2] == ["480.avif", "800.avif"]
        assert page.ask("[...document.images].slice(0, 2).map(one => [one.width, one.height])") == [
            [400, 267],
            [700, 467],
        ]
        assert page.ask("document.images[0].naturalWidth > 0")
        assert page.ask("getComputedStyle(document.images[2]).backgroundColor") == "rgb(1, 2, 3)"


def laid_out(page: Tab, family: str) -> list[float]:
    page.ask(f"document.querySelector('p').style.fontFamily = '{family}'")
    rectangle: list[float] = page.ask(
        "(({width, height}) => [width, height])(document.querySelector('p').getBoundingClientRect())"
    )
    return rectangle


@pytest.mark.parametrize("advance", [420, 560])
def test_text_lies_the_same_before_its_font_is_there(tmp_path: Path, advance: int) -> None:
    body = font(advance)
    metrics = read_metrics("a.woff2", body)
    assert isinstance(metrics, FontMetrics)
    url = f"data:font/woff2;base64,{base64.b64encode(body).decode()}"
    sheet = f'@font-face {{ font-family: Boxes; src: url("{url}") format("woff2") }}'
    (face,) = declared_faces(sheet)
    html = f"<!doctype html><style>{sheet}{fallback_face(face, metrics)}</style>"
    html += f'<p style="font-size: 20px; line-height: normal; display: inline-block; white-space: nowrap">{TEXT}</p>'
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    assert set(TEXT) <= set(LETTERS)
    with tab(tmp_path / "profile") as page:
        page.open((tmp_path / "index.html").as_uri())
        if not page.ask("document.fonts.load('20px \"Boxes fallback\"').then(found => found.length, () => 0)"):
            pytest.skip("no font with the measures of Arial is installed")
        assert page.ask("document.fonts.load('20px Boxes').then(found => found.length)") == 1
        (width, height), (before, high) = laid_out(page, "Boxes"), laid_out(page, '"Boxes fallback"')
        assert before == pytest.approx(width, rel=0.03)
        assert high == pytest.approx(height, abs=1.01)
        plain, _ = laid_out(page, '"Liberation Sans", Arial')
        assert abs(before - width) < abs(plain - width)


def test_a_decoder_of_its_own_reads_every_format(tmp_path: Path) -> None:
    photograph(600, 400).write_to_file(str(tmp_path / "a.png"))
    known = published(tmp_path, "a.png")
    files = [one.url for source in known.sources for one in source.candidates]
    assert len(files) >= 4
    with tab(tmp_path / "profile") as page:
        page.open(tmp_path.as_uri())
        for name in files:
            url = (tmp_path / name).as_uri()
            page.ask(f"window.seen = new Image(); seen.src = '{url}'; seen.decode().then(() => 1)")
            shown = pyvips.Image.new_from_file(str(tmp_path / name))
            assert page.ask("[seen.naturalWidth, seen.naturalHeight]") == [shown.width, shown.height]
