"""The checks of `backprop/worked-example`: every number from the worked network itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

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
from lessons.checks.nets import sigmoid
from lessons.checks.network_slips import lines_of


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


def _slip(
    slip: NetworkSlip, symbol: str, diagnosis: str, output: int = 0, name: str | None = None
) -> Slip:
    return Slip(
        name or str(slip), _made_by(slip, symbol, output), diagnosis, *lines_of(slip, output)
    )


def _sigma_of_output() -> float:
    """δ_o1 with σ′ taken at the output instead of at z."""
    out = _trace_values()["out_o1"]
    again = float(sigmoid(np.array(out)))
    return (out - 0.01) * again * (1 - again)


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
            explanation="$0.15 \\cdot 0.05 + 0.20 \\cdot 0.10 + 0.35 =$ [0.3775](number:z_h1).",
            slips=(
                Slip(
                    "no-bias",
                    lambda: 0.15 * 0.05 + 0.20 * 0.10,
                    "That is the weighted sum. The bias 0.35 is added to it.",
                    line=r"z_{h1} = w_1 x_1 + w_2 x_2",
                    right=r"z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}",
                ),
                Slip(
                    "crossed-weights",
                    lambda: 0.20 * 0.05 + 0.15 * 0.10 + 0.35,
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
                numbers="0.15 · 0.05 + 0.20 · 0.10 + 0.35",
            ),
        ),
        "total_loss": NumberQuestion(
            answer=_number("E"),
            explanation="The sum of both halves: each output counts with its own ½.",
            tolerance=1e-4,
            slips=(
                _slip(
                    NetworkSlip.HALF_PRECEDENCE,
                    "E",
                    "The ½ stands before the first square only. It belongs to every output: in a "
                    "program, put the sum into brackets.",
                ),
                _slip(
                    NetworkSlip.NO_HALF, "E", "The ½ is missing: this is the sum of the squares."
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
                formula=(
                    "$E = \\frac12 (\\mathrm{out}_{o1} - t_{o1})^2 + "
                    "\\frac12 (\\mathrm{out}_{o2} - t_{o2})^2$"
                ),
                numbers=(
                    "½ · ([0.751365070](number:out_o1) − 0.01)² + "
                    "½ · ([0.772928465](number:out_o2) − 0.99)²"
                ),
            ),
        ),
        "delta_o1": NumberQuestion(
            answer=_number("δ_o1"),
            explanation="With $\\mathrm{out} =$ [0.751365](number:out_o1) it is "
            "$(\\mathrm{out} - 0.01) \\cdot \\mathrm{out} \\cdot (1 - \\mathrm{out})$. "
            "It is positive: when the input of o1 grows, the loss grows.",
            slips=(
                _slip(
                    NetworkSlip.NO_DERIVATIVE,
                    "δ_o1",
                    "That is how the loss moves with the *output*. The output moves with $z$ only "
                    "by the factor $\\sigma'(z)$: multiply by it.",
                ),
                _slip(
                    NetworkSlip.SIGN,
                    "δ_o1",
                    "The size is right. The derivative of $\\frac12(\\mathrm{out} - t)^2$ is "
                    "$\\mathrm{out} - t$, not $t - \\mathrm{out}$.",
                ),
                _slip(
                    NetworkSlip.NO_HALF,
                    "δ_o1",
                    "Twice too large: the derivative of the square brings a 2, and the ½ of the "
                    "loss cancels it.",
                ),
                Slip(
                    "sigmoid-of-activation",
                    _sigma_of_output,
                    "The output [0.751](number:out_o1) has been through the sigmoid already. "
                    "$\\sigma'(z)$ is "
                    "$\\mathrm{out}(1 - \\mathrm{out})$, without another $\\sigma$.",
                    line=(
                        r"\delta_{o1} = (\mathrm{out}_{o1} - t_{o1}) \, "
                        r"\sigma(\mathrm{out}_{o1}) (1 - \sigma(\mathrm{out}_{o1}))"
                    ),
                    right=(
                        r"\delta_{o1} = (\mathrm{out}_{o1} - t_{o1}) \, \mathrm{out}_{o1} (1 - "
                        r"\mathrm{out}_{o1})"
                    ),
                ),
            ),
            hints=Hints(
                idea=(
                    "two links of a chain: how the loss moves with the output, and how the output "
                    "moves with $z$."
                ),
                formula=(
                    "$\\delta_{o1} = (\\mathrm{out}_{o1} - t_{o1}) \\cdot \\mathrm{out}_{o1} (1 - "
                    "\\mathrm{out}_{o1})$"
                ),
                numbers=(
                    "([0.751365070](number:out_o1) − 0.01) · [0.751365070](number:out_o1) · (1 − "
                    "[0.751365070](number:out_o1))"
                ),
            ),
        ),
        "grad_w5": NumberQuestion(
            answer=_number("∂E/∂w5"),
            explanation="$\\delta_{o1} \\cdot \\mathrm{out}_{h1} =$ "
            "[0.138498562](number:delta_o1) · [0.593269992](number:out_h1).",
            slips=(
                _slip(
                    NetworkSlip.NO_DERIVATIVE,
                    "∂E/∂w5",
                    "The factor $\\sigma'(z_{o1})$ is missing: use $\\delta_{o1}$, not "
                    "$\\mathrm{out}_{o1} - t_{o1}$.",
                ),
                _slip(NetworkSlip.SIGN, "∂E/∂w5", "The size is right: use output minus target."),
                _slip(
                    NetworkSlip.NO_HALF, "∂E/∂w5", "Twice too large: the ½ of the loss is missing."
                ),
                Slip(
                    "wrong-source",
                    _number("∂E/∂w6"),
                    "That is the gradient of $w_6$. $w_5$ comes from h1, $w_6$ from h2.",
                    line=r"\frac{\partial E}{\partial w_5} = \delta_{o1} \, \mathrm{out}_{h2}",
                    right=r"\frac{\partial E}{\partial w_5} = \delta_{o1} \, \mathrm{out}_{h1}",
                ),
                Slip(
                    "delta-only",
                    _number("δ_o1"),
                    "That is $\\delta_{o1}$. Multiply it by what comes in through $w_5$.",
                    line=r"\frac{\partial E}{\partial w_5} = \delta_{o1}",
                    right=r"\frac{\partial E}{\partial w_5} = \delta_{o1} \, \mathrm{out}_{h1}",
                ),
            ),
            hints=Hints(
                idea=(
                    "a weight counts by what comes through it: the delta where it ends, times the "
                    "output where it begins."
                ),
                formula=(
                    "$\\frac{\\partial E}{\\partial w_5} = \\delta_{o1} \\, \\mathrm{out}_{h1}$"
                ),
                numbers="[0.138498562](number:delta_o1) · [0.593269992](number:out_h1)",
            ),
        ),
        "grad_w1": NumberQuestion(
            answer=_number("∂E/∂w1"),
            explanation="$\\delta_{h1} =$ [0.008771355](number:delta_h1), and times $x_1 = "
            "0.05$ it is "
            "[0.000438568](number:grad_w1).",
            slips=(
                _slip(
                    NetworkSlip.SIGMOID_OF_ACTIVATION,
                    "∂E/∂w1",
                    "You took $\\sigma(h)(1 - \\sigma(h))$ of $h = \\mathrm{out}_{h1}$, which has "
                    "been through the sigmoid already. Use $h(1 - h)$.",
                ),
                _slip(
                    NetworkSlip.ROW_FOR_COLUMN,
                    "∂E/∂w1",
                    "You went along the weights *into* o1, $w_5$ and $w_6$. The weights *out of* "
                    "h1 are $w_5$ and $w_7$: a column of the matrix, not a row.",
                ),
                _slip(
                    NetworkSlip.ONE_OUTPUT_ONLY,
                    "∂E/∂w1",
                    "That is the way over o1 alone. h1 feeds o2 as well: add both.",
                    output=0,
                ),
                _slip(
                    NetworkSlip.ONE_OUTPUT_ONLY,
                    "∂E/∂w1",
                    "That is the way over o2 alone. h1 feeds o1 as well: add both.",
                    output=1,
                    name="other-output-only",
                ),
                Slip(
                    "delta-only",
                    _number("δ_h1"),
                    "That is $\\delta_{h1}$. Multiply it by the input $x_1$.",
                    line=r"\frac{\partial E}{\partial w_1} = \delta_{h1}",
                    right=r"\frac{\partial E}{\partial w_1} = \delta_{h1} \, x_1",
                ),
            ),
            hints=Hints(
                idea=(
                    "first $\\delta_{h1}$, which gathers the blame from both outputs; then times "
                    "the input."
                ),
                formula=(
                    "$\\frac{\\partial E}{\\partial w_1} = (\\delta_{o1} w_5 + \\delta_{o2} w_7) "
                    "\\, \\mathrm{out}_{h1} (1 - \\mathrm{out}_{h1}) \\, x_1$"
                ),
                numbers=(
                    "([0.138498562](number:delta_o1) · 0.40 + ([−0.038098237](number:delta_o2)) · "
                    "0.50) · [0.593269992](number:out_h1) · (1 − [0.593269992](number:out_h1)) · "
                    "0.05"
                ),
            ),
        ),
        "new_w5": NumberQuestion(
            answer=_number("w5⁺"),
            explanation="0.40 − 0.5 · [0.082167041](number:grad_w5). "
            "The weight gets smaller, because a larger one makes the loss larger.",
            tolerance=1e-4,
            slips=(
                Slip(
                    "uphill",
                    lambda: 0.40 + 0.5 * _trace_values()["∂E/∂w5"],
                    "That goes *with* the gradient: the loss would grow. Subtract.",
                    line=r"w_5^{+} = w_5 + \eta \, \frac{\partial E}{\partial w_5}",
                    right=r"w_5^{+} = w_5 - \eta \, \frac{\partial E}{\partial w_5}",
                ),
                Slip(
                    "no-learning-rate",
                    lambda: 0.40 - _trace_values()["∂E/∂w5"],
                    "The learning rate is missing: the step is 0.5 times the gradient.",
                    line=r"w_5^{+} = w_5 - \frac{\partial E}{\partial w_5}",
                    right=r"w_5^{+} = w_5 - \eta \, \frac{\partial E}{\partial w_5}",
                ),
            ),
            hints=Hints(
                idea="one step against the gradient, as long as the learning rate says.",
                formula="$w_5^{+} = w_5 - \\eta \\, \\frac{\\partial E}{\\partial w_5}$",
                numbers="0.40 − 0.5 · [0.082167041](number:grad_w5)",
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
