"""The example in the documentation is what is printed."""

import re
from pathlib import Path

from tests.delivery.servers import nginx
from tests.live.test_servers import check, replace
from tests.site_test import SiteTest

GUIDE = Path(__file__).parent.parent.parent / "content/guide/live.md"


def test_the_sample_in_the_guide(tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    toml = re.search(r"```toml[^\n]*\n(.*?)```", text, re.DOTALL)
    sample = re.search(r"\$ ssg check --live (\S+)/\n(.*?)```", text, re.DOTALL)
    assert toml is not None
    assert sample is not None
    site = SiteTest(tmp_path / "site").write("site.toml", toml[1])
    site.encodings = None
    for name in ("_index", "newts", "toads", "herons"):
        site.write(f"content/{name}.md", f"# About {name}\n\n" + "They live in the pond. " * 40)
    drawing = "<path d='M0 0h9'/>" * 60
    site.write("static/pond.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{drawing}</svg>').built()
    replace(site.root / "delivery/nginx/brotli.conf", "brotli_static on;", "")
    replace(site.root / "delivery/nginx/http.conf", "public, max-age=0, must-revalidate", "public, max-age=86400")
    with nginx(site.root, tmp_path / "host") as host:
        found = check(site, host).output.replace(f"http://127.0.0.1:{host.port}", sample[1])
    assert found == sample[2]
