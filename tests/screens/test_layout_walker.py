"""The walker finds what is wrong on screens that were made wrong, and nothing on a right one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tests.screens import layout
from tests.screens.layout import problems, shortened
from tui.page.lines import InkLine, cut, plain
from tui.themes import ThemedApp
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines_view import LinesView

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")

LONG = "A sentence that says more than a narrow place can hold at once."


class Drawn(LinesView):
    """Lines that do not care how wide they may be."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self.texts = texts

    def lines(self, width: int) -> list[InkLine]:
        return [plain(text) for text in self.texts]


class Bare(ThemedApp[None]):
    """A few widgets, and keys whose last one is help."""

    CSS = """
    .narrow { width: 20; }
    .short { height: 2; }
    .one-line { text-wrap: nowrap; height: 1; width: 20; }
    .wide { width: 100; height: 1; }
    .low { height: 30; }
    .big { height: 6; width: 40; }
    .half { height: 8; }
    .over { offset: 0 -1; }
    .clipping { height: 4; overflow: hidden hidden; }
    .no-bar { height: 4; scrollbar-size: 0 0; }
    .gone { width: 0; height: 1; overflow: hidden; }
    .framed { border: round $primary; width: 20; height: 3; }
    """
    BINDINGS = [
        Binding("a", "bell", "Ring"),
        Binding("question_mark", "help", "Help", key_display="?"),
    ]

    def __init__(self, *shown: Callable[[], Widget]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.shown = shown

    def compose(self) -> ComposeResult:
        for make in self.shown:
            yield make()


def framed() -> Widget:
    box = Static("text", classes="framed")
    box.border_title = LONG
    return box


def options() -> Widget:
    found = OptionList(Option(LONG), classes="narrow")
    found.styles.text_wrap = "nowrap"
    return found


def keys_without_help() -> Widget:
    class Keys(KeyBar):
        def _chosen(self) -> list[object]:  # type: ignore[override]  # only for this test
            return super()._chosen()[:-1]  # type: ignore[return-value]  # only for this test

    return Keys()


WRONG: dict[str, tuple[str, Callable[[], Widget]]] = {
    "too wide": (layout.OUTSIDE, lambda: Vertical(Static("text", classes="wide"))),
    "too low": (
        layout.OUTSIDE, lambda: Vertical(Static("text", classes="low"), classes="clipping")
    ),
    "beyond the screen": (layout.OUTSIDE, lambda: Static("text", classes="wide")),
    "above": (layout.OUTSIDE, lambda: Vertical(Static("text", classes="over"), Static("more"))),
    "a bar without cells": (
        layout.OUTSIDE, lambda: VerticalScroll(Static("text", classes="low"), classes="no-bar")
    ),
    "no room": (layout.OUTSIDE, lambda: Horizontal(Static(LONG, classes="gone"), classes="short")),
    "one line": (layout.CUT, lambda: Static(LONG, classes="one-line")),
    "lines": (layout.CUT, lambda: Static(f"{LONG} {LONG}", classes="narrow short")),
    "drawn": (layout.CUT, lambda: Vertical(Drawn(LONG), classes="narrow")),
    "an ellipsis at the edge": (
        layout.CUT, lambda: Vertical(Drawn(cut(LONG, 20)), classes="narrow")
    ),
    "a title": (layout.CUT, framed),
    "a row of a list": (layout.CUT, options),
    "siblings": (
        layout.OVERLAP,
        lambda: Vertical(Static("one"), Static("two", classes="over"), classes="half"),
    ),
    "an empty pane": (layout.EMPTY, lambda: Vertical(Static(""), classes="big")),
    "nested": (
        layout.NESTED,
        lambda: VerticalScroll(
            VerticalScroll(Static("text", classes="low"), classes="big"),
            Static("text", classes="low"),
        ),
    ),
    "no help": (layout.HELP, keys_without_help),
    "for nothing": (layout.NEEDLESS, lambda: Drawn(cut(LONG, 20))),
    "for nothing in a label": (layout.NEEDLESS, lambda: Static(cut(LONG, 20))),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
async def test_each_kind_of_fault_is_found(case: str) -> None:
    kind, make = WRONG[case]
    app = Bare(make)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert {one.kind for one in problems(app.screen)} == {kind}


async def test_nothing_is_found_where_nothing_is_wrong() -> None:
    app = Bare(
        lambda: Vertical(Static(LONG), Static("x₁, x₂, …, xₙ · 1, 2, …"), classes="short"),
        lambda: VerticalScroll(Static(LONG, classes="low"), classes="big"),
        lambda: Input("a value that is wider than its field " * 3),
        lambda: Drawn("Loading…", ""),
        lambda: Static(""),
        lambda: KeyBar(),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert problems(app.screen, meant=["Loading…"]) == []
        assert [one.kind for one in problems(app.screen)] == [layout.NEEDLESS]


def test_a_line_that_ends_in_place_of_more_is_found_on_a_page() -> None:
    assert shortened(["a, b, …", "x₁ … xₙ", cut(LONG, 12), "cell…  │ next"]) == [
        cut(LONG, 12), "cell…  │ next",
    ]  # fmt: skip
