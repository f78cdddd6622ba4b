"""Many small cases in one test: all are tried, and all that fail are told at once.

A test of its own for each costs about 5 ms, and more where several processes share the work, which
is more than most of these cases take.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")


def each(cases: Iterable[Case], check: Callable[[Case], None]) -> None:
    """Check every case; fail with the names of those that do not hold, and why."""
    failed, cases = [], list(cases)
    assert cases, "there is no case to check"
    for case in cases:
        try:
            check(case)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
            failed.append(f"{case}\n{why}")
    if failed:
        told = "\n\n".join(failed)
        pytest.fail(f"{len(failed)} of {len(cases)} cases do not hold.\n\n{told}", pytrace=False)
