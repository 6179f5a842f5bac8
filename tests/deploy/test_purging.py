"""Networks before a bucket are told what has changed: as their documentation wants it, and CloudFront as moto does."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ssg.config import PurgeConfig
from ssg.deploy.purging import changed_urls, purge_requests
from ssg.deploy.purging.providers import Asked
from ssg.deploy.purging.signing import Keys, sign
from ssg.deploy.remote import RemoteError
from ssg.deploy.values import Request
from tests.deploy.command import done, fill, run
from tests.deploy.servers import KEYS, Desk, answer, before, moto
from tests.site_test import SiteTest

BASE = "https://example.org/docs/"
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
TOKENS = {**KEYS, "CLOUDFLARE_API_TOKEN": "cf", "FASTLY_API_TOKEN": "ff", "BUNNY_API_KEY": "bb"}


def asked(provider: str, **environment: str) -> Asked:
    network = msgspec.convert(
        {"provider": provider, "distribution": "E1", "zone": "Z1", "service": "S1", "endpoint": "http://api"},
        PurgeConfig,
    )
    return Asked(network, environment or TOKENS, "r1", NOW)


def test_a_page_has_two_urls() -> None:
    urls = changed_urls(["index.html", "a/index.html", "über us.html", "a.css"], BASE)
    assert urls == (
        "https://example.org/docs/",
        "https://example.org/docs/%C3%BCber%20us.html",
        "https://example.org/docs/a.css",
        "https://example.org/docs/a/",
        "https://example.org/docs/a/index.html",
        "https://example.org/docs/index.html",
    )


def test_cloudfront_names_paths_and_is_signed() -> None:
    [request] = purge_requests(changed_urls(["a/index.html"], BASE), asked("cloudfront"))
    assert request.url == "http://api/2020-05-31/distribution/E1/invalidation"
    assert b"<Items><Path>/docs/a/</Path><Path>/docs/a/index.html</Path></Items><Quantity>2</Quantity>" in request.body
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=KEY/20150830/us-east-1/cloudfront/")
    assert "SECRET" not in repr(request)


def test_a_signature_is_that_of_amazons_own_test() -> None:
    """`get-vanilla` of the test suite of Signature Version 4, with the body's digest not among the headers."""
    keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    signed = sign(Request("GET", "https://example.amazonaws.com/", {}), keys, ("us-east-1", "service"), NOW)
    assert signed.headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )
    assert "wJalr" not in repr(keys)


def test_cloudflare_takes_a_hundred_urls_at_once() -> None:
    urls = changed_urls([f"{number}.html" for number in range(250)], BASE)
    requests = purge_requests(urls, asked("cloudflare"))
    assert [len(json.loads(one.body)["files"]) for one in requests] == [100, 100, 50]
    assert {one.url for one in requests} == {"http://api/client/v4/zones/Z1/purge_cache"}
    assert requests[0].headers["Authorization"] == "Bearer cf"


def test_fastly_marks_single_urls_as_stale() -> None:
    [request] = purge_requests(["https://example.org/a/"], asked("fastly"))
    assert request.url == "http://api/purge/example.org/a/"
    assert (request.headers["Fastly-Key"], request.headers["Fastly-Soft-Purge"]) == ("ff", "1")


def test_bunny_names_a_url() -> None:
    [request] = purge_requests(["https://example.org/a/"], asked("bunny"))
    assert request.url == "http://api/purge?url=https%3A%2F%2Fexample.org%2Fa%2F&exactPath=true"
    assert request.headers["AccessKey"] == "bb"


@pytest.mark.parametrize(
    ("provider", "urls", "said"),
    [
        ("cloudfront", 3_001, b"<Path>/*</Path>"),
        ("cloudflare", 3_001, b'{"purge_everything":true}'),
        ("fastly", 501, b"http://api/service/S1/purge_all"),
        ("bunny", 501, b"http://api/pullzone/Z1/purgeCache"),
    ],
)
def test_too_many_urls_become_one_purge_of_everything(provider: str, urls: int, said: bytes) -> None:
    many = [f"https://example.org/{number}" for number in range(urls)]
    few = purge_requests(many[:-1], asked(provider))
    assert not any(said in one.url.encode() + one.body for one in few)
    [request] = purge_requests(many, asked(provider))
    assert said in request.url.encode() + request.body


@pytest.mark.parametrize("provider", ["cloudfront", "cloudflare", "fastly", "bunny"])
def test_no_credentials(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.deploy.purging.providers.find_spec", lambda _: None)
    with pytest.raises(RemoteError, match=f"there are no credentials for {provider}"):
        purge_requests(["https://example.org/"], asked(provider, NOTHING=""))


TARGET = 'url = "file://FOLDER"\npurge = { provider = "cloudflare", zone = "Z", endpoint = "ENDPOINT" }'


@pytest.fixture
def network() -> Iterator[tuple[str, Desk]]:
    with before() as one:
        yield one


def test_a_failed_purge_has_its_exit_code_and_is_repeated(
    site: SiteTest, tmp_path: Path, network: tuple[str, Desk]
) -> None:
    endpoint, desk = network
    fill(site, TARGET, FOLDER=str(tmp_path / "www"), ENDPOINT=endpoint)
    token = {"CLOUDFLARE_API_TOKEN": "secret-token"}
    done(site, "deploy", environment=token)
    site.remove("content/posts/two.md").built()
    desk.asked.clear()
    desk.say = lambda _: 403
    ended = run(site, "deploy", environment=token)
    assert ended.returncode == 3
    assert f"uploaded, but not purged: {endpoint[7:]} refuses the purge with 403; look at" in ended.stderr
    assert "secret-token" not in ended.stdout + ended.stderr
    assert (tmp_path / "www/posts/two/index.html").exists()
    assert run(site, "deploy", "--purge-only", environment=token).returncode == 3
    desk.say = lambda _: 0
    desk.asked.clear()
    said = done(site, "deploy", "--purge-only", environment=token)
    assert (said["deleted"], said["purge_failed"]) == (1, "")
    files = json.loads(desk.asked[0].body)["files"]
    assert {"https://example.org/posts/two/", "https://example.org/posts/two/index.html"} <= set(files)
    assert "https://example.org/robots.txt" not in files
    assert not (tmp_path / "www/posts/two/index.html").exists()
    assert done(site, "deploy", environment=token)["uploaded"] == 0
    assert len(desk.asked) == 1


def test_a_purge_is_tried_again(site: SiteTest, tmp_path: Path, network: tuple[str, Desk]) -> None:
    endpoint, desk = network
    statuses = [429, 503]
    desk.say = lambda _: statuses.pop() if statuses else 0
    fill(site, TARGET, FOLDER=str(tmp_path / "www"), ENDPOINT=endpoint)
    done(site, "deploy", environment={"CLOUDFLARE_API_TOKEN": "t"})
    assert len(desk.asked) == 3


def test_a_purge_goes_to_no_other_host(site: SiteTest, tmp_path: Path, network: tuple[str, Desk]) -> None:
    endpoint, desk = network
    with before() as (elsewhere, other):
        desk.say, desk.headers = lambda _: 302, {"Location": f"{elsewhere}/"}
        fill(site, TARGET, FOLDER=str(tmp_path / "www"), ENDPOINT=endpoint)
        ended = run(site, "deploy", environment={"CLOUDFLARE_API_TOKEN": "t"})
    assert ended.returncode == 3
    assert "refuses the purge with 302" in ended.stderr
    assert not other.asked


_DISTRIBUTION = """<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
<CallerReference>r</CallerReference><Comment>site</Comment><Enabled>true</Enabled><PriceClass>PriceClass_All</PriceClass>
<Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>b.s3.us-east-1.amazonaws.com</DomainName>
<OriginPath></OriginPath><S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin></Items>
</Origins><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId>
<ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy><ForwardedValues><QueryString>false</QueryString>
<Cookies><Forward>none</Forward></Cookies></ForwardedValues><MinTTL>0</MinTTL></DefaultCacheBehavior>
</DistributionConfig>"""
# moto looks at the service in a signature, and not at the signature.
_SIGNED = "AWS4-HMAC-SHA256 Credential=K/20150830/us-east-1/cloudfront/aws4_request, SignedHeaders=host, Signature=0"


def test_cloudfront_of_moto_makes_an_invalidation(site: SiteTest, tmp_path: Path) -> None:
    folder = tmp_path / "moto"
    folder.mkdir()
    target = 'url = "file://FOLDER"\npurge = { provider = "cloudfront", distribution = "ID", endpoint = "ENDPOINT" }'
    with moto(folder) as endpoint:
        fill(site, target, FOLDER=str(tmp_path / "www"), ID="E1", ENDPOINT=endpoint)
        ended = run(site, "deploy")
        assert ended.returncode == 3
        assert "refuses the purge with 404" in ended.stderr
        address = f"{endpoint}/2020-05-31/distribution"
        headers = {"Content-Type": "application/xml", "Authorization": _SIGNED}
        status, _, made = answer(address, "POST", headers, _DISTRIBUTION.encode())
        assert status == 201
        [name] = re.findall("<Id>([A-Z0-9]{10,})</Id>", made.decode())
        fill(site, target, FOLDER=str(tmp_path / "www"), ID=name, ENDPOINT=endpoint)
        assert done(site, "deploy", "--purge-only")["purge_failed"] == ""
        listed = answer(f"{address}/{name}/invalidation", headers=headers)[2]
    assert b"<Quantity>1</Quantity>" in listed
