"""A preview ends when it is told to, wherever it is then."""

import signal
import threading
from pathlib import Path

import pytest

from ssg.serve import Built, Look, listen, preview
from ssg.serve.snapshot import Snapshot


class Dying:
    """Is interrupted while Python runs its finalizer: what is raised there is printed and lost."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_is_lost_ends_the_preview(number: signal.Signals, tmp_path: Path) -> None:
    told: list[Built] = []

    def tell(built: Built) -> None:
        told.append(built)
        Dying(number)

    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    awake = threading.Timer(10, (tmp_path / "site.toml").touch)  # or the test would wait for ever
    awake.start()
    with pytest.raises(KeyboardInterrupt):
        preview(str(tmp_path), listen("127.0.0.1", 0), lambda _: Snapshot(), Look(), tell)
    awake.cancel()
    assert len(told) == 1
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
