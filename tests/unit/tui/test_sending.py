"""What is sent for a part of the screen shows the same, and nothing beside it is sent."""

from __future__ import annotations

import re
from random import Random

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.cases import for_each
from tui.sending import ExactUpdate, WholeUpdate

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


@for_each(
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


@for_each(
    ("span", "sent"), [((2, 4), "中文"), ((0, 3), "中文"), ((3, 4), "中文"), ((4, 5), "中文字")]
)
def test_a_row_with_wide_characters_is_not_cut_within_one(span: tuple[int, int], sent: str) -> None:
    found = ExactUpdate.of(update([{0: "中文字符"}], [(0, *span)])).render_segments(CONSOLE)
    assert written(found) == [(0, 0, sent)]


def screen_of(pieces: list[tuple[int, int, str]]) -> dict[tuple[int, int], str]:
    return {(y, x + at): sign for y, x, text in pieces for at, sign in enumerate(text)}


@for_each("spans", [[(0, 2, 9)], [(0, 5, 6), (0, 12, 17)], [(0, 0, 19), (1, 5, 9)]])
def test_the_cells_of_the_spans_are_those_that_textual_sends(
    spans: list[tuple[int, int, int]],
) -> None:
    whole = update(ROWS, spans)
    theirs = screen_of(written(whole.render_segments(CONSOLE)))
    ours = screen_of(written(ExactUpdate.of(whole).render_segments(CONSOLE)))
    changed = {(y, x) for y, x1, x2 in spans for x in range(x1, x2)}
    assert ours.keys() == changed & theirs.keys()
    assert all(theirs[cell] == sign for cell, sign in ours.items())


def drawn(text: str) -> list[tuple[str, frozenset[str], str, str]]:
    """Each character that is sent, with the style that a terminal gives it."""
    found = []
    codes: set[str] = set()
    front = back = ""
    for escape, numbers, sign in re.findall(r"(\x1b\[([\d;]*)[mH])|(.)", text, re.DOTALL):
        if sign:
            found.append((sign, frozenset(codes), front, back))
        elif escape.endswith("m"):
            for number in re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+", numbers or "0"):
                if number == "0":
                    codes, front, back = set(), "", ""
                elif number in ENDS:
                    codes -= ENDS[number]
                elif re.match(r"[39]\d", number):
                    front = "" if number == "39" else number
                elif re.match(r"4\d|10\d", number):
                    back = "" if number == "49" else number
                else:
                    codes.add(number)
    return found


ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}, "29": {"9"}}
STYLES = [
    Style.parse(words)
    for words in (
        "#8c96ad on #11141b", "bold #8c96ad on #11141b", "dim #8c96ad on #202736", "none",
        "underline red on blue", "bold dim reverse", "color(201) on color(17)", "strike bright_red",
    )
]  # fmt: skip


@for_each("seed", range(4))
def test_each_character_has_the_style_that_it_has_with_all_styles_written_out(seed: int) -> None:
    random = Random(seed)
    console = Console(color_system="truecolor", force_terminal=True, width=40)
    strip = Strip([Segment(random.choice(["ab", " ", "  ", "⠁"]), random.choice(STYLES))
                   for _piece in range(60)])  # fmt: skip
    region = Region(0, 0, strip.cell_length, 1)
    theirs = LayoutUpdate([[strip]], region)
    ours = WholeUpdate.of(theirs).render_segments(console)
    expected = drawn(theirs.render_segments(console))
    assert len(ours) < 0.8 * len(theirs.render_segments(console))
    assert drawn(ours + "x")[-1] == ("x", frozenset(), "", "")
    for (sign, *style), (other, *wanted) in zip(drawn(ours), expected, strict=True):
        assert sign == other
        seen = {"4", "7", "9"} & {*style[0], *wanted[0]}
        assert style == wanted or (sign == " " and not seen and style[2] == wanted[2])


def test_a_link_is_sent_as_it_is() -> None:
    console = Console(color_system="truecolor", force_terminal=True, width=40)
    style = Style.parse("bold link https://example.org")
    update = LayoutUpdate([[Strip([Segment("a", STYLES[0]), Segment("b", style)])]],
                          Region(0, 0, 2, 1))  # fmt: skip
    assert style.render("b") in WholeUpdate.of(update).render_segments(console)
