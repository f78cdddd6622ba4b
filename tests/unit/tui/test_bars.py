"""Bars in rows of text."""

from __future__ import annotations

from tests.cases import for_each
from tui.widgets.bars import bar


@for_each(
    ("share", "drawn"),
    [
        (0.0, ""),
        (1.0, "████████"),
        (0.5, "████"),
        (1 / 64, "▏"),
        (9 / 64, "█▏"),
        (1e-9, "▏"),
        (-1.0, ""),
        (2.0, "████████"),
    ],
)
def test_a_bar_shows_its_share_to_an_eighth_of_a_cell(share: float, drawn: str) -> None:
    assert bar(share, 8) == drawn.ljust(8)
