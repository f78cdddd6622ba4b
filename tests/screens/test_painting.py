"""Only what is seen and has changed is painted, and what is sent is the same picture."""

from __future__ import annotations

import re
from typing import cast

import pytest
from rich.console import RenderableType
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.filter import LineFilter
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.harmless import Harmless
from tui.painting import Filters
from tui.sending import ExactUpdate
from tui.themes import ThemedApp

pytestmark = pytest.mark.usefixtures("drawn_at_once")
WIDTH, HEIGHT = 30, 10


class Rows(Widget):
    """Rows of one letter, which notes which of them it is asked for."""

    def __init__(self, letter: str) -> None:
        super().__init__(id=letter)
        self.letter = letter
        self.asked: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.asked.append(y)
        return Strip([Segment(self.letter * self.size.width)])


class Layers(ThemedApp[None]):
    """A page, a box with a border over a part of it, and a page that is covered wholly."""

    CSS = f"""
    Screen {{ layers: below page above; overflow: hidden; }}
    #h {{ layer: below; width: 100%; height: 100%; }}
    #p {{ layer: page; width: 100%; height: 100%; }}
    Vertical {{
        layer: above; width: 12; height: 6; offset: 5 2; border: solid white; padding: 0 1;
    }}
    #a {{ width: {WIDTH}; height: 9; }}
    """

    def compose(self) -> ComposeResult:
        yield Rows("h")
        yield Rows("p")
        yield Vertical(Rows("a"))

    def letters(self, letter: str) -> Rows:
        return self.query_one(f"#{letter}", Rows)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[CompositorUpdate]:
    """What is drawn, as it is given to the terminal."""
    updates: list[CompositorUpdate] = []
    display = ThemedApp._display

    def noting(app: ThemedApp[None], screen: Screen[None], drawn: CompositorUpdate | None) -> None:
        if drawn is not None:
            updates.append(drawn)
        display(app, screen, cast("RenderableType", drawn))

    monkeypatch.setattr(ThemedApp, "_display", noting)
    return updates


def picture(app: ThemedApp[None]) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


async def test_a_picture_in_layers_asks_nobody_for_what_is_covered() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        box = ["┌──────────┐", *["│ aaaaaaaa │"] * 4, "└──────────┘"]
        p = "p" * WIDTH
        expected = [p, p, *(p[:5] + row + p[17:] for row in box), p, p]
        assert picture(app) == expected
        assert app.letters("h").asked == [], "all of it is covered"
        assert set(app.letters("a").asked) == {0, 1, 2, 3}, "its other rows are cut off"


async def test_a_few_cells_that_change_are_all_that_is_asked_for(
    sent: list[CompositorUpdate],
) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        before = picture(app)
        page, inner = app.letters("p"), app.letters("a")
        for rows in (page, inner, app.letters("h")):
            rows.asked.clear()
        sent.clear()
        page.letter = "P"
        page.refresh(Region(1, 4, 6, 1), Region(20, 0, 2, 1))
        await pilot.pause()
        assert set(page.asked) == {0, 4}
        assert inner.asked == [], "the box stands beside the changed cells, and above them"
        [update] = sent
        assert isinstance(update, ChopsUpdate)
        drawn = ExactUpdate.of(update).render_segments(app.console)
        written = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
        screen = [[*row] for row in before]
        for y, x, text in re.findall(r"\x1b\[(\d+);(\d+)H([^\x1b]*)", written):
            screen[int(y) - 1][int(x) - 1 : int(x) - 1 + len(text)] = text
        changed = ["".join(row) for row in screen]
        assert changed[0] == "p" * 20 + "PP" + "p" * 8
        assert changed[4][:8] == "pPPPP│ a", "the box is in front of the last two cells"
        same = [y for y in range(HEIGHT) if y not in (0, 4)]
        assert [changed[y] for y in same] == [before[y] for y in same]


async def test_a_widget_that_was_covered_is_up_to_date_once_it_is_seen() -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        hidden = app.letters("h")
        hidden.letter = "H"
        hidden.refresh()
        await pilot.pause()
        assert hidden.asked == []
        app.letters("p").display = False
        await pilot.pause()
        assert picture(app)[0] == "H" * WIDTH


async def test_a_page_below_a_dialog_is_painted_once_for_a_change(
    sent: list[CompositorUpdate],
) -> None:
    app = Layers()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        page = app.screen
        await app.push_screen(ModalScreen())
        app_page = page.query_one("#p", Rows)
        app_page.letter = "P"
        app_page.refresh()
        await pilot.pause()
        sent.clear()
        for _ in range(3):
            page.call_later(lambda: None)
            await pilot.pause()
        assert sent == []
        assert picture(app)[0] == "P" * WIDTH


class Joining(LineFilter):
    """Puts a letter before each piece."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self.letter = letter

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(self.letter + text, style) for text, style, _control in segments]


def test_filters_apply_in_their_order() -> None:
    both = Filters(Joining("a"), Joining("b"), Harmless())
    assert both.apply([Segment("\x1bx")], Color(0, 0, 0)) == [Segment("bax")]


def test_an_application_has_one_filter_that_changes_with_those_in_force() -> None:
    app = ThemedApp[None]()
    [before] = app.get_line_filters()
    assert app.get_line_filters() == (before,), "what a row keeps of it stays valid"
    joining = Joining("a")
    app._filters.append(joining)
    [after] = app.get_line_filters()
    assert after is not before
    joining.enabled = False
    [without] = app.get_line_filters()
    assert without is not after
    assert without.apply([Segment("x")], Color(0, 0, 0)) == [Segment("x")]


def test_a_row_keeps_what_was_cut_from_it() -> None:
    row = Strip([Segment("abcdef")])
    first, last = row.divide([2, 6])
    assert (first.text, last.text) == ("ab", "cdef")
    assert row.divide([2, 6])[0] is first
    assert row.crop(1, 3) is row.crop(1, 3)
    assert not hasattr(row, "of_no_row")
