"""SVG: smaller, harmless, and the same drawing."""

from xml.etree import ElementTree as ET

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets.drawn import drawn_size
from ssg.assets.svg import clean_svg
from ssg.errors import Severity

DRAWN = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with an editor -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
     xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
     width="120" height="60" viewBox="0 0 120 60" inkscape:version="1.0" id="root">
  <sodipodi:namedview id="view" inkscape:zoom="2"><inkscape:grid/></sodipodi:namedview>
  <metadata>who drew it</metadata>
  <title>A hill &amp; a house</title>
  <style><![CDATA[ .a > rect { fill: #386 } #b { stroke: red } ]]></style>
  <defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset="1"/></linearGradient></defs>
  <g class="a" inkscape:label="Hill"><rect width="60" height="60"/></g>
  <circle id="b" cx="90" cy="30" r="20" fill="url(#g)"/>
  <use xlink:href="#b" x="-40"/>
  <text x="5" y="20"> two <tspan>words</tspan> </text>
</svg>
"""


def pixels(body: bytes) -> bytes:
    return bytes(pyvips.Image.new_from_buffer(body, "").write_to_memory())


def test_a_drawing_without_its_editor() -> None:
    cleaned = clean_svg("a.svg", DRAWN.encode())
    text = cleaned.body.decode()
    assert cleaned.diagnostics == ()
    assert pixels(cleaned.body) == pixels(DRAWN.encode())
    for gone in ("<!--", "<?xml", "inkscape", "sodipodi", "metadata", "who drew it", "CDATA"):
        assert gone not in text
    for kept in (
        'id="root"',
        "<title>A hill &amp; a house</title>",
        "<style> .a &gt; rect { fill: #386 } #b { stroke: red } </style>",
        'fill="url(#g)"',
        '<use xlink:href="#b" x="-40"/>',
        "> two <tspan>words</tspan> </text>",
    ):
        assert kept in text
    assert clean_svg("a.svg", cleaned.body) == cleaned


@pytest.mark.parametrize(
    "script",
    [
        "<script>alert(1)</script>",
        '<svg:script xmlns:svg="http://www.w3.org/2000/svg" href="https://example.org/a.js"/>',
        '<rect onclick="alert(1)" width="9" height="9"/>',
        '<a href=" java&#10;script:alert(1)"><rect width="9" height="9"/></a>',
        '<a><animate attributeName="href" values="/;JavaScript:alert(1)"/></a>',
    ],
)
def test_scripts_go_with_a_warning(script: str) -> None:
    cleaned = clean_svg("img/a.svg", f'<svg xmlns="http://www.w3.org/2000/svg">\n\n{script}<g id="a"/></svg>'.encode())
    assert b"script" not in cleaned.body.lower()
    assert b"alert" not in cleaned.body
    assert b'<g id="a"/>' in cleaned.body
    assert [str(one) for one in cleaned.diagnostics] == [
        "img/a.svg:3: warning: holds a script; it is published without; draw without scripts"
    ]


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<svg xmlns="http://www.w3.org/2000/svg"><text>&c;</text></svg>"""
OUTSIDE = b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is no well-formed XML: no element found"),
        (b"<svg><g></svg>", "is no well-formed XML: mismatched tag"),
        (b"\x89PNG", "is no well-formed XML: not well-formed (invalid token)"),
        (DRAWN.encode()[:700], "is no well-formed XML: unclosed token"),
        (b'<?xml version="1.0" encoding="no-such"?><svg/>', "is no well-formed XML: unknown encoding: no-such"),
        (BOMB, "declares entities, which ssg does not expand"),
        (OUTSIDE, "declares entities, which ssg does not expand"),
    ],
)
def test_what_cannot_be_read_stays_as_it_is(body: bytes, message: str) -> None:
    cleaned = clean_svg("a.svg", body)
    assert cleaned.body == body
    (said,) = cleaned.diagnostics
    assert (said.severity, said.message, said.hint) == (Severity.WARNING, message, "it is published as it is")


def test_other_encodings_become_utf_8() -> None:
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><svg><title>Hügel</title></svg>'.encode("latin-1")
    assert clean_svg("a.svg", body).body == "<svg><title>Hügel</title></svg>".encode()


names = st.sampled_from(["g", "rect", "text", "tspan", "style", "title", "a"])
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)
attributes = st.dictionaries(st.sampled_from(["id", "class", "d", "style", "xlink:href", "aria-label"]), texts)


def _escape(text: str) -> str:
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;")):
        text = text.replace(letter, written)
    return text


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(names)
    said = "".join(f' {key}="{_escape(value)}"' for key, value in draw(attributes).items())
    inside = st.one_of(texts.map(_escape), elements(depth=depth - 1)) if depth else texts.map(_escape)
    return f"<{name}{said}>{''.join(draw(st.lists(inside, max_size=3)))}</{name}>"


@given(elements())
def test_nothing_that_is_drawn_or_named_is_lost(element: str) -> None:
    body = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink">{element}</svg>'.encode()
    cleaned = clean_svg("a.svg", body)
    before, after = ET.fromstring(body), ET.fromstring(cleaned.body)  # noqa: S314 - written above

    def told(root: ET.Element) -> list[tuple[str, dict[str, str], str, str]]:
        return [
            (
                one.tag,
                one.attrib,
                (one.text or "").strip(),
                (one.tail or "").strip(),
            )
            for one in root.iter()
        ]

    if not cleaned.diagnostics:
        assert told(before) == told(after)
    assert clean_svg("a.svg", cleaned.body).body == cleaned.body


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="50" height="30"', (50, 30)),
        ("width='50px' height=' 30 '", (50, 30)),
        ('width="1in" height="25.4mm"', (96, 96)),
        ('width="80" viewBox="0 0 40 30"', (80, 60)),
        ('height="60px" viewBox="0,0,40,30"', (80, 60)),
        ('width="100%" height="100%" viewBox="0 0 40 30"', (0, 0)),
        ('viewBox="0 0 40 30"', (0, 0)),
        ('stroke-width="3" width="2em"', (0, 0)),
        ('width="50" viewBox="0 0 40"', (0, 0)),
        ('width="1e99" height="4"', (0, 0)),
        ('width="-4" height="4"', (0, 0)),
        ('width="0.2" height="4"', (1, 4)),
    ],
)
def test_the_size_that_a_drawing_says(attributes: str, size: tuple[int, int]) -> None:
    start = '<?xml version="1.0"?>\n<!-- <svg width="7"> --><svg xmlns="http://www.w3.org/2000/svg"'
    drawing = f'{start} {attributes}><rect width="4" height="5"/></svg>'
    assert drawn_size(drawing.encode()) == size
    assert drawn_size(drawing.encode()[:-30]) == size


@given(st.binary(max_size=200))
def test_any_bytes_have_a_size_or_none(body: bytes) -> None:
    assert drawn_size(body) == (0, 0)
    assert all(side >= 0 for side in drawn_size(b"<svg " + body))
