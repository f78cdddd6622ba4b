"""How the board of answers looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import ComposeResult

from engine.training.snapshot import BoardCell
from tui.themes import ThemedApp
from tui.widgets.board import Board

SnapCompare = Callable[..., bool]


def right(i: int) -> str:
    return "fizzbuzz" if i % 15 == 0 else "buzz" if i % 5 == 0 else "fizz" if i % 3 == 0 else str(i)


def half_learned(i: int) -> str:
    return str(i) if i % 7 == 0 else "fizz" if i in (22, 44, 88) else right(i)


class BoardApp(ThemedApp[None]):
    """The board alone."""

    def __init__(self, theme: str = "dltutor-dark") -> None:
        super().__init__()
        self.wanted_theme = theme

    def compose(self) -> ComposeResult:
        yield Board()

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.fill(half_learned)

    def fill(self, answer: Callable[[int], str]) -> None:
        cells = tuple(BoardCell(str(i), answer(i), right(i)) for i in range(1, 101))
        self.query_one(Board).set_cells(cells)


@pytest.mark.parametrize("size", [(80, 16), (120, 16)])
def test_the_board_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(BoardApp(), terminal_size=size)


def test_the_board_looks_as_before_when_it_is_light(snap_compare: SnapCompare) -> None:
    assert snap_compare(BoardApp("dltutor-light"), terminal_size=(80, 16))


async def test_it_follows_the_answers() -> None:
    app = BoardApp()
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.query_one(Board).size.height
        app.fill(right)
        await pilot.pause()
        assert app.query_one(Board).size.height == 12 < before
