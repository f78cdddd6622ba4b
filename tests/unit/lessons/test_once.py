"""A value is computed once, however many threads ask for it at the same time."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from lessons.format.once import Once


def test_who_asks_meanwhile_waits_and_computes_nothing() -> None:
    began, goes_on, found = Event(), Event(), list[int]()
    calls = 0

    def compute() -> int:
        nonlocal calls
        calls += 1
        began.set()
        goes_on.wait(30)
        return 7

    value = Once(compute)
    threads = [Thread(target=lambda: found.append(value())) for _ in range(3)]
    threads[0].start()
    began.wait(30)
    for thread in threads[1:]:
        thread.start()
    goes_on.set()
    for thread in threads:
        thread.join(30)
    assert (found, calls, value()) == ([7, 7, 7], 1, 7)


def test_what_fails_is_computed_again() -> None:
    tries = 0

    def compute() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("not yet")
        return 3

    value = Once(compute)
    with pytest.raises(ValueError, match="not yet"):
        value()
    assert value() == 3
