"""Builds for hosts: what is written where, and when it is not."""

import subprocess
import sys
from pathlib import Path

from ssg.build import Choices
from ssg.config import Overrides, load_config
from ssg.deploy import running
from tests.deploy.memory import Memory
from tests.site_test import NOW, SiteTest, tree

TOML = """[site]
title = "Test"
base_url = "https://example.org/"
[delivery]
targets = [{targets}]
[delivery.headers]
"/a/" = {{ "X-A" = "1" }}
[delivery.redirects]
"/gone/" = "/a/"
"""


def make(site: SiteTest, *targets: str) -> SiteTest:
    named = ", ".join(f'"{one}"' for one in targets)
    site.write("site.toml", TOML.format(targets=named)).write("content/_index.md", "# Home\n")
    return site.write("content/a.md", '---\naliases: ["/old/"]\n---\n# A\n')


def beside(site: SiteTest) -> set[str]:
    return set(tree(site.root / "delivery"))


def test_files_lie_where_they_are_read(site: SiteTest) -> None:
    make(site, "nginx", "caddy", "apache", "vercel").built()
    assert beside(site) == {
        "caddy/site.caddy",
        "nginx/brotli.conf",
        "nginx/http.conf",
        "nginx/server.conf",
        "policy.json",
    }
    assert {".htaccess", "vercel.json"} <= set(site.tree())
    assert "/old/" in site.text("vercel.json")


def test_the_same_build_is_a_look_up(site: SiteTest) -> None:
    make(site, "nginx", "apache").built()
    first = site.tree(), tree(site.root / "delivery")
    site.built()
    assert site.report is not None
    assert (site.report.written, site.report.removed) == (0, 0)
    assert site.rendered() == set()
    assert (site.tree(), tree(site.root / "delivery")) == first
    (site.root / "delivery" / "nginx" / "http.conf").unlink()
    (site.public / ".htaccess").unlink()
    site.built()
    assert (site.tree(), tree(site.root / "delivery")) == first
    assert site.report.written == 2


def test_a_warm_build_is_a_clean_one(site: SiteTest) -> None:
    make(site, "nginx", "firebase").built()
    site.write("content/b.md", '---\naliases: ["/older/"]\n---\n# B\n').built(Choices(verify=True))
    warm = site.tree(), tree(site.root / "delivery")
    assert b"/older/" in warm[1]["nginx/server.conf"]
    site.built(Choices(cache=False))
    assert (site.tree(), tree(site.root / "delivery")) == warm


def test_what_no_target_asks_for_goes(site: SiteTest) -> None:
    make(site, "nginx", "cloudflare-pages").built()
    own = site.root / "delivery" / "own.conf"
    own.write_text("mine\n")
    make(site, "vercel").built()
    assert beside(site) == {"policy.json", "own.conf"}
    assert not {"_headers", "_redirects"} & set(site.tree())
    make(site).built()
    assert beside(site) == {"own.conf"}
    assert "has no effect without targets" in site.said()


def test_clean_removes_both_folders(site: SiteTest) -> None:
    make(site, "nginx", "netlify").built()
    command = [sys.executable, "-m", "ssg", "clean", "--site", str(site.root)]
    subprocess.run(command, check=True, capture_output=True)
    assert not site.public.exists()
    assert not (site.root / "delivery").exists()


def test_over_a_limit_nothing_is_written(site: SiteTest) -> None:
    make(site, "cloudflare-pages").built()
    before = site.tree()
    many = "".join(f'"/from-{n}/*" = "/a/"\n' for n in range(101))
    site.write("site.toml", TOML.format(targets='"cloudflare-pages"') + many).build()
    assert "site.toml:5: Cloudflare Pages takes 100 redirects with *, and there are 101" in site.said()
    assert site.tree() == before


def test_a_long_security_policy_is_in_every_page(site: SiteTest) -> None:
    make(site, "caddy")
    for number in range(60):
        site.write(f"content/p{number}.md", f"<script>go({number})</script>\n")
    site.built()
    pages = {path: body for path, body in site.tree().items() if path.endswith(".html")}
    assert len(pages) > 60
    for path, body in pages.items():
        assert body.count(b'<meta http-equiv="content-security-policy"') == 1, path
    assert site.text("p7/index.html").count("'sha256-") == site.text("a/index.html").count("'sha256-") + 1
    assert "script-src" not in (site.root / "delivery" / "caddy" / "site.caddy").read_text()
    first = site.tree()
    site.built()
    assert site.tree() == first
    site.built(Choices(verify=True))
    site.write("content/a.md", "# Other\n").built(Choices(verify=True))


def test_the_folder_of_the_configuration_has_another_name(site: SiteTest) -> None:
    make(site, "nginx")
    text = (site.root / "site.toml").read_text().replace("[delivery]\n", '[delivery]\ndir = "conf"\n')
    site.write("site.toml", text).built()
    assert (site.root / "conf" / "nginx" / "server.conf").is_file()
    assert not (site.root / "delivery").exists()


def test_a_deploy_stores_what_the_policy_says(site: SiteTest) -> None:
    make(site, "s3-cloudfront")
    text = (site.root / "site.toml").read_text().replace('"X-A" = "1"', '"Cache-Control" = "no-store"')
    site.write("site.toml", text + '[deploy.production]\nurl = "s3://bucket"\n').built()
    config = load_config(site.root, Overrides())
    task = running.Task(str(site.root), str(site.public), config, "production", NOW)
    items = {one.path: one.headers for one in running._items(task, Memory())}
    assert items["a/index.html"]["Cache-Control"] == "no-store"
    assert items["index.html"]["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert set(items["index.html"]) == {"Cache-Control", "Content-Type"}


def test_serve_refuses_a_folder_without_pages(tmp_path: Path, site: SiteTest) -> None:
    command = [sys.executable, "-m", "ssg", "serve", "--site", str(site.root), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'holds no page; run "ssg build" first' in done.stderr
