"""What is sent for a part of the screen shows the same, and nothing beside it is sent."""

from __future__ import annotations

import re

import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from tui.sending import ExactUpdate

CONSOLE = Console(color_system=None, width=40)
MOVE = re.compile(r"\x1b\[(\d+);(\d+)H([^\x1b]*)")


def update(rows: list[dict[int, str]], spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """Rows of pieces, each at its column, of which the cells of the spans have changed."""
    strips = [{x: Strip([Segment(text)]) for x, text in row.items()} for row in rows]
    ends = [[x + strip.cell_length for x, strip in row.items()] for row in strips]
    return ChopsUpdate(strips, spans, ends)


def written(text: str) -> list[tuple[int, int, str]]:
    """Row, column and text of each piece that is sent, counted from 0."""
    return [(int(y) - 1, int(x) - 1, part.rstrip("\n")) for y, x, part in MOVE.findall(text)]


ROWS = [{0: "left", 4: "abcdefghij", 14: "right"}, {0: "left", 4: "0123456789"}]


@pytest.mark.parametrize(
    ("spans", "sent"),
    [
        ([(0, 6, 8)], [(0, 6, "cd")]),
        ([(0, 6, 8), (0, 10, 11)], [(0, 6, "cd"), (0, 10, "g")]),
        ([(0, 4, 14)], [(0, 4, "abcdefghij")]),
        ([(0, 4, 5), (1, 13, 14)], [(0, 4, "a"), (1, 13, "9")]),
        ([(0, 12, 16)], [(0, 12, "ij"), (0, 14, "ri")]),
        ([(1, 0, 14)], [(1, 0, "left"), (1, 4, "0123456789")]),
    ],
)
def test_only_the_cells_of_the_spans_are_sent(
    spans: list[tuple[int, int, int]], sent: list[tuple[int, int, str]]
) -> None:
    assert written(ExactUpdate.of(update(ROWS, spans)).render_segments(CONSOLE)) == sent


def test_a_row_with_wide_characters_is_not_cut_on_the_left() -> None:
    rows = [{0: "中文字符"}]
    assert written(ExactUpdate.of(update(rows, [(0, 3, 8)])).render_segments(CONSOLE)) == [
        (0, 0, "中文字符")
    ]


def screen_of(pieces: list[tuple[int, int, str]]) -> dict[tuple[int, int], str]:
    return {(y, x + at): sign for y, x, text in pieces for at, sign in enumerate(text)}


@pytest.mark.parametrize("spans", [[(0, 2, 9)], [(0, 5, 6), (0, 12, 17)], [(0, 0, 19), (1, 5, 9)]])
def test_the_cells_of_the_spans_are_those_that_textual_sends(
    spans: list[tuple[int, int, int]],
) -> None:
    whole = update(ROWS, spans)
    theirs = screen_of(written(whole.render_segments(CONSOLE)))
    ours = screen_of(written(ExactUpdate.of(whole).render_segments(CONSOLE)))
    changed = {(y, x) for y, x1, x2 in spans for x in range(x1, x2)}
    assert ours.keys() == changed & theirs.keys()
    assert all(theirs[cell] == sign for cell, sign in ours.items())
