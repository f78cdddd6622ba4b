"""A terminal that draws signs of ambiguous width two cells wide: every row fills the screen."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category, east_asian_width

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.color import Color
from textual.pilot import Pilot

from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, softmax_running
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.figures.canvas import Canvas
from tui.page.lines import Ink, line_text
from tui.screens.training import TrainingScreen
from tui.wide_signs import PlainDrawings, measure


@pytest.fixture(autouse=True)
def narrow_afterwards() -> Iterator[None]:
    yield
    measure(False)


def drawn_cells(text: str) -> int:
    """How many cells such a terminal takes for a text, by the Unicode standard alone."""
    seen = [sign for sign in text if category(sign) not in ("Mn", "Me", "Cf")]
    return sum(2 if east_asian_width(sign) in "AWF" else 1 for sign in seen)


def rows(app: TutorApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


async def answer(app: TutorApp, pilot: Pilot[None], cells: int) -> None:
    """What the terminal says about the sign at the start."""
    app.post_message(events.CursorPosition(x=cells, y=0))
    await settle(pilot)


async def test_rows_fit_once_the_terminal_has_told_its_widths(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        before = rows(app)
        assert any(drawn_cells(row) > 80 for row in before)
        await answer(app, pilot, 2)
        assert len(app._notifications) == 1
        app.clear_notifications()
        shown: list[tuple[str, list[str]]] = []

        async def look(name: str) -> None:
            await settle(pilot)
            shown.append((name, rows(app)))

        await look("lesson")
        await pilot.press("question_mark")
        await look("help")
        await pilot.press("escape", "g")
        await look("contents")
        app.open_playground()
        await look("playground")
        app.open_training("softmax")
        await settle(pilot)
        session.publish(softmax_running())
        assert isinstance(app.screen, TrainingScreen)
        app.screen.refresh_snapshot()
        await look("training")
        wrong = [(name, row) for name, found in shown for row in found if drawn_cells(row) != 80]
        assert wrong == []
    again = make_tutor("backprop/deltas")  # from the start as wide as last time
    async with again.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        assert rows(again) == shown[0][1]
        await answer(again, pilot, 1)
        assert rows(again) == before
        assert not again._notifications


def test_signs_of_drawings_have_one_cell_and_letters_two() -> None:
    measure(True)
    shapes = map(chr, range(0x2500, 0x2600))
    drawn = "".join(sign for sign in shapes if east_asian_width(sign) != "W") + "…"
    [plain] = PlainDrawings().apply([Segment(drawn)], Color(0, 0, 0))
    assert len(plain.text) == len(drawn) == drawn_cells(plain.text)
    assert cell_len(drawn) == len(drawn)
    for text in ("α", "x₁ → ½", "“quoted” · σ′(z)", "∂L/∂w ≈ 3 × 10⁻²", "中文 е́"):
        assert cell_len(text) == drawn_cells(text)
    measure(False)
    assert cell_len("“α”") == 3


def test_a_sheet_keeps_its_columns_behind_a_wide_sign() -> None:
    sheet = Canvas(12, 1)
    sheet.write(0, 0, "σ  |", Ink.PLAIN)
    sheet.write(5, 0, "αβ", Ink.PLAIN)
    sheet.write(11, 0, "|", Ink.PLAIN)
    measure(True)
    text = line_text(sheet.lines()[0])
    assert text == "σ | αβ  |"
    assert drawn_cells(text) == 12
    assert drawn_cells(text[:2]) == 3, "the line stands where it stood"
