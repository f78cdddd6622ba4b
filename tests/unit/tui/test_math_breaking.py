"""Formulas in panes of any width: nothing is clipped, nothing sticks out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import for_each
from tests.unit.tui.math_samples import FORMULAS
from tui.math import Drawing, draw, draw_with_baseline, line_text
from tui.math.spans import measure

SIGNS = "+−=⊙←∑⎲αβδσxyabWL0123456789ᵀ"


def check(drawing: Drawing, width: int) -> None:
    assert drawing.width <= width
    assert {measure(line) for line in drawing.lines} == {drawing.width}
    assert 0 <= drawing.baseline < len(drawing.lines)


def signs(drawing: Drawing) -> Counter[str]:
    return Counter(letter for letter in str(drawing) if letter in SIGNS)


@pytest.mark.parametrize("latex", FORMULAS)
@pytest.mark.parametrize("plain_fonts", [False, True])
def test_no_line_is_wider_than_the_pane(latex: str, plain_fonts: bool) -> None:
    for width in range(1, 121):
        check(draw_with_baseline(latex, width, plain_fonts=plain_fonts), width)


@for_each("latex", FORMULAS)
def test_breaking_loses_no_sign(latex: str) -> None:
    whole = signs(draw_with_baseline(latex))
    for width in (20, 24, 30, 40, 60, 76):
        assert signs(draw_with_baseline(latex, width)) == whole


ATOMS = st.sampled_from(
    ["x", "y", "W^l_{ij}", r"\delta_i^{n_l}", r"\frac12", r"\sum_{i=1}^n", r"\log", "3", r"\hat y"]
)
JOINTS = st.sampled_from(["", "+", "-", "=", ",", r"\cdot", r"\odot", r"\le", r"\,"])


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapping = st.sampled_from(
        [
            (r"\left(", r"\right)"),
            ("(", ")"),
            (r"\sqrt{", "}"),
            (r"\frac{1}{", "}"),
            (r"\mathbf{", "}"),
            ("{", "}^2"),
            (r"\underbrace{", r"}_{\text{note}}"),
            (r"\begin{cases}", r"& x>0\\ 0\end{cases}"),
            (r"\begin{bmatrix}1&", r"\\0&1\end{bmatrix}"),
            ("e^{", "}"),
        ]
    )
    joined = st.tuples(inner, JOINTS, inner).map(" ".join)
    wrapped = st.tuples(wrapping, inner).map(lambda parts: f"{parts[0][0]}{parts[1]}{parts[0][1]}")
    return joined | wrapped


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(latex=st.recursive(ATOMS, compound, max_leaves=25), width=st.integers(20, 120))
def test_any_formula_fits_any_pane(latex: str, width: int) -> None:
    check(draw_with_baseline(latex, width), width)


def test_a_formula_that_fits_is_not_broken() -> None:
    assert len(draw("a = b + c", 9)) == 1
    assert len(draw("a = b + c", 8)) == 2


def test_relations_break_first_and_hang_under_the_first_one() -> None:
    assert str(draw_with_baseline("a = b + c = d + e", 10)) == "a = b + c\n  = d + e"


def test_sums_break_under_the_first_term() -> None:
    drawn = str(draw_with_baseline(r"L = aaaaaaaaaaaaaa + bbbbbbbbbbbbbb - cccccccccccc", 42))
    assert drawn == "L = aaaaaaaaaaaaaa + bbbbbbbbbbbbbb\n    − cccccccccccc"


def test_brackets_break_inside_when_nothing_else_helps() -> None:
    drawn = str(draw_with_baseline("f(aaaaaaaaaaaa + bbbbbbbbbbbb + cccccccccccc)", 30))
    assert drawn == "f(aaaaaaaaaaaa + bbbbbbbbbbbb\n    + cccccccccccc)"


def test_fractions_break_in_their_parts() -> None:
    drawn = draw_with_baseline(r"\frac{aaaaaaaaaaaa + bbbbbbbbbbbb + cccccccccccc}{2}", 32)
    assert [line_text(line).strip() for line in drawn.lines[:2]] == [
        "aaaaaaaaaaaa + bbbbbbbbbbbb",
        "+ cccccccccccc",
    ]


def test_lines_that_start_with_a_relation_keep_it_in_the_first_column() -> None:
    assert str(draw_with_baseline("= aaaa + bbbb = cccc", 14)) == "= aaaa + bbbb\n= cccc"


def test_width_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="width of 1 cell or more"):
        draw("x", 0)
