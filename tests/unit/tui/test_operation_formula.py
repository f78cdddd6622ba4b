"""Formulas with their numbers beneath their symbols."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.worked_example import drawn_problem, worked_example
from tests.cases import for_each
from tui.page.lines import Ink, line_text, line_width
from tui.widgets.operation_formula import aligned_formula, pretty
from tui.widgets.operation_view import OperationView, broken, purpose

EXAMPLE = worked_example()


def test_each_number_stands_beneath_its_symbol() -> None:
    trace = EXAMPLE.trace()
    for operation in trace.operations:
        above, below = map(line_text, aligned_formula(operation, 76))
        at = above.index("=") + 1
        for part in operation.parts:
            if not part.is_symbol:
                continue
            start = above.index(pretty(part.text), at)
            left = below.index(part.number, at)
            middles = start + len(pretty(part.text)) / 2, left + len(part.number) / 2
            assert abs(middles[0] - middles[1]) <= 1, operation.formula
            at = max(start + len(pretty(part.text)), left + len(part.number))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 8), st.integers(30, 120), st.integers(0, 5))
def test_long_formulas_are_wrapped_and_never_cut(fan_in: int, width: int, at: int) -> None:
    problem = drawn_problem((fan_in, 2, 2))
    operation = problem.trace().operations[at]
    lines = aligned_formula(operation, width)
    assert all(line_width(line) <= width for line in lines)
    assert len(lines) % 2 == 0
    above = "".join(line_text(line).strip() + " " for line in lines[::2])
    for part in operation.parts:
        if part.is_symbol:
            assert pretty(part.text) in above
    assert "…" not in above


def test_the_card_says_what_how_and_the_result() -> None:
    view = OperationView()
    trace = EXAMPLE.trace()
    view.show(EXAMPLE, trace, 0)
    assert view.title == "Forward · operation 1 of 47"
    assert [line_text(line) for line in view.lines(70)] == [
        "The weighted sum of hidden unit h₁, plus its bias.",
        "zₕ₁ =  w₁  ·  x₁  + w₂  · x₂  + bₕ₁",
        "    = 0.15 · 0.05 + 0.2 · 0.1 + 0.35",
        "    = 0.3775",
    ]


@for_each(
    ("symbol", "ink"),
    [
        ("z_h1", Ink.NUMBER), ("E", Ink.LOSS_RESULT), ("δ_o1", Ink.BACKWARD),
        ("∂E/∂w8", Ink.BACKWARD), ("w8⁺", Ink.WEIGHT_RESULT),
    ],
)  # fmt: skip
def test_a_result_has_the_hue_of_its_symbol(symbol: str, ink: Ink) -> None:
    view, trace = OperationView(), EXAMPLE.trace()
    place = next(at for at, each in enumerate(trace.operations) if each.symbol == symbol)
    view.show(EXAMPLE, trace, place)
    assert [line[-1][1] for line in view.lines(76) if len(line) == 2 and "= " in line[1][0]] == [
        ink
    ]


def test_the_words_of_every_operation_fit_into_one_line_at_80_columns() -> None:
    trace = EXAMPLE.trace()
    for operation in trace.operations:
        assert len(purpose(operation, EXAMPLE, trace)) <= 70


@for_each("room", [12, 20, 80])
def test_a_formula_in_the_list_is_broken_at_operators(room: int) -> None:
    formula = "z_h1 = w1·x1 + w2·x2 + w3·x3 + b_h1"
    lines = broken(formula, room)
    assert "".join(line.replace(" ", "") for line in lines) == formula.replace(" ", "")
    assert all(len(line) <= room for line in lines)
