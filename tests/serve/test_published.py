"""Which file answers a URL."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model import Artifact, Ref, Release
from ssg.serve.difference import CHANGED, RELOAD, SAME, compare
from ssg.serve.published import Found, Moved, Published

PATHS = (
    ".htaccess",
    ".well-known/security.txt",
    "404.html",
    "a/index.html",
    "a/photo.jpg",
    "app.js",
    "b.html",
    "fr/404.html",
    "fr/index.html",
    "index.html",
    "static/.git/config",
    "style.css",
    "tags/été/index.html",
    "with space/index.html",
)


def published(base_path: str = "", paths: tuple[str, ...] = PATHS, **digests: str) -> Published:
    """Give a release in which a file's digest is its path, unless told otherwise."""
    artifacts = tuple(
        Artifact(path, Ref("", 0, 1), digests.get(path.replace(".", "_"), path), "text/html", path)
        for path in sorted(paths)
    )
    return Published(Release(artifacts, (), len(artifacts)), base_path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "index.html"),
        ("/a/", "a/index.html"),
        ("/a/index.html", "a/index.html"),
        ("/a/photo.jpg", "a/photo.jpg"),
        ("/b.html", "b.html"),
        ("/tags/été/", "tags/été/index.html"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
    ],
)
def test_files(path: str, expected: str) -> None:
    for base in ("", "/docs"):
        found = published(base).find(base + path)
        assert isinstance(found, Found)
        assert found.status == 200
        assert found.artifact is not None
        assert found.artifact.path == expected


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/b/", "404.html"),
        ("/fr/x/y/", "fr/404.html"),
        ("/a/photo.jpg/", "404.html"),
        ("/.htaccess", "404.html"),
        ("/static/.git/config", "404.html"),
        ("/.well-known/../index.html", "404.html"),
        ("//", "404.html"),
        ("/a//", "404.html"),
        ("/../a/", "404.html"),
        ("/a/\0", "404.html"),
        ("", "404.html"),
    ],
)
def test_what_is_not_there(path: str, page: str) -> None:
    for base in ("", "/docs"):
        found = published(base).find(base + path)
        if base and not path:
            assert found == Moved(308, "/docs/")
            continue
        assert isinstance(found, Found)
        assert found.status == 404
        assert found.artifact is not None
        assert found.artifact.path == page


def test_moves() -> None:
    assert published().find("/a") == Moved(308, "/a/")
    assert published("/docs").find("/docs/tags/été") == Moved(308, "/docs/tags/%C3%A9t%C3%A9/")
    assert published().find("/with space") == Moved(308, "/with%20space/")
    assert published("/docs").find("/docs") == Moved(308, "/docs/")
    assert published("/docs").find("/") == Moved(307, "/docs/")
    assert published("/docs").find("/docsx/") == published("/docs").find("/nowhere")
    assert published(paths=("a/index.html",)).find("/x") == Found(404, None)


SEGMENTS = st.sampled_from(
    [
        "",
        ".",
        "..",
        "a",
        "b.html",
        "fr",
        "index.html",
        ".well-known",
        "security.txt",
        "été",
        "//x",
        "\0",
        "%2e%2e",
        "\\",
    ]
)


@given(st.lists(SEGMENTS, max_size=6).map("/".join) | st.text(max_size=20), st.sampled_from(["", "/docs"]))
def test_whatever_is_asked_the_answer_is_of_the_release(path: str, base: str) -> None:
    release = published(base)
    found = release.find("/" + path)
    if isinstance(found, Moved):
        parts = urlsplit(found.location)
        assert not parts.netloc
        answer = release.find(unquote(parts.path))
        assert isinstance(answer, Moved) or answer.status == 200
        return
    assert found.artifact is not None
    assert found.artifact.path in PATHS
    if found.status == 200:
        names = found.artifact.path.removeprefix(".well-known/").split("/")
        assert not any(name.startswith(".") for name in names)
        assert f"{base}/{found.artifact.path}" in {f"/{path}", f"/{path}index.html"}


def test_digests_name_releases() -> None:
    assert published().digest == published().digest
    assert published().digest != published("/docs").digest
    assert published().digest != published(app_js="2").digest


@pytest.mark.parametrize(
    ("page", "new", "expected"),
    [
        ("/a/", published(), (SAME, (), ())),
        ("/b.html", published(style_css="2"), (SAME, ("/style.css",), ())),
        ("/b.html", published(b_html="2"), (CHANGED, (), ())),
        ("/b.html", published(app_js="2", b_html="2"), (CHANGED, (), ("/app.js",))),
        ("/b.html", published(paths=("index.html", "404.html")), (RELOAD, (), ())),
        ("/nowhere", published(b_html="2"), (SAME, (), ())),
        ("/a", published(b_html="2"), (SAME, (), ())),
        ("/", published("/docs"), (RELOAD, (), ())),
        ("/new/", published(paths=(*PATHS, "new/index.html")), (RELOAD, (), ())),
    ],
)
def test_what_a_page_must_do(page: str, new: Published, expected: object) -> None:
    advice = compare(published(), new).advise(page)
    styles = tuple(path for path in advice.styles if path == "/style.css")
    files = tuple(path for path in advice.files if path == "/app.js")
    if new.release.pages == 2:  # what vanished is told too
        styles = files = ()
    assert (advice.page, styles, files) == expected


def test_files_whose_names_hold_digests_are_told_by_the_pages_that_link_them() -> None:
    old, new = published(paths=(*PATHS, "assets/a.0.css")), published(paths=(*PATHS, "assets/a.1.css"), b_html="2")
    advice = compare(old, new).advise("/b.html")
    assert (advice.page, advice.styles, advice.files) == (CHANGED, (), ())


def test_a_page_is_not_told_of_thousands_of_files() -> None:
    many = tuple(f"{number}.jpg" for number in range(3000))
    assert compare(published(), published(paths=(*PATHS, *many))).advise("/a/").page == RELOAD
