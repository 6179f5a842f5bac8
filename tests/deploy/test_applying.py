"""Deploys that are cut off, that meet, that go back: in a bucket in memory, at every step."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.deploy import DeployFailed, Phase, Reason
from ssg.deploy.applying import _Work, finish_purge
from ssg.deploy.remote import RemoteError, Replace
from ssg.errors import SiteError
from tests.conftest import fresh_folder
from tests.deploy.memory import Shop, release, whole


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def texts(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def pages(files: dict[str, str]) -> dict[str, bytes]:
    return {path: body for path, body in texts(files).items() if not path.startswith("assets/")}


def test_files_come_in_the_order_that_breaks_no_page(shop: Shop) -> None:
    shop.deploy(release(1))
    written = [line.removeprefix("write ") for line in shop.remote.log if line.startswith("write")]
    assert written[0] == written[-1] == ".ssg/manifest.json"
    site = [path for path in written if not path.startswith(".ssg/")]
    assert site[0].startswith("assets/")
    assert site[1] == "robots.txt"
    assert sorted(site[2:5]) == [f"posts/{number}/index.html" for number in range(3)]
    assert site[5] == "posts/index.html"
    assert sorted(site[6:8]) == ["404.html", "index.html"]
    assert site[8] == "sitemap.xml"


def test_a_service_worker_comes_when_all_that_it_names_is_there(shop: Shop) -> None:
    shop.deploy({**release(1), "sw.js": "worker", "sw.js.br": "packed"})
    written = [line.removeprefix("write ") for line in shop.remote.log if line.startswith("write")]
    assert sorted(written[-3:-1]) == ["sw.js", "sw.js.br"]


def test_an_unchanged_deploy_asks_once_and_writes_nothing(shop: Shop) -> None:
    shop.deploy(release(1))
    shop.remote.log.clear()
    assert shop.planned(shop.items(release(1))).idle
    assert shop.remote.log == ["read .ssg/manifest.json"]


def test_every_action_has_its_reason(shop: Shop) -> None:
    shop.deploy(release(1))
    planned = shop.planned(shop.items({**release(1), "robots.txt": "other", "new/index.html": "new"}))
    assert [(one.item.path, one.reason, one.phase) for one in planned.actions] == [
        ("robots.txt", Reason.CONTENT, Phase.FILE),
        ("new/index.html", Reason.NEW, Phase.LEAF),
    ]
    planned = shop.planned(shop.items(release(1), {"Content-Language": "fr"}))
    assert {one.reason for one in planned.actions} == {Reason.HEADERS}
    assert len(planned.actions) == 9
    assert {one.reason for one in shop.planned(shop.items(release(1)), force=True).actions} == {Reason.FORCED}


def test_headers_alone_are_uploaded(shop: Shop) -> None:
    shop.deploy(release(1))
    shop.apply(shop.planned(shop.items(release(1), {"Content-Language": "fr"})))
    assert {one.headers["Content-Language"] for key, one in shop.remote.objects.items() if key[0] != "."} == {"fr"}


def test_a_listing_shows_what_somebody_else_changed(shop: Shop) -> None:
    shop.deploy(release(1))
    del shop.remote.objects["index.html"]
    shop.remote.objects["theirs.txt"] = shop.remote.objects["robots.txt"]
    assert shop.planned(shop.items(release(1))).idle
    planned = shop.planned(shop.items(release(1)), verify=True)
    assert [(one.item.path, one.reason) for one in planned.actions] == [("index.html", Reason.DIFFERS)]
    assert planned.foreign == 1
    shop.apply(planned)
    assert shop.remote.site == {**texts(release(1)), "theirs.txt": b"robots"}


def test_a_refused_asset_leaves_the_old_site_whole(shop: Shop) -> None:
    shop.deploy(release(1))
    before = dict(shop.remote.objects)
    shop.remote.denied = "assets/"
    with pytest.raises(DeployFailed) as failed:
        shop.deploy(release(2))
    assert failed.value.outcome == "the live site has not been touched"
    assert shop.remote.objects == before


def test_a_deploy_that_is_cut_off_anywhere_is_ended_by_the_next(tmp_path: Path) -> None:
    for step in range(40):
        shop = Shop(tmp_path)
        shop.deploy(release(1, pages=4))
        shop.remote.fail_at = step
        try:
            shop.deploy(release(2, pages=2))
        except DeployFailed as failed:
            if "touched" in failed.outcome:
                assert shop.remote.pages == pages(release(1, pages=4))
        else:
            assert step > 15
            return
        assert whole(shop.remote.site)
        shop.remote.fail_at = None
        shop.deploy(release(2, pages=2))
        assert shop.remote.pages == pages(release(2, pages=2))
        assert whole(shop.remote.site)
        assert shop.planned(shop.items(release(2, pages=2))).idle
        first = shop.manifest().releases[1]
        shop.roll_back(first)
        assert shop.remote.pages == pages(release(1, pages=4))
    pytest.fail("the deploy did not come to its end")


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(0, 30)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_number_of_deploys_that_are_cut_off(runs: Sequence[tuple[int, int, int]]) -> None:
    with fresh_folder() as folder:
        shop = Shop(folder)
        for version, count, step in runs:
            shop.remote.fail_at = step
            try:
                shop.deploy(release(version, count))
            except DeployFailed:
                pass
            else:
                assert shop.remote.pages == pages(release(version, count))
            assert whole(shop.remote.site)
        shop.remote.fail_at = None
        shop.deploy(release(9))
        assert shop.remote.pages == pages(release(9))
        releases = shop.manifest().releases
        if len(releases) > 1:
            shop.roll_back(releases[-1])
            shop.roll_back(shop.manifest().releases[1])
            assert shop.remote.pages == pages(release(9))
        assert whole(shop.remote.site)


def test_the_second_of_two_deploys_loses_before_a_reader_sees_it(shop: Shop) -> None:
    shop.deploy(release(1))
    second = shop.planned(shop.items(release(3)))
    shop.deploy(release(2))
    with pytest.raises(DeployFailed, match="another deploy to this target") as failed:
        shop.apply(second)
    assert failed.value.outcome == "the live site has not been touched"
    assert shop.remote.pages == pages(release(2))
    assert shop.planned(shop.items(release(2))).idle


def test_two_first_deploys_at_once(shop: Shop) -> None:
    first, second = shop.planned(shop.items(release(1))), shop.planned(shop.items(release(2)))
    shop.apply(first)
    with pytest.raises(DeployFailed, match="another deploy"):
        shop.apply(second)
    assert shop.remote.site == texts(release(1))


def test_who_is_overtaken_between_the_manifests_says_what_it_may_have_spoiled(shop: Shop) -> None:
    shop.deploy(release(1))
    late = shop.planned(shop.items(release(2)))

    async def overtaken() -> None:
        work = _Work(late, shop.remote, lambda *_: None)
        etag = await work.prepare()
        other = asyncio.to_thread(shop.deploy, release(3))
        await other
        with pytest.raises(RemoteError):
            await work.publish(etag)

    asyncio.run(overtaken())
    assert not shop.planned(shop.items(release(3))).idle
    shop.deploy(release(3))
    assert shop.remote.pages == pages(release(3))


def test_an_object_of_another_kind_at_a_hashed_path_is_replaced(shop: Shop) -> None:
    sheet = next(path for path in release(1) if path.startswith("assets/"))
    asyncio.run(shop.remote.write(sheet, b"x", {}, Replace()))
    shop.deploy(release(1))
    assert shop.remote.site == texts(release(1))
    assert "immutable" in shop.remote.objects[sheet].headers["Cache-Control"]


def test_a_file_below_assets_without_a_digest_comes_back_too(shop: Shop) -> None:
    shop.deploy({**release(1), "assets/plain.css": "one"})
    first = shop.manifest().release
    shop.deploy({**release(2), "assets/plain.css": "two"})
    shop.roll_back(first)
    assert shop.remote.site["assets/plain.css"] == b"one"


def test_rollback_brings_back_bytes_and_removed_pages(shop: Shop) -> None:
    first = shop.deploy(release(1, pages=4)).release
    second = shop.deploy(release(2, pages=1)).release
    assert set(shop.remote.pages) == set(pages(release(2, pages=1)))
    shop.roll_back(first)
    assert shop.remote.pages == pages(release(1, pages=4))
    shop.roll_back(second)
    assert shop.remote.pages == pages(release(2, pages=1))
    assert whole(shop.remote.site)


def test_old_files_go_when_no_kept_release_needs_them(shop: Shop) -> None:
    for version in range(1, 5):
        shop.deploy(release(version), keep_releases=2, keep_days=0)
    sheets = [path for path in shop.remote.site if path.startswith("assets/")]
    assert len(sheets) == 2
    assert len([key for key in shop.remote.objects if key.startswith(".ssg/releases/")]) == 2
    for version in range(5, 8):
        shop.deploy(release(version), keep_releases=2, keep_days=30)
    assert len([path for path in shop.remote.site if path.startswith("assets/")]) == 5


def test_what_a_deploy_could_not_remove_goes_with_the_next_even_if_nothing_changed(shop: Shop) -> None:
    for version in range(1, 4):
        shop.deploy(release(version), keep_releases=2)
    shop.remote.log.clear()
    shop.deploy(release(4), keep_releases=2)
    changes = [line for line in shop.remote.log if not line.startswith("read")]
    first = next(number for number, line in enumerate(changes) if line.startswith("remove"))
    shop.remote.fail_at = first + 1
    with pytest.raises(DeployFailed, match="was ended"):
        shop.deploy(release(5), keep_releases=2)
    shop.remote.fail_at = None
    assert len([key for key in shop.remote.objects if key.startswith(".ssg/releases/")]) == 3
    shop.deploy(release(5), keep_releases=2)
    assert len([key for key in shop.remote.objects if key.startswith(".ssg/releases/")]) == 2
    manifest = shop.manifest()
    kept = {key for key in shop.remote.objects if key.startswith(".ssg/kept/")}
    assert kept == {key for key, one in manifest.kept.items() if one.last in manifest.releases and key[0] == "."}
    assert shop.planned(shop.items(release(5)), keep_releases=2).idle


def test_one_kept_release_keeps_no_copies(shop: Shop) -> None:
    shop.deploy(release(1), keep_releases=1, keep_days=0)
    shop.deploy(release(2), keep_releases=1, keep_days=0)
    assert not [key for key in shop.remote.objects if key.startswith(".ssg/kept/")]
    assert shop.remote.site == texts(release(2))


def test_a_deploy_that_removes_too_much_is_refused(shop: Shop) -> None:
    shop.deploy(release(1, pages=20))
    with pytest.raises(SiteError, match="20 of 26 files in the bucket would be removed, and 19 are allowed"):
        shop.planned(shop.items(release(1, pages=0)), max_deletes=19)
    shop.deploy(release(1, pages=0), max_deletes=20)


def test_a_purge_that_failed_keeps_what_waits_for_it(shop: Shop) -> None:
    shop.deploy(release(1, pages=4))

    async def refuses(paths: Sequence[str], release: str) -> int:
        raise RemoteError("the network is down")

    async def purges(paths: Sequence[str], release: str) -> int:
        shop.purged += paths
        return len(paths)

    report = shop.apply(shop.planned(shop.items(release(2, pages=2)), purge=True), refuses)
    assert report.purge_failed == "the network is down"
    assert "posts/3/index.html" in shop.remote.site
    known = asyncio.run(shop.known())
    changed = sorted({*pages(release(1, pages=4))} - {"robots.txt"})
    assert list(known.manifest.unpurged) == changed
    assert asyncio.run(finish_purge(known.manifest, known.etag, shop.remote, purges)) == len(changed)
    assert shop.purged == changed
    assert shop.remote.pages == pages(release(2, pages=2))
    assert shop.planned(shop.items(release(2, pages=2)), purge=True).idle
