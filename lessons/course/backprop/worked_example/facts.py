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


_SLOPE_O1 = r"\mathrm{out}_{o1} (1 - \mathrm{out}_{o1})"


_SLOPE_H1 = r"\mathrm{out}_{h1} (1 - \mathrm{out}_{h1})"


_BLAME_H1 = r"(\delta_{o1} w_5 + \delta_{o2} w_7)"


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


def _percent_off(weight: str) -> Callable[[], float]:
    """By how many per cent the gradient from updated weights is smaller than the right one."""
    symbol = f"∂E/∂{weight}"

    def off() -> float:
        mistaken = _round(NetworkSlip.UPDATED_WEIGHTS_FIRST).values()[symbol]
        return 100 * (1 - mistaken / _round(None).values()[symbol])

    return off


NUMBERS: Mapping[str, Callable[[], float]] = {
    "E_after": lambda: _round(None).loss_after,
    "E_after_slip": lambda: _round(NetworkSlip.UPDATED_WEIGHTS_FIRST).loss_after,
    "E_o1": _number("E_o1"),
    "both_ways": _from(r"\delta_{o1} w_5 + \delta_{o2} w_7"),
    "slope_h1": _from(_SLOPE_H1),
    "way_o1": _from(r"\delta_{o1} w_5"),
    "way_o2": _from(r"\delta_{o2} w_7"),
    "E_o2": _number("E_o2"),
    "central_off_least": _percent_off("w3"),
    "central_off_most": _percent_off("w1"),
    "delta_h1": _number("δ_h1"),
    "delta_o2": _number("δ_o2"),
    "out_h1": _number("out_h1"),
    "out_h2": _number("out_h2"),
    "out_o1": _number("out_o1"),
    "out_o2": _number("out_o2"),
    "sigmoid_from": _from(r"\sigma(-800)"),
    "sigmoid_to": _from(r"\sigma(800)"),
}


def _lab_nudge_w5() -> int:
    """Whether the loss goes up, down or nowhere as w5 grows."""
    slope = dict(worked_example().trace().values())["∂E/∂w5"]
    return 0 if slope > 0 else 1 if slope < 0 else 2


def _lab_three_gradients() -> int:
    """Which two of the three gradients of the worked network lie nearest to each other."""
    from engine.gradients import (
        autograd_gradients,
        central_gradients,
        manual_gradients,
        max_abs_difference,
    )

    problem = worked_example()
    given = problem.network(), problem.x, problem.target
    hand, auto = (f(*given) for f in (manual_gradients, autograd_gradients))
    central = central_gradients(*given).gradients
    pairs = ((hand, auto), (hand, central), (auto, central))
    apart = [max_abs_difference(*pair) for pair in pairs]
    return apart.index(min(apart))


def _lab_double_rate() -> int:
    """What a rate twice as large changes in one round: both, the steps alone, neither."""
    from dataclasses import replace

    problem = worked_example()
    twice = replace(problem, lr=2 * problem.lr)
    old, new = dict(problem.trace().values()), dict(twice.trace().values())
    same = old["∂E/∂w5"] == new["∂E/∂w5"]
    steps = [found["w5⁺"] - found["w5"] for found in (old, new)]
    doubled = abs(steps[1] - 2 * steps[0]) < 1e-12
    return 1 if same and doubled else 0 if doubled else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "z_h1": Number(
        _number("z_h1"),
        slips={
            "no-bias": _from("w_1 x_1 + w_2 x_2"),
            "crossed-weights": _from("w_2 x_1 + w_1 x_2 + b_{h1}"),
            "after-sigmoid": _number("out_h1"),
            "no-inputs": _from("w_1 + w_2 + b_{h1}"),
            "bias-subtracted": _from("w_1 x_1 + w_2 x_2 - b_{h1}"),
            "bias-twice": _from("w_1 x_1 + w_2 x_2 + 2 b_{h1}"),
        },
    ),
    "total_loss": Number(
        _number("E"),
        slips={
            "half-precedence": _made_by(NetworkSlip.HALF_PRECEDENCE, "E"),
            "no-half": _made_by(NetworkSlip.NO_HALF, "E"),
            "mean": lambda: _trace_values()["E"] / 2,
            "half-at-the-second": _from(r"2 E_{o1} + E_{o2}"),
            "first-only": _number("E_o1"),
            "second-only": _number("E_o2"),
            "no-square": _from(rf"\frac12 ({_ERROR} + (\mathrm{{out}}_{{o2}} - t_{{o2}}))"),
            "square-of-the-sum": _from(
                rf"\frac12 ({_ERROR} + (\mathrm{{out}}_{{o2}} - t_{{o2}}))^2"
            ),
            "root": _from(r"\sqrt{2 E}"),
        },
        tolerance=1e-4,
        digits=5,
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
            "half-kept": _from(r"\frac12 \delta_{o1}"),
            "no-error": _from(_SLOPE_O1),
            "half-of-the-slope": (
                _from(rf"{_ERROR} \mathrm{{out}}_{{o1}}"),
                _from(rf"{_ERROR} (1 - \mathrm{{out}}_{{o1}})"),
            ),
            "loss-for-derivative": _from(rf"E_{{o1}} {_SLOPE_O1}"),
            "other-unit": _number("δ_o2"),
        },
        digits=3,
    ),
    "grad_w5": Number(
        _number("∂E/∂w5"),
        slips={
            "no-derivative": _made_by(NetworkSlip.NO_DERIVATIVE, "∂E/∂w5"),
            "sign": _made_by(NetworkSlip.SIGN, "∂E/∂w5"),
            "no-half": _made_by(NetworkSlip.NO_HALF, "∂E/∂w5"),
            "wrong-source": _number("∂E/∂w6"),
            "delta-only": _number("δ_o1"),
            "other-unit": (_number("∂E/∂w7"), _number("∂E/∂w8")),
            "other-end": _from(r"\delta_{o1} \mathrm{out}_{o1}"),
            "half-kept": _from(r"\frac12 \delta_{o1} \mathrm{out}_{h1}"),
            "weight-for-input": _from(r"\delta_{o1} w_5"),
            "slope-for-output": _from(rf"\delta_{{o1}} {_SLOPE_H1}"),
        },
        digits=3,
    ),
    "grad_w1": Number(
        _number("∂E/∂w1"),
        slips={
            "sigmoid-of-activation": _made_by(NetworkSlip.SIGMOID_OF_ACTIVATION, "∂E/∂w1"),
            "row-for-column": _made_by(NetworkSlip.ROW_FOR_COLUMN, "∂E/∂w1"),
            "one-output-only": _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 0),
            "other-output-only": _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 1),
            "delta-only": _number("δ_h1"),
            "other-input": _number("∂E/∂w2"),
            "no-hidden-slope": _from(rf"{_BLAME_H1} x_1"),
            "other-unit": _number("∂E/∂w3"),
            "crossed-weights": _from(rf"(\delta_{{o1}} w_7 + \delta_{{o2}} w_5) {_SLOPE_H1} x_1"),
            "sign-of-delta": _from(rf"(\delta_{{o1}} w_5 - \delta_{{o2}} w_7) {_SLOPE_H1} x_1"),
            "weights-left-out": _from(rf"(\delta_{{o1}} + \delta_{{o2}}) {_SLOPE_H1} x_1"),
            "weight-for-input": _from(r"\delta_{h1} w_1"),
        },
        digits=3,
    ),
    "new_w5": Number(
        _number("w5⁺"),
        slips={
            "uphill": _from(rf"w_5 + \eta {_GRAD_W5}"),
            "no-learning-rate": _from(rf"w_5 - {_GRAD_W5}"),
            "uphill-full": _from(rf"w_5 + {_GRAD_W5}"),
            "divided-by-rate": _from(rf"w_5 - \frac{{1}}{{\eta}} {_GRAD_W5}"),
            "delta-for-gradient": _from(r"w_5 - \eta \delta_{o1}"),
            "other-gradient": _from(r"w_5 - \eta \frac{\partial E}{\partial w_6}"),
            "other-weight": _number("w6⁺"),
        },
        tolerance=1e-4,
        digits=4,
        before=_from("w_5"),
    ),
    "update_order": Choice(_delta_survives_gradient_check),
    "lab_nudge_w5": Choice(_lab_nudge_w5),
    "lab_three_gradients": Choice(_lab_three_gradients),
    "lab_double_rate": Choice(_lab_double_rate),
}
