"""The built site in a real browser."""

import functools
import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssg.audit.chromium import FLAGS, UNCONFINED
from tests.conftest import require
from tests.site_test import SiteTest


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on loopback."""
    serving = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def browse(url: str, profile: Path, *options: str) -> str:
    """Open a page in headless Chromium, let its scripts run, give the document as the browser then has it."""
    command = [require("chromium"), *FLAGS, UNCONFINED, f"--user-data-dir={profile}", *options, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


PROBE = """{% raw %}
<script type="module">
const style = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
document.body.dataset.probe = JSON.stringify({
  colour: style(".highlight .k, .highlight .kn", "color"),
  plain: style("pre", "color"),
  width: document.documentElement.scrollWidth <= innerWidth,
  heading: document.querySelectorAll("h1").length,
  text: document.querySelector("main").innerText.includes("{{ braces }}"),
  target: document.querySelector("a[href$='#two']") !== null && document.getElementById("two") !== null,
});
</script>{% endraw %}
"""


def test_a_page_of_the_default_theme_in_chromium(site: SiteTest, tmp_path: Path) -> None:
    body = (
        "# One\n\n{{ braces }} text.\n\n## Two\n\n```python\nimport os\n"
        "x = 1  # " + "long " * 100 + "\n```\n\n### Three\n"
    )
    site.write("content/guide/a.md", body).write("content/_index.md", "# Home\n\n[a](guide/a.md)\n")
    site.write("templates/partials/footer.html", PROBE).built()
    with served(site.public) as address:
        dom = browse(f"{address}/guide/a/", tmp_path / "profile", "--window-size=390,800")
    assert "&quot;width&quot;:true" in dom, "the page scrolls sideways on a phone"
    assert "&quot;heading&quot;:1" in dom
    assert "&quot;text&quot;:true" in dom
    assert "&quot;target&quot;:true" in dom
    assert "&quot;colour&quot;:&quot;rgb(138, 43, 108)&quot;" in dom
