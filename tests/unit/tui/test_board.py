"""The board of answers tells right from wrong by a sign, in whatever room there is."""

from __future__ import annotations

from collections.abc import Callable

from engine.training.snapshot import BoardCell
from tests.cases import for_each
from tui.page.lines import line_text
from tui.widgets.board import WRONG, board_lines, score


def right(i: int) -> str:
    return "fizzbuzz" if i % 15 == 0 else "buzz" if i % 5 == 0 else "fizz" if i % 3 == 0 else str(i)


def board(answer: Callable[[int], str]) -> tuple[BoardCell, ...]:
    return tuple(BoardCell(str(i), answer(i), right(i)) for i in range(1, 101))


def text(cells: tuple[BoardCell, ...], width: int) -> list[str]:
    return [line_text(line) for line in board_lines(cells, width)]


def test_all_right_has_no_cross() -> None:
    cells = board(right)
    lines = text(cells, 120)
    assert score(cells) == 100
    assert lines[0].startswith("100 of 100 right")
    assert lines[1].split() == [
        "1",
        "1",
        "2",
        "fizz",
        "4",
        "buzz",
        "fizz",
        "7",
        "8",
        "fizz",
        "buzz",
    ]
    assert not any(WRONG in line for line in lines[1:])
    assert lines[-1] == "All answers are right."
    assert sum(line.split().count("fizzbuzz") for line in lines[1:11]) == 6


def test_every_wrong_answer_has_a_cross_and_the_first_are_told_in_words() -> None:
    cells = board(str)
    lines = text(cells, 76)
    assert score(cells) == 53
    assert sum(line.count(WRONG) for line in lines[1:]) == 47
    assert "✗3 " in lines[1]
    assert " 4 " in lines[1]
    words = " ".join(lines[11:])
    assert words.startswith("wrong: 3 → 3 (should be fizz) · 5 → 5 (should be buzz) ·")
    assert words.endswith(" · 43 more")


@for_each(("width", "long"), [(120, "fizzbuzz"), (76, "fzbuzz"), (52, "fzbz")])
def test_the_longest_answer_is_shortened_and_that_is_said(width: int, long: str) -> None:
    lines = text(board(lambda i: "fizzbuzz"), width)
    assert max(map(len, lines)) <= width
    assert (f"{long} = fizzbuzz" in lines[0]) == (long != "fizzbuzz")
    assert all(line.count(long) == 10 for line in lines[1:11])


def test_a_single_mistake_is_told() -> None:
    lines = text(board(lambda i: "buzz" if i == 98 else right(i)), 76)
    assert lines[-1] == "wrong: 98 → buzz (should be 98)"
