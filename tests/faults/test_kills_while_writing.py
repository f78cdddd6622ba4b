"""A program that is killed while it writes; `python -m tests.faults.long kills` kills many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.kills import kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")


@pytest.mark.parametrize(
    ("what", "seconds"), [("answers", 0.05), ("exercises", 0.12), ("checkpoints", 0.2)]
)
def test_the_next_start_finds_all_but_the_last(what: str, seconds: float, tmp_path: Path) -> None:
    _written, troubles = kill(what, seconds, tmp_path)
    assert troubles == []
