"""Terminals of 16 colours: right never has the colour of wrong."""

from __future__ import annotations

import re

import pytest
from rich.color import Color, ColorSystem
from rich.console import Console
from textual.app import ComposeResult

from tests.cases import for_each
from tui.themes import ANSI, DARK, ThemedApp, first_theme
from tui.widgets.confusion_table import ConfusionTable

COUNTS = ((80, 20, 0), (10, 90, 0), (0, 30, 70))
REDS = {1, 9}


class Alone(ThemedApp[None]):
    """A confusion matrix alone on a screen."""

    def compose(self) -> ComposeResult:
        yield ConfusionTable()


def number(color: Color | None) -> int | None:
    """The number of a colour among the 16."""
    found = color.downgrade(ColorSystem.STANDARD) if color else None
    return found.number if found else None


@pytest.mark.parametrize("theme", [ANSI, DARK, "dltutor-light", "dltutor-contrast"])
async def test_the_diagonal_of_a_confusion_matrix_is_not_red(
    monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("COLORTERM", "")
    monkeypatch.setenv("TERM", "linux")
    app = Alone()
    assert app.theme == ANSI, "the theme of who has chosen none"
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        table = app.query_one(ConfusionTable)
        table.set_counts(COUNTS, ("a", "b", "c"))
        await pilot.pause()
        styles = {}
        for y in range(table.size.height):
            for segment in table.render_line(y):
                for count in re.findall(r"(?<!\d)\d{2}(?![\d%])", segment.text):
                    if segment.style:
                        styles[count] = segment.style
        assert set(styles) == {"80", "20", "10", "90", "30", "70"}
        for count, style in styles.items():
            assert number(style.bgcolor) not in REDS
            assert (number(style.color) in REDS) == (count in ("20", "10", "30"))


@for_each(("system", "theme"), [("truecolor", DARK), ("256", DARK), ("standard", ANSI)])
def test_the_first_theme_is_one_that_the_terminal_can_show(system: str, theme: str) -> None:
    console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]
    assert first_theme(console) == theme
