"""What is wrong with a place, its credentials or a site is one clear line, and nothing is uploaded."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.deploy.command import fill
from tests.deploy.places import Place, done, swift
from tests.deploy.servers import (
    AZURE_ACCOUNT,
    AZURE_KEY,
    KEYS,
    Desk,
    answer,
    azurite,
    before,
    make_bucket,
    moto,
    open_to_readers,
    seaweed,
)
from tests.site_test import SiteTest

S3 = 'url = "s3://site/shop"\nendpoint = "ENDPOINT"'
AZURE = 'url = "az://site/shop"\nendpoint = "ENDPOINT"'
_AZURE = {"AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}
# No machine of a provider answers there.
_NOBODY = {"AWS_REGION": "us-east-1", "AWS_METADATA_ENDPOINT": "http://127.0.0.1:1"}
_NO_AZURE = {"AZURE_MSI_ENDPOINT": "http://127.0.0.1:1/metadata/identity/oauth2/token"}

NO_CREDENTIALS = (
    "live: there are no credentials for the bucket; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for s3://, "
    "AZURE_STORAGE_ACCOUNT_KEY for az://, or GOOGLE_APPLICATION_CREDENTIALS for gs://, or use a profile"
)
NOT_ALLOWED = (
    "live: the bucket does not allow it with these credentials; let these credentials read, list, write and delete "
    "there, or use others"
)
NOT_SIGNED = "live: the secret of the credentials is wrong; look at the variables or the profile"
NOT_KNOWN = "live: the credentials are not known there; look at the variables or the profile"
NO_BUCKET = "live: there is no such bucket; make the bucket, or mend url and region of the target"
NO_CONTAINER = "live: there is no such container; make the container, or mend url of the target"
SKEWED = (
    "live: the clock of this machine differs from the bucket's by more than 15 minutes; set the clock, and deploy again"
)
EXPIRED = "live: the credentials have expired; get new ones, and deploy again"
NO_ADDRESS = (
    "site.toml:5: url in [deploy.live] is not the address of a bucket or folder; it begins with one of s3://, gs://, "
    "az://, file://"
)
ELSEWHERE = "live: the bucket is in another region; set region of the target to it"


def _refused(site: SiteTest, place: Place, line: str) -> None:
    """A deploy says one line, and how it ended, and nothing else."""
    ended = swift(site, place, "deploy")
    assert (ended.code, ended.out, ended.err) == (1, "", f"{line}\n1 error; nothing was uploaded\n")


def _nothing_came(desk: Desk) -> None:
    assert desk.asked, "nobody was asked"
    assert {one.method for one in desk.asked} <= {"GET", "HEAD"}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Endpoints of the three servers, each with a bucket or container `site`."""
    with (
        seaweed(tmp_path_factory.mktemp("weed")) as weed,
        moto(tmp_path_factory.mktemp("moto")) as amazon,
        azurite(tmp_path_factory.mktemp("azurite")) as azure,
    ):
        make_bucket(weed, "site")
        open_to_readers(amazon, "site")
        yield {"weed": weed, "amazon": amazon, "azure": azure}


@pytest.mark.parametrize(
    ("server", "target", "environment", "line"),
    [
        ("weed", S3, _NOBODY, NO_CREDENTIALS),
        ("azure", AZURE, {"AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, **_NO_AZURE}, NO_CREDENTIALS),
        ("weed", S3, {**KEYS, "AWS_SECRET_ACCESS_KEY": "other"}, NOT_SIGNED),
        ("weed", S3, {**KEYS, "AWS_ACCESS_KEY_ID": "other"}, NOT_KNOWN),
        ("amazon", S3.replace("site", "other"), KEYS, NO_BUCKET),
        ("azure", AZURE.replace("site", "other"), _AZURE, NO_CONTAINER),
        ("azure", AZURE, {**_AZURE, "AZURE_STORAGE_ACCOUNT_KEY": "b3RoZXI="}, NOT_ALLOWED),
    ],
    ids=("no-credentials", "azure-no-credentials", "secret", "key", "bucket", "container", "azure-key"),
)
def test_servers_that_refuse(
    site: SiteTest, servers: Mapping[str, str], server: str, target: str, environment: Mapping[str, str], line: str
) -> None:
    account = f"/{AZURE_ACCOUNT}" if server == "azure" else ""
    with before(servers[server].removesuffix(account)) as (endpoint, desk):
        fill(site, target, ENDPOINT=f"{endpoint}{account}")
        _refused(site, Place(target, endpoint, "", environment), line)
        if line != NO_CREDENTIALS:
            _nothing_came(desk)
        assert not [one for one in desk.asked if one.method == "PUT"]


@pytest.mark.parametrize(
    ("status", "code", "line"),
    [
        (403, "RequestTimeTooSkewed", SKEWED),
        (403, "AccessDenied", NOT_ALLOWED),
        (403, "SignatureDoesNotMatch", NOT_SIGNED),
        (403, "InvalidAccessKeyId", NOT_KNOWN),
        (400, "ExpiredToken", EXPIRED),
        (400, "AuthorizationHeaderMalformed", ELSEWHERE),
        (301, "PermanentRedirect", ELSEWHERE),
    ],
)
def test_codes_of_amazon(site: SiteTest, status: int, code: str, line: str) -> None:
    """Answers as "Error responses" of the S3 API reference has them; no server here gives them."""
    with before() as (endpoint, desk):
        desk.say = lambda _: status
        desk.body = f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
        fill(site, S3, ENDPOINT=endpoint)
        _refused(site, Place(S3, endpoint, "", KEYS), line)
        _nothing_came(desk)


def test_the_clock_or_the_key_of_azure(site: SiteTest) -> None:
    """Azure has one code for both (learn.microsoft.com, "Common REST API error codes")."""
    with before() as (endpoint, desk):
        desk.say = lambda _: 403
        desk.body = b"<Error><Code>AuthenticationFailed</Code><Message>No.</Message></Error>"
        fill(site, AZURE, ENDPOINT=f"{endpoint}/{AZURE_ACCOUNT}")
        _refused(
            site,
            Place(AZURE, endpoint, "", _AZURE),
            "live: the key of the account is wrong, or the clock of this machine is; look at AZURE_STORAGE_ACCOUNT_KEY "
            "and its kin, and set the clock",
        )
        _nothing_came(desk)


def test_who_may_read_and_not_write(site: SiteTest, servers: Mapping[str, str]) -> None:
    """A first deploy is refused at its first upload: the object that says that one has begun."""
    with before(servers["amazon"]) as (endpoint, desk):
        desk.say = lambda one: 403 if one.method == "PUT" else 0
        fill(site, S3.replace("shop", "read-only"), ENDPOINT=endpoint)
        ended = swift(site, Place(S3, endpoint, "", KEYS), "deploy")
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == f"{NOT_ALLOWED}\n1 error; the live site has not been touched\n"
        assert desk.paths("PUT") == ["/site/read-only/.ssg/manifest.json"]
    assert answer(f"{servers['amazon']}/site/read-only/index.html")[0] == 404


@pytest.mark.parametrize("server", ["amazon", "azure"])
def test_files_of_others(site: SiteTest, servers: Mapping[str, str], server: str) -> None:
    """They were put there by a deploy, whose manifest is then not to be seen."""
    below = "theirs"
    target = (AZURE if server == "azure" else S3).replace("shop", below)
    place = Place(target, servers[server], f"{servers[server]}/site/{below}", _AZURE if server == "azure" else KEYS)
    account = f"/{AZURE_ACCOUNT}" if server == "azure" else ""
    with before(servers[server].removesuffix(account)) as (endpoint, desk):
        fill(site, target, ENDPOINT=f"{endpoint}{account}")
        done(site, place, "deploy")
        held = len(site.tree())
        desk.asked.clear()
        desk.say = lambda one: 404 if one.path.endswith("manifest.json") else 0
        first = min(site.tree())
        _refused(
            site,
            place,
            f"live: the place holds {held} files that ssg did not put there, like {first}; use an empty bucket or "
            "folder, or deploy with --adopt, which leaves those that the site lacks",
        )
        _nothing_came(desk)


def test_a_folder_with_files_of_others(site: SiteTest, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/theirs.txt").write_text("theirs", encoding="utf-8")
    place = Place("", "", f"{tmp_path}/www", {})
    fill(site, 'url = "file://FOLDER"', FOLDER=place.home)
    _refused(
        site,
        place,
        "live: the place holds 1 files that ssg did not put there, like theirs.txt; use an empty bucket or folder, or "
        "deploy with --adopt, which leaves those that the site lacks",
    )
    assert [file.name for file in (tmp_path / "www").iterdir()] == ["theirs.txt"]


@pytest.mark.parametrize(
    ("table", "arguments", "line"),
    [
        ('url = "file://FOLDER"', ["life"], 'site.toml: there is no target "life"; did you mean "live"?'),
        (
            'url = "ftp://host/www"',
            [],
            NO_ADDRESS,
        ),
    ],
    ids=("unknown", "no-scheme"),
)
def test_targets_that_are_none(site: SiteTest, tmp_path: Path, table: str, arguments: list[str], line: str) -> None:
    place = Place("", "", f"{tmp_path}/www", {})
    fill(site, 'url = "file://FOLDER"', FOLDER=place.home)
    text = (site.root / "site.toml").read_text(encoding="utf-8")
    site.write("site.toml", text.replace(f'url = "file://{place.home}"', table.replace("FOLDER", place.home)))
    ended = swift(site, place, "deploy", *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", f"{line}\n1 error; nothing was written\n")
    assert not (tmp_path / "www").exists()


_HEAD = '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[deploy.live]\nurl = "file://FOLDER"\n[delivery]\n'


@pytest.mark.parametrize(
    ("delivery", "line"),
    [
        (
            'targets = ["nginx"]\n[delivery.redirects]\n"/x/" = "/y/"\n"/y/" = "/x/"\n',
            "site.toml:9: redirects go in a circle: /x/ → /y/ → /x/; take one of them out",
        ),
        (
            'targets = ["nginx"]\n[delivery.redirects]\n"/old/" = "/"\n',
            "site.toml:9: /old/ leads to / (301) here, and to /a/ (301) by content/a.md; take one of the two out",
        ),
        (
            'targets = ["nginx"]\n[delivery.headers]\n"/a/" = { "X-A" = "1\\r\\nSet-Cookie: b=c" }\n',
            "site.toml:9: the value of X-A for /a/ has characters that a header cannot; write it in one line of ASCII",
        ),
        (
            'targets = ["netlify"]\n',
            "static/a#b.txt: Netlify refuses the file name a#b.txt; rename it without # and ?",
        ),
    ],
    ids=("circle", "two-for-one", "line-break", "file-name"),
)
def test_sites_that_no_host_takes(site: SiteTest, tmp_path: Path, delivery: str, line: str) -> None:
    """The build says so and writes nothing, so that there is nothing to deploy."""
    place = Place("", "", f"{tmp_path}/www", {})
    site.write("site.toml", _HEAD.replace("FOLDER", place.home) + delivery)
    site.write("content/_index.md", "# Home\n").write("content/a.md", '---\naliases: ["/old/"]\n---\n# A\n')
    if "netlify" in delivery:
        site.write("static/a#b.txt", "b")
    ended = swift(site, place, "build")
    assert ended.code == 1
    assert ended.err.splitlines()[0] == line
    assert "nothing was written" in ended.err.splitlines()[-1]
    assert not (site.root / "public").exists()
    ended = swift(site, place, "deploy")
    assert (ended.code, ended.err.splitlines()[0].partition(": ")[2]) == (
        1,
        'there is nothing to deploy; run "ssg build", and deploy what it wrote',
    )
    assert not (tmp_path / "www").exists()
