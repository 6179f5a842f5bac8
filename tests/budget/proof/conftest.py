"""One browser for all proofs."""

from collections.abc import Iterator

import pytest

from ssg.audit.chromium import UNCONFINED, Browser, launched
from ssg.audit.visit import BACKGROUND
from tests.conftest import require


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched(require("chromium"), *BACKGROUND, UNCONFINED) as running:
        yield running
