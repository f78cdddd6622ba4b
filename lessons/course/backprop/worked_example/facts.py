"""What the formulas of `backprop/worked-example` speak of: the 2-2-2 network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from engine.formulas.proving import value_of
from engine.network import BiasMode
from engine.slips import Round, right_round, slip_round
from engine.slips import Slip as NetworkSlip
from engine.worked_example import Problem, worked_example
from lessons.course.worked_network import SMALL, WORKED
from lessons.judge.values import Choice, Number, QuestionValues

NOTATION = SMALL
"""General formulas hold for any numbers."""


# Numbers put in are rounded to nine digits after the point.
_ROUNDED = WORKED.with_tolerance(1e-7)


SCOPES = {
    "worked": WORKED,
    "z_h1": WORKED,
    "total_loss": _ROUNDED,
    "delta_o1": _ROUNDED,
    "grad_w5": _ROUNDED,
    "grad_w1": _ROUNDED,
    "new_w5": _ROUNDED,
}


@lru_cache(maxsize=1)
def _trace_values() -> dict[str, float]:
    return dict(worked_example().trace().values())


def _number(symbol: str) -> Callable[[], float]:
    """A number of the worked network, by its symbol."""
    return lambda: _trace_values()[symbol]


def _from(latex: str) -> Callable[[], float]:
    """The value of an expression about the worked network."""
    return lambda: value_of(latex, WORKED)


def _problem() -> Problem:
    """The worked example as textbooks print it: its biases stay as they are."""
    return worked_example().with_bias_mode(BiasMode.FROZEN)


@lru_cache(maxsize=16)
def _round(slip: NetworkSlip | None, output: int = 0) -> Round:
    return right_round(_problem()) if slip is None else slip_round(_problem(), slip, output)


def _made_by(slip: NetworkSlip, symbol: str, output: int = 0) -> Callable[[], float]:
    """The number that a slip makes of it."""
    return lambda: _round(slip, output).values()[symbol]


_ERROR = r"(\mathrm{out}_{o1} - t_{o1})"


_GRAD_W5 = r"\frac{\partial E}{\partial w_5}"


def _delta_survives_gradient_check() -> int:
    """Compare both gradients of w1 with a central difference; the index of the mistaken one."""
    problem, h = _problem(), 1e-5
    (row, *rest), *above = problem.W
    (w1, w2) = row

    def loss(moved: float) -> float:
        W = (((w1 + moved, w2), *rest), *above)
        return (
            Problem(problem.layers, problem.activations, problem.x, problem.target, W, problem.b)
            .network()
            .loss(problem.x, problem.target)
        )

    central = (loss(h) - loss(-h)) / (2 * h)
    right = _round(None).values()["∂E/∂w1"]
    mistaken = _round(NetworkSlip.UPDATED_WEIGHTS_FIRST).values()["∂E/∂w1"]
    return 1 if abs(mistaken - central) > 1e3 * abs(right - central) else 0


NUMBERS: Mapping[str, Callable[[], float]] = {
    "E_after": lambda: _round(None).loss_after,
    "E_after_slip": lambda: _round(NetworkSlip.UPDATED_WEIGHTS_FIRST).loss_after,
    "E_o1": _number("E_o1"),
    "E_o2": _number("E_o2"),
    "delta_h1": _number("δ_h1"),
    "delta_o2": _number("δ_o2"),
    "out_h1": _number("out_h1"),
    "out_h2": _number("out_h2"),
    "out_o1": _number("out_o1"),
    "out_o2": _number("out_o2"),
    "sigmoid_from": _from(r"\sigma(-800)"),
    "sigmoid_to": _from(r"\sigma(800)"),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "z_h1": Number(
        _number("z_h1"),
        slips={
            "no-bias": _from("w_1 x_1 + w_2 x_2"),
            "crossed-weights": _from("w_2 x_1 + w_1 x_2 + b_{h1}"),
            "after-sigmoid": _number("out_h1"),
        },
    ),
    "total_loss": Number(
        _number("E"),
        slips={
            "half-precedence": _made_by(NetworkSlip.HALF_PRECEDENCE, "E"),
            "no-half": _made_by(NetworkSlip.NO_HALF, "E"),
            "mean": lambda: _trace_values()["E"] / 2,
        },
        tolerance=1e-4,
    ),
    "delta_o1": Number(
        _number("δ_o1"),
        slips={
            "no-derivative": _made_by(NetworkSlip.NO_DERIVATIVE, "δ_o1"),
            "sign": _made_by(NetworkSlip.SIGN, "δ_o1"),
            "no-half": _made_by(NetworkSlip.NO_HALF, "δ_o1"),
            "sigmoid-of-activation": _from(
                rf"{_ERROR} \sigma(\mathrm{{out}}_{{o1}}) "
                r"(1 - \sigma(\mathrm{out}_{o1}))"
            ),
        },
    ),
    "grad_w5": Number(
        _number("∂E/∂w5"),
        slips={
            "no-derivative": _made_by(NetworkSlip.NO_DERIVATIVE, "∂E/∂w5"),
            "sign": _made_by(NetworkSlip.SIGN, "∂E/∂w5"),
            "no-half": _made_by(NetworkSlip.NO_HALF, "∂E/∂w5"),
            "wrong-source": _number("∂E/∂w6"),
            "delta-only": _number("δ_o1"),
        },
    ),
    "grad_w1": Number(
        _number("∂E/∂w1"),
        slips={
            "sigmoid-of-activation": _made_by(NetworkSlip.SIGMOID_OF_ACTIVATION, "∂E/∂w1"),
            "row-for-column": _made_by(NetworkSlip.ROW_FOR_COLUMN, "∂E/∂w1"),
            "one-output-only": _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 0),
            "other-output-only": _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 1),
            "delta-only": _number("δ_h1"),
        },
    ),
    "new_w5": Number(
        _number("w5⁺"),
        slips={
            "uphill": _from(rf"w_5 + \eta {_GRAD_W5}"),
            "no-learning-rate": _from(rf"w_5 - {_GRAD_W5}"),
        },
        tolerance=1e-4,
    ),
    "update_order": Choice(_delta_survives_gradient_check),
}
