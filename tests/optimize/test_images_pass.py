"""Images in a page: a browser gets what it fetches least for, and the page says what it said."""

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from ssg.optimize.images import Showing, improve_images
from ssg.optimize.offers import Candidate, ImageSet, ImageSource

PHOTOGRAPH = ImageSet(
    1000,
    500,
    (
        ImageSource("image/avif", (Candidate("/p.480.avif", 480), Candidate("/p.1000.avif", 1000))),
        ImageSource("image/webp", (Candidate("/p.1000.webp", 1000),)),
    ),
    (Candidate("/p.480.jpg", 480), Candidate("/p.jpg", 1000)),
    "#aabbcc",
)
KNOWN = {
    "/p.jpg": PHOTOGRAPH,
    "/icon.png": ImageSet(48, 48, (), (Candidate("/icon.png", 48),)),
    "/a.svg": ImageSet(300, 100),
    "/lone.png": ImageSet(300, 200, (ImageSource("image/webp", (Candidate("/lone.webp", 300),)),), (), ""),
    "/unsized.svg": ImageSet(0, 0),
}


def improved(html: str, showing: Showing = Showing()) -> str:  # noqa: B008 - frozen
    root = turbohtml.parse(html, positions=False)
    improve_images(root, KNOWN.get, showing)
    return root.serialize()


def body(html: str, showing: Showing = Showing()) -> str:  # noqa: B008 - frozen
    return improved(html, showing).removeprefix("<html><head></head><body>").removesuffix("</body></html>")


def test_the_first_image_comes_at_once() -> None:
    assert body('<main><img class="wide" src="/p.jpg" alt="A hill" loading="lazy" decoding="async"></main>') == (
        "<main><picture>"
        '<source type="image/avif" srcset="/p.480.avif 480w, /p.1000.avif 1000w" sizes="100vw">'
        '<source type="image/webp" srcset="/p.1000.webp">'
        '<img class="wide" src="/p.jpg" alt="A hill" fetchpriority="high" width="1000" height="500"'
        ' data-color="#aabbcc" srcset="/p.480.jpg 480w, /p.jpg 1000w" sizes="100vw">'
        "</picture></main>"
    )


def test_the_others_come_when_the_reader_does() -> None:
    html = body('<main><img src="/a.svg"><img src="/p.jpg" alt=""><img src="https://example.org/x.png"></main>')
    assert html.startswith('<main><img src="/a.svg" fetchpriority="high" width="300" height="100"><picture>')
    assert '<img src="/p.jpg" alt="" loading="lazy" decoding="async" width="1000" height="500"' in html
    assert html.count('sizes="auto, 100vw"') == 2
    assert html.endswith('<img src="https://example.org/x.png" loading="lazy" decoding="async"></main>')
    assert html.count("fetchpriority") == 1


@pytest.mark.parametrize(
    "around",
    [
        '<nav><img src="/p.jpg"></nav>',
        '<aside><img src="/p.jpg"></aside>',
        '<img src="/icon.png">',
        '<img src="/p.jpg" width="32">',
        '<img src="/p.jpg" fetchpriority="low">',
        '<div hidden><img src="/p.jpg"></div>',
    ],
)
def test_what_is_not_content_is_not_first(around: str) -> None:
    html = body(f'<header><img src="/a.svg"></header><main>{around}<img src="/a.svg" alt="first"></main>')
    assert '<img src="/a.svg" alt="first" fetchpriority="high"' in html
    assert html.count('"high"') == 1


def test_the_author_chooses_the_first() -> None:
    html = body('<main><img src="/a.svg"><img src="/a.svg" alt="chosen" fetchpriority="high"></main>')
    assert '<img src="/a.svg" loading="lazy"' in html
    assert '<img src="/a.svg" alt="chosen" fetchpriority="high" width="300" height="100">' in html


def test_without_main_the_body_counts() -> None:
    assert 'fetchpriority="high"' in body('<p><img src="/p.jpg">')


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('width="300"', 'width="300" loading="lazy" decoding="async" height="150"'),
        ('height="50"', 'height="50" loading="lazy" decoding="async" width="100"'),
        ('width="10" height="10"', 'width="10" height="10" loading="lazy" decoding="async" data'),
        ('width="50%"', 'width="50%" loading="lazy" decoding="async" data'),
    ],
)
def test_width_and_height(written: str, expected: str) -> None:
    assert expected in body(f'<main><img src="/a.svg"><img src="/p.jpg" {written}></main>')


def test_the_slot_of_an_image() -> None:
    narrow = body('<main><img src="/p.jpg" width="300"><img src="/p.jpg" width="300"></main>')
    assert (narrow.count('sizes="300px"'), narrow.count('sizes="auto, 300px"')) == (2, 2)
    own = body('<main><img src="/p.jpg" width="300" sizes="(min-width: 9em) 5em, 50vw"></main>')
    assert own.count('sizes="(min-width: 9em) 5em, 50vw"') == 2
    assert body('<main><img src="/p.jpg"></main>', Showing(sizes="44rem")).count('sizes="44rem"') == 2


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/p.jpg" srcset="/mine.jpg 2x">',
        '<picture><source srcset="/mine.webp" type="image/webp"><img src="/p.jpg"></picture>',
    ],
)
def test_what_the_author_offers_stays(html: str) -> None:
    done = body(f"<main>{html}</main>")
    assert "/mine." in done
    assert "480" not in done
    assert 'width="1000" height="500"' in done
    assert done.count("<picture>") == html.count("<picture>")


@pytest.mark.parametrize("html", ['<img src="/p.jpg" data-ssg-skip="">', '<iframe src="/x" data-ssg-skip=""></iframe>'])
def test_an_element_that_asks_for_it_is_left_alone(html: str) -> None:
    assert body(f"<main>{html}</main>") == f"<main>{html}</main>"
    within = f'<div data-ssg-skip="">{html}</div>'
    assert body(within) == within


def test_frames_come_when_the_reader_does() -> None:
    assert body('<iframe src="/x"></iframe>') == '<iframe src="/x" loading="lazy"></iframe>'
    assert body('<iframe src="/x" loading="eager"></iframe>') == '<iframe src="/x" loading="eager"></iframe>'


def test_the_main_colour_is_where_the_site_wants_it() -> None:
    image = '<img src="/p.jpg" style="margin:0">'
    assert 'style="background-color:#aabbcc;margin:0"' in body(image, Showing(placeholder="style"))
    assert "#aabbcc" not in body(image, Showing(placeholder="none"))
    assert "data-color" not in body('<img src="/lone.png">')
    own = '<img src="/p.jpg" style="background:red">'
    assert 'style="background:red"' in body(own, Showing(placeholder="style"))


words = st.text("ab &<é", max_size=5).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
urls = st.sampled_from([*KNOWN, "/other.png", "https://example.org/p.jpg", "", "data:image/gif;base64,R0"])
SAID = """alt="x"|class="a b"|id="i"|width=40|height=7|width=auto|sizes="10vw"|sizes="auto, 9px"|loading=lazy
|loading=eager|fetchpriority=high|fetchpriority=low|data-ssg-skip|hidden|srcset="/s.png 2x"
|decoding=sync|style="color: red\""""
said = st.lists(st.sampled_from(SAID.split("|")), max_size=5, unique=True).map(" ".join)
images = st.builds("<img src='{}' {}>".format, urls, said)
pictures = images.map("<picture><source srcset='/o.webp'>{}</picture>".format)
frames = said.map("<iframe src=/f {}></iframe>".format)
leaves = st.one_of(words, images, images, pictures, frames)
TAGS = ["p", "main", "div", "a href=/x", "nav", "figure", "noscript", "b id=n", "li", "div data-ssg-skip", "pre", "td"]


def tree(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>", st.sampled_from(TAGS), st.lists(inner)
    )


pages = st.lists(st.recursive(leaves, tree, max_leaves=12)).map("".join)
showings = st.builds(Showing, placeholder=st.sampled_from(["attribute", "style", "none"]))


@given(pages, showings)
def test_text_links_ids_and_descriptions_stay(html: str, showing: Showing) -> None:
    before, after = turbohtml.parse(html, positions=False), turbohtml.parse(improved(html, showing), positions=False)
    assert before.text == after.text

    def told(root: turbohtml.Document) -> list[object]:
        return [
            (one.tag, *((name, one.attrs.get(name)) for name in ("href", "src", "id", "class", "alt")))
            for one in root.find_all()
            if one.tag not in {"picture", "source"}
        ]

    assert told(before) == told(after)


@given(pages, showings)
def test_improved_twice_is_improved_once(html: str, showing: Showing) -> None:
    once = improved(html, showing)
    assert improved(once, showing) == once
    root = turbohtml.parse(html, positions=False)
    for _ in range(2):
        improve_images(root, KNOWN.get, showing)
    assert root.serialize() == once


@given(pages)
def test_at_most_one_image_is_pushed_forward(html: str) -> None:
    before, after = (
        len(turbohtml.parse(one, positions=False).select('img[fetchpriority="high"]')) for one in (html, improved(html))
    )
    assert after <= max(before, 1)
