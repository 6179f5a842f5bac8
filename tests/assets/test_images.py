"""Images: made smaller and no worse, the same everywhere, and never a reason to stop."""

import itertools
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

import ssg.assets.variants as variants_module
from ssg.assets.images import (
    MEDIA_TYPES,
    Format,
    ImageProbe,
    VariantPlan,
    is_wanted,
    plan_variants,
    probe_image,
)
from ssg.assets.metadata import orientation, strip_metadata
from ssg.assets.variants import Variant, Variants, _kept, encode_variants
from ssg.config import ImagesConfig
from ssg.errors import Diagnostic, Severity

WIDTHS = ImagesConfig(widths=(480, 800, 1200, 1600))
CAMERA = "Secret camera at 52.5163 N"


def photograph(width: int = 900, height: int = 600) -> pyvips.Image:
    """Give something with the soft shapes of a photograph; its left half is darker."""
    parts = [pyvips.Image.perlin(width, height, cell_size=size, seed=size, uchar=True) for size in (256, 90, 40)]
    soft = parts[0].bandjoin(parts[1:])
    shade = pyvips.Image.black(width, height).draw_rect(60, width // 2, 0, width - width // 2, height, fill=True)
    return (soft * 0.5 + shade + 30).cast("uchar").copy(interpretation="srgb")


def said(image: pyvips.Image, turned: int) -> pyvips.Image:
    noted = image.copy()
    noted.set_type(pyvips.GValue.gint_type, "orientation", turned)
    noted.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", f"{CAMERA} ({CAMERA}, ASCII, 27 components, 27 bytes)")
    return noted


def animation(frames: int = 3, width: int = 300, height: int = 200) -> pyvips.Image:
    pictures = [photograph(width, height).rot90().rot270() + 20 * number for number in range(frames)]
    strip = pyvips.Image.arrayjoin([one.cast("uchar") for one in pictures], across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", height)
    strip.set_type(pyvips.GValue.array_int_type, "delay", [100] * frames)
    return strip


def made(name: str, body: bytes, config: ImagesConfig | None = None) -> tuple[ImageProbe, Variants]:
    probe = probe_image(f"content/{name}", body)
    assert isinstance(probe, ImageProbe), probe
    return probe, encode_variants(probe, body, plan_variants(probe, config or WIDTHS))


def loaded(one: Variant) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(one.body, "n=-1" if one.media_type in {"image/webp", "image/gif"} else "")


def table(variants: Variants) -> dict[str, list[int]]:
    return {
        media_type: [one.width for one in several]
        for media_type, several in itertools.groupby(variants.variants, lambda one: one.media_type)
    }


def test_a_photograph_in_three_formats() -> None:
    body = photograph().write_to_buffer(".jpg", Q=95)
    probe, variants = made("a.jpg", body)
    assert (probe.format, probe.width, probe.height, probe.frames, probe.size) == ("jpeg", 900, 600, 1, len(body))
    assert table(variants) == {
        "image/avif": [480, 800, 900],
        "image/webp": [480, 800, 900],
        "image/jpeg": [480, 800],
    }
    assert variants.original
    assert not variants.diagnostics
    sizes = {(one.media_type, one.width): len(one.body) for one in variants.variants}
    for width in (480, 800, 900):
        plain = sizes.get(("image/jpeg", width), len(body))
        assert sizes["image/avif", width] < sizes["image/webp", width] < plain
    for one in variants.variants:
        picture = loaded(one)
        assert (picture.width, picture.height) == (one.width, one.height) == (one.width, round(one.width * 2 / 3))
        like = photograph().thumbnail_image(one.width, height=10_000)
        assert (picture.colourspace("srgb")[:3] - like).abs().avg() < 4  # of 255: it is still the same picture


def test_the_same_bytes_with_any_number_of_threads() -> None:
    body = photograph().write_to_buffer(".jpg", Q=95)
    results = []
    for threads in (1, 4):
        pyvips.concurrency_set(threads)
        results.append(made("a.jpg", body)[1])
    assert results[0] == results[1]


def test_turned_upright_and_silent_about_the_place() -> None:
    body = said(photograph(), 6).write_to_buffer(".jpg", Q=95)
    assert CAMERA.encode() in body
    probe, variants = made("a.jpg", body)
    assert (probe.width, probe.height) == (600, 900)
    assert len(variants.variants) >= 4
    for one in variants.variants:
        picture = loaded(one)
        assert (one.width, one.height) == (picture.width, picture.height)
        assert picture.height > picture.width
        upper, lower = picture.crop(0, 0, 400, 200), picture.crop(0, picture.height - 200, 400, 200)
        assert upper.avg() + 20 < lower.avg()  # what was left is up
        assert CAMERA.encode() not in one.body
        assert not [name for name in picture.get_fields() if name.startswith(("exif", "icc", "xmp"))]


def test_colours_of_another_space_become_srgb() -> None:
    wide = photograph().icc_transform("p3", input_profile="srgb")
    _, variants = made("a.png", wide.write_to_buffer(".png"))
    with_profile = [loaded(one)[:3] for one in variants.variants if one.width == 900]
    assert with_profile
    for picture in with_profile:
        assert (picture - photograph()).abs().avg() < 4


@pytest.mark.parametrize("kind", ["b-w", "cmyk", "rgb16", "palette", "transparent"])
def test_every_kind_of_pixel(kind: str) -> None:
    image, ending, options = photograph(600, 400), ".png", {}
    match kind:
        case "b-w":
            image = image.colourspace("b-w")
        case "cmyk":
            image, ending = image.icc_transform("cmyk", input_profile="srgb"), ".jpg"
        case "rgb16":
            image = image.colourspace("rgb16")
        case "palette":
            options = {"palette": True}
        case _:
            image = image.bandjoin(pyvips.Image.black(600, 400) + 100)
    _, variants = made(f"a{ending}", image.write_to_buffer(ending, **options))
    assert not variants.diagnostics
    assert "image/avif" in table(variants)
    for one in variants.variants:
        picture = loaded(one)
        assert picture.format == "uchar"
        assert picture.hasalpha() == (kind == "transparent")
    assert bool(variants.color) == (kind != "transparent")


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_an_animation_stays_one(ending: str) -> None:
    body = animation(width=600, height=400).write_to_buffer(ending, **({"lossless": True} if ending == ".webp" else {}))
    probe, variants = made(f"a{ending}", body)
    assert (probe.width, probe.height, probe.frames) == (600, 400, 3)
    assert set(table(variants)) <= {"image/webp"}
    if ending == ".gif":
        assert table(variants) == {"image/webp": [480, 600]}
    for one in variants.variants:
        picture = loaded(one)
        assert (picture.get("n-pages"), picture.get("delay")) == (3, [100] * 3)
        assert (picture.width, picture.get_page_height()) == (one.width, one.height)


def test_the_main_colour() -> None:
    flat = pyvips.Image.black(300, 200, bands=3).linear([1] * 3, [255, 0, 0])
    red = flat.cast("uchar").copy(interpretation="srgb").draw_rect([0, 0, 255], 0, 0, 100, 200, fill=True)
    assert made("a.png", red.write_to_buffer(".png"))[1].color in {"#ff0000", "#fe0000"}


def test_a_name_with_brackets_is_a_name() -> None:
    _, variants = made("a[1] [page=9].png", photograph().write_to_buffer(".png"))
    assert "image/avif" in table(variants)


def test_what_would_be_larger_is_not_kept() -> None:
    dots = pyvips.Image.black(3, 3).copy(interpretation="b-w").write_to_buffer(".png")
    assert made("dot.png", dots)[1] == Variants((), True, "#000000")
    squeezed = photograph().write_to_buffer(".avif", Q=10, effort=4)
    probe, variants = made("a.avif", squeezed)
    assert all(len(one.body) < probe.size for one in variants.variants)
    assert variants.original


def test_an_image_wider_than_all_widths() -> None:
    config = ImagesConfig(widths=(200, 400), formats=())
    _, variants = made("a.jpg", photograph().write_to_buffer(".jpg", Q=95), config)
    assert table(variants) == {"image/jpeg": [200, 400]}
    assert not variants.original


def test_a_site_says_which_files_it_wants() -> None:
    config = ImagesConfig(exclude=("content/screens/*", "*.gif"))
    paths = ["content/a.jpg", "content/screens/x/a.png", "assets/a.gif", "assets/content/screens/a.png"]
    assert [is_wanted(path, config) for path in paths] == [True, False, False, True]
    assert not is_wanted("content/a.jpg", ImagesConfig(enabled=False))


BROKEN = {
    "empty.png": (b"", "is empty: 0 bytes"),
    "pointer.png": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "is a pointer of Git LFS"),
    "really.png": (photograph(30, 20).write_to_buffer(".jpg"), "is a JPEG image that is named like a PNG"),
    "text.jpg": (b"Dear reader", "is no JPEG image, although it is named like one"),
    "head.jpg": (photograph(90, 60).write_to_buffer(".jpg")[:100], "is a damaged image"),
    "head.png": (photograph(90, 60).write_to_buffer(".png")[:20], "is a damaged image"),
    "head.webp": (photograph(90, 60).write_to_buffer(".webp")[:40], "is a damaged image"),
    "exif.jpg": (
        said(photograph(90, 60), 6).write_to_buffer(".jpg").replace(b"Exif\0\0II", b"Exif\0\0IX"),
        "has broken EXIF data: they begin with no byte order",
    ),
    "short.jpg": (
        said(photograph(90, 60), 6).write_to_buffer(".jpg").replace(b"Exif\0\0II*\0\x08\0", b"Exif\0\0II*\0\xff\xff"),
        "has broken EXIF data: they end too early",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_image_is_one_warning(name: str) -> None:
    body, message = BROKEN[name]
    found = probe_image(f"content/{name}", body)
    assert isinstance(found, Diagnostic)
    assert found.severity is Severity.WARNING
    assert str(found).startswith(f"content/{name}: warning: {message}")
    assert found.hint


def test_a_file_that_is_no_image() -> None:
    assert probe_image("a.svg", b"<svg/>") is None
    assert probe_image("a.heic", b"?") is None


@pytest.mark.parametrize("ending", [".jpg", ".png", ".gif"])
@pytest.mark.parametrize("part", [0.5, 0.99])
def test_a_truncated_image_is_one_warning(ending: str, part: float) -> None:
    whole = photograph().write_to_buffer(ending)
    _, variants = made(f"a{ending}", whole[: int(len(whole) * part)])
    assert variants.variants == ()
    assert variants.original
    assert [str(one) for one in variants.diagnostics] == [
        f"content/a{ending}: warning: is a damaged or incomplete image; it is published as it is; save it again"
    ]


def test_18_megapixels_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    pyvips.Image.perlin(5184, 3456, cell_size=512, uchar=True).write_to_file(str(file), Q=90)
    script = """
import resource, sys
from ssg.assets.images import plan_variants, probe_image
from ssg.assets.variants import encode_variants
from ssg.config import ImagesConfig
body = open(sys.argv[1], "rb").read()
probe = probe_image("large.jpg", body)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(encode_variants(probe, body, plan_variants(probe, ImagesConfig())).variants))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
    number, grown = map(int, done.stdout.split())
    assert number >= 8
    assert grown < 200_000  # kB; all its pixels with three colours take 54 MB, and the encoder needs its own


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork workers")
def test_a_process_forked_too_late_says_so_and_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(photograph(90, 60).write_to_buffer(".png"))
    script = """
import os, sys
from ssg.assets.images import plan_variants, probe_image
from ssg.assets.variants import encode_variants
from ssg.config import ImagesConfig
body = open(sys.argv[1], "rb").read()
probe = probe_image("a.png", body)
plans = plan_variants(probe, ImagesConfig())
def answer():
    try:
        return len(encode_variants(probe, body, plans).variants)
    except RuntimeError as reason:
        return str(reason)
def child():
    if not (number := os.fork()):
        print(answer(), flush=True)
        os._exit(0)
    os.waitpid(number, 0)
child()
print(answer(), flush=True)
child()
"""
    command = [sys.executable, "-W", "ignore", "-c", script, str(tmp_path / "a.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    before, own, after = done.stdout.splitlines()
    assert before == own
    assert before.isdecimal()
    assert after.startswith("images were encoded before this process was forked")


def test_a_bomb_is_not_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I4s", 13, b"IHDR") + header + struct.pack(">I", 0xA8E4D2F6)
    found = probe_image("bomb.png", b"\x89PNG\r\n\x1a\n" + chunk)
    assert isinstance(found, Diagnostic)


probes = st.builds(
    ImageProbe,
    path=st.just("a"),
    format=st.sampled_from(sorted(MEDIA_TYPES)),
    width=st.integers(1, 6000),
    height=st.integers(1, 6000),
    frames=st.sampled_from([1, 1, 12]),
    size=st.integers(1000, 10**7),
)


@given(probes, st.lists(st.integers(1, 4000), min_size=1, max_size=6), st.permutations(["avif", "webp"]))
def test_plans_never_scale_up(probe: ImageProbe, slots: list[int], formats: list[str]) -> None:
    config = ImagesConfig(formats=tuple(formats), widths=tuple(slots))  # type: ignore[arg-type] # two of two
    plans = plan_variants(probe, config)
    by_format: dict[Format, list[int]] = {}
    for plan in plans:
        assert plan.width <= min(probe.width, max(slots))
        assert plan.width < probe.width or plan.format != probe.format
        assert plan.frames == probe.frames
        by_format.setdefault(plan.format, []).append(plan.width)
    for widths in by_format.values():
        assert widths == sorted(set(widths))
    assert list(by_format) == [one for one in dict.fromkeys([*formats, probe.format]) if one in by_format]
    if probe.frames > 1:
        assert set(by_format) <= {"webp"}


sized = st.dictionaries(st.sampled_from([480, 800, 1200]), st.integers(1, 60), min_size=3, max_size=3)


@given(sized, sized, sized, st.integers(1, 60))
def test_whichever_format_a_browser_takes_it_fetches_less(
    avif: dict[int, int], webp: dict[int, int], jpeg: dict[int, int], size: int
) -> None:
    probe = ImageProbe("a", "jpeg", 1200, 800, 1, size)
    planned: list[tuple[Format, dict[int, int]]] = [("avif", avif), ("webp", webp), ("jpeg", jpeg)]
    files = {
        name: [Variant(b"x" * sizes[width], width, 1, MEDIA_TYPES[name]) for width in (480, 800, 1200)]
        for name, sizes in planned
    }
    kept = _kept(files, probe)
    formats = [[one for one in kept if one.media_type == MEDIA_TYPES[name]] for name in files]
    assert [one for several in formats for one in several] == list(kept)
    assert all(len(one.body) < size for one in kept)

    def fetched(variants: list[Variant], width: int) -> int:
        return next((len(one.body) for one in variants if one.width >= width), size)

    for width in (480, 800, 1200):
        costs = [fetched(several, width) for several in formats if several]
        if not formats[-1]:
            costs.append(size)
        assert costs == sorted(set(costs))


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("turned", [1, 6])
def test_stripping_touches_no_pixel(ending: str, turned: int) -> None:
    body = said(photograph(120, 80), turned).write_to_buffer(ending, profile="p3")
    bare = strip_metadata(body)
    assert CAMERA.encode() in body
    assert CAMERA.encode() not in bare
    assert len(bare) < len(body)
    assert strip_metadata(bare) == bare
    before, after = (pyvips.Image.new_from_buffer(one, "") for one in (body, bare))
    assert (before - after).abs().max() == 0
    assert after.get("icc-profile-data") == before.get("icc-profile-data")
    if ending == ".jpg":
        assert orientation(bare) == turned
        assert after.autorot().width == before.autorot().width


IMAGES = [said(photograph(40, 30), 6).write_to_buffer(ending) for ending in (".jpg", ".png", ".webp", ".gif")]


@settings(deadline=None)
@given(st.sampled_from(IMAGES), st.data())
def test_stripping_takes_any_bytes(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body)))
    changed = body[:at] + data.draw(st.binary(max_size=12)) + body[data.draw(st.integers(at, len(body))) :]
    assert len(strip_metadata(changed)) <= len(changed)


def test_a_format_that_is_given_up_would_not_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    stripes = pyvips.Image.black(1000, 700)
    for place in range(0, 1000, 40):
        stripes = stripes.draw_line(255, place, 0, 1000 - place, 699)
    encoded: list[VariantPlan] = []
    encode = variants_module._encode

    def noted(image: pyvips.Image, plan: VariantPlan) -> Variant:
        encoded.append(plan)
        return encode(image, plan)

    monkeypatch.setattr(variants_module, "_encode", noted)
    bodies = [stripes.write_to_buffer(".png"), photograph().write_to_buffer(".png")]
    found = [made("a.png", body)[1] for body in bodies]
    fewer = len(encoded)
    monkeypatch.setattr(variants_module, "_worth", lambda *_: True)
    assert [made("a.png", body)[1] for body in bodies] == found
    assert len(encoded) - fewer > fewer
