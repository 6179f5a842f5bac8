"""The lock: what it holds, how it changes, what is said of what grew."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.growth import Growth, allowed_growth, anything, compare, explain_growth
from ssg.budget.lock import KEYS, Entry, Lock, accept, comparable, lock_of, parse_lock, renew, write_lock
from ssg.budget.values import Fetch, Kind, Level, Phase, Weight
from ssg.config import BudgetConfig
from ssg.errors import ConfigError
from tests.budget.weighing import fetch, subject, weights

OLD = {"brotli": "1.0.9", "zlib": "1.3"}
NEW = {"brotli": "1.1.0", "zlib": "1.3"}


def script(size: int) -> Fetch:
    return fetch(f"/assets/app.{size:010d}.js", Kind.JS, size)


def site(html: Mapping[str, int], files: Sequence[Fetch] = ()) -> list[Weight]:
    return [one for url, size in html.items() for one in weights(url, size, files)]


def locked(weighed: Sequence[Weight], compressors: Mapping[str, str] = OLD) -> Lock:
    return lock_of(weighed, "br", compressors, lambda one: one.sizes)


def grown(base: Lock, weighed: Sequence[Weight], compressors: Mapping[str, str] = OLD) -> list[Growth]:
    first = {one.url: one for one in weighed if one.profile == "mobile"}
    return [*compare(base, locked(weighed, compressors), first, lambda one: one.sizes, anything)]


def test_the_text_of_a_lock() -> None:
    late = fetch("/late.png", Kind.IMAGE, 9, Phase.LAZY)
    lock = locked(site({"/": 100, "/a b/": 50}, [script(10), late]))
    lock = Lock({**lock.pages, "/": Entry(lock.pages["/"].sizes, "a new map")}, lock.files, "br", OLD)
    assert write_lock(lock).splitlines()[1:] == [
        "measure br",
        "with brotli 1.0.9",
        "with zlib 1.3",
        "file /assets/app.js 10:30",
        "page / html=100:300 js=10:30 total=110:330 # a new map",
        "page /a%20b/ html=50:150 js=10:30 total=60:180",
    ]


urls = st.text(st.characters(codec="utf-8"), max_size=8).map(lambda text: f"/{text}")
pairs = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))
entries = st.builds(
    Entry, st.dictionaries(st.sampled_from(KEYS), pairs, min_size=1), st.sampled_from(["", "a reason", "it is # 1"])
)


@given(st.dictionaries(urls, st.integers(1, 999), max_size=5), st.dictionaries(st.just("brotli"), st.just("1.1.0")))
def test_what_is_written_is_read(html: Mapping[str, int], compressors: Mapping[str, str]) -> None:
    lock = locked(site(html, [script(10)]), compressors)
    assert parse_lock(write_lock(lock)) == lock


@given(st.dictionaries(st.sampled_from(["/", "/a/", "/b/c/"]), entries))
def test_reasons_are_kept(pages: Mapping[str, Entry]) -> None:
    lock = Lock(dict(pages), {})
    assert parse_lock(write_lock(lock)) == lock
    assert write_lock(lock) == write_lock(Lock(dict(reversed([*pages.items()])), {}))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<<<<<<< HEAD", "holds both sides of a merge"),
        ("pages /", "is no line of it"),
        ("page / html=1", "is no line of it"),
        ("page / html=a:b", "is no line of it"),
        ("file /a.js", "is no line of it"),
        ("with brotli", "is no line of it"),
    ],
)
def test_a_broken_lock_is_an_error_with_its_line(line: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        parse_lock(f"# head\nmeasure br\n{line}\n")
    [one] = caught.value.diagnostics
    assert (one.where.path, one.where.line) == ("budgets.lock", 3)
    assert one.hint


def test_a_build_lowers_adds_and_removes() -> None:
    lock = locked(site({"/": 100, "/gone/": 100, "/large/": 100}, [script(50)]))
    now = locked(site({"/": 80, "/new/": 70, "/large/": 120}, [script(40)]))
    after = renew(lock, now, lower=True)
    assert {url: entry.sizes["html"][0] for url, entry in after.pages.items()} == {"/": 80, "/large/": 100, "/new/": 70}
    assert after.pages["/large/"].sizes["js"] == (40, 120)
    assert after.files == {"/assets/app.js": (40, 120)}
    kept = renew(lock, now, lower=False)
    assert {url: entry.sizes["html"][0] for url, entry in kept.pages.items()} == {"/": 100, "/large/": 100, "/new/": 70}


@given(*[st.dictionaries(st.sampled_from(["/", "/a/", "/b/"]), st.integers(1, 99)) for _ in range(2)])
def test_a_build_never_raises_a_figure_and_doing_it_twice_changes_nothing(
    before: Mapping[str, int], after: Mapping[str, int]
) -> None:
    lock, now = locked(site(before)), locked(site(after))
    renewed = renew(lock, now, lower=True)
    assert set(renewed.pages) == set(after)
    for url in set(before) & set(after):
        assert renewed.pages[url].sizes["html"][0] == min(before[url], after[url])
    assert renew(renewed, now, lower=True) == renewed


def test_the_lock_stays_where_compressors_are_others() -> None:
    lock = locked(site({"/": 100}))
    assert renew(lock, locked(site({"/": 50}), NEW), lower=True) == lock


def test_accepting_a_page() -> None:
    lock = locked(site({"/": 100, "/a/": 100, "/a/b/": 100}))
    now = locked(site({"/": 200, "/a/": 200, "/a/b/": 200}))
    after = accept(lock, now, ["/a/"], "a  new\nmap")
    assert {url: entry.sizes["html"][0] for url, entry in after.pages.items()} == {"/": 100, "/a/": 200, "/a/b/": 100}
    assert after.pages["/a/"].reason == "a new map"
    assert [url for url, entry in accept(lock, now, ["/a/**"], "x").pages.items() if entry.reason] == ["/a/", "/a/b/"]
    with pytest.raises(ConfigError, match="is no page of the site"):
        accept(lock, now, ["/c/"], "x")
    assert set(accept(None, now, ["/**"], "the beginning").pages) == {"/", "/a/", "/a/b/"}


def test_gzip_decides_only_where_there_is_no_brotli() -> None:
    lock = locked(site({"/": 5_000}), {"brotli": "1", "zlib": "1"})
    assert comparable(lock, locked(site({"/": 5_000}), {"brotli": "1", "zlib": "2"}))
    assert not comparable(lock, locked(site({"/": 5_000}), {"brotli": "2", "zlib": "1"}))
    assert not comparable(locked([], {"zlib": "1"}), locked([], {"zlib": "2"}))
    assert not comparable(lock, locked(site({"/": 5_000}), {}))


def test_other_compressors_are_accepted_for_all_pages_at_once() -> None:
    lock, now = locked(site({"/": 100, "/a/": 100})), locked(site({"/": 90, "/a/": 90}), NEW)
    with pytest.raises(ConfigError, match="other compressors"):
        accept(lock, now, ["/"], "x")
    assert accept(lock, now, ["/**"], "x").compressors == NEW


def test_what_grew_and_which_files_made_it_so() -> None:
    base = locked(site({"/": 5_000, "/a/": 5_000, "/b/": 5_000}, [script(10_000)]))
    weighed = [
        *weights("/", 5_000, [script(22_000)]),
        *weights("/a/", 5_000, [script(22_000)]),
        *weights("/b/", 6_000, [script(10_000)]),
    ]
    assert explain_growth(iter(grown(base, weighed))) == (
        "js +12 kB, +120% to 22 kB on 2 pages, most on /: /assets/app.js (+12 kB)",
        "html +1 kB, +20% to 6 kB on /b/: the page itself (+1 kB)",
    )


def test_new_pages_have_not_grown() -> None:
    assert not grown(locked(site({"/": 100})), site({"/": 100, "/a/": 999_999}))


def test_small_growth_of_many_classes_is_growth_of_the_total() -> None:
    base = locked(weights_of(600, 600))
    allowed = allowed_growth(1_000, 5)
    first = weights_of(1_500, 1_500)
    found = [*compare(base, locked(first), {"/": first[0]}, lambda one: one.sizes, allowed)]
    assert [(one.key, one.before, one.after) for one in found] == [("total", 1_200, 3_000)]


def weights_of(html: int, js: int) -> list[Weight]:
    return site({"/": html}, [fetch("/a.js", Kind.JS, js)])


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 100), st.integers(0, 2 * 10**6))
def test_too_much_is_too_many_bytes_and_too_many_per_cent(before: int, size: int, percent: int, after: int) -> None:
    both = after - before > size and after * 100 > before * (100 + percent)
    assert (after > allowed_growth(size, percent)(before)) == both


def test_other_compressors_compare_uncompressed_bytes() -> None:
    base = locked(site({"/": 5_000}))
    assert not grown(base, site({"/": 5_000}), NEW)
    [one, *_] = grown(base, site({"/": 5_001}), NEW)
    assert (one.before, one.after) == (15_000, 15_003)


@pytest.mark.parametrize("mode", ["delta", "ratchet"])
def test_growth_is_a_finding_for_each_cause(mode: Literal["delta", "ratchet"]) -> None:
    lock = locked(site({"/": 5_000, "/a/": 5_000}, [script(10_000)]))
    weighed = site({"/": 5_000, "/a/": 6_500, "/new/": 49_000}, [script(12_000)])
    pages = [subject(url) for url in ("/", "/a/", "/new/")]
    terms = Terms((), BudgetConfig(mode=mode), lock, compressors=OLD)
    findings = {one.message: one for one in check(pages, weighed, terms).findings if one.code == "growth"}
    assert set(findings) == {
        '"js" grew from 10 kB to 12 kB on /',
        '"html" grew from 5 kB to 6.5 kB on /a/',
    }
    assert {one.level for one in findings.values()} == {Level.ERROR}
    assert findings['"html" grew from 5 kB to 6.5 kB on /a/'].hint.endswith('ssg budget accept /a/ --reason "…"')
    absolute = check(pages, weighed, Terms((), BudgetConfig(), lock, compressors=OLD))
    assert not [one for one in absolute.findings if one.code == "growth"]


def test_a_lock_that_is_not_there_is_said() -> None:
    [finding] = check([subject("/")], list(weights("/")), Terms((), BudgetConfig(mode="ratchet"))).findings
    assert (finding.code, finding.level, finding.path) == ("no-lock", Level.WARN, "budgets.lock")


def test_growth_within_what_is_allowed_is_none() -> None:
    lock = locked(site({"/": 5_000}))
    terms = Terms((), BudgetConfig(mode="ratchet", growth="1 kB", growth_percent=5), lock, compressors=OLD)
    for html in (5_900, 4_000):
        assert not check([subject("/")], list(weights("/", html)), terms).findings


def test_other_compressors_are_said() -> None:
    terms = Terms((), BudgetConfig(mode="ratchet"), locked(site({"/": 5_000})), compressors=NEW)
    [finding] = check([subject("/")], list(weights("/", 5_000)), terms).findings
    assert finding.message == (
        "budgets.lock is of brotli 1.0.9, this build of brotli 1.1.0: only uncompressed sizes are compared"
    )
