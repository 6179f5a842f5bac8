"""Characters that some configuration reads as its own: they arrive as they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.delivery.servers import Host
from tests.delivery.test_servers import SERVERS
from tests.site_test import SiteTest

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
ODD = "/$1 ${uri} %{x} {path} \"q\" 'a' (b|c)+[d]^~!@&=;,\\1`/"
PATTERN = "/odd$1-{2}(3)[4]+'|/*"
TOML = f"""[site]
title = "Test"
base_url = "https://example.org/"
[delivery]
targets = ["nginx", "caddy", "apache"]
[delivery.headers]
"{PATTERN}" = {{ "X-All" = '''{PRINTABLE.replace("${", "$ {").replace("'", "")}''' }}
[delivery.redirects]
'{ODD.replace(chr(39), "")}' = "/a/?q=$1&r={{x}}%25"
'/s {{$1}}\\/*' = "/t/{{$1}}/:splat"
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> SiteTest:
    site = SiteTest(tmp_path_factory.mktemp("quoting") / "site").write("site.toml", TOML)
    site.write("content/_index.md", "# Home\n").write("content/a.md", "# A\n")
    site.write("static" + PATTERN.replace("*", "x.txt"), "odd\n")
    site.write('static/feed $1 "x" {y}/sitemap.xml', "<urlset/>\n")
    return site.built()


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.__name__)
def test_nothing_is_read_as_a_variable(
    server: Callable[..., AbstractContextManager[Host]], served: SiteTest, tmp_path: Path
) -> None:
    with server(served.root, tmp_path / "host") as host:
        file = host.ask(quote(PATTERN.replace("*", "x.txt")))
        assert (file.status, file.body) == (200, b"odd\n")
        assert file.header("x-all") == PRINTABLE.replace("${", "$ {").replace("'", "")
        assert "x-all" not in host.ask("/a/").headers
        assert host.ask(quote('/feed $1 "x" {y}/sitemap.xml')).header("cache-control").startswith("public, max-age=300")
        for source, target in (
            (ODD.replace("'", ""), "/a/?q=$1&r=%7Bx%7D%25"),
            ("/s {$1}\\/u/v", "/t/%7B$1%7D/u/v"),
        ):
            answer = host.ask(quote(source, safe="/$&=;,~!@()+'"))
            assert answer.status == 301
            assert answer.header("location").removeprefix(f"http://127.0.0.1:{host.port}") == target
