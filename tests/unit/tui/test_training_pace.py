"""How often a screen looks at a training: what drawing costs decides."""

from __future__ import annotations

import pytest

from tests.cases import for_each
from tui.screens.training_pace import LONGEST, SHARE, pause


@for_each(
    ("cost", "seconds"),
    [(0.0, 0.25), (0.25 * SHARE / 2, 0.25), (0.5 * SHARE, 0.5), (10.0, LONGEST)],
    ids=["free", "cheap", "dear", "never ending"],
)
def test_drawing_takes_a_small_part_of_a_core_and_never_stops(cost: float, seconds: float) -> None:
    assert pause(cost, 0.25, SHARE) == pytest.approx(seconds)


def test_a_slow_line_stays_slow() -> None:
    assert pause(10.0, 3.0, SHARE) == 3.0
