"""Deploys to real servers: what they hold afterwards, as anyone can fetch it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ssg.digests import digest
from tests.deploy.command import done, fill, run
from tests.deploy.gcs import storage
from tests.deploy.servers import Asked, answer, before, make_bucket, moto, seaweed
from tests.site_test import SiteTest

TARGET = 'url = "s3://BUCKET/shop"\nendpoint = "ENDPOINT"'


@pytest.fixture(scope="module")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("weed")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def amazon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto(tmp_path_factory.mktemp("moto")) as endpoint:
        yield endpoint


@pytest.fixture
def bucket(request: pytest.FixtureRequest) -> str:
    """The name of a bucket of its own for each test; SeaweedFS has it already."""
    name = f"b{digest(request.node.name.encode())[:12]}"
    if "weed" in request.fixturenames:
        make_bucket(request.getfixturevalue("weed"), name)
    return name


def held(address: str, site: SiteTest) -> None:
    """Every file of a site can be fetched, with its bytes and headers."""
    for path, body in site.tree().items():
        status, headers, got = answer(f"{address}/{path}")
        assert (status, got) == (200, body), path
        wanted = "max-age=31536000, immutable" if path.startswith("assets/") else "max-age=0, must-revalidate"
        if path.endswith((".html", ".css")):
            kind = "text/css" if path.endswith("css") else "text/html"
            assert headers["content-type"] == f"{kind}; charset=utf-8"
            assert headers["cache-control"] == ("no-cache" if path == "404.html" else f"public, {wanted}")


def test_compressed_forms_travel_with_the_type_of_their_file(site: SiteTest, weed: str, bucket: str) -> None:
    site.encodings = ("br",)
    site.write("assets/shop.css", "p { color: teal }\n" * 200)
    fill(site, f'{TARGET}\nencodings = "files"', ENDPOINT=weed, BUCKET=bucket)
    [path] = [path for path in site.tree() if path.endswith(".html.br") and path.startswith("posts/one")]
    done(site, "deploy")
    status, headers, body = answer(f"{weed}/{bucket}/shop/{path}")
    assert (status, body) == (200, site.tree()[path])
    assert (headers["content-type"], headers["content-encoding"]) == ("text/html; charset=utf-8", "br")


def test_compressed_forms_stay_at_home_by_default(site: SiteTest, weed: str, bucket: str) -> None:
    site.encodings = ("br", "gzip")
    fill(site, TARGET, ENDPOINT=weed, BUCKET=bucket)
    planned = done(site, "deploy", "--dry-run")
    assert not [one for one in planned["actions"] if one["path"].endswith((".br", ".gz"))]
    assert [path for path in site.tree() if path.endswith(".br")]


def test_what_fails_for_a_while_is_tried_again(site: SiteTest, weed: str, bucket: str) -> None:
    failures = [429, 503, 500, 0, 408, 502]

    def say(one: Asked) -> int:
        return failures.pop() if one.method == "PUT" and failures else 0

    with before(weed) as (proxy, desk):
        desk.say = say
        fill(site, TARGET, ENDPOINT=proxy, BUCKET=bucket)
        done(site, "deploy")
    held(f"{weed}/{bucket}/shop", site)
    assert not failures


def test_a_place_with_files_of_others_is_left_alone(site: SiteTest, amazon: str, bucket: str) -> None:
    answer(f"{amazon}/{bucket}", "PUT")
    answer(f"{amazon}/{bucket}/shop/theirs.txt", "PUT", {"Content-Length": "0"})
    fill(site, TARGET, ENDPOINT=amazon, BUCKET=bucket)
    ended = run(site, "deploy")
    assert ended.returncode == 1
    assert ended.stderr.startswith("live: the place holds 1 files that ssg did not put there, like theirs.txt; use an")
    done(site, "deploy", "--adopt")
    assert done(site, "deploy", "--verify")["uploaded"] == 0


def test_google(site: SiteTest, tmp_path: Path) -> None:
    """Conditions of Google Cloud Storage are about generations; a stand-in of its API, no server of Google's."""
    with storage() as (endpoint, blobs):
        fill(site, 'url = "gs://bucket/shop"')
        account = {"gcs_base_url": endpoint, "disable_oauth": True, "client_email": "", "private_key": ""}
        (tmp_path / "account.json").write_bytes(msgspec.json.encode({**account, "private_key_id": ""}))
        given = {"GOOGLE_SERVICE_ACCOUNT": str(tmp_path / "account.json"), "GOOGLE_ALLOW_HTTP": "true"}
        assert done(site, "deploy", environment=given)["uploaded"] == len(site.tree())
        assert {key: blobs[f"shop/{key}"].body for key in site.tree()} == site.tree()
        assert blobs["shop/index.html"].headers["cache-control"] == "public, max-age=0, must-revalidate"
        first = site.tree()
        site.remove("content/posts/two.md").built()
        assert done(site, "deploy", "--verify", environment=given)["deleted"] == 1
        assert "shop/posts/two/index.html" not in blobs
        done(site, "rollback", environment=given)
        assert {key: blobs[f"shop/{key}"].body for key in first} == first


def test_the_policy_of_the_site_decides(site: SiteTest, weed: str, bucket: str) -> None:
    delivery = '[delivery]\ntargets = ["netlify"]\n[delivery.headers."/posts/*"]\nCache-Control = "no-store"'
    fill(site, f"{TARGET}\n{delivery}", ENDPOINT=weed, BUCKET=bucket)
    assert "_headers" in site.tree()
    done(site, "deploy")
    assert answer(f"{weed}/{bucket}/shop/posts/one/index.html")[1]["cache-control"] == "no-store"
    assert answer(f"{weed}/{bucket}/shop/index.html")[1]["cache-control"] == "public, max-age=0, must-revalidate"
    assert answer(f"{weed}/{bucket}/shop/_headers")[0] == 404
