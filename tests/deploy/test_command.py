"""`ssg deploy` and `ssg rollback` as they are called: folders as targets, and what is wrong with a target."""

from pathlib import Path

import pytest

from tests.deploy.command import done, fill, run
from tests.site_test import SiteTest, tree

FOLDER = 'url = "file://FOLDER"'


def published(folder: Path) -> dict[str, bytes]:
    return {path: body for path, body in tree(folder).items() if not path.startswith(".ssg/")}


def test_a_folder_holds_the_site_and_nothing_half(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    done(site, "deploy")
    assert published(tmp_path / "www") == site.tree()
    before = site.tree()
    site.remove("content/posts/two.md").write("content/_index.md", "# Other\n").built()
    done(site, "deploy", "live")
    kept = {path: body for path, body in before.items() if path.startswith("assets/")}
    assert published(tmp_path / "www") == {**kept, **site.tree()}
    said = run(site, "rollback")
    assert said.returncode == 0
    assert "uploaded" in said.stdout
    assert published(tmp_path / "www") == before


def test_a_dry_run_says_why_and_changes_nothing(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    ended = run(site, "deploy", "--dry-run")
    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("new         assets/shop.")
    assert lines[-1].endswith(" 0 unchanged, 0 to remove; nothing was changed")
    assert not (tmp_path / "www").exists()


def test_unchanged_files_are_not_touched(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    done(site, "deploy")
    times = {file: file.stat().st_mtime_ns for file in (tmp_path / "www").rglob("*")}
    assert done(site, "deploy")["unchanged"] == len(site.tree())
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "www").rglob("*")} == times


def test_files_of_others_in_the_output_folder_stay_at_home(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    (site.public / "notes.txt").write_text("mine", encoding="utf-8")
    done(site, "deploy")
    assert "notes.txt" not in published(tmp_path / "www")


def test_an_output_folder_from_another_machine(site: SiteTest, tmp_path: Path) -> None:
    import shutil

    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    shutil.rmtree(site.root / ".ssg")
    done(site, "deploy")
    assert published(tmp_path / "www") == site.tree()


def test_a_file_that_is_not_what_the_build_wrote(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    (site.public / "index.html").write_text("edited", encoding="utf-8")
    ended = run(site, "deploy")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[0].endswith(
        'is not what the build wrote; run "ssg build", and deploy what it wrote'
    )
    assert not (tmp_path / "www").exists()


def test_nothing_was_built(site: SiteTest, tmp_path: Path) -> None:
    site.write("site.toml", f'[deploy.live]\nurl = "file://{tmp_path}/www"\n')
    ended = run(site, "deploy")
    assert ended.returncode == 1
    assert "there is nothing to deploy; run" in ended.stderr


def test_releases_to_return_to(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    assert "there is no release to return to; rollback needs" in run(site, "rollback").stderr
    done(site, "deploy")
    first = published(tmp_path / "www")
    release = done(site, "deploy")["release"]
    for number in range(2):
        site.write("content/_index.md", f"# Number {number}\n").built()
        done(site, "deploy")
    ended = run(site, "rollback", "--to", "yesterday")
    assert ended.returncode == 1
    assert 'live: there is no release "yesterday"; there are 2' in ended.stderr
    assert done(site, "rollback", "--dry-run", "--to", release)["actions"]
    done(site, "rollback", "--to", release)
    assert published(tmp_path / "www")["index.html"] == first["index.html"]


def test_a_deploy_that_removes_too_much(site: SiteTest, tmp_path: Path) -> None:
    fill(site, f"{FOLDER}\nmax_deletes = 0", FOLDER=str(tmp_path / "www"))
    done(site, "deploy")
    site.remove("content/posts/two.md").built()
    ended = run(site, "deploy")
    assert ended.returncode == 1
    assert "files in the bucket would be removed, and 0 are allowed; look whether" in ended.stderr
    done(site, "deploy", "--max-deletes", "1")


@pytest.mark.parametrize(
    ("table", "arguments", "said"),
    [
        ("", [], "site.toml: there is no target to deploy to; add one: [deploy.production]"),
        ('[deploy.live]\nurl = "file:///w"', ["life"], 'site.toml: there is no target "life"; did you mean "live"?'),
        (
            '[deploy.a]\nurl = "file:///w"\n[deploy.b]\nurl = "file:///w"',
            [],
            "site.toml: there are several targets; name one of a, b",
        ),
        ('[deploy.live]\nurl = "ftp://host/x"', [], "site.toml:2: url in [deploy.live] is not the address of a bucket"),
        ('[deploy.live]\nurl = "s3://me:pw@b"', [], "site.toml:2: url in [deploy.live] holds credentials or settings"),
        ('[deploy.live]\nurl = "s3://"', [], "site.toml:2: url in [deploy.live] names no bucket; write it like s3://b"),
        ('[deploy.live]\nurl = "file://x"', [], "site.toml:2: url in [deploy.live] names no folder; write the whole"),
        (
            '[deploy.live]\nurl = "s3://b"\naws_secret_access_key = "hush"',
            [],
            'site.toml:3: "aws_secret_access_key" in [deploy.live] looks like a credential, which has no place in',
        ),
        (
            '[deploy.live]\nurl = "s3://b"\npurge = { provider = "cloudfront" }',
            [],
            "site.toml:3: purge in [deploy.live] does not name the distribution",
        ),
        (
            '[deploy.live]\nurl = "s3://b"\npurge = { provider = "bunny", zone = "1" }',
            [],
            "site.toml:3: purge in [deploy.live] needs to know the URLs of the site; set base_url",
        ),
        (
            '[deploy.live]\nurl = "file:///w"\nkeep = 1',
            [],
            'site.toml:2: "deploy" in site.toml: object contains unknown',
        ),
        ('[deploy.live]\nurl = "file:///w"', ["--purge-only"], "live: purges nothing: there is no purge in its table"),
    ],
)
def test_mistakes_of_a_target(site: SiteTest, table: str, arguments: list[str], said: str) -> None:
    site.write("site.toml", f"{table}\n")
    ended = run(site, "deploy", *arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith(said)
    assert "hush" not in ended.stderr
    assert "pw" not in ended.stderr
    assert "nothing was written" in ended.stderr


def test_a_folder_needs_no_library_and_a_bucket_says_which(site: SiteTest, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "obstore"
    missing.mkdir(parents=True)
    (missing / "__init__.py").write_text("raise ModuleNotFoundError('obstore')\n", encoding="utf-8")
    given = {"PYTHONPATH": f"{missing.parent}:{Path(__file__).parent.parent.parent}"}
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    done(site, "deploy", environment=given)
    fill(site, 'url = "s3://bucket"')
    ended = run(site, "deploy", environment=given)
    assert ended.returncode == 2
    assert ended.stderr.startswith(
        'deploy: buckets need a library that is not installed; run pip install "ssg[deploy]"'
    )


def test_the_same_release_twice_is_listed_once(site: SiteTest, tmp_path: Path) -> None:
    fill(site, FOLDER, FOLDER=str(tmp_path / "www"))
    done(site, "deploy")
    first = published(tmp_path / "www")
    done(site, "deploy", "--force")
    site.write("content/_index.md", "# Other\n").built()
    done(site, "deploy")
    done(site, "rollback")
    assert published(tmp_path / "www")["index.html"] == first["index.html"]
