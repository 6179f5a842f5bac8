"""Deploys to each kind of place, on real servers: whatever happens to one, readers have a whole site."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.digests import digest
from tests.deploy.command import fill
from tests.deploy.places import Place, Running, Trap, all_held, begin, done, leftovers, swift, watched, whole
from tests.deploy.servers import (
    AZURE_ACCOUNT,
    AZURE_KEY,
    KEYS,
    Asked,
    azurite,
    make_bucket,
    moto,
    open_to_readers,
    seaweed,
)
from tests.site_test import SiteTest

_AZURE = {"AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}


@pytest.fixture(scope="module")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("weed")) as endpoint:
        make_bucket(endpoint, "site")
        yield endpoint


@pytest.fixture(scope="module")
def amazon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto(tmp_path_factory.mktemp("moto")) as endpoint:
        open_to_readers(endpoint, "site")
        yield endpoint


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with azurite(tmp_path_factory.mktemp("azurite")) as endpoint:
        yield endpoint


@pytest.fixture(params=["seaweedfs", "amazon", "azure", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place of its own for each test, on a server that all tests share, or a folder."""
    if request.param == "folder":
        return Place(f'url = "file://{tmp_path}/www"', "", f"{tmp_path}/www", {})
    endpoint = request.getfixturevalue(request.param)
    below = digest(request.node.name.encode())[:12]
    kind, given = ("az", _AZURE) if request.param == "azure" else ("s3", KEYS)
    return Place(f'url = "{kind}://site/{below}"\nendpoint = "ENDPOINT"', endpoint, f"{endpoint}/site/{below}", given)


def filled(site: SiteTest, target: str) -> None:
    """Build a site whose pages all need one style sheet, so that they change with it."""
    link = "<link rel=stylesheet href={{ asset_url('shop.css') }}>"
    for name in ("page", "section", "404"):
        site.write(
            f"templates/{name}.html", f"<!DOCTYPE html><title>{{{{ page.title }}}}</title>{link}{{{{ page.content }}}}"
        )
    fill(site, target)


def changed(site: SiteTest, version: int) -> None:
    """Build a release with another style sheet, so that all pages are others too."""
    site.write("content/_index.md", f"# Number {version}\n")
    site.write("assets/shop.css", f"p {{ margin: {version}px }}\n").built()


def test_everyone_can_fetch_what_was_deployed(site: SiteTest, place: Place) -> None:
    filled(site, place.reached(place.endpoint))
    assert done(site, place, "deploy")["uploaded"] == len(site.tree())
    all_held(place, site.tree())
    assert done(site, place, "deploy")["uploaded"] == 0
    assert done(site, place, "deploy", "--verify")["uploaded"] == 0


def test_the_container_of_an_azure_website(site: SiteTest, azure: str) -> None:
    place = Place('url = "az://$web"\nendpoint = "ENDPOINT"', azure, f"{azure}/$web", _AZURE)
    filled(site, place.reached(azure))
    assert done(site, place, "deploy")["uploaded"] == len(site.tree())
    all_held(place, site.tree())


def test_an_unchanged_deploy_is_one_get(site: SiteTest, place: Place) -> None:
    with watched(place) as (target, desk):
        filled(site, target)
        done(site, place, "deploy")
        desk.asked.clear()
        trap = Trap(place.home, kill_at=1)  # which no change of a folder survives
        assert swift(site, place, "deploy", "--json", trap=trap).said["uploaded"] == 0
    if place.endpoint:
        assert [(one.method, one.path.rpartition("/")[2]) for one in desk.asked] == [("GET", "manifest.json")]


def test_changes_removals_and_the_way_back(site: SiteTest, place: Place) -> None:
    filled(site, place.reached(place.endpoint))
    done(site, place, "deploy")
    first = site.tree()
    site.remove("content/posts/two.md").write("content/posts/one.md", "# one\n\nSecond.\n").built()
    planned = done(site, place, "deploy", "--dry-run")
    assert {one["path"]: one["reason"] for one in planned["actions"]}["posts/one/index.html"] == "content"
    assert planned["removed"] == ["posts/two/index.html"]
    assert done(site, place, "deploy", "--verify")["deleted"] == 1
    second = site.tree()
    all_held(place, second)
    assert place.held("posts/two/index.html")[0] == 404
    done(site, place, "rollback")
    all_held(place, first)
    done(site, place, "rollback")
    all_held(place, second)
    assert place.held("posts/two/index.html")[0] == 404


def test_a_change_of_headers_alone(site: SiteTest, place: Place) -> None:
    """A folder has no headers, so nothing is to be done there."""
    filled(site, place.reached(place.endpoint))
    done(site, place, "deploy")
    filled(
        site,
        place.reached(place.endpoint)
        + '\n[delivery]\ntargets = ["nginx"]\n[delivery.headers."/posts/*"]\nCache-Control = "no-store"',
    )
    said = done(site, place, "deploy")
    pages = [path for path in site.tree() if path.startswith("posts/") and path.endswith(".html")]
    assert said["uploaded"] == (len(pages) if place.endpoint else 0)
    for path in pages:
        assert place.held(path)[1].get("cache-control") == ("no-store" if place.endpoint else None)
        assert place.held(path)[2] == site.tree()[path]


_REFUSED = {
    True: "live: the bucket does not allow it with these credentials; let these credentials read, list, write and "
    "delete there, or use others\n",
    False: "live: the folder cannot be used: Permission denied; look at its rights, and its disk\n",
}


def test_a_refused_asset_leaves_the_old_site_whole(site: SiteTest, place: Place) -> None:
    with watched(place) as (target, desk):
        filled(site, target)
        done(site, place, "deploy")
        old = site.tree()
        site.write("assets/more.css", "b { color: red }\n").remove("content/posts/two.md")
        changed(site, 1)
        desk.say = lambda one: 403 if one.method == "PUT" and "/assets/" in one.path else 0
        trap = None if place.endpoint else Trap(place.home, deny="assets~")
        ended = swift(site, place, "deploy", trap=trap)
        told = "1 error; the live site has not been touched\n"
        assert (ended.code, ended.out, ended.err) == (1, "", _REFUSED[bool(place.endpoint)] + told)
        all_held(place, old)
        desk.say = lambda _: 0
        done(site, place, "deploy")
        all_held(place, site.tree())
        assert place.held("posts/two/index.html")[0] == 404
        assert done(site, place, "deploy", "--verify")["uploaded"] == 0


def test_two_deploys_at_once(site: SiteTest, place: Place, tmp_path: Path) -> None:
    """The first has planned, and is stopped at its first upload until the second has ended."""
    with watched(place) as (target, desk):
        filled(site, target)
        done(site, place, "deploy")
        changed(site, 1)
        second: list[int] = []

        def say(one: Asked) -> int:
            if one.method == "PUT" and "/assets/" in one.path and not second:
                second.append(1)
                done(site, place, "deploy")
            return 0

        desk.say = say
        first = begin(site, place, "deploy", trap=Trap(place.home, wait="assets~"))
        if not place.endpoint:
            while not (tmp_path / "paused").exists():
                time.sleep(0.01)
            done(site, place, "deploy")
            (tmp_path / "go").touch()
        ended = first.ended()
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == (
            "live: another deploy to this target has begun or ended meanwhile; when it has ended, run "
            '"ssg deploy" again\n1 error; the live site has not been touched\n'
        )
        all_held(place, site.tree())
        assert done(site, place, "deploy", "--verify")["uploaded"] == 0


def test_a_deploy_that_is_killed_at_every_step_is_ended_by_the_next(site: SiteTest, place: Place) -> None:
    """A step is a request to a bucket, or a change of a folder; every second release has one page more."""
    with watched(place) as (target, desk):
        filled(site, target)
        site.remove("content/posts/one.md").remove("content/posts/two.md")
        changed(site, 0)
        done(site, place, "deploy")
        for step in range(1, 100):
            old = site.tree()
            if step % 2:
                site.write("content/about.md", "# About\n")
            else:
                site.remove("content/about.md")
            changed(site, step)
            desk.asked.clear()
            running = begin(site, place, "deploy", trap=None if place.endpoint else Trap(place.home, kill_at=step))

            def say(_: Asked, running: Running = running, most: int = step) -> int:
                if len(desk.asked) < most:
                    return 0
                running.kill()
                return 500

            desk.say = say
            killed = running.ended().code
            desk.say = lambda _: 0
            assert whole(place, [old, site.tree()])
            done(site, place, "deploy")
            all_held(place, site.tree())
            assert [place.held(path)[0] for path in old.keys() - site.tree().keys() if path.endswith("html")] in (
                [],
                [404],
            )
            if killed == 0:
                break
            assert killed == -9
        assert 15 < step < 99
        assert done(site, place, "deploy", "--verify")["uploaded"] == 0
        if not place.endpoint:
            assert not leftovers(Path(place.home))
