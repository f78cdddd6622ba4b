"""The graph of an expression in characters."""

from __future__ import annotations

from engine.labs.autograd import build
from tests.cases import for_each
from tui.widgets.graph_drawing import graph_rows


def drawn(text: str) -> list[str]:
    return [row.rstrip() for row in graph_rows(build(text))]


def test_a_chain_falls_down_in_one_line() -> None:
    assert drawn("exp(-x)") == ["┌(x)", "▼[v1]", "▼[f]"]


def test_arrows_lead_in_from_the_right() -> None:
    assert drawn("w*x+b") == [
        "┌(x)",
        "│      ┌(w)",
        "│      │      ┌(b)",
        "▼[v1]◄─┘      │",
        "▼[f]◄─────────┘",
    ]


def test_a_value_that_is_used_again_goes_on() -> None:
    assert drawn("max(x,w)*x*w") == [
        "┌(x)",
        "│      ┌(w)",
        "├──────●─────►┌[v1]",
        "▼[v2]◄─┼──────┘",
        "▼[f]◄──┘",
    ]


def test_a_square_has_one_line() -> None:
    assert drawn("w*w") == ["┌(w)", "▼[f]"]


def test_a_leaf_alone_sends_nothing_on() -> None:
    assert drawn("w") == [" (w)"]


def test_two_digit_names_have_room() -> None:
    rows = drawn("w*x*w*x*w*x*w*x*w*x*w*x")
    assert rows[-2] == "│       ▼[v10]◄─┘"
    assert rows[-1] == "▼[f]◄───┘"


@for_each(
    "text",
    ["2*(1/(1+exp(-x*w+b)))+1", "(x+w)*(w+b)*(b+x)", "sigmoid(w*x+b)*tanh(w*x-b)+x", "x*x*w*w+x*w"],
)
def test_every_line_that_begins_ends_and_nothing_hangs_loose(text: str) -> None:
    """Each junction has neighbours that lead to it, above, below, left and right."""
    rows = graph_rows(build(text))
    up, down = set("│▼┼├┤└┘●┴"), set("│┌├┤┼●")
    for y, row in enumerate(rows):
        for x, char in enumerate(row):
            if char in up:
                assert rows[y - 1][x] in set("│▼┌├┤┼●"), (text, y, x)
            if char in down:
                assert rows[y + 1][x] in up, (text, y, x)
            if char in "─┼●┴":
                assert row[x + 1] in "─┼●┴►┘┤", (text, y, x)
                assert row[x - 1] in "─┼●┴◄└├", (text, y, x)
