"""Images of a site: variants are made, offered, remembered, and made again when the image is another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import pyvips

from tests.assets.test_images import photograph, said
from tests.site_test import SiteTest

CONFIG = '[site]\ntitle = "T"\nbase_url = "https://example.org/docs/"\n'
VARIANT = re.compile(r"assets/(.+)-(\d+)w\.[0-9a-f]{10}\.(avif|webp|jpg|png)")


def jpeg(width: int = 900, height: int = 600) -> bytes:
    made: bytes = photograph(width, height).write_to_buffer(".jpg", Q=95)
    return made


@pytest.fixture(scope="module")
def hill() -> bytes:
    return jpeg()


def variants(site: SiteTest) -> list[tuple[str, int, str]]:
    found = [VARIANT.fullmatch(path) for path in site.tree()]
    return sorted((one[1], int(one[2]), one[3]) for one in found if one is not None)


def bundle(site: SiteTest, hill: bytes, config: str = "") -> SiteTest:
    site.write("site.toml", CONFIG + config)
    site.write("content/walks/index.md", "# Walks\n\n![Hill](hill.jpg)\n\n![Again](hill.jpg)\n")
    return site.write("content/walks/hill.jpg", hill)


def test_a_page_offers_what_was_made(site: SiteTest, hill: bytes) -> None:
    bundle(site, hill).built()
    assert variants(site) == sorted(
        ("walks/hill", width, ending) for ending in ("avif", "webp", "jpg") for width in (704, 900)
        if not (ending == "jpg" and width == 900)
    )  # fmt: skip
    text = site.text("walks/index.html")
    offered = re.findall(r"/docs/(assets/walks/hill-\d+w\.[0-9a-f]+\.\w+)", text)
    assert set(offered) == {path for path in site.tree() if VARIANT.fullmatch(path)}
    assert text.count("<picture>") == 2
    assert text.count("fetchpriority=high") == 1
    assert "/docs/walks/hill.jpg 900w" in text


def test_variants_are_at_the_cdn(site: SiteTest, hill: bytes) -> None:
    text = bundle(site, hill, '[assets]\ncdn = "https://c.example"\n').built().text("walks/index.html")
    assert "https://c.example/assets/walks/hill-704w." in text
    assert "/docs/assets/" not in text


def test_images_are_made_once(site: SiteTest, hill: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundle(site, hill).built().tree()
    monkeypatch.setattr("ssg.assets.pictures.encode_variants", None)
    assert site.write("content/b.md", "# B\n").built().tree().items() >= {
        path: body for path, body in before.items() if path.startswith(("assets/", "walks/hill"))
    }.items()  # fmt: skip
    site.write("content/moved/index.md", "![Hill](hill.jpg)\n").write("content/moved/hill.jpg", hill).built()
    assert ("moved/hill", 704, "avif") in variants(site)


def test_another_image_renders_its_pages_again(site: SiteTest, hill: bytes) -> None:
    bundle(site, hill).write("content/b.md", "# B\n").built()
    site.write("content/walks/hill.jpg", jpeg(700, 500)).built()
    assert "/walks/" in site.rendered()
    assert "/b/" not in site.rendered()
    assert ("walks/hill", 700, "avif") in variants(site)
    assert ("walks/hill", 900, "avif") not in variants(site)


def test_in_processes_and_without_a_store_the_same(site: SiteTest, hill: bytes, tmp_path: Path) -> None:
    bundle(site, hill).built()
    for number in range(50):
        site.write(f"content/p{number}.md", "# P\n")
    expected = site.built().tree()
    other = SiteTest(tmp_path / "other")
    for file in (one for one in site.root.rglob("*") if one.is_file() and ".ssg" not in one.parts):
        if "public" not in file.parts:
            other.write(str(file.relative_to(site.root)), file.read_bytes())
    assert other.built(jobs=2).tree() == expected


def test_where_an_image_says_it_was_is_not_published(site: SiteTest) -> None:
    private: bytes = said(photograph(), 6).write_to_buffer(".jpg")
    assert b"Secret camera" in private
    site.write("content/_index.md", "![A](a.jpg)\n").write("content/a.jpg", private)
    site.write("assets/b.jpg", private).built()
    assert not [path for path, body in site.tree().items() if b"Secret camera" in body]
    upright = pyvips.Image.new_from_buffer(site.tree()["a.jpg"], "").autorot()
    assert (upright.width, upright.height) == (600, 900)
    assert "width=600 height=900" in site.text("index.html")  # fmt: skip


def test_a_drawing_loses_its_script(site: SiteTest) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script><path d="M0 0"/></svg>'
    site.write("content/a.md", "# A\n").write("assets/a.svg", drawing).write("static/s.svg", drawing).built()
    assert "script" not in site.packed("a.svg")
    assert "script" in site.text("s.svg")
    assert site.said() == "assets/a.svg:1: warning: holds a script; it is published without; draw without scripts\n"


def test_what_is_wrong_is_said_again(site: SiteTest) -> None:
    site.write("content/_index.md", "![A](a.png)\n").write(
        "content/a.png", b"version https://git-lfs.github.com/spec/v1\n"
    )
    first = site.built().said()
    assert "content/a.png: warning: is a pointer of Git LFS" in first
    assert site.write("content/b.md", "# B\n").built().said() == first
    moved = site.write("content/c.png", b"version https://git-lfs.github.com/spec/v1\n").built().said()
    assert "content/c.png: warning" in moved


@pytest.mark.parametrize("config", ["[images]\nenabled = false\n", '[images]\nexclude = ["content/walks/*"]\n'])
def test_images_that_stay_as_they_are(site: SiteTest, hill: bytes, config: str) -> None:
    bundle(site, hill, config).built()
    assert not variants(site)
    assert "<picture" not in site.text("walks/index.html")


def test_a_page_without_the_pass(site: SiteTest, hill: bytes) -> None:
    bundle(site, hill).write(
        "content/walks/index.md", "---\noptimize: {images: false}\n---\n![Hill](hill.jpg)\n"
    ).built()
    assert "<picture" not in site.text("walks/index.html")


def test_a_template_chooses_widths(site: SiteTest) -> None:
    site.write("assets/img/a.jpg", jpeg()).write("content/_index.md", "# A\n")
    site.write("assets/img/b.jpg", jpeg(800, 500))
    template = '<main>{{ image("img/a.jpg", "A", widths=[480, 610], sizes="50vw") }}</main>'
    text = site.write("templates/home.html", template).built().text("index.html")
    assert re.findall(r"a-(\d+)w\.[0-9a-f]+\.avif", text) == ["480", "610"]
    assert {(name, width) for name, width, _ in variants(site)} == {
        *(("img/a", width) for width in (480, 610, 704, 900)),
        *(("img/b", width) for width in (704, 800)),
    }
    assert "900w" not in text
    assert "sizes=50vw" in text
    assert "data-ssg" not in text
    site.write("content/_index.md", "---\noptimize: {images: false}\n---\n").built()
    assert "data-ssg" not in site.text("index.html")
    site.write("templates/home.html", '{{ image("img/a.jpg", widths="480") }}').build()
    assert "the widths of an image are no list of whole numbers; write widths=[480, 800], in px" in site.said()


def test_sites_without_images_do_not_load_the_library(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n")
    code = (
        "import sys; from pathlib import Path; from tests.site_test import SiteTest\n"
        f"SiteTest(Path({str(site.root)!r})).built()\n"
        "sys.exit('pyvips' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent.parent)


def test_a_process_that_was_forked_too_late_makes_them_elsewhere(site: SiteTest, hill: bytes, tmp_path: Path) -> None:
    expected = bundle(site, hill).built(jobs=1).tree()
    other = bundle(SiteTest(tmp_path / "other"), hill)
    assert other.built(jobs=2).tree() == expected


THEME = '[images]\nsizes = "(min-width: 60rem) 25rem, 50vw"\n\n[images.slots]\ncard = "12rem"\n'
CARD = '<main>{{ image("a.jpg", "A", slot="card") }}{{ page.content }}</main>'


def themed(site: SiteTest, theme: str = THEME) -> SiteTest:
    site.write("assets/a.jpg", jpeg(1500, 900)).write("content/_index.md", "![B](/assets/a.jpg)\n")
    site.write("templates/home.html", CARD).write("themes/own/theme.toml", 'extends = "default"\n' + theme)
    return site.write("site.toml", '[theme]\nname = "own"\n')


def test_a_theme_says_how_wide_images_are_shown(site: SiteTest) -> None:
    themed(site).built()
    # 12 rem is 192 px, with more pixels 384 and 504; 25 rem 400 and 800; half a smaller window 360, 541 and 768.
    assert {width for _, width, _ in variants(site)} == {192, 400, 541, 800}
    first, second = site.text("index.html").split("<picture>")[1:]
    assert 'sizes="12rem"' in first or "sizes=12rem" in first
    assert 'sizes="auto, (min-width: 60rem) 25rem, 50vw"' in second


def test_widths_follow_a_theme_and_the_site_goes_before_it(site: SiteTest, tmp_path: Path) -> None:
    themed(site).built()
    themed(site, '[images]\nsizes = "300px"\n[images.slots]\ncard = "150px"\n').built()
    assert {width for _, width, _ in variants(site)} == {150, 300, 394, 600, 788}
    fresh = themed(SiteTest(tmp_path / "fresh"), '[images]\nsizes = "300px"\n[images.slots]\ncard = "150px"\n')
    assert fresh.built().tree() == site.tree()
    site.write("site.toml", '[theme]\nname = "own"\n\n[images]\nsizes = "500px"\n\n[images.slots]\ncard = "50vw"\n')
    text = site.built().text("index.html")
    assert "sizes=50vw" in text
    assert "auto, 500px" in text
    site.write("site.toml", '[theme]\nname = "own"\n\n[images]\nwidths = [640]\n').built()
    assert {width for _, width, _ in variants(site)} == {640}


def test_a_slot_that_is_not_there(site: SiteTest) -> None:
    themed(site).write("templates/home.html", '{{ image("a.jpg", slot="crd") }}').build()
    assert 'there is no slot "crd" in [images.slots]; did you mean "card"?' in site.said()


def test_what_a_tool_leaves_gets_variants(site: SiteTest, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    copy = f"import shutil, sys; shutil.copy({str(tmp_path / 'a.jpg')!r}, sys.argv[1] + '/img/a.jpg')"
    command = f'[assets.commands.draw]\nrun = {[sys.executable, "-c", copy, "{out}"]}\noutputs = ["img/a.jpg"]\n'
    site.write("site.toml", command).write("templates/home.html", '<main>{{ image("img/a.jpg", "A") }}</main>')
    first = site.write("content/_index.md", "# A\n").built().tree()
    assert {(width, ending) for _, width, ending in variants(site)} == {
        (704, "avif"), (900, "avif"), (704, "webp"), (900, "webp"), (704, "jpg")
    }  # fmt: skip
    text = site.text("index.html")
    assert "width=900 height=600" in text
    assert "<picture>" in text
    site.write("content/b.md", "# B\n").built()
    assert site.remove("content/b.md").built().tree() == first
    site.write("site.toml", f'{command}\n[images]\nexclude = ["assets/img/*"]\n').built()
    assert not variants(site)
    assert "width=900 height=600" in site.text("index.html")


def test_an_image_that_a_style_sheet_alone_names(site: SiteTest) -> None:
    site.write("assets/img/a.jpg", jpeg()).write("assets/a.css", "a { background: url(img/a.jpg) }")
    site.write("content/_index.md", "# A\n").built()
    [published] = [path for path in site.tree() if path.startswith("assets/img/a.")]
    assert site.packed("a.css") == f"a{{background:url(/{published})}}"


def test_18_megapixels_in_a_build_of_little_memory(site: SiteTest) -> None:
    image = pyvips.Image.perlin(5184, 3456, cell_size=512, uchar=True)
    site.write("content/_index.md", "# A\n\n![A](a.jpg)\n").write("content/a.jpg", image.write_to_buffer(".jpg", Q=90))
    code = (
        "import resource; from pathlib import Path; from tests.site_test import SiteTest\n"
        f"SiteTest(Path({str(site.root)!r})).built()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True)
    assert int(done.stdout) < 400_000  # kB
    assert {width for _, width, _ in variants(site)} == {704, 977, 1408}
    assert "width=5184 height=3456" in site.text("index.html")


def test_widths_of_a_template_that_names_no_image(site: SiteTest, hill: bytes) -> None:
    bundle(site, hill)
    site.write(
        "templates/page.html", "<main>{{ page.image('hill.jpg', widths=[300]) }}{{ page.content }}</main>"
    ).built()
    assert {width for _, width, _ in variants(site)} == {300, 704, 900}
    first, second, *_ = site.text("walks/index.html").split("<img")
    assert re.findall(r"hill-(\d+)w", first) == ["300", "300"]
    assert {"300", "704", "900"} <= set(re.findall(r"avif (\d+)w", second))
    site.write("templates/page.html", "<main>{% set w = [300] %}{{ page.image('hill.jpg', widths=w) }}</main>").built()
    assert {width for _, width, _ in variants(site)} == {704, 900}
    assert set(re.findall(r"hill-(\d+)w", site.text("walks/index.html"))) == {"704"}
