"""The policy by itself: kinds of files, headers, redirects, the content security policy, and what is refused."""

import json
import re
import string
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.config import Config, DeliveryConfig, RedirectConfig, SecurityConfig, SiteConfig
from ssg.delivery import (
    CACHE,
    EMITTERS,
    Alias,
    Kind,
    Policy,
    Told,
    classify,
    compose,
    csp,
    emit,
    encodings,
    headers_of,
    matches,
    object_headers,
)
from ssg.delivery.emitted import kinds, regexp, resolved
from ssg.delivery.policy import Redirect, Rule, Served
from ssg.errors import Location
from ssg.manifest import AssetManifest
from ssg.model import Artifact, Ref
from ssg.urls import media_type
from tests.conftest import require

HERE = Location("site.toml", 1)
HASH = "app.0123456789.css"


def artifact(path: str, inlined: Sequence[str] = (), size: int = 1) -> Artifact:
    return Artifact(path, Ref("", 0, size), "", media_type(path), f"content/{path}", (), tuple(inlined))


FILES = [
    artifact(path) for path in ("index.html", "404.html", "a/index.html", f"assets/{HASH}", "atom.xml", "logo.png")
]


def composed(
    files: Sequence[Artifact] = FILES, base: str = "https://e.org/", aliases: Any = (), **delivery: Any
) -> Any:
    config = Config(site=SiteConfig(base_url=base), delivery=DeliveryConfig(targets=("nginx",), **delivery))
    return compose(files, Told(config, "/nowhere", AssetManifest({}, ()), tuple(aliases)))


def said(found: Any) -> list[str]:
    return [one.message for one in found.diagnostics]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", Kind.PAGE),
        ("a/b.html", Kind.PAGE),
        ("404.html", Kind.NOT_FOUND),
        ("fr/404.html", Kind.NOT_FOUND),
        ("assets/app.0123456789.css", Kind.HASHED),
        ("assets/fonts/a.b.0123456789.woff2", Kind.HASHED),
        ("assets/LICENSE.0123456789", Kind.HASHED),
        ("assets/app.css", Kind.FILE),
        ("assets/app.012345678.css", Kind.FILE),
        ("other/app.0123456789.css", Kind.FILE),
        ("assets/a.0123456789.css/page.html", Kind.PAGE),
        ("atom.xml", Kind.FEED),
        ("tags/x/rss.xml", Kind.FEED),
        ("sitemap.xml", Kind.FEED),
        ("fr/sitemap-2.xml", Kind.FEED),
        ("llms.txt", Kind.FEED),
        ("pagefind/pagefind.js", Kind.FEED),
        ("sw.js", Kind.WORKER),
        ("a/sw.js", Kind.FILE),
        ("robots.txt", Kind.FILE),
    ],
)
def test_kinds(path: str, kind: Kind) -> None:
    assert classify(artifact(path)) is kind


def test_nothing_but_hashed_files_is_immutable() -> None:
    policy = composed().policy
    for file in policy.files:
        for status in (200, 404):
            immutable = "immutable" in headers_of(policy, file, status)["Cache-Control"]
            assert immutable == (file.kind is Kind.HASHED and status == 200)


paths = st.text("ab/.-_0é", max_size=8).map(lambda text: f"/{text}")
patterns = st.tuples(paths, st.sampled_from(("", "*", "*/", "*.b", "*a"))).map("".join)


@given(patterns, paths)
def test_a_pattern_and_its_expression_match_the_same(pattern: str, url: str) -> None:
    assert (re.search(regexp(pattern), url) is not None) == matches(pattern, url) or url.endswith("index.html")


names = st.sampled_from(
    (
        "index.html",
        "404.html",
        "fr/404.html",
        "a/index.html",
        "a/b.html",
        "a/x.css",
        f"assets/{HASH}",
        "assets/i/x.0123456789",
        "a/atom.xml",
        "sitemap.xml",
        "sw.js",
        "llms.txt",
        "robots.txt",
        "a.b/index.html",
        "pagefind/p.js",
        "x{1}$/(y).txt",
    )
)
ruled = st.dictionaries(
    st.sampled_from(("/a/*", "/a/", "/*.txt", "/robots.txt", "/x{1}$/*", "/fr/*", "/*/")),
    st.dictionaries(
        st.sampled_from(("Cache-Control", "X-A", "X-Frame-Options")), st.sampled_from(("1", "2")), min_size=1
    ),
    max_size=3,
)


@given(st.sets(names, min_size=1), ruled)
def test_what_servers_read_is_what_the_policy_says(paths: set[str], headers: dict[str, dict[str, str]]) -> None:
    found = composed([artifact(path) for path in sorted(paths)], headers=headers)
    if any(one.severity == "error" for one in found.diagnostics):
        return
    policy = found.policy
    for file in policy.files:
        url, said = policy.url(file.path), headers_of(policy, file)
        for path in {url, f"/{file.path}"}:
            caches = (value for expression, value in kinds(policy, 30) if re.search(expression, path))
            assert next(caches, CACHE[Kind.FILE]) == said["Cache-Control"]
            for name, usual, of_pages, by_pattern in resolved(policy):
                by_rule = [value for pattern, value in by_pattern if re.search(regexp(pattern), path)]
                value = by_rule[0] if by_rule else of_pages if file.media_type == "text/html" else usual
                assert value == next((one for key, one in said.items() if key.lower() == name.lower()), "")


def test_a_bucket_has_what_the_policy_says() -> None:
    policy = composed(headers={"/logo.png": {"cache-control": "no-store"}}).policy
    told = {path: object_headers(policy, path, purged=True) for path in ("a/index.html", f"assets/{HASH}", "logo.png")}
    assert told["a/index.html"]["Cache-Control"].startswith("public, max-age=0, must-revalidate, s-maxage=300")
    assert told["a/index.html"]["Content-Type"] == "text/html; charset=utf-8"
    assert told[f"assets/{HASH}"]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert told["logo.png"]["Cache-Control"] == "no-store"
    again = object_headers(policy, "a/index.html", purged=False)
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_objects_for_cloudfront_are_stored_as_a_deploy_stores_them() -> None:
    policy = composed(headers={"/logo.png": {"Cache-Control": "no-store"}}).policy
    told = json.loads(emit(policy, ["s3-cloudfront"], HERE).beside["s3-cloudfront/objects.json"])
    assert told["logo.png"] == {"Cache-Control": "no-store", "Content-Type": "image/png"}
    for path, headers in told.items():
        said = object_headers(policy, path, purged=True)
        assert headers == {name: said[name] for name in headers}


def test_rules_take_the_place_of_what_is_for_all() -> None:
    policy = composed(
        headers={"/a/": {"x-frame-options": "SAMEORIGIN"}, "/*": {"Referrer-Policy": "no-referrer"}}
    ).policy
    by_path = {one.path: headers_of(policy, one) for one in policy.files}
    assert by_path["a/index.html"]["x-frame-options"] == "SAMEORIGIN"
    assert "X-Frame-Options" not in by_path["a/index.html"]
    assert by_path["index.html"]["X-Frame-Options"] == "DENY"
    assert "X-Frame-Options" not in by_path["logo.png"]
    assert {one["Referrer-Policy"] for one in by_path.values()} == {"no-referrer"}
    without = composed(headers={"/*": {"Referrer-Policy": "", "permissions-policy": ""}}).policy
    assert not {"Referrer-Policy", "Permissions-Policy"} & {name for name, _ in (*without.everywhere, *without.pages)}


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"/*": {"Cache-Control": "no-cache"}}, "Cache-Control for /* is for assets/ too"),
        ({"/a/*": {"X-A": "1"}, "/*/": {"x-a": "2"}}, "x-a is set twice for /a/: for /a/* and for /*/"),
        ({"/*": {"X-A": "1\r\nX-B: 2"}}, "the value of X-A for /* has characters that a header cannot"),
        ({"/*": {"X A": "1"}}, "'X A' is no name of a header"),
        ({"/*": {"X-A\n": "1"}}, "'X-A\\n' is no name of a header"),
        ({"a/*": {"X-A": "1"}}, 'headers for "a/*", which is no path of the site'),
        ({"/*/*": {"X-A": "1"}}, 'headers for "/*/*", which is no path of the site'),
        ({"/a/": {"X-A": ""}}, "X-A for /a/ has no value"),
        ({"/fonts/*": {"X-A": "1"}}, "headers for /fonts/*, where nothing is"),
        ({"/*": {"Content-Encoding": "br"}}, "Content-Encoding for /* is what the host itself says of the file"),
    ],
)
def test_headers_that_are_refused(headers: Any, message: str) -> None:
    [found] = said(composed(headers=headers))
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("redirects", "message"),
    [
        ({"/x/": "/y/", "/y/": "/x/"}, "redirects go in a circle: /x/ → /y/ → /x/"),
        ({"/x/": "/x/"}, "redirects go in a circle: /x/ → /x/"),
        ({"/x/*": "/x/y/:splat"}, "/x/* leads to /x/y/:splat, which it is for too"),
        ({"/a/": "/"}, "the redirect from /a/ hides content/a/index.html"),
        ({"/a*": "/"}, "the redirect from /a* hides content/a/index.html"),
        ({"x": "/a/"}, 'the redirect from "x" is from no path of the site'),
        ({"/x\n": "/a/"}, 'the redirect from "/x\n" is from no path of the site'),
        ({"/*/x": "/a/"}, 'the redirect from "/*/x" is from no path of the site'),
        ({"/x": "a"}, "the redirect from \"/x\" leads to 'a', which is no URL"),
        ({"/x": "//evil.example/"}, "the redirect from \"/x\" leads to '//evil.example/', which is no URL"),
        ({"/x": "/a/\r\nSet-Cookie: a"}, "the redirect from \"/x\" leads to '/a/\\r\\nSet-Cookie: a', which is no URL"),
        ({"/x": "/a/:splat"}, 'the redirect from "/x" has :splat where no * matches'),
        ({"/x": "/nowhere/"}, "/x leads to /nowhere/, where nothing is"),
        ({"/old/": "/"}, "/old/ leads to / (301) here, and to /a/ (301) by content/a.md"),
    ],
)
def test_redirects_that_are_refused(redirects: Any, message: str) -> None:
    found = said(composed(redirects=redirects, aliases=[Alias("/old/", "/a/", "content/a.md")]))
    assert message in found


def test_a_redirect_that_is_said_twice_is_one() -> None:
    found = composed(redirects={"/old/": "/a/"}, aliases=[Alias("/old/", "/a/", "content/a.md")])
    assert said(found) == []
    assert [(one.source, one.target) for one in found.policy.redirects] == [("/old/", "/a/")]


@pytest.mark.parametrize("target", ["/a/", "/a", "/a/index.html", "/a/?q=1#x", "/logo.png", "/%61/", "https://e.net/x"])
def test_a_redirect_leads_to_what_is_there(target: str) -> None:
    assert said(composed(redirects={"/x": target})) == []


def test_redirects_are_in_the_order_that_hosts_need() -> None:
    found = composed(
        redirects={"/x/*": "/a/", "/x/y/*": "/", "/z": RedirectConfig("/a/", 302), "/b/": "https://e.net/?q=%20#x"},
        aliases=[Alias("/old é/", "/a/", "content/a.md")],
        base="https://e.org/docs/",
    )
    assert said(found) == []
    assert [(one.source, one.target, one.status) for one in found.policy.redirects] == [
        ("/docs/b/", "https://e.net/?q=%20#x", 301),
        ("/docs/old é/", "/docs/a/", 301),
        ("/docs/z", "/docs/a/", 302),
        ("/docs/x/y/*", "/docs/", 301),
        ("/docs/x/*", "/docs/a/", 301),
    ]


SHA = "'sha256-{}'"


def test_the_security_policy_has_what_the_pages_bring() -> None:
    files = [
        artifact("index.html", ["script-src 'sha256-a'", "style-src 'sha256-b'"]),
        artifact("a/index.html", ["script-src 'sha256-c'", "script-src https://s.example"]),
    ]
    found = composed(files, security=SecurityConfig(sources={"img-src": ("'self'",)}))
    assert found.within is None
    assert dict(found.policy.pages)["Content-Security-Policy"] == (
        "script-src 'self' 'sha256-a' 'sha256-c' https://s.example; style-src 'self' 'sha256-b'; object-src 'none'; "
        "base-uri 'self'; img-src 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("security", "message"),
    [
        ({"referrer": "origin\nX-A: 1"}, "referrer in [delivery.security] has characters that a header cannot"),
        ({"permissions": "camera=()\r\nX-A: 1"}, "permissions in [delivery.security] has characters"),
        ({"sources": {"img-src": ("https://é.example",)}}, "'img-src' in [delivery.security.sources] has characters"),
        ({"sources": {"img-src": ("'self'; script-src *",)}}, "'img-src' in [delivery.security.sources] has"),
        ({"sources": {"img-src x": ("'self'",)}}, "'img-src x' in [delivery.security.sources] has characters"),
    ],
)
def test_settings_that_would_end_a_header_are_refused(security: Any, message: str) -> None:
    [found] = said(composed(security=SecurityConfig(**security)))
    assert found.startswith(message)


def test_a_long_security_policy_goes_into_the_pages() -> None:
    files = [artifact(f"{n}/index.html", [f"script-src 'sha256-{n:044d}'"]) for n in range(60)]
    found = composed(files)
    assert dict(found.policy.pages)["Content-Security-Policy"] == (
        "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
    )
    every = {one.partition(" ")[2] for file in files for one in file.inlined}
    own = csp.for_page(found.within, every, files[7].inlined)
    assert own["script-src"] == ("'self'", f"'sha256-{7:044d}'")
    reported = composed(files, security=SecurityConfig(csp="report-only"))
    assert (reported.within, len(reported.diagnostics)) == (None, 1)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            "<!doctype html><html lang=en><meta charset=utf-8><script>",
            "<!doctype html><html lang=en><meta charset=utf-8>|<script>",
        ),
        ("<!DOCTYPE html>\n<html>\n<head>\n<title>", "<!DOCTYPE html>\n<html>\n<head>|\n<title>"),
        ('<!doctype html><meta charset="utf-8"/><p>', '<!doctype html><meta charset="utf-8"/>|<p>'),
        ("<p>", "|<p>"),
        ("<!-- a > b --><!doctype html><!-- c --><p>", "<!-- a > b --><!doctype html>|<!-- c --><p>"),
        ("\ufeff<!doctype html><p>", "\ufeff<!doctype html>|<p>"),
        ("<html class='[&>p]:m-1' x=\"a => b\"><head><p>", "<html class='[&>p]:m-1' x=\"a => b\"><head>|<p>"),
        ("<header>", "|<header>"),
    ],
)
def test_the_policy_comes_before_all_that_it_is_for(page: str, expected: str) -> None:
    allowed = {"script-src": ("'self'",), "frame-ancestors": ("'none'",)}
    element = '<meta http-equiv="content-security-policy" content="script-src \'self\'">'
    assert csp.within(page.encode(), allowed).decode().replace(element, "|").split() == expected.split()


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ((), ("br", "gzip", "zstd")),
        (("nginx",), ("br", "gzip")),
        (("nginx", "caddy"), ("br", "gzip", "zstd")),
        (("cloudflare-pages", "vercel"), ()),
        (("cloudflare-pages", "nginx"), ("br", "gzip")),
    ],
)
def test_compressed_forms_are_for_hosts_that_send_them(targets: Sequence[str], expected: tuple[str, ...]) -> None:
    assert encodings(targets, ("br", "gzip", "zstd")) == expected


def rules(number: int) -> tuple[Rule, ...]:
    return tuple(Rule(f"/{n}/", (("X-A", "1"),), HERE) for n in range(number))


def moves(number: int, star: str = "") -> tuple[Redirect, ...]:
    return tuple(Redirect(f"/from-{n}/{star}", "/a/", 301, HERE) for n in range(number))


PAGE = Served("404.html", Kind.NOT_FOUND, "text/html", 1, "/404.html")
LARGE = Served("film.mp4", Kind.FILE, "video/mp4", 26 << 20, "static/film.mp4")


@pytest.mark.parametrize(
    ("target", "policy", "message"),
    [
        ("cloudflare-pages", Policy("", (PAGE,), rules=rules(100)), "takes 100 rules of headers, and there are 101"),
        ("cloudflare-pages", Policy("", (PAGE,), redirects=moves(2001)), "takes 2,000 redirects, and there are 2,001"),
        ("cloudflare-pages", Policy("", (PAGE,), redirects=moves(101, "*")), "takes 100 redirects with *"),
        ("cloudflare-pages", Policy("", (PAGE,) * 20_001), "takes 20,000 files on the free plan, and there are 20,001"),
        ("cloudflare-pages", Policy("", (PAGE, LARGE)), "film.mp4 has 27,262,976 bytes, and Cloudflare Pages takes"),
        ("cloudflare-pages", Policy("", (PAGE,), (("X-A", "1" * 2000),)), "takes 2,000 characters a line"),
        ("cloudflare-pages", Policy("", ()), "needs a 404.html"),
        ("cloudflare-pages", Policy("/docs", (PAGE,)), "serves the output folder at /"),
        (
            "cloudflare-pages",
            Policy("", (PAGE,), redirects=(Redirect("/" + "x" * 1000, "/a/", 301, HERE),)),
            "takes 1,000 characters a redirect",
        ),
        ("cloudflare-workers", Policy("", (PAGE,), rules=rules(101)), "takes 100 rules of headers, and there are 101"),
        ("vercel", Policy("", (PAGE,), rules=rules(2049)), "takes 2,048 rules of headers, and there are 2,049"),
        ("vercel", Policy("", (PAGE,), redirects=moves(2049)), "takes 2,048 redirects, and there are 2,049"),
        ("nginx", Policy("", (PAGE,), (("X-A", "1" * 4097),)), "takes 4,096 characters a value"),
        ("s3-cloudfront", Policy("", (PAGE,), redirects=moves(600)), "takes functions of 10,240 bytes"),
        ("s3-cloudfront", Policy("", (PAGE,), (("X-A", "1" * 1784),)), "takes 1,783 characters a header"),
        (
            "netlify",
            Policy("", (PAGE, Served("c#.html", Kind.PAGE, "text/html", 1, "x"))),
            "refuses the file name c#.html",
        ),
        ("firebase", Policy("", (PAGE, Served("__/a", Kind.FILE, "", 1, "x"))), "keeps paths below /__/ for itself"),
        ("bunny", Policy("", (PAGE,), redirects=(Redirect("/x/*", "/a/:splat", 301, HERE),)), "to one address"),
        (
            "s3-cloudfront",
            Policy("", (PAGE,), tuple((f"X-{n}", "1") for n in range(11))),
            "takes 10 headers of its own kind in a policy, and there are 11",
        ),
        (
            "firebase",
            Policy("", (PAGE, Served("film.mp4", Kind.FILE, "video/mp4", 2 << 30, "static/film.mp4"))),
            "film.mp4 has 2,147,483,648 bytes, and Firebase takes 2,147,483,647 a file",
        ),
        ("fastly", Policy("", (PAGE, LARGE)), "Fastly takes 20,000,000 a file without Segmented Caching"),
        ("fastly", Policy("", (PAGE,), redirects=moves(40_000)), "Fastly takes 1,000,000 bytes a snippet, which"),
        ("bunny", Policy("", (PAGE,), redirects=moves(46)), "takes 50 edge rules, and there are 51"),
        ("fastly", Policy("", (PAGE,), (("X-A", '"}'),)), 'has "}, which ends a text of VCL'),
        ("apache", Policy("", (PAGE,), (("X-A", "${PATH}"),)), "has ${, where Apache puts a variable"),
    ],
)
def test_a_limit_is_named(target: str, policy: Policy, message: str) -> None:
    found = emit(policy, [target], HERE)
    assert any(message in one.message for one in found.diagnostics), found.diagnostics
    assert all(one.hint and "\n" not in str(one) for one in found.diagnostics)


def test_rules_of_bunny_are_for_paths_from_their_beginning() -> None:
    """`*/a/` would be for `/b/a/` too."""
    policy = Policy("", (PAGE,), redirects=moves(1), rules=(Rule("/a/", (("X-A", "1"),), HERE),))
    emitted = json.loads(emit(policy, ["bunny"], HERE).beside["bunny/edge-rules.json"])
    found = {one["Description"]: one["Triggers"][0]["PatternMatches"] for one in emitted}
    assert found["/from-0/ leads to /a/"] == ["/from-0/"]
    assert found["X-A for /a/"] == ["/a/"]
    assert found["Hashed files"] == ["/assets/*"]


def test_many_hashed_files_of_a_worker_are_not_immutable() -> None:
    files = tuple(Served(f"assets/{n}.0123456789.css", Kind.HASHED, "text/css", 1, "x") for n in range(101))
    found = emit(Policy("", (PAGE, *files)), ["cloudflare-workers"], HERE)
    assert "immutable" not in found.output["_headers"]
    assert [one.severity for one in found.diagnostics] == ["warning"]


def test_two_hosts_that_read_one_file_must_agree() -> None:
    policy = Policy("", (PAGE,), redirects=moves(1))
    [found] = emit(policy, ["netlify", "cloudflare-pages"], HERE).diagnostics
    assert found.message == "netlify and cloudflare-pages both read _redirects, and do not take the same"


def test_a_file_of_the_site_is_not_overwritten() -> None:
    own = Served("_headers", Kind.FILE, "", 1, "static/_headers")
    found = emit(Policy("", (PAGE, own)), ["netlify"], HERE).diagnostics
    assert [str(one.where) for one in found if "which [delivery] writes" in one.message] == ["static/_headers"]


@pytest.mark.parametrize("target", [*EMITTERS])
def test_equal_policies_give_equal_files(target: str) -> None:
    texts = [emit(composed(headers={"/a/": {"X-A": "1"}}).policy, [target], HERE) for _ in range(2)]
    assert texts[0] == texts[1]
    assert texts[0].output or texts[0].beside
    for path, text in (*texts[0].output.items(), *texts[0].beside.items()):
        assert text.endswith("\n")
        if path.endswith(".json"):
            json.loads(text)


def cloudfront(policy: Policy, events: Sequence[Any], name: str, folder: Path) -> Any:
    script = emit(policy, ["s3-cloudfront"], HERE).beside[f"s3-cloudfront/{name}.js"]
    place = folder / "function.js"
    place.write_text(f"{script}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)))\n")
    done = subprocess.run([require("node"), str(place)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_function_of_cloudfront_answers_requests(tmp_path: Path) -> None:
    files = (PAGE, Served("LICENSE", Kind.FILE, "", 1, "x"))
    redirects = (Redirect("/é/", "/a/?$&", 302, HERE), Redirect("/x/*", "/y/:splat", 301, HERE))
    urls = ["/", "/a/", "/a", "/a.b/c", "/LICENSE", "/%C3%A9/", "/x/$&/z", "/toString", f"/assets/{HASH}"]
    events = [{"request": {"uri": url}} for url in urls]
    found = cloudfront(Policy("", files, redirects=redirects), events, "viewer-request", tmp_path)
    short = [one.get("uri") or (one["headers"]["location"]["value"], one["statusCode"]) for one in found]
    assert short == [
        "/index.html",
        "/a/index.html",
        ("/a/", 301),
        ("/a.b/c/", 301),
        "/LICENSE",
        ("/a/?$&", 302),
        ("/y/$&/z", 301),
        ("/toString/", 301),
        f"/assets/{HASH}",
    ]


def test_the_function_of_cloudfront_sets_headers(tmp_path: Path) -> None:
    policy = Policy("", (PAGE,), rules=(Rule("/a/", (("X-A", "1"),), HERE), Rule("/f*.b", (("X-B", "2"),), HERE)))
    urls = ["/a/index.html", "/f/c.b", "/f.c", "/f.b", "/.b"]
    events = [{"request": {"uri": url}, "response": {"headers": {}}} for url in urls]
    found = cloudfront(policy, events, "viewer-response", tmp_path)
    assert [[*one["headers"]] for one in found] == [["x-a"], ["x-b"], [], ["x-b"], []]


@given(st.dictionaries(st.sampled_from(string.ascii_lowercase[:6]), st.sampled_from(string.ascii_lowercase[:6])))
def test_redirects_that_are_taken_end(moved: dict[str, str]) -> None:
    found = composed(redirects={f"/{one}": f"/{other}" for one, other in moved.items()})
    circles = any("circle" in one for one in said(found))
    for start in moved:
        seen, at = {start}, start
        while at in moved and moved[at] not in seen:
            at = moved[at]
            seen.add(at)
        if at in moved:
            assert circles
    ends = all(_ends(moved, start) for start in moved)
    assert circles != ends


def _ends(moved: dict[str, str], at: str) -> bool:
    for _ in moved:
        at = moved.get(at, "")
    return at not in moved
