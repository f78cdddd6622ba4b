"""The checks of `backprop/worked-example`: every number from the worked network itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from engine.formulas.proving import value_of
from engine.network import BiasMode
from engine.slips import Round, right_round, slip_round
from engine.slips import Slip as NetworkSlip
from engine.worked_example import Problem, worked_example
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.checks.network_slips import lines_of
from lessons.course.worked_network import WORKED


def _problem() -> Problem:
    """The worked example as textbooks print it: its biases stay as they are."""
    return worked_example().with_bias_mode(BiasMode.FROZEN)


@lru_cache(maxsize=1)
def _trace_values() -> dict[str, float]:
    return dict(worked_example().trace().values())


@lru_cache(maxsize=16)
def _round(slip: NetworkSlip | None, output: int = 0) -> Round:
    return right_round(_problem()) if slip is None else slip_round(_problem(), slip, output)


def _number(symbol: str) -> Callable[[], float]:
    """A number of the worked network, by its symbol."""
    return lambda: _trace_values()[symbol]


def _made_by(slip: NetworkSlip, symbol: str, output: int = 0) -> Callable[[], float]:
    """The number that a slip makes of it."""
    return lambda: _round(slip, output).values()[symbol]


def _from(latex: str) -> Callable[[], float]:
    """The value of an expression about the worked network."""
    return lambda: value_of(latex, WORKED)


_ERROR = r"(\mathrm{out}_{o1} - t_{o1})"
_SLOPE = r"\mathrm{out}_{o1} (1 - \mathrm{out}_{o1})"
_SQUARE_1 = r"(\mathrm{out}_{o1} - t_{o1})^2"
_SQUARE_2 = r"(\mathrm{out}_{o2} - t_{o2})^2"
_E = rf"E = \tfrac12 {_SQUARE_1} + \tfrac12 {_SQUARE_2}"
_DELTA_O1 = rf"\delta_{{o1}} = {_ERROR} \, {_SLOPE}"
_GRAD_W5 = r"\frac{\partial E}{\partial w_5}"
_RIGHT_W5 = rf"{_GRAD_W5} = \delta_{{o1}} \, \mathrm{{out}}_{{h1}}"
_GRAD_W1 = r"\frac{\partial E}{\partial w_1}"
_SLOPE_H1 = r"\mathrm{out}_{h1} (1 - \mathrm{out}_{h1})"
_RIGHT_W1 = rf"{_GRAD_W1} = (\delta_{{o1}} w_5 + \delta_{{o2}} w_7) \, {_SLOPE_H1} \, x_1"
_NEW_W5 = rf"w_5^{{+}} = w_5 - \eta \, {_GRAD_W5}"


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


BOOK = CheckBook(
    "backprop",
    numbers={
        # Far out, where the sigmoid has come as near to its bounds as a float64 can tell.
        "sigmoid_from": NumberCheck(_from(r"\sigma(-800)")),
        "sigmoid_to": NumberCheck(_from(r"\sigma(800)")),
        "out_h1": NumberCheck(_number("out_h1")),
        "out_h2": NumberCheck(_number("out_h2")),
        "out_o1": NumberCheck(_number("out_o1")),
        "out_o2": NumberCheck(_number("out_o2")),
        "delta_o2": NumberCheck(_number("δ_o2")),
        "delta_h1": NumberCheck(_number("δ_h1")),
        "E_o1": NumberCheck(_number("E_o1")),
        "E_o2": NumberCheck(_number("E_o2")),
        "E_after": NumberCheck(lambda: _round(None).loss_after),
        "E_after_slip": NumberCheck(lambda: _round(NetworkSlip.UPDATED_WEIGHTS_FIRST).loss_after),
    },
    predicts={
        "z_h1": NumberQuestion(
            answer=_number("z_h1"),
            explanation=(
                "$z_{h1} = 0.15 \\cdot 0.05 + 0.20 \\cdot 0.10 + 0.35 =$ [0.3775](number:z_h1)."
            ),
            slips=(
                Slip(
                    "no-bias",
                    _from("w_1 x_1 + w_2 x_2"),
                    "That is the weighted sum. The bias $b_{h1} = 0.35$ is added to it.",
                    line=r"z_{h1} = w_1 x_1 + w_2 x_2",
                    right=r"z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}",
                ),
                Slip(
                    "crossed-weights",
                    _from("w_2 x_1 + w_1 x_2 + b_{h1}"),
                    "The weights are exchanged: $w_1$ belongs to $x_1$, $w_2$ to $x_2$.",
                    line=r"z_{h1} = w_2 x_1 + w_1 x_2 + b_{h1}",
                    right=r"z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}",
                ),
                Slip(
                    "after-sigmoid",
                    _number("out_h1"),
                    "That is the output of h1. $z_{h1}$ is what goes into the sigmoid.",
                    line=r"z_{h1} = \sigma(w_1 x_1 + w_2 x_2 + b_{h1})",
                    right=r"z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}",
                ),
            ),
            hints=Hints(
                idea="a unit adds up what comes in, each part times its weight, and then its bias.",
                formula="$z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}$",
                numbers="$z_{h1} = 0.15 \\cdot 0.05 + 0.20 \\cdot 0.10 + 0.35$",
            ),
        ),
        "total_loss": NumberQuestion(
            answer=_number("E"),
            explanation="The sum of both halves: each output counts with its own ½.",
            tolerance=1e-4,
            slips=(
                Slip(
                    "half-precedence",
                    _made_by(NetworkSlip.HALF_PRECEDENCE, "E"),
                    "The ½ stands before the first square only. It belongs to every output: in a "
                    "program, put the sum into brackets.",
                    line=rf"E = \tfrac12 {_SQUARE_1} + {_SQUARE_2}",
                    right=_E,
                ),
                Slip(
                    "no-half",
                    _made_by(NetworkSlip.NO_HALF, "E"),
                    "The ½ is missing: this is the sum of the squares.",
                    line=rf"E = {_SQUARE_1} + {_SQUARE_2}",
                    right=_E,
                ),
                Slip(
                    "mean",
                    lambda: _trace_values()["E"] / 2,
                    "That is the mean over the outputs. This loss adds them up.",
                    line=r"E = \tfrac12 (E_{o1} + E_{o2})",
                    right=r"E = E_{o1} + E_{o2}",
                ),
            ),
            hints=Hints(
                idea="each output makes a part of the loss, and the parts add up.",
                formula=f"${_E}$",
                numbers=(
                    r"$E \approx \tfrac12 (\num{out_o1}{0.751365070} - 0.01)^2 + "
                    r"\tfrac12 (\num{out_o2}{0.772928465} - 0.99)^2$"
                ),
            ),
        ),
        "delta_o1": NumberQuestion(
            answer=_number("δ_o1"),
            explanation=f"${_DELTA_O1}$. "
            "It is positive: when the input of o1 grows, the loss grows.",
            slips=(
                Slip(
                    "no-derivative",
                    _made_by(NetworkSlip.NO_DERIVATIVE, "δ_o1"),
                    "That is how the loss moves with the *output*. The output moves with $z$ only "
                    r"by the factor $\sigma'(z)$: multiply by it.",
                    line=rf"\delta_{{o1}} = {_ERROR}",
                    right=_DELTA_O1,
                ),
                Slip(
                    "sign",
                    _made_by(NetworkSlip.SIGN, "δ_o1"),
                    "The size is right. The loss moves with the output by "
                    r"$\frac{\partial E}{\partial\, \mathrm{out}_{o1}} = \mathrm{out}_{o1} - "
                    "t_{o1}$, output minus target.",
                    line=rf"\delta_{{o1}} = (t_{{o1}} - \mathrm{{out}}_{{o1}}) \, {_SLOPE}",
                    right=_DELTA_O1,
                ),
                Slip(
                    "no-half",
                    _made_by(NetworkSlip.NO_HALF, "δ_o1"),
                    "Twice too large: the derivative of the square brings a 2, and the ½ of the "
                    "loss cancels it.",
                    line=rf"\delta_{{o1}} = 2 {_ERROR} \, {_SLOPE}",
                    right=_DELTA_O1,
                ),
                Slip(
                    "sigmoid-of-activation",
                    _from(
                        rf"{_ERROR} \sigma(\mathrm{{out}}_{{o1}}) "
                        r"(1 - \sigma(\mathrm{out}_{o1}))"
                    ),
                    r"The output $\mathrm{out}_{o1} =$ [0.751](number:out_o1) has been through the "
                    r"sigmoid already. $\sigma'(z_{o1}) = \mathrm{out}_{o1} (1 - "
                    r"\mathrm{out}_{o1})$, without another $\sigma$.",
                    line=(
                        rf"\delta_{{o1}} = {_ERROR} \, "
                        r"\sigma(\mathrm{out}_{o1}) (1 - \sigma(\mathrm{out}_{o1}))"
                    ),
                    right=_DELTA_O1,
                ),
            ),
            hints=Hints(
                idea=(
                    "two links of a chain: how the loss moves with the output, and how the output "
                    "moves with $z$."
                ),
                formula=f"${_DELTA_O1}$",
                numbers=(
                    r"$\delta_{o1} \approx (\num{out_o1}{0.751365070} - 0.01) \cdot "
                    r"\num{out_o1}{0.751365070} \cdot (1 - \num{out_o1}{0.751365070})$"
                ),
            ),
        ),
        "grad_w5": NumberQuestion(
            answer=_number("∂E/∂w5"),
            explanation=(
                rf"${_GRAD_W5} \approx \num{{delta_o1}}{{0.138498562}} \cdot "
                r"\num{out_h1}{0.593269992}$."
            ),
            slips=(
                Slip(
                    "no-derivative",
                    _made_by(NetworkSlip.NO_DERIVATIVE, "∂E/∂w5"),
                    r"The factor $\sigma'(z_{o1})$ is missing: use $\delta_{o1}$, not "
                    r"$\mathrm{out}_{o1} - t_{o1}$.",
                    line=rf"{_GRAD_W5} = {_ERROR} \, \mathrm{{out}}_{{h1}}",
                    right=_RIGHT_W5,
                ),
                Slip(
                    "sign",
                    _made_by(NetworkSlip.SIGN, "∂E/∂w5"),
                    "The size is right: use output minus target.",
                    line=rf"{_GRAD_W5} = -\delta_{{o1}} \, \mathrm{{out}}_{{h1}}",
                    right=_RIGHT_W5,
                ),
                Slip(
                    "no-half",
                    _made_by(NetworkSlip.NO_HALF, "∂E/∂w5"),
                    "Twice too large: the ½ of the loss is missing.",
                    line=rf"{_GRAD_W5} = 2\, \delta_{{o1}} \, \mathrm{{out}}_{{h1}}",
                    right=_RIGHT_W5,
                ),
                Slip(
                    "wrong-source",
                    _number("∂E/∂w6"),
                    "That is the gradient of $w_6$. $w_5$ comes from h1, $w_6$ from h2.",
                    line=rf"{_GRAD_W5} = \delta_{{o1}} \, \mathrm{{out}}_{{h2}}",
                    right=_RIGHT_W5,
                ),
                Slip(
                    "delta-only",
                    _number("δ_o1"),
                    r"That is $\delta_{o1}$. Multiply it by what comes in through $w_5$.",
                    line=rf"{_GRAD_W5} = \delta_{{o1}}",
                    right=_RIGHT_W5,
                ),
            ),
            hints=Hints(
                idea=(
                    "a weight counts by what comes through it: the delta where it ends, times the "
                    "output where it begins."
                ),
                formula=f"${_RIGHT_W5}$",
                numbers=(
                    rf"${_GRAD_W5} \approx \num{{delta_o1}}{{0.138498562}} \cdot "
                    r"\num{out_h1}{0.593269992}$"
                ),
            ),
        ),
        "grad_w1": NumberQuestion(
            answer=_number("∂E/∂w1"),
            explanation=r"$\delta_{h1} =$ [0.008771355](number:delta_h1), and times $x_1 = 0.05$ "
            rf"it is ${_GRAD_W1} =$ [0.000438568](number:grad_w1).",
            slips=(
                Slip(
                    "sigmoid-of-activation",
                    _made_by(NetworkSlip.SIGMOID_OF_ACTIVATION, "∂E/∂w1"),
                    r"You took the slope at $\mathrm{out}_{h1}$, which has been through the "
                    r"sigmoid already. Use $\mathrm{out}_{h1} (1 - \mathrm{out}_{h1})$.",
                    line=(
                        rf"{_GRAD_W1} = (\delta_{{o1}} w_5 + \delta_{{o2}} w_7) \, "
                        r"\sigma(\mathrm{out}_{h1}) (1 - \sigma(\mathrm{out}_{h1})) \, x_1"
                    ),
                    right=_RIGHT_W1,
                ),
                Slip(
                    "row-for-column",
                    _made_by(NetworkSlip.ROW_FOR_COLUMN, "∂E/∂w1"),
                    "You went along the weights *into* o1, $w_5$ and $w_6$. The weights *out of* "
                    "h1 are $w_5$ and $w_7$: a column of the matrix, not a row.",
                    line=(
                        rf"{_GRAD_W1} = (\delta_{{o1}} w_5 + \delta_{{o2}} w_6) \, {_SLOPE_H1} \, "
                        "x_1"
                    ),
                    right=_RIGHT_W1,
                ),
                Slip(
                    "one-output-only",
                    _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 0),
                    "That is the way over o1 alone. h1 feeds o2 as well: add both.",
                    line=rf"{_GRAD_W1} = \delta_{{o1}} w_5 \, {_SLOPE_H1} \, x_1",
                    right=_RIGHT_W1,
                ),
                Slip(
                    "other-output-only",
                    _made_by(NetworkSlip.ONE_OUTPUT_ONLY, "∂E/∂w1", 1),
                    "That is the way over o2 alone. h1 feeds o1 as well: add both.",
                    line=rf"{_GRAD_W1} = \delta_{{o2}} w_7 \, {_SLOPE_H1} \, x_1",
                    right=_RIGHT_W1,
                ),
                Slip(
                    "delta-only",
                    _number("δ_h1"),
                    r"That is $\delta_{h1}$. Multiply it by the input $x_1$.",
                    line=rf"{_GRAD_W1} = \delta_{{h1}}",
                    right=rf"{_GRAD_W1} = \delta_{{h1}} \, x_1",
                ),
            ),
            hints=Hints(
                idea=(
                    r"first $\delta_{h1}$, which gathers the blame from both outputs; then times "
                    "the input."
                ),
                formula=f"${_RIGHT_W1}$",
                numbers=(
                    rf"${_GRAD_W1} \approx (\num{{delta_o1}}{{0.138498562}} \cdot 0.40 + "
                    r"(\num{delta_o2}{-0.038098237}) \cdot 0.50) \cdot \num{out_h1}{0.593269992} "
                    r"\cdot (1 - \num{out_h1}{0.593269992}) \cdot 0.05$"
                ),
            ),
        ),
        "new_w5": NumberQuestion(
            answer=_number("w5⁺"),
            explanation=r"$w_5^{+} \approx 0.40 - 0.5 \cdot \num{grad_w5}{0.082167041}$. "
            "The weight gets smaller, because a larger one makes the loss larger.",
            tolerance=1e-4,
            slips=(
                Slip(
                    "uphill",
                    _from(rf"w_5 + \eta {_GRAD_W5}"),
                    "That goes *with* the gradient: the loss would grow. Subtract.",
                    line=rf"w_5^{{+}} = w_5 + \eta \, {_GRAD_W5}",
                    right=_NEW_W5,
                ),
                Slip(
                    "no-learning-rate",
                    _from(rf"w_5 - {_GRAD_W5}"),
                    "The learning rate $\\eta = 0.5$ is missing: multiply the gradient by it.",
                    line=rf"w_5^{{+}} = w_5 - {_GRAD_W5}",
                    right=_NEW_W5,
                ),
            ),
            hints=Hints(
                idea="one step against the gradient, as long as the learning rate says.",
                formula=f"${_NEW_W5}$",
                numbers=r"$w_5^{+} \approx 0.40 - 0.5 \cdot \num{grad_w5}{0.082167041}$",
            ),
        ),
        "update_order": ChoiceQuestion(
            options=(
                Option(
                    "The loss after the update: it must be smaller.",
                    "It is smaller both times. A wrong gradient often points downhill, too.",
                    slip="updated-weights-first",
                    line=lines_of(NetworkSlip.UPDATED_WEIGHTS_FIRST)[0],
                    right_line=lines_of(NetworkSlip.UPDATED_WEIGHTS_FIRST)[1],
                ),
                Option(
                    "The gradient of a hidden weight, beside a central difference.",
                    "A central difference measures the slope without any formula. The right "
                    "gradient agrees with it to ten digits, the mistaken one does not.",
                    right=True,
                ),
                Option(
                    "The gradient of an output weight.",
                    "The output weights have the right gradients in both. Only the hidden deltas "
                    "used new weights.",
                ),
            ),
            proof=_delta_survives_gradient_check,
        ),
    },
)
