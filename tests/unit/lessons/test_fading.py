"""The worked example with blanks: fresh numbers, and every slip told apart on them."""

from __future__ import annotations

import re

import pytest

from engine.gradients import autograd_gradients, manual_gradients, max_abs_difference
from engine.labs.fading import Level, faded_example, next_seed
from engine.slips import Slip, slip_round
from engine.slips import Slip as NetworkSlip
from engine.trace import Phase
from lessons.format.parser import running_text
from lessons.judge.answers import Verdict, judge
from lessons.judge.fading import blank_question
from lessons.judge.network_slip_texts import EXPLANATIONS
from lessons.judge.network_slips import lines_of
from lessons.judge.questions import formulas, said
from tests.cases import for_each
from tui.math import draw

SEEDS = range(12)


def test_the_same_seed_gives_the_same_example_and_another_one_another() -> None:
    first, again, other = (faded_example(seed, Level.TWO_A_PHASE) for seed in (5, 5, 6))
    assert first == again
    assert first.problem != other.problem
    assert next_seed(5) == next_seed(5) != 5
    with pytest.raises(ValueError, match="at least 0"):
        faded_example(-1, Level.ONE)


@for_each("seed", SEEDS)
def test_how_much_is_left_out(seed: int) -> None:
    one, two, every = (faded_example(seed, level) for level in Level)
    assert len(one.blanks) == 1
    assert one.operation(one.blanks[0]).phase is not Phase.UPDATE
    phases = [two.operation(place).phase for place in two.blanks]
    assert phases == [phase for phase in Phase for _ in range(2)]
    assert len(every.blanks) == len(every.trace.operations) == 47


@pytest.mark.parametrize("seed", SEEDS)
def test_right_answers_are_right_and_each_slip_is_named_as_no_other(seed: int) -> None:
    example = faded_example(seed, Level.ALL)
    named = set()
    for position in example.blanks:
        question = blank_question(example, position)
        assert judge(question, repr(question.answer())).verdict is Verdict.RIGHT
        for slip in question.slips:
            found = judge(question, repr(slip.value()))
            assert (found.verdict, found.slip) == (Verdict.SLIP, slip.id)
            assert found.line
            assert found.right
            assert found.line != found.right
            named.add(slip.id)
    assert named >= {
        "half-precedence", "sigmoid-of-activation", "row-for-column", "no-derivative", "sign",
        "no-half", "one-output-only", "no-bias", "uphill", "no-learning-rate", "no-step",
    }  # fmt: skip


def test_what_is_said_can_be_drawn_and_read() -> None:
    example = faded_example(1, Level.ALL)
    for position in example.blanks:
        question = blank_question(example, position)
        for latex in formulas(question):
            assert draw(latex, 76)
        for text in said(question):
            assert running_text(text, "backprop")


def test_the_numbers_are_those_of_autograd() -> None:
    problem = faded_example(2, Level.ALL).problem
    network = problem.network()
    manual = manual_gradients(network, problem.x, problem.target)
    autograd = autograd_gradients(network, problem.x, problem.target)
    assert max_abs_difference(manual, autograd) < 1e-15


@for_each("hidden", [1, 2])
@for_each(
    ("slip", "output"),
    [(Slip.ROW_FOR_COLUMN, 0), (Slip.ONE_OUTPUT_ONLY, 0), (Slip.ONE_OUTPUT_ONLY, 1)],
)
def test_the_line_of_a_slip_gives_the_number_of_the_slip(
    hidden: int, slip: Slip, output: int
) -> None:
    example = faded_example(3, Level.ALL)
    made = slip_round(example.problem, slip, output).values()

    def worked_out(line: str) -> float:
        terms = re.findall(r"delta_\{o(\d)\} w_(\d)", line)
        assert terms
        return sum(
            made[f"δ_o{unit}"] * example.trace.givens[f"w{weight}"] for unit, weight in terms
        )

    line, right = lines_of(slip, output, hidden)
    symbol = f"∂E/∂out_h{hidden}"
    assert worked_out(line) == pytest.approx(made[symbol], rel=1e-12)
    unspoilt = example.trace.values()[symbol]
    assert worked_out(right) == pytest.approx(unspoilt, rel=1e-12)


def test_every_slip_is_explained() -> None:
    assert set(EXPLANATIONS) == set(NetworkSlip)
