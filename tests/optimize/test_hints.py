"""What a browser is told early."""

import json

import pytest
import turbohtml
from hypothesis import given

from tests.optimize.pages import PAGES, attributes, configured, refined


def test_the_encoding_comes_first() -> None:
    text = f"<head><title>T</title><style>{'a{}' * 500}</style><meta charset=utf-8></head>"
    assert refined(text).text.startswith("<meta charset=utf-8><title>T</title><style>")
    assert refined("<head><meta charset=utf-8><title>T</title></head>").text == "<meta charset=utf-8><title>T</title>"


def test_a_whole_page_that_does_not_say_its_encoding_gets_it() -> None:
    text = "<!doctype html><head><title>T</title></head><p>a"
    assert refined(text).text == "<!DOCTYPE html><meta charset=utf-8><title>T</title><p>a"
    assert refined(refined(text).text).text == refined(text).text
    assert "charset" not in refined(text, off=("hints",)).text


@pytest.mark.parametrize(
    "text",
    [
        "<p>a fragment",
        '<!DOCTYPE html><title>T</title><meta http-equiv=Content-Type content="text/html; charset=utf-8"><p>a',
        "<!DOCTYPE html><title>T</title><meta charset=utf-8 data-ssg-skip><p>a",
    ],
)
def test_a_fragment_and_a_page_that_says_its_encoding_get_none(text: str) -> None:
    assert refined(text).text == text.replace(" data-ssg-skip", "")


@given(PAGES)
def test_the_encoding_is_within_the_first_1024_bytes(text: str) -> None:
    assert "<meta charset" in refined(text.replace(" data-ssg-skip", "")).text[:1024]


def test_fonts_of_another_host_are_connected_to_early() -> None:
    link = "<link rel=stylesheet href=https://fonts.googleapis.com/css2?family=X>"
    once = "<link rel=preconnect href=https://fonts.gstatic.com crossorigin>"
    text = refined(f"<head><meta charset=utf-8><title>T</title>{link}{link}</head>").text
    assert text.startswith(f"<meta charset=utf-8>{once}<title>")
    assert text.count("preconnect") == 1
    assert (
        refined(f"<head>{once}{link}</head>").text
        == f'{once}<link rel=stylesheet href="https://fonts.googleapis.com/css2?family=X">'
    )
    own = configured(
        hints={"preconnect": {"https://a.example": "https://b.example", "https://fonts.googleapis.com": ""}}
    )
    assert attributes(
        refined(f"<link rel=stylesheet href=https://a.example/x.css>{link}", own).text, "[crossorigin]"
    ) == [{"rel": ["preconnect"], "href": "https://b.example", "crossorigin": ""}]


@pytest.mark.parametrize("text", ["<link rel=stylesheet href=/a.css>", "<img src=https://fonts.googleapis.com/a>"])
def test_what_a_page_does_not_use_is_not_connected_to(text: str) -> None:
    assert "preconnect" not in refined(text).text


def test_the_modules_behind_a_module_are_loaded_with_it() -> None:
    text = refined("<head><script type=module src=/assets/main.js></script></head>").text
    assert attributes(text, "link") == [
        {"rel": ["modulepreload"], "href": "/docs/assets/dep.9c0d.js", "integrity": "sha384-dep"}
    ]


def test_speculation_rules_are_for_those_who_ask() -> None:
    assert "speculationrules" not in refined("<p>a").text
    document = refined("<p>a", configured(hints={"speculation": True}))
    [script] = turbohtml.parse(document.text).select("script[type=speculationrules]")
    [rule] = json.loads(script.text)["prefetch"]
    assert rule["eagerness"] == "moderate"
    assert rule["where"]["and"][0] == {"href_matches": "/docs/*"}
    assert len(document.inlined) == 1
