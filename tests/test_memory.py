"""What a process remembers is valid for an equal key alone."""

import copy

from ssg.memory import Memory, NullMemory


def test_a_value_is_made_again_for_another_key() -> None:
    memory, made = Memory(), iter(range(9))
    assert [memory.recall("a", key, lambda: next(made)) for key in ((1,), (1,), (2,), (1,))] == [0, 0, 1, 2]
    memory.forget("a")
    assert memory.recall("a", (1,), lambda: next(made)) == 3


def test_a_memory_stays_in_its_process() -> None:
    memory = Memory()
    memory.keep("a", 1, "x")
    assert memory.get("a", 1) == "x"
    assert copy.copy(memory).get("a", 1) is None


def test_a_build_that_is_alone_remembers_nothing() -> None:
    memory = NullMemory()
    memory.keep("a", 1, "x")
    assert memory.get("a", 1) is None
