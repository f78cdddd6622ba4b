"""The questions and numbers of `frameworks/numpy`."""

from __future__ import annotations

import math
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)
from lessons.course.frameworks.numpy.facts import NOTATION

ROW, COLUMN = 2, 1
"""The entry of ∂L/∂W1 that is asked for; there the corner stands as well."""
CORNER = 1.0
VARIANCE = 1.0
"""Of the product of two numbers from N(0, 1)."""


def _steps() -> float:
    """Steps of the training."""
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-numpy").settings({})["epochs"])


def _steps_here() -> float:
    """Steps of the program that runs inside the lesson."""
    from lessons.examples.frameworks_numpy import STEPS

    return float(STEPS)


# --- the small network ---------------------------------------------------------------------


def small(corner: float = 0.0) -> SimpleNamespace:
    """The small network of the lesson, forward; `corner` stands in row 2, column 1 of W1."""
    from lessons.examples.frameworks_numpy import W2, T, X, first_weights

    W1 = first_weights(corner)
    Z = X @ W1
    A = np.maximum(0, Z)
    return SimpleNamespace(X=X, W1=W1, W2=W2, T=T, Z=Z, A=A, Y=A @ W2, into=2 * (A @ W2 - T))


def _entry_of_w1(*, two: float = 2.0, masked: bool = True) -> float:
    """∂L/∂W1 in row 2, column 1, with or without its 2 and its mask."""
    net = small()
    into_a = two * (net.Y - net.T) @ net.W2.T
    into_z = into_a * (net.Z > 0) if masked else into_a
    return float((net.X.T @ into_z)[ROW - 1, COLUMN - 1])


def _at_zero_by_hand() -> float:
    """What the mask h < 0 lets through where h is 0: sample 2, unit 1."""
    net = small(CORNER)
    grad_h = net.into @ net.W2.T
    grad_h[net.Z < 0] = 0
    return float(grad_h[1, 0])


def _at_zero_by_autograd() -> float:
    import torch

    net = small(CORNER)
    Z = torch.tensor(net.Z, requires_grad=True)
    loss = ((Z.clamp(min=0) @ torch.tensor(net.W2) - torch.tensor(net.T)) ** 2).sum()
    (slopes,) = torch.autograd.grad(loss, Z)
    return float(slopes[1, 0])


# --- the whole network ---------------------------------------------------------------------


@lru_cache(maxsize=1)
def _zeros_and_first_loss() -> tuple[int, float]:
    """How many of the 6400 hidden sums are 0 at the start of the training, and its loss."""
    from lessons.examples.frameworks_numpy import start

    x, y, w1, w2, *_ = start("f8")
    Z = x @ w1
    return int((Z == 0).sum()), float(np.square(np.maximum(0, Z) @ w2 - y).sum())


def _gradient_shape() -> tuple[int, ...]:
    return (np.zeros((N, D_IN)).T @ np.zeros((N, H))).shape


def _loss_is_not_needed() -> int:
    """Move the weights without ever computing the loss; 1 where they end at the same place."""
    from engine.recipes.two_layer_numpy import train_step

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 5)).astype("f4"), rng.normal(size=(4, 2)).astype("f4")
    w1, w2 = rng.normal(size=(5, 3)).astype("f4"), rng.normal(size=(3, 2)).astype("f4")
    moved1, moved2 = w1.copy(), w2.copy()
    train_step(x, y, moved1, moved2, 0.01)
    h = x @ w1
    into_y = 2 * (np.maximum(h, 0) @ w2 - y)
    w1_after = w1 - 0.01 * (x.T @ ((into_y @ w2.T) * (h > 0)))
    w2_after = w2 - 0.01 * (np.maximum(h, 0).T @ into_y)
    return int(np.allclose(moved1, w1_after) and np.allclose(moved2, w2_after))


def _new_samples() -> int:
    """Train for a while: 1 where the loss falls on these samples and new ones gain nothing."""
    from engine.recipes.two_layer_numpy import squared_error, train_step
    from lessons.examples.frameworks_numpy import loss_of, start

    x, y, w1, w2, new_x, new_y = start()
    first = loss_of(x, y, w1, w2)
    for _ in range(60):
        train_step(x, y, w1, w2, 1e-6)
    learned = loss_of(x, y, w1, w2) < 1e-3 * first
    # Always to answer 0 is better than what was learned.
    worse = loss_of(new_x, new_y, w1, w2) > squared_error(0 * new_y, new_y)
    return 1 if learned and worse else 0


_BY_Y = r"\frac{\partial L}{\partial Y}"
_BY_A = r"\frac{\partial L}{\partial A}"
_BY_Z = r"\frac{\partial L}{\partial Z}"
_ENTRY = r"\frac{\partial L}{\partial W_{12}^{(1)}}"
_INTO_UNIT = r"\frac{\partial L}{\partial A_{21}} \cdot"

BOOK = CheckBook(
    "frameworks",
    numbers={
        "samples": NumberCheck(lambda: N),
        "features": NumberCheck(lambda: D_IN),
        "units": NumberCheck(lambda: H),
        "outputs": NumberCheck(lambda: D_OUT),
        "numpy_hidden_count": NumberCheck(lambda: N * H),
        "numpy_target_count": NumberCheck(lambda: N * D_OUT),
        "numpy_weight_count": NumberCheck(lambda: D_IN * H + H * D_OUT),
        "numpy_steps": NumberCheck(_steps),
        "numpy_steps_here": NumberCheck(_steps_here),
        "numpy_low_y": NumberCheck(lambda: float(small().Y[1, 0])),
        "numpy_low_t": NumberCheck(lambda: float(small().T[1, 0])),
        "numpy_zero_output": NumberCheck(lambda: float(small(CORNER).Y[1, 0])),
        "numpy_zero_target": NumberCheck(lambda: float(small(CORNER).T[1, 0])),
        "numpy_row": NumberCheck(lambda: ROW),
        "numpy_column": NumberCheck(lambda: COLUMN),
        "numpy_corner": NumberCheck(lambda: small(CORNER).W1[ROW - 1, COLUMN - 1]),
        "numpy_variance": NumberCheck(lambda: VARIANCE),
        "numpy_zero_sample": NumberCheck(
            lambda: float(np.argwhere(small(CORNER).Z == 0)[0, 0] + 1)
        ),
        "numpy_zero_unit": NumberCheck(lambda: float(np.argwhere(small(CORNER).Z == 0)[0, 1] + 1)),
        "numpy_own_feature": NumberCheck(lambda: float(small().X[0, 1])),
        "numpy_other_feature": NumberCheck(lambda: float(small().X[1, 1])),
        "numpy_first_out": NumberCheck(lambda: float(small().W2[0, 0])),
        "numpy_h_size": NumberCheck(lambda: math.sqrt(D_IN)),
        "numpy_a_size": NumberCheck(lambda: math.sqrt(D_IN / 2)),
        "numpy_y_size": NumberCheck(lambda: math.sqrt(H * D_IN / 2)),
        "numpy_expected": NumberCheck(lambda: N * D_OUT * (H * D_IN / 2 + 1) / 1e6),
        "numpy_first_loss": NumberCheck(lambda: _zeros_and_first_loss()[1] / 1e6),
        "numpy_zeros": NumberCheck(lambda: _zeros_and_first_loss()[0]),
        "numpy_into_1": NumberCheck(lambda: small().into[0, 0]),
        "numpy_into_2": NumberCheck(lambda: small().into[1, 0]),
        "numpy_into_z_1": NumberCheck(lambda: float((small().into @ small().W2.T)[0, 0])),
        "numpy_masked": NumberCheck(lambda: float((small().into @ small().W2.T)[1, 0])),
        "numpy_zero_into": NumberCheck(lambda: small(CORNER).into[1, 0]),
    },
    predicts={
        "numpy_spread": NumberQuestion(
            answer=lambda: math.sqrt(D_IN * VARIANCE),
            explanation="So $Z$ has numbers of about ±[32](number:numpy_h_size), and the sums that "
            "make $Y$ add [100](number:units) of them, each times a weight: about "
            "±[224](number:numpy_y_size). Squared, [640](number:numpy_target_count) times, that is "
            "a loss of about "
            "[32](number:numpy_expected) million at the start.",
            slips=(
                Slip(
                    "no-root",
                    lambda: float(D_IN),
                    "That is the variance: variances add up. The standard deviation is its root.",
                    line=r"\sigma = D_\mathrm{in} \cdot 1",
                    right=r"\sigma = \sqrt{D_\mathrm{in} \cdot 1}",
                ),
                Slip(
                    "outputs-counted",
                    lambda: math.sqrt(H),
                    "Each entry of $Z$ is a sum over the features, of which there are "
                    "[1000](number:features). [100](number:units) is how many entries a row has.",
                    line=r"\sigma = \sqrt{H}",
                    right=r"\sigma = \sqrt{D_\mathrm{in}}",
                ),
            ),
            hints=Hints(
                idea="variances of independent numbers add up; the spread is the root of the sum.",
                formula=r"$\sigma = \sqrt{D_\mathrm{in} \cdot 1}$",
                numbers=r"$\sigma = \sqrt{1000 \cdot 1}$",
            ),
        ),
        "numpy_low_output": SignQuestion(
            value=lambda: float(small().into[1, 0]),
            explanation="The output is too low. A larger one would make the loss smaller, so the "
            "slope is negative, and a step against it goes up.",
            feedback="Push the output a little upwards. It comes nearer to its target. What does "
            "the loss do?",
            slip="sign",
            line=r"\frac{\partial L}{\partial Y_{21}} = 2\,(T_{21} - Y_{21})",
            right_line=r"\frac{\partial L}{\partial Y_{21}} = 2\,(Y_{21} - T_{21})",
        ),
        "numpy_missing_factor": FillQuestion(
            formula=_BY_A + " = " + _BY_Y + r" \, \square",
            factors=(
                Factor(
                    "W^{(2)}",
                    r"The shapes do not fit: $N \times D_\mathrm{out}$ and $H \times "
                    r"D_\mathrm{out}$. The blame goes the way of the weights backwards.",
                    slip="row-for-column",
                ),
                Factor(
                    r"A^\top",
                    r"$A^\top$ belongs to the gradient of the weights, and stands in front there. "
                    "The blame of the hidden units comes through the weights themselves.",
                ),
                Factor(
                    r"(W^{(2)})^\top",
                    r"$N \times D_\mathrm{out}$ times $D_\mathrm{out} \times H$ gives $N \times "
                    "H$, the shape of $A$: each hidden unit gathers from all outputs.",
                ),
            ),
            notation=NOTATION,
        ),
        "numpy_w1_shape": ShapeQuestion(
            shape=_gradient_shape,
            explanation="The shape of $W^{(1)}$. The [64](number:samples) samples are summed away "
            "inside the product.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: _gradient_shape()[::-1],
                    "That is the product the other way round. A gradient has the shape of its "
                    "weights, and here they have one row for each feature.",
                    line=r"\left( " + _BY_Z + r" \right)^\top X",
                    right=r"X^\top " + _BY_Z,
                ),
                ShapeSlip(
                    "delta-alone",
                    lambda: (N, H),
                    r"That is the shape of $\partial L / \partial Z$ alone. Times $X^\top$ there "
                    "is a row for each feature.",
                    line=_BY_Z,
                    right=r"X^\top " + _BY_Z,
                ),
            ),
            hints=Hints(
                idea="a product has the rows of its first factor and the columns of its second.",
                formula=r"$(D_\mathrm{in} \times N) \cdot (N \times H)$",
                numbers="([1000](number:features) × [64](number:samples)) · "
                "([64](number:samples) × [100](number:units))",
            ),
        ),
        "numpy_by_hand": NumberQuestion(
            answer=_entry_of_w1,
            explanation="Unit 1 is off for sample 2, so only sample 1 counts: its second feature, "
            "[2](number:numpy_own_feature), times [4](number:numpy_into_z_1).",
            tolerance=0,
            slips=(
                Slip(
                    "no-derivative",
                    lambda: _entry_of_w1(masked=False),
                    "You let the gradient through where $Z$ is negative. Unit 1 is off for "
                    "sample 2, so nothing comes back through it there.",
                    line=_ENTRY + r" = \sum_s X_{s2} \frac{\partial L}{\partial A_{s1}}",
                    right=_ENTRY + r" = \sum_s X_{s2} \frac{\partial L}{\partial Z_{s1}}",
                ),
                Slip(
                    "no-two",
                    lambda: _entry_of_w1(two=1.0),
                    "The derivative of a square brings a 2, and this loss has no ½ to cancel it.",
                    line=_BY_Y + " = Y - T",
                    right=_BY_Y + r" = 2\,(Y - T)",
                ),
            ),
            hints=Hints(
                idea="go back one line at a time: the outputs, the hidden units, ReLU, and then "
                "the features.",
                formula=r"$\partial L / \partial W_{12}^{(1)} = \sum_s X_{s2} \, \partial L / "
                r"\partial Z_{s1}$, where $\partial L / \partial Z_{s1}$ is 0 for the sample whose "
                "$Z_{s1}$ is negative",
                numbers="with [2](number:numpy_into_1) and [−6](number:numpy_into_2) at the "
                "outputs: [2](number:numpy_own_feature) · [4](number:numpy_into_z_1) + "
                "[1](number:numpy_other_feature) · 0",
            ),
        ),
        "numpy_without_loss": ChoiceQuestion(
            options=(
                Option(
                    "The weights stop moving.",
                    "They move by their gradients. Look for the loss in the lines that compute "
                    "them: it is not there.",
                ),
                Option(
                    "The same weights come out; only the figure is missing.",
                    "The derivative of the loss was taken on paper. The program needs $Y - T$, "
                    "and never the loss itself. You need it, to see whether training works.",
                    right=True,
                ),
                Option(
                    "The weights move, but in another direction.",
                    "No line of the gradients uses the loss, so nothing about them changes.",
                ),
            ),
            proof=_loss_is_not_needed,
        ),
        "numpy_at_zero": NumberQuestion(
            answer=_at_zero_by_autograd,
            explanation="Autograd takes 0 as the slope of ReLU at 0, and 0 times anything is 0. "
            "The mask `h < 0` leaves [−12](number:numpy_at_zero/relu-at-zero) there.",
            tolerance=0,
            slips=(
                Slip(
                    "relu-at-zero",
                    _at_zero_by_hand,
                    "That is what the mask `h < 0` leaves: at 0 the gradient passes. Autograd "
                    "takes the slope 0 there.",
                    line=_INTO_UNIT + r" \mathbf{1}[Z_{21} \ge 0]",
                    right=_INTO_UNIT + r" \mathbf{1}[Z_{21} > 0]",
                ),
                Slip(
                    "one-side-right",
                    lambda: _at_zero_by_hand() / 2,
                    "You took ½ for the slope, the mean of both sides. Autograd takes the left "
                    "one, 0.",
                    line=_INTO_UNIT + r" \frac12",
                    right=_INTO_UNIT + r" \mathrm{ReLU}'(Z_{21})",
                ),
            ),
            hints=Hints(
                idea="what comes from the output is multiplied by the slope of ReLU at 0.",
                formula=r"$\partial L / \partial Y_2 \cdot W_{11}^{(2)} \cdot "
                r"\mathrm{ReLU}'(Z_{21})$",
                numbers="[−6](number:numpy_zero_into) · [2](number:numpy_first_out) · the slope "
                "that autograd takes at 0",
            ),
        ),
        "numpy_new_samples": ChoiceQuestion(
            options=(
                Option(
                    "It needs more steps.",
                    "On its own [64](number:samples) samples the loss is next to 0 by then. So the "
                    "gradients are "
                    "next to 0 as well, and more steps move nothing.",
                ),
                Option(
                    "Nothing leads from the features of a new sample to its targets.",
                    "All targets are random. The network has "
                    "[101 000](number:numpy_weight_count) weights and learns "
                    "[640](number:numpy_target_count) numbers by heart. On new samples even the "
                    "answer 0 would be better.",
                    right=True,
                ),
                Option(
                    "The learning rate is too small.",
                    "It was large enough to bring the loss of the [64](number:samples) samples "
                    "down to next to 0.",
                ),
            ),
            proof=_new_samples,
        ),
    },
)
