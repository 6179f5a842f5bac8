"""`ssg watch`, as a user runs it."""

import http.client
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.serve.watching import Watch, watch
from tests.site_test import SiteTest
from tests.test_cli import many, ssg


def text(url: str) -> str:
    """Give what is at a URL, whatever the status."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return str(answer.read().decode())
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.read().decode())


@pytest.fixture
def page(site: SiteTest) -> SiteTest:
    return site.write("content/a.md", "# A\n\nfirst\n")


def test_what_is_printed(page: SiteTest) -> None:
    with watch(page.root) as running:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/ shows the site; Ctrl-C ends", running.first)
        assert re.fullmatch(r"begun: \d+ pages rendered in [\d,]+ ms", running.line())
        page.write("content/a.md", "# A\n\nsecond\n")
        line = running.line()
        assert re.fullmatch(r"content/a\.md: 1 page rendered in [\d,]+ ms, 1 file changed", line)
        page.write("content/a.md", "---\ntitle: a: b\n---\n")
        assert running.line().startswith("content/a.md:2: invalid YAML: ")
        assert re.fullmatch(r"content/a\.md: 1 error in [\d,]+ ms, the last good build is shown", running.line())
        page.write("content/b.md", "[x](y.md)\n")
        assert running.line().startswith("content/a.md:2: invalid YAML: ")
        assert running.line().startswith("content/b.md:1: warning: the link to ")
        assert running.line().startswith("content/b.md: 1 error in ")
        page.write("content/a.md", "# A\n")
        assert running.line().startswith("content/b.md:1: warning: the link to ")
        assert running.line().endswith("; 1 warning")
        page.write("content/a.md", "# A again\n")
        assert running.line().startswith("content/a.md: "), "what was said before is not said again"
    assert not page.public.exists()


def test_absolute_urls_lead_into_the_preview(page: SiteTest) -> None:
    page.write("site.toml", '[site]\ntitle = "Test"\nbase_url = "https://example.org/docs/"\n')
    with watch(page.root) as running:
        running.built()
        assert f'<link rel=canonical href="{running.url}docs/a/">' in text(f"{running.url}docs/a/")
        assert f"<loc>{running.url}docs/a/</loc>" in text(f"{running.url}docs/sitemap.xml")
        page.write("site.toml", "")
        running.line_of("site.toml")
        assert "canonical" not in text(f"{running.url}a/")


def test_drafts_and_what_is_to_come(page: SiteTest) -> None:
    page.write("content/draft.md", "---\ndraft: true\n---\n# A draft\n")
    page.write("content/2999-01-01-later.md", "# Later\n")
    with watch(page.root) as running:
        running.built()
        assert "A draft" in text(f"{running.url}draft/")
        assert "Later" in text(f"{running.url}later/")
    with watch(page.root, "--no-drafts") as running:
        running.built()
        assert "A draft" not in text(f"{running.url}draft/")
        assert "Later" not in text(f"{running.url}later/")


def test_configuration_and_folders_that_come_later(page: SiteTest) -> None:
    page.write("templates/page.html", "<p>{{ data('x').a }}{{ page.content }}")
    page.write("data/x.toml", "a = 1\n")
    with watch(page.root) as running:
        running.built()
        page.write("docs/b.md", "# In docs\n").write("site.toml", '[content]\ndir = "docs"\n')
        running.line_of("docs: ")
        assert "In docs" in text(f"{running.url}b/")
        page.write("docs/b.md", "# Still in docs\n")
        running.line_of("docs/b.md")
        assert "Still in docs" in text(f"{running.url}b/")
        page.write("data/x.toml", "a = 2\n")
        running.line_of("data/x.toml")
        assert "<p>2" in text(f"{running.url}b/")
        page.write("site.toml", "[contents]\n")
        assert "unknown key" in running.line()
        assert "Still in docs" in text(f"{running.url}b/")


def test_a_port_in_use(page: SiteTest) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with watch(page.root, "--port", str(port)) as running:
            assert running.first.startswith(f"port {port} is in use; http://127.0.0.1:")
            running.built()
            assert "first" in text(f"{running.url}a/")


def test_what_cannot_be_watched(tmp_path: Path, page: SiteTest) -> None:
    assert "there is no such folder" in ssg("watch", "--site", "nowhere", cwd=tmp_path, code=2).stderr
    assert "is no address" in ssg("watch", "--host", "x.invalid", cwd=page.root, code=2).stderr
    page.write("site.toml", "[sites]\n")
    assert "unknown key" in ssg("watch", cwd=page.root, code=2).stderr


def test_other_names(page: SiteTest) -> None:
    with watch(page.root, "--allow-host", "notes.example") as running:
        running.built()
        port = int(running.url.rstrip("/").rpartition(":")[2])
        for host, status in (("notes.example", 200), ("evil.example", 403)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/a/", headers={"Host": host})
            assert connection.getresponse().status == status
            connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_open_streams(page: SiteTest, number: signal.Signals, tmp_path: Path) -> None:
    resting = tmp_path / "tmp"
    resting.mkdir()
    with watch(page.root, environment={"TMPDIR": str(resting)}) as running:
        running.built()
        with urllib.request.urlopen(f"{running.url}_ssg/events?page=/a/", timeout=10) as stream:  # noqa: S310
            stream.readline()
            begin = time.monotonic()
            running.process.send_signal(number)
            assert running.process.wait(timeout=10) == 0
            assert time.monotonic() - begin < 2
    assert not list(resting.iterdir())


@pytest.mark.parametrize("first", [True, False])
def test_it_ends_at_once_during_a_build(site: SiteTest, first: bool, tmp_path: Path) -> None:
    many(site, 1500 if first else 600)
    resting = tmp_path / "tmp"
    resting.mkdir()
    with watch(site.root, environment={"TMPDIR": str(resting)}) as running:
        if not first:
            running.built()
            site.write("templates/partials/footer.html", "<p>another</p>\n")
        time.sleep(0.6 if first else 0.15)
        begin = time.monotonic()
        assert running.interrupt() == 0
        assert time.monotonic() - begin < 5
    assert not list(resting.iterdir())


def test_a_change_during_a_build_is_built_too(site: SiteTest) -> None:
    many(site, 300)
    with watch(site.root) as running:
        running.built()
        site.write("content/p1.md", "# One\n\nthe first save\n")
        time.sleep(0.1)
        site.write("content/p2.md", "# Two\n\nthe second save\n")
        while "the second save" not in text(f"{running.url}p2/"):
            running.line()
        assert "the first save" in text(f"{running.url}p1/")


def resident(running: Watch) -> int:
    """Give the memory of a preview in bytes."""
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def opened(running: Watch) -> int:
    return len(list(Path(f"/proc/{running.process.pid}/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_many_saves_miss_no_change_and_leak_nothing(page: SiteTest, saves: int, tmp_path: Path) -> None:
    resting = tmp_path / "tmp"
    resting.mkdir()
    with watch(page.root, environment={"TMPDIR": str(resting)}) as running:
        running.built()
        memory, files = 0, 0
        with urllib.request.urlopen(f"{running.url}_ssg/events?page=/a/", timeout=30) as stream:  # noqa: S310
            for number in range(1, saves + 1):
                saved = f"# A\n\nsave {number}.\n"
                if number % 3 == 1:
                    page.write("content/a.md", saved)
                elif number % 3 == 2:
                    page.write("content/.a.md.new", saved)
                    (page.root / "content/.a.md.new").replace(page.root / "content/a.md")
                else:
                    page.remove("content/a.md").write("content/a.md", saved)
                while f"save {number}." not in text(f"{running.url}a/"):
                    while not stream.readline().startswith(b"data: "):
                        pass
                if number == saves // 3:
                    memory, files = resident(running), opened(running)
        for number in range(saves):  # without waiting: only the last must be there in the end
            page.write("content/a.md", f"# A\n\nquick save {number}.\n")
        deadline = time.monotonic() + 10
        while f"quick save {saves - 1}." not in text(f"{running.url}a/"):
            assert time.monotonic() < deadline, "the last save was missed"
        assert resident(running) - memory < 12 << 20
        assert opened(running) <= files + 4
        while len(list(resting.iterdir())) > 1:
            assert time.monotonic() < deadline, "the bytes of old builds are kept"
            time.sleep(0.05)
