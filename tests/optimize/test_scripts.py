"""Scripts are deferred where nothing can tell, and else a warning says why not."""

import itertools

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from ssg.optimize.scripts import LOADER
from tests.optimize.pages import attributes, configured, refined

HEAD = "<head><title>T</title>{}</head><body>{}</body>"
A, B = "<script src=a.js></script>", "<script src=b.js></script>"
INLINE = "<script>run()</script>"


def deferred(head: str, body: str = "") -> list[bool]:
    found = attributes(refined(HEAD.format(head, body)).text, "script[src]")
    return ["defer" in one for one in found]


def test_scripts_in_the_head_are_deferred_in_their_order() -> None:
    assert deferred(A + B) == [True, True]
    assert deferred(INLINE + A) == [True]
    assert deferred('<script type="application/ld+json">{}</script>' + A + "<script type=text/template>x</script>") == [
        True
    ]
    assert deferred(A, "<script async src=c.js></script>" + B) == [True, False, True]


def test_scripts_of_the_body_alone_stay() -> None:
    assert deferred("", A + B) == [False, False]


def test_modules_and_async_scripts_stay() -> None:
    text = refined(HEAD.format("<script type=module src=a.js></script><script async src=b.js></script>", "")).text
    assert "defer" not in text


@pytest.mark.parametrize(
    ("head", "body", "expected", "why"),
    [
        (A + INLINE, "", [False], "the script within the page that comes after it may need it"),
        (A + INLINE + B, "", [False, True], "the script within the page"),
        (A, "<script>$(1)</script>", [False], "the script within the page"),
        ("<script defer src=b.js></script>" + A, "", [True, False], "a deferred script comes before it"),
        (A + "<script type=module src=b.js></script>" + B, "", [False, False, False], "a deferred script comes before"),
        ("<script src=/assets/writes.js></script>", "", [False], "has document.write"),
        (A, "<script src=b.js data-ssg-skip></script>", [False, False], "has data-ssg-skip"),
    ],
)
def test_a_script_that_may_be_needed_early_keeps_blocking(head: str, body: str, expected: list[bool], why: str) -> None:
    assert deferred(head, body) == expected
    said = [one for one in refined(HEAD.format(head, body)).diagnostics if one.code == "blocking"]
    assert len(said) == expected[: head.count("src=")].count(False) - head.count("module")
    assert all(why in str(one) and one.subject == "content/a.md" for one in said)


def test_what_its_author_keeps_blocking_is_not_told() -> None:
    document = refined(HEAD.format("<script src=a.js data-ssg-skip></script>", ""))
    assert "<script src=a.js></script>" in document.text
    assert document.diagnostics == ()


_SCRIPTS = st.lists(st.sampled_from(["blocking", "inline", "defer", "module", "async", "json"]), max_size=6)


def _order(scripts: list[tuple[str, str]]) -> list[str]:
    """Give the names of scripts in the order in which a browser runs them; `async` ones have none."""
    at_once = [name for kind, name in scripts if kind in {"blocking", "inline"}]
    return at_once + [name for kind, name in scripts if kind in {"defer", "module"}]


def _kind(one: turbohtml.Element) -> str:
    if one.attr("type") == "module":
        return "module"
    if "src" not in one.attrs:
        return "inline" if one.attr("type") is None else "json"
    return "defer" if "defer" in one.attrs else "async" if "async" in one.attrs else "blocking"


@given(_SCRIPTS, _SCRIPTS)
def test_the_order_in_which_scripts_run_stays(head: list[str], body: list[str]) -> None:
    numbers = itertools.count()
    tags = {
        "blocking": "<script data-n={} src=x.js></script>",
        "inline": "<script data-n={}>x</script>",
        "defer": "<script data-n={} defer src=x.js></script>",
        "module": "<script data-n={} type=module src=x.js></script>",
        "async": "<script data-n={} async src=x.js></script>",
        "json": "<script data-n={} type=application/json>1</script>",
    }
    text = HEAD.format(*("".join(tags[kind].format(next(numbers)) for kind in part) for part in (head, body)))
    orders = [
        _order([(_kind(one), one.attr("data-n") or "") for one in turbohtml.parse(made).select("script")])
        for made in (text, refined(text).text)
    ]
    assert orders[0] == orders[1]


def test_a_lazy_script_waits_for_the_loader() -> None:
    lazy = '<script src="c.js" data-load="lazy" type="module" id="c"></script>'
    document = refined(HEAD.format(A, lazy + "<script data-load=lazy src=d.js></script>"))
    assert attributes(document.text, "[data-load=lazy]") == [
        {"data-load": "lazy", "type": "text/lazy", "id": "c", "data-type": "module", "data-src": "c.js"},
        {"data-load": "lazy", "type": "text/lazy", "data-src": "d.js"},
    ]
    assert document.text.count(LOADER) == 1
    assert document.text.endswith(f"<script>{LOADER}</script>")
    assert "<script src=a.js defer>" in document.text
    assert len(document.inlined) == 1


@pytest.mark.parametrize("name", ["app.js", "https://x.example/c.js?v=1"])
def test_site_toml_names_lazy_scripts(name: str) -> None:
    config = configured(scripts={"lazy": [name]})
    text = refined(
        '<script src="/docs/assets/app.5e6f.js"></script><script src="https://x.example/c.js?v=1"></script>', config
    ).text
    assert len(attributes(text, "[data-src]")) == 1
    assert len(attributes(text, "script[src]")) == 1


def test_scripts_that_do_not_run_are_left_alone() -> None:
    assert "text/lazy" not in refined("<template><script data-load=lazy src=a.js></script></template>").text
    assert "defer" not in refined(HEAD.format("<noscript><script src=a.js></script></noscript>", "")).text
