"""What labs share that are written into: the line, its keys, and work that fails."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, Static

from engine.errors import UserError
from tests.screens.waiting import settle
from tui.labs.writing import WritingLab, plain, read_number, read_numbers
from tui.themes import ThemedApp


class Counter(WritingLab):
    """Counts, and doubles on a thread."""

    HOW, KEYS = "how", "keys"
    BINDINGS = [
        Binding("minus", "less", "Less", id="counter.less", tooltip="One less"),
        Binding("e", "edit", "Edit", id="counter.edit", tooltip="Write it"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.count = 3.0
        self.doubled = 0.0

    def compose(self) -> ComposeResult:
        yield from self.written_parts()

    def action_less(self) -> None:
        self.count -= 1

    def action_edit(self) -> None:
        self.write("Write it.", plain(self.count), self._set)

    def _set(self, text: str) -> None:
        self.count = read_number(text)

    def double(self) -> None:
        self.compute(lambda: 2 * self.count, self._doubled)

    def divide(self) -> None:
        self.compute(lambda: self.count / 0, self._doubled)

    def _doubled(self, value: float) -> None:
        self.doubled = value


class CounterApp(ThemedApp[None]):
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.lab = Counter()

    def compose(self) -> ComposeResult:
        yield self.lab

    @property
    def note(self) -> str:
        return str(self.query_one("#note", Static).content)


async def test_what_to_write_stays_on_the_screen_while_it_is_written() -> None:
    app = CounterApp()
    async with app.run_test() as pilot:
        await pilot.press("tab", "e", "7")
        await settle(pilot)
        assert app.note.startswith("Write it.")
        await pilot.press("escape")
        await settle(pilot)
        assert app.note == "keys"


async def test_signs_and_letters_go_into_the_line_while_it_is_open() -> None:
    app = CounterApp()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.note == "how"
        await pilot.press("tab")
        assert app.note == "keys"
        await pilot.press("minus", "e")
        assert app.lab.count == 2
        line = app.query_one(Input)
        assert line.value == "2"
        await pilot.press("minus", "e", "plus", "1")
        assert line.value == "-e+1"
        assert not {"minus", "e"} & set(app.screen.active_bindings)
        await pilot.press("enter")
        assert app.lab.count < -1.7
        assert app.lab.has_focus
        assert app.note == "keys"


async def test_a_line_that_was_left_open_can_be_opened_again() -> None:
    app = CounterApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "e", "7", "shift+tab")
        assert app.lab.has_focus
        await pilot.press("minus", "e", "escape")
        assert app.lab.count == 2
        assert app.lab.has_focus
        assert not app.query_one(Input).has_class("-open")


async def test_work_is_done_on_a_thread_first_and_then_at_once() -> None:
    app = CounterApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.lab.double()
        assert app.lab.doubled == 0
        await settle(pilot)
        assert app.lab.doubled == 6
        app.lab.count = 5
        app.lab.double()
        assert app.lab.doubled == 10


async def test_work_that_fails_is_said() -> None:
    app = CounterApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.lab.divide()
        await settle(pilot)
        assert app.note.startswith("This could not be computed:")
        app.lab.double()
        await settle(pilot)
        app.lab.say("")
        app.lab.divide()
        assert app.note.startswith("This could not be computed:")
        assert app.lab.doubled == 6


def test_numbers_are_read_one_by_one() -> None:
    assert read_numbers(" -1 2/4  3 ") == (-1, 0.5, 3)
    assert read_numbers("1 + 1; 2") == (2, 2)
    for text in ("", "  ", "1 x", ";", "1;;2"):
        with pytest.raises(UserError, match=r"\.$"):
            read_numbers(text)


def test_a_number_is_written_back_as_it_was() -> None:
    for value in (0.1, -3.0, 1e-7, 2 / 3, 1e22):
        assert read_number(plain(value)) == value
    assert plain(-3.0) == "-3"
