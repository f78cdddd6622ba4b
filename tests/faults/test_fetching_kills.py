"""A download that is killed at any moment; `python -m tests.faults.long fetching` kills many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.fetching import kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.25])
def test_the_next_download_ends_with_whole_files(seconds: float, tmp_path: Path) -> None:
    _seen, troubles = kill(seconds, tmp_path)
    assert troubles == []
