"""Roles, baselines and the fallback for plain fonts."""

from __future__ import annotations

from tests.cases import for_each
from tests.unit.tui.math_samples import FORMULAS
from tui.math import Line, Role, Span, draw, draw_with_baseline, inline, line_text

HARD_TO_FIND = set("⎲⎳⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎨⎩⎪⎫⎬⎭┬⌠⌡") - {"┬"}


def marked(line: Line, role: Role) -> str:
    return "".join(span.text for span in line if role in span.roles)


def test_bold_is_a_role_and_the_letters_stay() -> None:
    (line,) = draw(r"\mathbf{w}^\top \boldsymbol{\beta} + b")
    assert line_text(line) == "wᵀβ + b"
    assert marked(line, Role.BOLD) == "wβ"


def test_change_and_cancel_are_named_roles() -> None:
    (line,) = draw(r"\color{change}{a + b} - \cancel{c} + \color{cancel}{d}")
    assert marked(line, Role.CHANGE) == "a + b"
    assert marked(line, Role.CANCEL) == "cd"


def test_a_coloured_row_keeps_the_spaces_of_its_neighbours() -> None:
    (line,) = draw(r"a \color{change}{= b}")
    assert line_text(line) == "a = b"
    assert marked(line, Role.CHANGE) == "= b"


def test_roles_add_up_and_reach_every_row() -> None:
    lines = draw(r"\color{change}{\frac{\mathbf{a}}{b}}")
    assert [marked(line, Role.CHANGE).strip() for line in lines] == ["a", "───", "b"]
    assert Span("a", frozenset({Role.CHANGE, Role.BOLD})) in lines[0]


def test_scripts_keep_their_roles() -> None:
    (line,) = draw(r"x^{\color{change}{2}}")
    assert line == (Span("x", frozenset()), Span("²", frozenset({Role.CHANGE})))


def test_notes_have_a_role() -> None:
    assert marked(draw(r"\underbrace{abc}_{\text{sum}}")[2], Role.NOTE) == "sum"
    assert marked(inline(r"\underbrace{abc}_{\text{sum}}"), Role.NOTE) == "sum"


def test_baseline_is_the_row_of_the_first_line() -> None:
    assert draw_with_baseline("x").baseline == 0
    assert draw_with_baseline(r"y = \frac{a}{b}").baseline == 1
    broken = draw_with_baseline(r"y = \frac{a}{b} + cccccccccccccccc", 16)
    assert line_text(broken.lines[broken.baseline]).startswith("y = ")


@for_each("latex", FORMULAS)
def test_plain_fonts_avoid_rare_pieces(latex: str) -> None:
    text = "".join(map(line_text, draw(latex, 76, plain_fonts=True)))
    assert not HARD_TO_FIND & set(text)


def test_plain_fonts_draw_sums_and_brackets_of_common_signs() -> None:
    latex = r"\sum_{i=1}^n \left(\frac{x}{2}\right)"
    assert str(draw_with_baseline(latex, plain_fonts=True)) == "\n".join(
        [
            " n  ╭ x ╮",
            " ∑  │───│",
            "i=1 ╰ 2 ╯",
        ]
    )


def test_drawing_twice_gives_the_cached_lines() -> None:
    assert draw("a+b", 40) is draw("a+b", 40)
