"""A terminal that reads nothing, and one that is gone: the training goes on, and costs no more."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.watch import beside, rate, stays_open, watch

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty") or sys.platform != "linux",
    reason="there are no pseudo-terminals, or no /proc, here",
)


def test_a_training_does_not_depend_on_who_reads_its_screen(tmp_path: Path) -> None:
    found = watch(tmp_path, refresh=20, look=1.5, deaf=1.5, gone=1.5, rest=0.005)
    # The long version measures the speed, see README.md: so short a look sees that it goes on.
    for nobody_reads in (found["deaf"], found["gone"]):
        assert rate(nobody_reads) > 0.2 * rate(found["read"])
        assert rate(nobody_reads, "cpu") > 0.2 * rate(found["read"], "cpu")
        assert beside(nobody_reads) < 0.3  # a thread that only tries again would take all of it
    first, last = found["read"][-1], found["gone"][-1]
    # What a start has done in the background may be over; nothing else begins.
    assert set(last["names"]) == set(first["names"]) - {"background"}
    assert last["threads"] <= first["threads"], (first["names"], last["names"])
    before, after = Counter[str](first["open"]), stays_open(found["gone"][-4:])
    of_the_line = [name for name in after - before if name.startswith(("/dev/", "pipe:"))]
    held = sum((after - before)[name] for name in of_the_line)
    # What was the terminal is nothing, and one end more is open, of a pipe that keeps keys silent.
    assert held <= sum(before[name] for name in before if name.startswith("/dev/")) + 1
    new = [name for name in (after - before).elements() if name not in of_the_line]
    # Checkpoints may have begun since; what is written for one of them is not open for long.
    assert [name for name in new if not name.endswith(".underway")] == []
    assert len(new) <= 1
