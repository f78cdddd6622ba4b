"""The numbers and questions of `mlp/hidden-layers`."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np

from engine.formulas.proving import value_of
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.mlp.hidden_layers.facts import COUNT, SCOPES

ONE_LAYER = "S_1 S_3 + S_3"
BOTH_LAYERS = "S_1 S_2 + S_2 + S_2 S_3 + S_3"
XOR_OUTPUT = SCOPES["xor_output"]
NOT_A_NUMBER = r"\frac{1 - \infty}{1 + \infty} \quad \text{is not a number}"
NO_BIAS = r"a_1^{(2)} - 2 \max(0, x_1 + x_2)"


def _xor_table() -> dict[str, NumberCheck]:
    """The four samples, entry by entry: `xor_2_y` is the class of the second one."""

    def entry(row: int, column: int) -> float:
        from lessons.examples.mlp import XOR_X, XOR_Y

        return float(XOR_Y[row] if column == 2 else XOR_X[row, column])

    return {
        f"xor_{row + 1}_{name}": NumberCheck(partial(entry, row, column))
        for row in range(4)
        for column, name in enumerate(("x1", "x2", "y"))
    }


def _starts_at(kind: str) -> float:
    """What all weights of a start are."""
    from lessons.examples.mlp import start

    (value,) = {number for param in start(kind) for number in param.reshape(-1).tolist()}
    return float(value)


def _updates() -> int:
    """How often the weights are moved."""
    from inspect import signature

    from lessons.examples.mlp import train_xor

    return int(signature(train_xor).parameters["updates"].default)


@lru_cache(maxsize=3)
def _trained(kind: str) -> tuple[float, float]:
    """The loss after training XOR, and the largest difference of two hidden units' weights."""
    from lessons.examples.mlp import train_xor

    W1, loss = train_xor(kind)
    return loss, float((W1 - W1[:, :1]).abs().max())


def _log_of_largest(dtype: type[np.float32] | type[np.float64]) -> float:
    """The largest power that e can be taken to."""
    return math.log(float(np.finfo(dtype).max))


def _hand_made(x1: float, x2: float) -> float:
    import torch

    from lessons.examples.mlp import hidden_then_output

    return float(hidden_then_output(torch.tensor([x1, x2]))[1])


def _tanh_as_written() -> int:
    """What the formula gives at −100 in float32: the index of the option."""
    import torch

    from lessons.examples.mlp import tanh

    value = float(tanh(torch.tensor(-100.0)))
    return 2 if math.isnan(value) else 0 if value == -1 else 1


def _sigmoid_slope_as_written() -> int:
    """Value and slope of the formula at −100 in float32: the index of the option."""
    import torch

    from lessons.examples.mlp import sigmoid as written

    z = torch.tensor(-100.0, requires_grad=True)
    value = written(z)
    (slope,) = torch.autograd.grad(value, z)
    if not math.isfinite(value.item()):
        return 2
    return 1 if math.isnan(slope.item()) else 0


def _what_zero_learns() -> int:
    """Train from zeros: the index of the option that describes it."""
    loss, apart = _trained("zero")
    stuck = apart == 0 and abs(loss - math.log(2)) < 1e-12
    return 1 if stuck else 0


BOOK = CheckBook(
    "mlp",
    numbers={
        "two_layers": NumberCheck(lambda: value_of(BOTH_LAYERS, COUNT)),
        "exp_limit_32": NumberCheck(lambda: _log_of_largest(np.float32)),
        "exp_limit_64": NumberCheck(lambda: _log_of_largest(np.float64)),
        "tanh_limit_32": NumberCheck(lambda: -_log_of_largest(np.float32) / 2),
        **_xor_table(),
        "xor_start_zero": NumberCheck(lambda: _starts_at("zero")),
        "xor_start_equal": NumberCheck(lambda: _starts_at("equal")),
        "xor_updates": NumberCheck(_updates),
        "xor_loss_equal": NumberCheck(lambda: _trained("equal")[0]),
        "xor_loss_random": NumberCheck(lambda: _trained("random")[0]),
        "xor_loss_zero": NumberCheck(lambda: _trained("zero")[0]),
    },
    predicts={
        "xor_output": NumberQuestion(
            answer=lambda: _hand_made(1.0, 1.0),
            explanation="The hidden units say $a_1^{(2)} = 2$ and $a_2^{(2)} = 1$, and "
            "$z_1^{(3)} = 2 - 2 \\cdot 1 = 0$: the second unit takes away what the first says too "
            "much.",
            slips=(
                Slip(
                    "first-unit-only",
                    lambda: value_of("a_1^{(2)}", XOR_OUTPUT),
                    "That is the first hidden unit. The second one says $\\max(0, 1 + 1 - 1) = 1$ "
                    "and is weighted with $W_{12}^{(2)} = -2$.",
                    line="z_1^{(3)} = a_1^{(2)}",
                    right=r"z_1^{(3)} = a_1^{(2)} - 2 \, a_2^{(2)}",
                ),
                Slip(
                    "bias-forgotten",
                    lambda: value_of(NO_BIAS, XOR_OUTPUT),
                    "The second hidden unit has the bias $b_2^{(1)} = -1$, so it says "
                    "$a_2^{(2)} = 1$, not 2.",
                    line=f"z_1^{{(3)}} = {NO_BIAS}",
                    right=r"z_1^{(3)} = a_1^{(2)} - 2 \max(0, x_1 + x_2 - 1)",
                ),
                Slip(
                    "weight-forgotten",
                    lambda: value_of("a_1^{(2)} - a_2^{(2)}", XOR_OUTPUT),
                    "The second hidden unit is weighted with $W_{12}^{(2)} = -2$ in the output.",
                    line="z_1^{(3)} = a_1^{(2)} - a_2^{(2)}",
                    right=r"z_1^{(3)} = a_1^{(2)} - 2 \, a_2^{(2)}",
                ),
            ),
            hints=Hints(
                idea=(
                    "go forward: first what both hidden units say, then what the output makes of "
                    "it."
                ),
                formula=(
                    r"$z_1^{(3)} = a_1^{(2)} - 2 \, a_2^{(2)}$, with $a_1^{(2)} = "
                    r"\max(0, x_1 + x_2)$ and $a_2^{(2)} = \max(0, x_1 + x_2 - 1)$."
                ),
                numbers=r"$z_1^{(3)} = \max(0, 1 + 1) - 2 \max(0, 1 + 1 - 1)$",
            ),
        ),
        "one_layer_count": NumberQuestion(
            answer=lambda: value_of(ONE_LAYER, COUNT),
            explanation=r"One matrix of $784 \cdot 10 = S_1 S_3$ weights and $10 = S_3$ biases say "
            "all that the [203 530](number:two_layers) numbers of the two layers can say.",
            tolerance=1e-9,
            slips=(
                Slip(
                    "both-layers",
                    lambda: value_of(BOTH_LAYERS, COUNT),
                    "Those are the numbers of the two layers. How many has the one layer, from "
                    "$S_1 = 784$ inputs to $S_3 = 10$ outputs, that computes the same?",
                    line=BOTH_LAYERS,
                    right=ONE_LAYER,
                ),
                Slip(
                    "no-bias",
                    lambda: value_of("S_1 S_3", COUNT),
                    "The one layer has a bias for each of its $S_3 = 10$ outputs, too.",
                    line="S_1 S_3",
                    right=ONE_LAYER,
                ),
            ),
            hints=Hints(
                idea=(
                    "the product of the two matrices is one matrix, from the inputs to the outputs."
                ),
                formula=f"${ONE_LAYER}$",
                numbers=rf"${ONE_LAYER} = 784 \cdot 10 + 10$",
            ),
        ),
        "tanh_far_left": ChoiceQuestion(
            options=(
                Option(
                    "−1, which is right to all digits.",
                    "That is what $\\tanh$ is. But $e^{-2z} = e^{200}$ is infinite in 32 bits, and "
                    "the formula divides minus infinity by infinity.",
                    slip="tanh-overflow",
                    line=r"\frac{1 - \infty}{1 + \infty} = -1",
                    right_line=NOT_A_NUMBER,
                ),
                Option(
                    "Infinity.",
                    "Above and below the line stands an infinite number; their quotient is not a "
                    "number.",
                    slip="tanh-overflow",
                    line=r"\frac{1 - \infty}{1 + \infty} = \infty",
                    right_line=NOT_A_NUMBER,
                ),
                Option(
                    "nan, not a number.",
                    "$e^{-2z} = e^{200}$ overflows to infinity, and "
                    "$(1 - \\infty) / (1 + \\infty)$ is not a number. One such unit makes the "
                    "whole loss nan.",
                    right=True,
                ),
            ),
            proof=_tanh_as_written,
        ),
        "sigmoid_far_left": ChoiceQuestion(
            options=(
                Option(
                    "Value 0, slope 0.",
                    "The value is 0. For the slope autograd multiplies $1 / \\infty^2 = 0$ by "
                    "$e^{-z} = e^{100}$, infinite in 32 bits, and 0 times infinity is not a "
                    "number.",
                ),
                Option(
                    "Value 0, slope nan.",
                    "$1 / \\infty = 0$ is as good as right. The chain rule then multiplies 0 by "
                    "infinity, and that is nan. The update spreads it to every weight.",
                    right=True,
                ),
                Option(
                    "Value nan, slope nan.",
                    "One over infinity is 0, a number. Only the slope goes wrong.",
                ),
            ),
            proof=_sigmoid_slope_as_written,
        ),
        "all_zero": ChoiceQuestion(
            options=(
                Option(
                    "It learns XOR, only more slowly.",
                    "All hidden units compute the same and are moved the same. No number of "
                    "updates tells them apart.",
                    slip="xor-symmetry",
                    line=(
                        r"\frac{\partial L}{\partial W_{1j}^{(1)}} \ne \frac{\partial L}{\partial "
                        r"W_{2j}^{(1)}}"
                    ),
                    right_line=(
                        r"\frac{\partial L}{\partial W_{1j}^{(1)}} = \frac{\partial L}{\partial "
                        r"W_{2j}^{(1)}}"
                    ),
                ),
                Option(
                    "The loss stays at $L = \\ln 2$: no weight ever moves.",
                    "The output weights are 0, so no blame reaches the hidden layer; the hidden "
                    "units say 0, so the output weights do not move either; and the errors of "
                    "the four samples cancel in the bias.",
                    right=True,
                ),
                Option(
                    "It learns two of the four samples.",
                    "To treat samples differently the network needs weights that are not 0.",
                    slip="xor-symmetry",
                    line=(
                        r"\delta_i^{(2)} = \left( \sum_{k=1}^{S_3} \delta_k^{(3)} W_{ki}^{(2)} "
                        r"\right) \sigma'(z_i^{(2)}) \ne 0"
                    ),
                    right_line=(
                        r"\delta_i^{(2)} = \left( \sum_{k=1}^{S_3} \delta_k^{(3)} W_{ki}^{(2)} "
                        r"\right) \sigma'(z_i^{(2)}) = 0"
                    ),
                ),
            ),
            proof=_what_zero_learns,
        ),
        "equal_start": NumberQuestion(
            answer=lambda: round(_trained("equal")[1], 9),
            explanation="Equal weights get equal gradients, so they stay equal: three units do "
            "the work of one.",
            slips=(
                Slip(
                    "xor-symmetry",
                    lambda: _starts_at("equal"),
                    "$W_{1j}^{(1)} = 0.5$ is where each of them starts. All of them move, and by "
                    "the same amount.",
                    line=r"\max_j \, | W_{1j}^{(1)} |",
                    right=r"\max_j \, | W_{1j}^{(1)} - W_{2j}^{(1)} |",
                ),
            ),
            hints=Hints(
                idea="what starts out equal and is moved equally, how far apart does it come?",
                formula=(
                    r"$\frac{\partial L}{\partial W_{1j}^{(1)}} = \frac{\partial L}{\partial "
                    r"W_{2j}^{(1)}}$"
                ),
                numbers="$W_{1j}^{(1)} - W_{2j}^{(1)} = 0.5 - 0.5$, and from then on both are "
                "moved by the same amount.",
            ),
        ),
    },
)
