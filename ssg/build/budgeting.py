"""What pages weigh → what is said of it, and the lock that remembers it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from ssg.budget.assess import Terms, sized_by
from ssg.budget.check import check
from ssg.budget.growth import Allowed, anything, compare, explain_growth
from ssg.budget.lock import Lock, accept, deciding, lock_of, parse_lock, renew, write_lock
from ssg.budget.values import LOCK, BudgetReport, Subject, Weight
from ssg.build.revision import read_revision
from ssg.config import Config
from ssg.errors import ConfigError, Location, error


class Weighed(msgspec.Struct, frozen=True):
    """All pages of a site with what they weigh, each under every profile, in the order of profiles.

    `site_bytes` are those of all published files without their compressed siblings; `compressors` are the versions of
    what made the siblings, by name.
    """

    subjects: tuple[Subject, ...]
    weights: tuple[Weight, ...]
    site_bytes: int | None
    compressors: Mapping[str, str]


def judge(root: str, config: Config, weighed: Weighed, *, brief: bool = False) -> BudgetReport:
    """Hold the pages of the site folder `root` against its budgets and its lock; `brief` asks for findings alone.

    Raises:
        ConfigError: the lock cannot be read.
    """
    terms = terms_of(config, weighed.site_bytes, weighed.compressors)
    lock = load_lock(root) if config.budget.mode != "absolute" else None
    return check(weighed.subjects, weighed.weights, msgspec.structs.replace(terms, lock=lock, brief=brief))


def terms_of(config: Config, site_bytes: int | None, compressors: Mapping[str, str]) -> Terms:
    """Give what the pages of a site are held against, without its lock."""
    return Terms(rules=config.budgets, budget=config.budget, compressors=compressors, site_bytes=site_bytes)


def load_lock(root: str) -> Lock | None:
    """Read the lock of a site folder; None where there is none.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return parse_lock(Path(root, LOCK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as reason:
        message = f"cannot be read: {reason}"
        raise ConfigError(error("budget-lock", message, Location(LOCK), "take it from version control")) from None


def renew_lock(root: str, config: Config, weighed: Weighed) -> bool:
    """Bring the lock up to date after a build, where the mode keeps one; tell whether it has changed.

    New pages come in, pages that are gone go; `ratchet` takes what got smaller. Nothing is ever raised.

    Raises:
        ConfigError: the lock cannot be read.
    """
    if config.budget.mode == "absolute":
        return False
    now = _now(config, weighed)
    before = load_lock(root)
    after = renew(before, now, lower=config.budget.mode == "ratchet") if before is not None else now
    if after == before:
        return False
    _keep(root, after)
    return True


def accept_pages(root: str, config: Config, weighed: Weighed, globs: Iterable[str], reason: str) -> int:
    """Write what some pages weigh now into the lock, with the reason; give their number.

    Raises:
        ConfigError: the lock cannot be read; no page is named so; or other compressors made it, and not all are named.
    """
    before = load_lock(root)
    after = accept(before, _now(config, weighed), tuple(globs), reason)
    _keep(root, after)
    known = before.pages if before is not None else {}
    return sum(known.get(url) != entry for url, entry in after.pages.items())


def explain_diff(root: str, config: Config, weighed: Weighed, base: str | None) -> tuple[str, ...]:
    """Say in lines what pages weigh more than by the lock of a git revision, or the one of the folder without one.

    Raises:
        ConfigError: there is no lock, or it cannot be read.
    """
    lock = parse_lock(read_revision(root, base, LOCK)) if base is not None else load_lock(root)
    if lock is None:
        hint = 'write one with ssg budget accept "/**" --reason "the beginning"'
        raise ConfigError(
            error("budget-lock", "is not there, so there is nothing to compare with", Location(LOCK), hint)
        )
    first: dict[str, Weight] = {}
    for weight in weighed.weights:
        first.setdefault(weight.url, weight)
    allowed: Allowed = anything
    return explain_growth(compare(lock, _now(config, weighed), first, sized_by(config.budget), allowed))


def _keep(root: str, lock: Lock) -> None:
    """Write the lock beside its place first, so that it is never half of one.

    Raises:
        ConfigError: it cannot be written.
    """
    beside = Path(root, f"{LOCK}.new")
    try:
        beside.write_text(write_lock(lock), encoding="utf-8", newline="\n")
        beside.replace(Path(root, LOCK))
    except OSError as reason:
        message = f"cannot be written: {(reason.strerror or str(reason)).lower()}"
        raise ConfigError(error("budget-lock", message, Location(LOCK), "free space or permission is needed")) from None


def _now(config: Config, weighed: Weighed) -> Lock:
    return lock_of(weighed.weights, "br", deciding(weighed.compressors), sized_by(config.budget))
