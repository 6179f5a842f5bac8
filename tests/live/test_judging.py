"""How answers are judged, without a server."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import brotli
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.delivery import CACHE, Kind, Redirect, Served
from ssg.digests import digest
from ssg.errors import Location
from ssg.live import Manner, Wanted, checking
from ssg.live.asking import Client, _unanswered
from ssg.live.choosing import CLOSELY, choose
from ssg.live.deployed import Deployed, explain_stale, read_deployed
from ssg.live.files import check_closely, check_file
from ssg.live.grouping import group, shown
from ssg.live.hosts import is_cached_so, is_contradictory, is_kept, type_faults
from ssg.live.judging import judge_encoding, judge_file
from ssg.live.missing import check_missing, probes
from ssg.live.moving import Site, check_redirect, check_slash, check_upgrade
from ssg.live.transport import Transport, judge_transport
from ssg.live.values import (
    MANIFEST,
    Answer,
    Ask,
    Expected,
    Extent,
    Host,
    Level,
    LiveReport,
    Question,
    Seen,
    Unanswered,
)

ORIGIN = "https://example.org"
SITE = Site(ORIGIN, "https://www.example.org")
NGINX = Host("nginx", "its rules", frozenset(("br", "gzip")))
NETWORK = Host("vercel", "its rules", None)
PAGE = CACHE[Kind.PAGE]
DIRECTIVES = st.sampled_from(
    [
        "public",
        "max-age=0",
        "max-age=60",
        "must-revalidate",
        "immutable",
        "no-cache",
        "no-store",
        "s-maxage=9",
        "private",
    ]
)


def expected(path: str = "a/index.html", kind: Kind = Kind.PAGE, forms: Mapping[str, int] | None = None) -> Expected:
    file = Served(path, kind, "text/html", 5000, path)
    url = f"/{path.removesuffix('index.html')}"
    return Expected(file, url, "d", forms or {}, {"Cache-Control": CACHE[kind], "X-A": "b"}, (CACHE[kind],))


def answer(status: int = 200, digest: str = "d", size: int = 5000, **headers: str) -> Answer:
    usual = {"content-type": "text/html; charset=utf-8", "cache-control": PAGE, "x-a": "b", "etag": 'W/"1"'}
    given_ = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {name: value for name, value in {**usual, **given_}.items() if value}, digest, size)


def site(answers: Mapping[str, Answer | Unanswered]) -> Ask:
    """Give a site that answers so, and 404 elsewhere."""
    return lambda question: answers.get(question.url, Answer(404))


@given(st.lists(DIRECTIVES, unique=True), st.randoms(use_true_random=False))
def test_order_and_case_of_directives_do_not_matter(parts: list[str], random: Random) -> None:
    mixed = [one.upper() for one in parts]
    random.shuffle(mixed)
    assert is_cached_so(" ,".join(mixed), ", ".join(parts))


@given(st.lists(DIRECTIVES, unique=True), st.lists(DIRECTIVES, unique=True))
def test_what_differs_for_browsers_differs(found: list[str], wanted: list[str]) -> None:
    shared = {"public", "s-maxage=9"}
    assert is_cached_so(", ".join(found), ", ".join(wanted)) == ({*found} - shared == {*wanted} - shared)


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        (f"{PAGE}, s-maxage=300, stale-while-revalidate=86400, stale-if-error=86400", PAGE, True),
        ("max-age=0, must-revalidate", PAGE, True),
        ("public, max-age=60, stale-while-revalidate=9", "public, max-age=60", False),
        (f"{PAGE}, {CACHE[Kind.HASHED]}", PAGE, False),
        ("", PAGE, False),
    ],
)
def test_what_a_network_adds_is_allowed(found: str, wanted: str, *, right: bool) -> None:
    assert is_cached_so(found, wanted) is right


def test_two_rules_for_one_header_are_seen() -> None:
    assert is_contradictory(f"{PAGE}, {CACHE[Kind.HASHED]}")
    assert not any(is_contradictory(one) for one in CACHE.values())
    [found] = [
        one
        for one in judge_file(expected(), answer(cache_control=f"{PAGE}, {CACHE[Kind.HASHED]}"), NGINX)
        if one.code == "cache"
    ]
    assert found.hint == "two rules set it; leave it to its rules"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no-cache", False),
        ("no-store", False),
        (PAGE, False),
        ("", True),
        (CACHE[Kind.HASHED], True),
        ("max-age=60", True),
        ("max-age=0, immutable", True),
    ],
)
def test_what_a_browser_keeps(said: str, *, kept: bool) -> None:
    assert is_kept(said) is kept


@pytest.mark.parametrize(
    ("found", "kind", "faults"),
    [
        ("text/html; charset=UTF-8", "text/html", []),
        ("application/javascript", "text/javascript", []),
        ("application/xml", "text/xml", []),
        ("image/vnd.microsoft.icon", "image/x-icon", []),
        ("text/plain", "application/octet-stream", []),
        ("text/html", "text/html", [(False, "Content-Type is sent without charset=utf-8")]),
        (
            "text/css; charset=iso-8859-1",
            "text/css",
            [(True, "Content-Type is text/css; charset=iso-8859-1 instead of text/css; charset=utf-8")],
        ),
        ("", "font/woff2", [(True, "Content-Type is not sent instead of font/woff2")]),
        (
            "text/plain; charset=utf-8",
            "text/css",
            [(True, "Content-Type is text/plain; charset=utf-8 instead of text/css; charset=utf-8")],
        ),
    ],
)
def test_types(found: str, kind: str, faults: list[tuple[bool, str]]) -> None:
    assert list(type_faults(found, kind)) == faults


def codes(seen: list[Seen]) -> list[tuple[str, str]]:
    return [(one.level.value, one.code) for one in seen]


@pytest.mark.parametrize(
    ("change", "codes_"),
    [
        ({}, []),
        ({"status": 503}, [("error", "status")]),
        ({"status": 301, "location": "/b/"}, [("error", "status")]),
        ({"digest": "other"}, [("error", "stale")]),
        ({"content_type": "text/plain; charset=utf-8"}, [("error", "type")]),
        ({"cache_control": "max-age=3600"}, [("error", "cache")]),
        ({"x_a": ""}, [("error", "headers")]),
        ({"x_a": "c"}, [("error", "headers")]),
        ({"etag": ""}, [("error", "etag")]),
        ({"set_cookie": "a=b"}, [("note", "cookie")]),
        ({"vary": "Accept-Encoding, Cookie"}, [("note", "vary")]),
        ({"content_encoding": "gzip"}, [("error", "vary")]),
        ({"content_encoding": "zstd", "vary": "accept-encoding"}, [("error", "encoding")]),
        ({"vary": "*"}, [("note", "vary")]),
    ],
)
def test_one_fault_of_an_answer(change: dict[str, str | int], codes_: list[tuple[str, str]]) -> None:
    assert codes(list(judge_file(expected(), answer(**change), NGINX))) == codes_  # type: ignore[arg-type] # a table of keywords


@pytest.mark.parametrize(
    ("accept", "came", "size", "fault"),
    [
        ("br, gzip", "br", 900, ""),
        ("br, gzip", "br", 950, "is compressed again in br by the host, other than built"),
        ("br, gzip", "gzip", 1000, "is not sent in br"),
        ("br;q=0, gzip", "gzip", 1000, ""),
        ("br;q=0, gzip", "br", 900, "is sent in br to who does not take that"),
        ("gzip", "", 5000, "is not sent in gzip"),
        ("identity", "", 5000, ""),
        ("identity", "gzip", 1000, "is sent in gzip to who does not take that"),
    ],
)
def test_the_form_that_comes(accept: str, came: str, size: int, fault: str) -> None:
    found = answer(size=size, content_encoding=came, vary="Accept-Encoding")
    seen = list(judge_encoding(expected(forms={"br": 900, "gzip": 1000}), found, accept, NGINX))
    assert [one.message for one in seen] == ([fault] if fault else [])


def test_what_is_compressed_in_itself_is_not_to_be_compressed() -> None:
    file = Served("a.png", Kind.FILE, "image/png", 5000, "a.png")
    one = Expected(file, "/a.png", "d", {}, {"Cache-Control": PAGE}, (PAGE,))
    seen = list(
        judge_file(one, answer(content_type="image/png", content_encoding="gzip", vary="accept-encoding"), NGINX)
    )
    assert codes(seen) == [("note", "encoding")]


def test_every_way_to_ask_is_answered_with_the_file() -> None:
    def ask(question: Question) -> Answer:
        return answer(304) if question.etag else answer(200 if question.accept != "identity" else 406)

    seen = list(check_closely(ask, expected(), answer(), NGINX))
    assert [one.message for one in seen] == ["answers 406 to Accept-Encoding: identity"]


@pytest.mark.parametrize(("over", "noted"), [(1.05, False), (1.5, True)])
def test_a_host_that_compresses_badly(over: float, tmp_path: Path, *, noted: bool) -> None:
    body = b"some words of a page, " * 300 + bytes(range(256))
    (tmp_path / "page").write_bytes(body)
    one = msgspec.structs.replace(expected(), digest=digest(body), place=str(tmp_path / "page"))
    best = len(brotli.compress(body, quality=11))

    def ask(question: Question) -> Answer:
        found = answer(digest=one.digest, size=int(best * over), vary="accept-encoding")
        return answer(304) if question.etag else found_in(found, "br" if question.accept.startswith("br") else "")

    def found_in(found: Answer, encoding: str) -> Answer:
        return msgspec.structs.replace(found, headers={**found.headers, "content-encoding": encoding})

    seen = [each for each in check_closely(ask, one, ask(Question("/a/", "br")), NETWORK) if each.code == "size"]
    assert bool(seen) is noted
    assert all(f"{best:,} at brotli's highest level" in each.detail for each in seen)


def test_a_host_that_compresses_by_itself_may_choose() -> None:
    assert codes(list(judge_encoding(expected(), answer(), "br, gzip", NETWORK))) == [("error", "encoding")]
    for accept in ("br", "gzip", "br;q=0, gzip", "identity"):
        assert list(judge_encoding(expected(), answer(), accept, NETWORK)) == []
    for came, faults in (("br", []), ("gzip", [("note", "encoding")])):
        found = answer(content_encoding=came, vary="accept-encoding", size=1234)
        assert codes(list(judge_encoding(expected(), found, "br, gzip", NETWORK))) == faults


def test_credentials_are_not_sent_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, Mapping[str, str]]] = []

    class Recorded(Client):
        def __call__(self, _: Question) -> Answer:
            sent.append((self.origin, self._manner.headers))
            return moved("https://example.org/a/")

    monkeypatch.setattr(checking, "Client", Recorded)
    monkeypatch.setattr(checking, "look", lambda *_: None)
    manner = Manner(headers={"Authorization": "Basic secret"})
    wanted = Wanted(f"{ORIGIN}/", "public", datetime.fromtimestamp(0, UTC), manner=manner)
    assert checking._over_tls(ORIGIN, "/a/", wanted) == ([], 0)
    assert sent == [("http://example.org", {})]
    assert checking._over_tls("https://example.org:8443", "/a/", wanted) == ([], 0)
    assert len(sent) == 1


def test_a_page_whose_ending_a_host_leaves_out() -> None:
    one = expected("about.html")
    answers = {"/about.html": Answer(308, {"location": "/about"}), "/about": answer()}
    seen, found = check_file(site(answers), one, NETWORK)
    assert codes([each for each in seen if each.code == "status"]) == [("note", "status")]
    assert found == answer()


def redirect(source: str, target: str, status: int = 301) -> Redirect:
    return Redirect(source, target, status, Location("site.toml"))


def moved(to: str, status: int = 301) -> Answer:
    return Answer(status, {"location": to})


@pytest.mark.parametrize(
    ("answers", "messages"),
    [
        ({"/old/": moved("/new/"), "/new/": answer()}, []),
        ({"/old/": moved("https://example.org/new/"), "/new/": answer()}, []),
        ({"/old/": moved("https://www.example.org/new/"), "/new/": answer()}, []),
        ({"/old/": moved("../new/"), "/new/": answer()}, []),
        ({"/old/": moved("/new/", 302), "/new/": answer()}, ["answers 302 instead of 301"]),
        ({"/old/": answer()}, ["answers 200 instead of leading on"]),
        ({}, ["answers 404 instead of leading on"]),
        ({"/old/": moved("http://example.org/new/")}, ["leads elsewhere than it should"]),
        ({"/old/": moved("/new/"), "/new/": moved("/newer/"), "/newer/": answer()}, ["takes 2 steps"]),
        ({"/old/": moved("/new/"), "/new/": moved("/old/")}, ["leads in a circle"]),
        ({"/old/": moved("/new/"), "/new/": moved("/new/")}, ["leads in a circle"]),
        ({"/old/": moved("/new/")}, ["leads to what answers 404"]),
        ({"/old/": Unanswered("is away")}, ["is away"]),
    ],
)
def test_redirects(answers: dict[str, Answer | Unanswered], messages: list[str]) -> None:
    seen = check_redirect(site(answers), redirect("/old/", "/new/"), SITE, NGINX)
    assert [one.message for one in seen] == messages


def test_a_redirect_for_all_that_begins_alike() -> None:
    one = redirect("/blog/*", "/posts/:splat")
    assert list(check_redirect(site({"/blog/ssg-check": moved("/posts/ssg-check")}), one, SITE, NGINX)) == []
    [found] = check_redirect(site({"/blog/ssg-check": moved("/posts/")}), one, SITE, NGINX)
    assert found.detail == "to /posts/, not /posts/ssg-check"


@given(st.text(st.characters(max_codepoint=255)))
def test_whatever_a_redirect_says_is_no_failure(location: str) -> None:
    asked: list[str] = []

    def ask(question: Question) -> Answer:
        asked.append(question.url)
        return moved(location)

    assert list(check_redirect(ask, redirect("/old/", "/new/"), SITE, NGINX))
    assert list(check_upgrade(ask, "/", ORIGIN)) or location == f"{ORIGIN}/"
    SITE.local(location, "/old/").encode("ascii")
    assert all(url.isascii() and url.isprintable() and " " not in url for url in asked)


def test_letters_in_a_location() -> None:
    sent = "/ä b/".encode().decode("latin-1")
    assert SITE.local(sent, "/old/") == "/%C3%A4%20b/"
    assert SITE.local("/%C3%A4/?a=%2F&b", "/old/") == "/%C3%A4/?a=%2F&b"


def test_a_redirect_to_another_site_is_not_followed() -> None:
    one = redirect("/chat", "https://chat.example.org/?a=b", 302)
    assert list(check_redirect(site({"/chat": moved("https://chat.example.org/?a=b", 302)}), one, SITE, NGINX)) == []


@pytest.mark.parametrize(
    ("found", "faults"),
    [
        (moved("/a/"), []),
        (moved("https://example.org/a/", 308), []),
        (answer(), [("note", "slash")]),
        (Answer(404), [("error", "slash")]),
        (moved("http://example.org/a/"), [("error", "slash")]),
    ],
)
def test_a_page_without_its_slash(found: Answer, faults: list[tuple[str, str]]) -> None:
    assert codes(list(check_slash(site({"/a": found}), expected(), SITE))) == faults


@pytest.mark.parametrize(
    ("found", "faults"),
    [
        (moved("https://example.org/"), []),
        (moved("https://www.example.org/"), [("note", "https")]),
        (moved("/"), [("note", "https")]),
        (answer(), [("error", "https")]),
        (Unanswered("refuses the connection"), [("note", "https")]),
    ],
)
def test_http_leads_to_https(found: Answer | Unanswered, faults: list[tuple[str, str]]) -> None:
    assert codes(list(check_upgrade(site({"/": found}), "/", ORIGIN))) == faults


@pytest.mark.parametrize(
    ("found", "messages"),
    [
        (answer(404, cache_control="no-cache"), []),
        (answer(200), ["does not exist, and answers 200 instead of 404"]),
        (moved("/"), ["does not exist, and answers 301 instead of 404"]),
        (
            answer(404, cache_control=CACHE[Kind.HASHED]),
            [f"does not exist, and browsers may keep that: 404 comes with Cache-Control: {CACHE[Kind.HASHED]}"],
        ),
        (
            answer(404, cache_control=""),
            ["does not exist, and browsers may keep that: 404 comes with no Cache-Control"],
        ),
        (answer(404, "other", cache_control="no-store"), ["does not exist, and answers 404 without /404.html"]),
    ],
)
def test_what_is_missing(found: Answer, messages: list[str]) -> None:
    page = expected("404.html", Kind.NOT_FOUND)
    asked = probes("", {"/": page, "/fr/": page})
    assert len(asked) == 5
    seen = check_missing(site({asked[0].url: found}), asked[0], NGINX)
    assert [one.message for one in seen] == messages


def test_a_certificate_that_is_not_accepted() -> None:
    reason = ssl.SSLCertVerificationError()
    reason.verify_message = "certificate has expired"
    found = _unanswered(reason, 1)
    assert found.reason == "has a certificate that is not accepted: certificate has expired"
    assert not found.passing


STALE = Seen(Level.ERROR, "stale", "is not what was built", "publish", "/a/")


@pytest.mark.parametrize(
    ("deployed", "message"),
    [
        (Deployed(), "is not what was built"),
        (Deployed(release="R", files={"a/index.html": ("d", 1, 0)}), "is older than the release R, which was deployed"),
        (Deployed(release="R", files={"a/index.html": ("old", 1, 0, "")}), "is of the release R, not what was built"),
        (Deployed(release="R", files={"a/index.html": ("x", 1, 0)}), "is neither of the release R nor what was built"),
        (Deployed(release="R"), "is not of the release R, nor what was built"),
    ],
)
def test_whose_bytes_are_there(deployed: Deployed, message: str) -> None:
    assert explain_stale(STALE, expected(), answer(digest="old"), deployed).message == message


@given(st.binary())
def test_any_bytes_at_the_place_of_the_manifest_are_no_failure(body: bytes) -> None:
    found = read_deployed(site({f"/{MANIFEST}": Answer(200, body=body)}), "")
    assert isinstance(found, Deployed)


PATHS = st.lists(st.from_regex(r"[a-z]{1,3}/(index\.html|x\.css)", fullmatch=True), min_size=1, unique=True)


@given(PATHS, st.integers(1, 30), st.randoms(use_true_random=False))
def test_a_choice_is_the_same_whatever_the_order(paths: list[str], most: int, random: Random) -> None:
    files = [expected(path) for path in paths]
    chosen = choose(files, most)
    random.shuffle(files)
    assert choose(files, most) == chosen
    assert len(chosen.files) == min(most, len(files))
    assert chosen.closely <= {one.url for one in chosen.files}
    assert len(chosen.closely) >= min(most, len(files), CLOSELY)


def test_a_choice_has_some_of_every_kind() -> None:
    files = [expected(f"p{number}/index.html") for number in range(500)]
    files += [expected("sitemap.xml", Kind.FEED), expected("robots.txt", Kind.FILE)]
    assert {one.file.kind for one in choose(files, 3).files} == {Kind.PAGE, Kind.FEED, Kind.FILE}
    assert len(choose(files, None).files) == 502


def test_one_cause_at_many_urls_is_one_line() -> None:
    seen = [Seen(Level.ERROR, "vary", "is sent without Vary", "set it", f"/{number:04}/") for number in range(1494)]
    findings = group([*seen, *seen, Seen(Level.NOTE, "cookie", "sets a cookie", "do not", "/", "a=b")])
    assert [(one.count, len(one.urls)) for one in findings] == [(1494, 100), (1, 1)]
    report = LiveReport("https://example.org/", findings, Extent(1494, 5000, 24, 1, 5, 1600), "R")
    assert report.failed
    assert shown(report).splitlines() == [
        "/0000/ and 1,493 more: is sent without Vary; set it",
        "/: note: sets a cookie (a=b); do not",
        (
            "https://example.org/ (release R): 1,494 of 5,000 files, 24 of them in every encoding, 1 redirect, "
            "5 addresses that do not exist, 1,600 requests"
        ),
        "1 error, 1 note",
    ]


def test_a_question_without_an_answer_is_a_finding() -> None:
    seen, found = check_file(lambda _: Unanswered("does not answer within 1 s"), expected(), NGINX)
    assert (codes(seen), found) == ([("error", "unanswered")], None)
    assert Question("/").accept == ""


@pytest.mark.parametrize(
    ("found", "messages"),
    [
        (Transport("h2", "TLSv1.3", 90 * 86_400), []),
        (Transport("", "TLSv1.3", 90 * 86_400), ["is sent without HTTP/2"]),
        (Transport("h2", "TLSv1.2", 90 * 86_400), ["is sent without TLS 1.3"]),
        (Transport("h2", "TLSv1.3", 9 * 86_400), ["has a certificate that ends soon"]),
    ],
)
def test_a_connection(found: Transport, messages: list[str]) -> None:
    seen = list(judge_transport(found, "/", datetime.fromtimestamp(0, UTC)))
    assert [(one.level, one.message) for one in seen] == [(Level.NOTE, message) for message in messages]
