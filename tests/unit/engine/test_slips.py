from __future__ import annotations

import pytest

from engine.errors import UserError
from engine.network import BiasMode
from engine.slips import (
    Slip,
    applies,
    diagnose,
    right_round,
    slip_round,
    slip_updates,
)
from engine.worked_example import drawn_problem, worked_example
from tests.cases import for_each

PROBLEM = worked_example(BiasMode.FROZEN)


def _near(answer: float, number: float) -> bool:
    return abs(answer - number) <= 1e-6 * abs(number)


@for_each(
    ("slip", "symbol", "figure"),
    [
        (Slip.HALF_PRECEDENCE, "E", 0.321931134),
        (Slip.SIGMOID_OF_ACTIVATION, "∂E/∂w1", 0.000416631),
        (Slip.SIGMOID_OF_ACTIVATION, "∂E/∂w2", 0.000833261),
        (Slip.SIGMOID_OF_ACTIVATION, "∂E/∂w3", 0.000473673),
        (Slip.SIGMOID_OF_ACTIVATION, "∂E/∂w4", 0.000947345),
        (Slip.UPDATED_WEIGHTS_FIRST, "E⁺", 0.291027924),
        (Slip.ROW_FOR_COLUMN, "∂E/∂w1", 0.000461551),
        (Slip.NO_DERIVATIVE, "∂E/∂w5", 0.439829649),
        (Slip.SIGN, "∂E/∂w5", -0.082167041),
        (Slip.NO_HALF, "E", 0.596742218),
    ],
)
def test_slips_give_the_published_figures(slip: Slip, symbol: str, figure: float) -> None:
    assert round(slip_round(PROBLEM, slip).values()[symbol], 9) == figure


def test_without_a_slip_it_is_the_trace() -> None:
    trace = PROBLEM.trace()
    values = right_round(PROBLEM).values()
    assert round(values.pop("E⁺"), 9) == 0.291027774
    assert values.items() <= trace.values().items()


def test_updated_weights_first_ten_thousand_times() -> None:
    end = right_round(slip_updates(PROBLEM, Slip.UPDATED_WEIGHTS_FIRST, 10_000))
    assert f"{end.loss:.5e}" == "3.50848e-05"
    assert end.forward.output.round(9).tolist() == [0.015912196, 0.984065734]


def test_no_half_doubles_the_gradients() -> None:
    right, wrong = right_round(PROBLEM).gradients, slip_round(PROBLEM, Slip.NO_HALF).gradients
    assert (2 * right.flat()).tolist() == wrong.flat().tolist()


def test_one_output_only_is_one_term_of_the_sum() -> None:
    parts = [slip_round(PROBLEM, Slip.ONE_OUTPUT_ONLY, o).deltas[0] for o in (0, 1)]
    whole = right_round(PROBLEM).deltas[0]
    assert (parts[0] + parts[1]).tolist() == pytest.approx(whole.tolist(), rel=1e-14)


def test_wrong_answers_are_recognised() -> None:
    assert diagnose(PROBLEM, "∂E/∂w5", 0.4398296, _near) == (Slip.NO_DERIVATIVE,)
    assert diagnose(PROBLEM, "∂E/∂w5", -0.08216704, _near) == (Slip.SIGN,)
    second = slip_round(PROBLEM, Slip.ONE_OUTPUT_ONLY, 1).values()["δ_h1"]
    assert diagnose(PROBLEM, "δ_h1", second, _near) == (Slip.ONE_OUTPUT_ONLY,)
    assert diagnose(PROBLEM, "∂E/∂w5", 0.08216704, _near) == ()
    assert diagnose(PROBLEM, "∂E/∂w5", 17.0, _near) == ()
    assert diagnose(PROBLEM, "nothing", 17.0, _near) == ()


def test_slips_that_cannot_be_made_are_refused() -> None:
    problem = drawn_problem((2, 3, 1))
    refused = {slip for slip in Slip if not applies(slip, problem)}
    assert refused == {Slip.ROW_FOR_COLUMN, Slip.ONE_OUTPUT_ONLY, Slip.HALF_PRECEDENCE}
    for slip in refused:
        with pytest.raises(UserError, match="cannot be made in a 2-3-1 network"):
            slip_round(problem, slip)
