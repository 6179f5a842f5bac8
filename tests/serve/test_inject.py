"""The script in pages as they are sent, and diagnostics as they are shown."""

from pathlib import Path

import pytest

from ssg.errors import Location, error, warning
from ssg.serve.inject import inject, unbuilt_page
from ssg.serve.mistakes import Line, describe

SCRIPT = b'<script type="module" src="/_ssg/client.js?release=abc"></script>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<p>a", b""),
        (b"", b""),
        (b"<p>a", b"</body></html>"),
        (b"<p>a", b"</BODY >\n<!-- made by </body> -->\n</html>\n"),
        (b"<p>a", b"</body>\n"),
        (b"<code></body></html></code>", b""),
        (b"<script>'</body>'</script><p>" + b"</body>x" * 5000, b"</body>"),
    ],
)
def test_the_place(before: bytes, after: bytes) -> None:
    assert inject(before + after, "abc") == before + SCRIPT + after


def test_the_page_before_there_is_one() -> None:
    page = unbuilt_page((error("yaml", "</pre><script>alert(1)</script>", Location("content/a.md", 3)),))
    assert b"content/a.md:3: &lt;/pre&gt;&lt;script&gt;" in page


def test_excerpts(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"1\n2\n3\n4\n\tfive\xff\n6\n7\n8\n9\n")
    [mistake] = describe((error("yaml", "is wrong", Location("a.md", 5), "mend it"),), str(tmp_path)).shown
    assert [line.number for line in mistake.excerpt] == [2, 3, 4, 5, 6, 7, 8]
    assert mistake.excerpt[3] == Line(5, "    five\ufffd", marked=True)
    assert (mistake.place, mistake.message, mistake.hint) == ("a.md:5", "is wrong", "mend it")


@pytest.mark.parametrize(
    ("path", "line"), [("a.md", 0), ("a.md", 99), ("gone.md", 1), (".", 1), ("../out.md", 1), ("/etc/passwd", 1)]
)
def test_no_excerpt(path: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "out.md").write_text("secret\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.md").write_text("1\n")
    [mistake] = describe((error("yaml", "is wrong", Location(path, line)),), str(site)).shown
    assert mistake.excerpt == ()


def test_errors_come_first_and_a_hundred_are_shown(tmp_path: Path) -> None:
    said = [warning("link", f"{number}", Location("a.md")) for number in range(150)]
    mistakes = describe((*said, error("yaml", "is wrong", Location("z.md"))), str(tmp_path))
    assert mistakes.shown[0].severity == "error"
    assert (len(mistakes.shown), mistakes.more) == (100, 51)
