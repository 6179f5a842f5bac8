"""How work is cut: every item once, in order, and nothing large left for the end."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from ssg.workers import chunks


@given(st.lists(st.integers(1, 90), max_size=400), st.integers(1, 16))
def test_chunks_hold_every_item_in_order(sizes: list[int], jobs: int) -> None:
    parts = list(chunks(range(len(sizes)), jobs, sizes))
    assert [item for part, _ in parts for item in part] == list(range(len(sizes)))
    assert [size for _, size in parts] == [sum(sizes[item] for item in part) for part, _ in parts]
    assert all(part for part, _ in parts)


@given(st.integers(0, 3000), st.integers(1, 16))
def test_chunks_get_smaller(count: int, jobs: int) -> None:
    sizes = [size for _, size in chunks(range(count), jobs)]
    assert sizes == sorted(sizes, reverse=True)


INTERRUPTED = """
from ssg.workers import Processes

def large(items):
    return b"x" * 60_000_000

def stop(*_):
    raise KeyboardInterrupt

for _ in range(3):
    try:
        with Processes(2, stop) as workers:
            workers.map(large, list(range(200)), "parse")
    except KeyboardInterrupt:
        print("ended")
"""


def test_an_interrupt_in_the_middle_of_a_result_ends_the_pool() -> None:
    """The first result is there, and another process is killed while it sends its own: the pipe is too small for it."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["ended"] * 3, done.stderr
    assert done.stderr == ""
