"""Imports put in place, conditions kept, references final; what the minifier refuses is published as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets import Options, Text, Tools, pack_texts
from ssg.assets.reading import decode_sheet, quoted, read_sheet, unescape

RAW = Options(minify=False)


def packed(files: dict[str, str], options: Options = RAW, known: dict[str, str] | None = None) -> dict[str, str]:
    texts = [Text(f"/assets/{name}", f"assets/{name}", text.encode()) for name, text in files.items()]
    outcome = pack_texts(texts, known or {}, options, Tools(lambda text: text))
    found = {str(one.asset.logical).removeprefix("/assets/"): one.body.decode() for one in outcome.packed}
    said = [*outcome.diagnostics, *(diagnostic for one in outcome.packed for diagnostic in one.diagnostics)]
    return {**found, "said": "\n".join(map(str, said))}


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ('@import "b.css";', "b{}"),
        ("@import url(b.css);", "b{}"),
        ("@IMPORT url( 'b.css' ) ;", "b{}"),
        ("@import/**/'b.css'/*;*/;", "b{}"),
        ('@import "b.css" print;', "@media print{\nb{}\n}"),
        ('@import "b.css" layer;', "@layer{\nb{}\n}"),
        (
            '@import "b.css" layer(x.y) screen and (width > 3px);',
            "@media screen and (width > 3px){\n@layer x.y{\nb{}\n}\n}",
        ),
        ('@import "b.css" supports(display: grid);', "@supports (display: grid){\nb{}\n}"),
        ('@import "b.css" supports(not (a: b)) tv;', "@media tv{\n@supports not (a: b){\nb{}\n}\n}"),
        ("@charset \"utf-8\";@layer x;@import 'b.css';", "@layer x;b{}"),
    ],
)
def test_an_import_is_put_in_place_with_its_conditions(rule: str, shown: str) -> None:
    found = packed({"a.css": f"{rule}a{{}}", "b.css": "b{}"})
    assert found["a.css"] == f"{shown}\na{{}}"
    assert found["said"] == ""


def test_an_import_of_another_host_stays_before_all_rules() -> None:
    files = {
        "a.css": "@import 'b.css';@import 'https://e.org/x.css' print;@import 'c.css';",
        "b.css": "b{}",
        "c.css": "c{}",
    }
    found = packed(files)["a.css"]
    assert found.startswith('@import "/assets/b.')
    assert found.endswith("@import 'https://e.org/x.css' print;c{}\n")
    nested = packed({"a.css": "@import 'b.css' print;", "b.css": "@import '//e.org/x.css';"})
    assert nested["a.css"].startswith('@import "/assets/b.')
    assert nested["a.css"].endswith('.css" print;')


def test_a_sheet_with_namespaces_stays_a_file_of_its_own() -> None:
    found = packed({"a.css": "@import 'b.css';", "b.css": "@namespace s url(http://www.w3.org/2000/svg);s|a{}"})
    assert found["a.css"].startswith('@import "/assets/b.')
    assert "url(http://www.w3.org/2000/svg)" in found["b.css"]


def test_references_are_relative_to_the_sheet_that_holds_them() -> None:
    files = {
        "a.css": "@import 'sub/b.css';",
        "sub/b.css": "b{x:url(../i.png);y:url('/i.png?q#f');z:url(data:,x) url(#f)}",
    }
    known = {"/assets/i.png": "/assets/i.0.png", "/i.png": "/i.png"}
    found = packed(files, Options("/docs", "", minify=False), known)
    assert found["a.css"] == 'b{x:url("/docs/assets/i.0.png");y:url("/docs/i.png?q#f");z:url(data:,x) url(#f)}\n'


def test_only_urls_are_references() -> None:
    text = (
        'a{content:"url(i.png)";b:image-set("i.png" type("image/png") 1x, url(i.png) 2x)}/* url(i.png) */'
        "c{d:myurl(i.png);e:src(\"i.png\");f:URL(  'i.png' );--g:url(i.png)}"
    )
    found = packed({"a.css": text}, known={"/assets/i.png": "/N"})["a.css"]
    assert found == (
        'a{content:"url(i.png)";b:image-set("/N" type("image/png") 1x, url("/N") 2x)}/* url(i.png) */'
        'c{d:myurl(i.png);e:src("/N");f:URL(  "/N" );--g:url("/N")}'
    )


def test_a_cycle_ends_where_browsers_end_it() -> None:
    found = packed({"a.css": "@import 'b.css';a{}", "b.css": "\n@import 'a.css';b{}"})
    assert found["a.css"] == "\n\nb{}\na{}"
    assert "assets/b.css:2: warning: imports go in a circle: assets/a.css imports assets/b.css imports" in found["said"]


def test_what_leads_nowhere_is_told_with_its_line() -> None:
    found = packed({"a.css": "@import 'bb.css';\n\na{b:url(no.png)}", "bb2.css": ""})
    assert found["a.css"] == "\n\n\na{b:url(no.png)}"
    assert (
        'assets/a.css:1: warning: the import of "bb.css" leads to no file; did you mean "/assets/bb2.css"?'
        in found["said"]
    )
    assert 'assets/a.css:3: warning: the reference to "no.png" leads to no file' in found["said"]


def test_a_sheet_that_the_minifier_refuses_is_published_as_it_is() -> None:
    files = {"a.css": "@import 'b.css';a {}", "b.css": "b { }\n@media foo bar { b {} }"}
    found = packed(files, Options(targets=("defaults",)))
    assert found["a.css"] == "b { }\n@media foo bar { b {} }\na {}"
    assert found["said"].count("assets/b.css:2: warning: the style sheet cannot be read: unexpected token") == 2


def test_nesting_is_lowered_for_old_browsers() -> None:
    files = {"a.css": "a { b & { color: red } &:hover { color: blue } }"}
    assert "&" in packed(files, Options())["a.css"]
    assert "&" not in packed(files, Options(targets=("chrome 80",)))["a.css"]


def test_encodings() -> None:
    assert decode_sheet('@charset "iso-8859-1";é'.encode("latin-1")) == "é"
    assert decode_sheet("\ufeffé".encode()) == "é"
    assert decode_sheet(b"\xff") == "\ufffd"
    assert decode_sheet(b'@charset "nothing";a') == "a"


@given(st.text(max_size=60))
def test_a_quoted_url_reads_back(url: str) -> None:
    [found] = read_sheet(f"a{{b:url({quoted(url)})}}").references
    assert found.url == url
    assert unescape(quoted(url)[1:-1]) == url


@given(
    st.lists(
        st.sampled_from(
            [
                "@import",
                "'b.css'",
                "url(",
                "i.png",
                ")",
                "{",
                "}",
                ";",
                '"',
                "\\",
                "/*",
                "*/",
                "@layer x",
                " ",
                "(",
                "\n",
            ]
        ),
        max_size=14,
    )
)
def test_any_text_is_packed_twice_to_the_same(pieces: list[str]) -> None:
    files = {"a.css": "".join(pieces), "b.css": "b{}"}
    first = packed(files)
    assert packed(files) == first
    assert packed({**files, "a.css": first["a.css"]}, known={"/assets/i.png": "/N"}) is not None
