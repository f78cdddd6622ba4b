"""The checks of `frameworks/nn`: how nn.Linear keeps its weights, and what MSELoss adds up."""

from __future__ import annotations

import numpy as np

from engine.formulas.notation import Notation
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Draw,
    Factor,
    FillQuestion,
    Hints,
    Line,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)

SIZE = 3
"""As many features as units: so a misplaced transpose changes numbers, and not only shapes."""


# --- the layout of nn.Linear --------------------------------------------------------------


def _layer(rng: np.random.Generator) -> Draw:
    """Two samples, a layer's weights in both layouts, and one of the sums."""
    V = rng.normal(size=(SIZE, SIZE))
    return Draw(
        X=rng.normal(size=(2, SIZE)),
        V=V,
        W=V.T.copy(),
        s=int(rng.integers(2)),
        i=int(rng.integers(SIZE)),
    )


def _by_layer(d: Draw) -> Array:
    """Z as nn.Linear itself computes it from the weight V."""
    import torch
    from torch import nn

    layer = nn.Linear(SIZE, SIZE, bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(d.V))
        return np.asarray(layer(torch.tensor(d.X)).numpy())


LAYOUT = DerivationCheck(
    draw=_layer,
    left=lambda d: float(_by_layer(d)[d.s, d.i]),
    lines=(
        Line(
            value=lambda d: sum(d.V[d.i, j] * d.X[d.s, j] for j in range(SIZE)),
            # A column of V, as if the units stood there.
            wrong=(lambda d: sum(d.V[j, d.i] * d.X[d.s, j] for j in range(SIZE)),),
        ),
        Line(
            value=lambda d: sum(d.X[d.s, j] * d.V.T[j, d.i] for j in range(SIZE)),
            wrong=(lambda d: sum(d.X[d.s, j] * d.V.T[d.i, j] for j in range(SIZE)),),
        ),
        Line(
            value=lambda d: (d.X @ d.V.T)[d.s, d.i],
            wrong=(lambda d: (d.X @ d.V)[d.s, d.i],),
        ),
        Line(
            value=lambda d: (d.X @ d.W)[d.s, d.i],
            wrong=(lambda d: (d.X @ d.W.T)[d.s, d.i],),
        ),
    ),
)


# --- the mean and the sum -----------------------------------------------------------------


def _outputs(rng: np.random.Generator) -> Draw:
    """Outputs and targets of four samples with three outputs."""
    return Draw(out=rng.normal(size=(4, 3)), y=rng.normal(size=(4, 3)))


def _mse(d: Draw, reduction: str) -> float:
    """nn.MSELoss as PyTorch computes it."""
    import torch
    from torch import nn

    return float(nn.MSELoss(reduction=reduction)(torch.tensor(d.out), torch.tensor(d.y)))


def _squares(d: Draw) -> float:
    return float(sum((d.out[s, i] - d.y[s, i]) ** 2 for s in range(4) for i in range(3)))


MEAN_LOSS = DerivationCheck(
    draw=_outputs,
    left=lambda d: _mse(d, "mean"),
    lines=(
        Line(
            value=lambda d: _squares(d) / (4 * 3),
            # Divided by the samples alone.
            wrong=(lambda d: _squares(d) / 4,),
        ),
        Line(
            value=lambda d: _mse(d, "sum") / (4 * 3),
            wrong=(lambda d: _mse(d, "sum"), lambda d: _mse(d, "sum") / 3),
        ),
    ),
)


# --- questions ----------------------------------------------------------------------------


def _parameter_count() -> float:
    """Numbers in all parameters of the recipe's own model."""
    from engine.recipes.two_layer_nn import make_model

    return float(sum(param.numel() for param in make_model(D_IN, H, D_OUT).parameters()))


def _times_as_wide() -> float:
    """The spread of N(0, 1) over that of nn.Linear; the rule is held against a real draw."""
    import torch

    rule = (3 * D_IN) ** -0.5
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        drawn = float(torch.nn.Linear(D_IN, H).weight.detach().std())
    assert abs(drawn / rule - 1) < 0.01
    return float(1 / rule)


def _weight_shape() -> tuple[int, ...]:
    from engine.recipes.two_layer_nn import make_model

    return tuple(next(make_model(D_IN, H, D_OUT).parameters()).shape)


def _least_after_relu() -> float:
    """The least of all numbers behind the ReLU, on the recipe's own data."""
    import torch

    from engine.recipes.two_layer import init_weights, random_data
    from engine.recipes.two_layer_nn import make_model

    generator = torch.Generator().manual_seed(0)
    data = random_data(generator, torch.device("cpu"))
    model = make_model(D_IN, H, D_OUT)
    init_weights(model, "normal", generator)
    with torch.no_grad():
        return float(model[:2](data.x).min())


_WIDTH = r"\frac{1}{c / \sqrt{3}}"
_COUNT = r"D_\mathrm{in} H + H D_\mathrm{out}"
_SAME_STEP = r"\eta_M = N D_\mathrm{out} \, \eta_L"

BOOK = CheckBook(
    "frameworks",
    derivations={"nn_layout": LAYOUT, "nn_mean_loss": MEAN_LOSS},
    predicts={
        "nn_parameter_count": NumberQuestion(
            answer=_parameter_count,
            explanation="1000 · 100 weights into the hidden units and 100 · 10 into the outputs. "
            "ReLU has none, and the biases were left out.",
            tolerance=0,
            slips=(
                Slip(
                    "biases-counted",
                    lambda: float((D_IN + 1) * H + (H + 1) * D_OUT),
                    "That counts a bias for each unit. These layers were made with `bias=False`.",
                    line=r"(D_\mathrm{in} + 1) \, H + (H + 1) \, D_\mathrm{out}",
                    right=_COUNT,
                ),
                Slip(
                    "first-layer-only",
                    lambda: float(D_IN * H),
                    "These are the weights of `model[0]`. `model[2]` has some as well.",
                    line=r"D_\mathrm{in} H",
                    right=_COUNT,
                ),
                Slip(
                    "tensors-counted",
                    lambda: 2.0,
                    "That is the number of tensors. Each of them holds many numbers.",
                    line=r"1 + 1",
                    right=_COUNT,
                ),
            ),
            hints=Hints(
                idea="each layer has one weight for each pair of an input and a unit.",
                formula=f"${_COUNT}$",
                numbers="1000 · 100 + 100 · 10",
            ),
        ),
        "nn_weight_shape": ShapeQuestion(
            shape=_weight_shape,
            explanation="`nn.Linear(in, out)` keeps its weights as (out, in): one row for each "
            "unit.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: _weight_shape()[::-1],
                    "That is the layout of `w1`, and the order of the arguments. The layer keeps "
                    "one *row* for each unit, not one column.",
                    line=r"V : D_\mathrm{in} \times H",
                    right=r"V : H \times D_\mathrm{in}",
                ),
                ShapeSlip(
                    "one-unit",
                    lambda: _weight_shape()[1:],
                    "These are the weights of one unit. The layer has 100 of them.",
                    line=r"V : D_\mathrm{in}",
                    right=r"V : H \times D_\mathrm{in}",
                ),
            ),
            hints=Hints(
                idea="a row of the matrix belongs to one unit, and it holds all that it weighs.",
                formula=r"$V : H \times D_\mathrm{in}$",
                numbers="100 units, and 1000 features for each.",
            ),
        ),
        "nn_layout": FillQuestion(
            formula=r"Z = X \, \square",
            factors=(
                Factor(
                    r"V",
                    "A row of $X$ has 1000 entries, so a *column* of the second factor must "
                    "have as many. The columns of $V$ have 100.",
                    slip="row-for-column",
                ),
                Factor(
                    r"V^\top",
                    "Each column of $V^\\top$ is a row of $V$: the weights of one unit.",
                ),
                Factor(
                    r"(W^{(1)})^\top",
                    "That is $V$ itself. Its columns have 100 entries, and a row of $X$ has 1000.",
                ),
            ),
            notation=Notation(),
        ),
        "nn_relu_least": SignQuestion(
            value=_least_after_relu,
            explanation="About half of the sums are below 0, and ReLU makes each of them exactly "
            "0. None is smaller than that.",
            feedback="The second layer is the ReLU, $\\max(0, z)$. What does it make of the sums "
            "below 0?",
        ),
        "nn_spread": NumberQuestion(
            answer=_times_as_wide,
            explanation="$1 / (c / \\sqrt{3}) = \\sqrt{3 \\cdot 1000}$. A sum of 1000 features "
            "grows with the root of 1000, and the small weights of `nn.Linear` make up for that.",
            slips=(
                Slip(
                    "variance",
                    lambda: 3.0 * D_IN,
                    "That compares the variances. The standard deviation is the root.",
                    line=r"\frac{1}{c^2 / 3}",
                    right=_WIDTH,
                ),
                Slip(
                    "limit-for-deviation",
                    lambda: D_IN**0.5,
                    "That compares with the limit $c$. Most weights lie well within it: the "
                    "standard deviation is $c / \\sqrt{3}$.",
                    line=r"\frac{1}{c}",
                    right=_WIDTH,
                ),
                Slip(
                    "outputs-counted",
                    lambda: (3 * H) ** 0.5,
                    "That takes the 100 units. What counts is how many numbers one unit adds up.",
                    line=r"c = \frac{1}{\sqrt{H}}",
                    right=r"c = \frac{1}{\sqrt{D_\mathrm{in}}}",
                ),
                Slip(
                    "upside-down",
                    lambda: (3 * D_IN) ** -0.5,
                    "It is the other way round: the weights of `nn.Linear` are the smaller ones.",
                    line=r"\frac{c / \sqrt{3}}{1}",
                    right=_WIDTH,
                ),
            ),
            hints=Hints(
                idea="divide the standard deviation of the one by that of the other.",
                formula=r"$1 / (c / \sqrt{3})$, with $c = 1 / \sqrt{D_\mathrm{in}}$",
                numbers="sqrt(3) · sqrt(1000)",
            ),
        ),
        "nn_mean_rate": NumberQuestion(
            answer=lambda: 1e-6 * N * D_OUT,
            explanation="The mean and its gradients are 640 times smaller, so the learning rate "
            "must be 640 times as large.",
            slips=(
                Slip(
                    "wrong-way",
                    lambda: 1e-6 / (N * D_OUT),
                    "The gradients are smaller now. To move as far, the learning rate must be "
                    "larger, not smaller.",
                    line=r"\eta_M = \frac{\eta_L}{N D_\mathrm{out}}",
                    right=_SAME_STEP,
                ),
                Slip(
                    "samples-only",
                    lambda: 1e-6 * N,
                    "The mean is taken over all entries: samples *times* outputs.",
                    line=r"\eta_M = N \, \eta_L",
                    right=_SAME_STEP,
                ),
                Slip(
                    "outputs-counted",
                    lambda: 1e-6 * D_OUT,
                    "That divides by the outputs only. The mean goes over the samples as well.",
                    line=r"\eta_M = D_\mathrm{out} \, \eta_L",
                    right=_SAME_STEP,
                ),
                Slip(
                    "no-mean",
                    lambda: 1e-6,
                    "With the same rate the updates would be smaller: the mean divides every "
                    "gradient by the number of entries.",
                    line=r"\eta_M = \eta_L",
                    right=_SAME_STEP,
                ),
            ),
            hints=Hints(
                idea="by how much do the gradients shrink? The learning rate makes up for that.",
                formula=f"${_SAME_STEP}$",
                numbers="64 · 10 · 1e-6",
            ),
        ),
    },
)
