"""A browser refuses other bytes than those that the page was made for."""

import pytest

from tests.optimize.pages import attributes, refined


@pytest.mark.parametrize(
    ("written", "digest", "crossorigin"),
    [
        ("<script src=/assets/app.js async></script>", "sha384-app", False),
        ("<script src=/docs/assets/app.5e6f.js async></script>", "sha384-app", False),
        ("<link rel=stylesheet href=/assets/app.css>", "sha384-css", False),
        ("<script src=/assets/far.js async></script>", "sha384-far", True),
        ("<script src=/assets/app.js data-load=lazy></script>", "sha384-app", False),
        ("<script src=/assets/app.js integrity=sha384-own async></script>", "sha384-own", False),
    ],
)
def test_scripts_and_sheets_of_the_site_carry_their_digest(written: str, digest: str, crossorigin: bool) -> None:
    [found] = attributes(refined(written).text, "[integrity]")
    assert found["integrity"] == digest
    assert ("crossorigin" in found) is crossorigin


@pytest.mark.parametrize(
    "text",
    [
        "<script src=https://x.example/a.js async></script>",
        "<script src=/docs/assets/writes.js async></script>",
        "<link rel=icon href=/docs/assets/app.3c4d.css>",
    ],
)
def test_what_may_have_other_bytes_later_carries_none(text: str) -> None:
    assert refined(text).text == text
