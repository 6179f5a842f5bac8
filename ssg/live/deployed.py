"""What a deploy says it has published: whose bytes are there when they are not those of the last build."""

from collections.abc import Mapping

import msgspec

from ssg.live.values import MANIFEST, Answer, Ask, Expected, Question, Seen
from ssg.urls import uri

_OK = 200


class Deployed(msgspec.Struct, frozen=True):
    """What `ssg deploy` wrote of itself into the bucket, as far as it is read here.

    `files` has an array for each file by path, which begins with its digest.
    """

    version: int = 1
    release: str = ""
    files: Mapping[str, tuple[str | int, ...]] = {}


def read_deployed(ask: Ask, base_path: str) -> Deployed:
    """Read what a deploy says; nothing where the site has no such file, or nobody may read it."""
    found = ask(Question(uri(f"{base_path}/{MANIFEST}"), keep=True))
    if not isinstance(found, Answer) or found.status != _OK:
        return Deployed()
    try:
        return msgspec.json.decode(found.body, type=Deployed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Deployed()


def explain_stale(fault: Seen, one: Expected, found: Answer | None, deployed: Deployed) -> Seen:
    """Say of bytes that are not those of the build whose they are, as far as the deploy tells."""
    entry = deployed.files.get(one.file.path)
    if fault.code != "stale" or found is None or not deployed.release:
        return fault
    if entry is None:
        hint = 'run "ssg deploy": the release has no such file'
        return fault._replace(message=f"is not of the release {deployed.release}, nor what was built", hint=hint)
    if entry[0] == one.digest:
        message = f"is older than the release {deployed.release}, which was deployed"
        return fault._replace(message=message, hint='purge the network: run "ssg deploy --purge-only", or by hand')
    if entry[0] == found.digest:
        return fault._replace(
            message=f"is of the release {deployed.release}, not what was built", hint='run "ssg deploy"'
        )
    message = f"is neither of the release {deployed.release} nor what was built"
    return fault._replace(message=message, hint='run "ssg deploy", and purge the network before the host')
