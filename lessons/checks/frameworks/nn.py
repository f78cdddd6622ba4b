"""The questions of `frameworks/nn`."""

from __future__ import annotations

from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.checks.base import (
    CheckBook,
    Factor,
    FillQuestion,
    Hints,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)
from lessons.course.frameworks.nn.facts import NOTATION

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


_WIDTH = r"\frac{1}{\sigma} = \frac{1}{c / \sqrt{3}}"
_COUNT = r"D_\mathrm{in} H + H D_\mathrm{out}"
_SAME_STEP = r"\eta_M = N D_\mathrm{out} \, \eta_L"

BOOK = CheckBook(
    "frameworks",
    predicts={
        "nn_parameter_count": NumberQuestion(
            answer=_parameter_count,
            explanation="[1000](number:features) · [100](number:units) weights into the hidden "
            "units "
            "and [100](number:units) · [10](number:outputs) into the outputs. "
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
                numbers="[1000](number:features) · [100](number:units) + [100](number:units) · "
                "[10](number:outputs)",
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
                    "These are the weights of one unit. The layer has [100](number:units) of them.",
                    line=r"V : D_\mathrm{in}",
                    right=r"V : H \times D_\mathrm{in}",
                ),
            ),
            hints=Hints(
                idea="a row of the matrix belongs to one unit, and it holds all that it weighs.",
                formula=r"$V : H \times D_\mathrm{in}$",
                numbers="[100](number:units) units, and [1000](number:features) features for each.",
            ),
        ),
        "nn_layout": FillQuestion(
            formula=r"Z = X \, \square",
            factors=(
                Factor(
                    r"V",
                    "A row of $X$ has [1000](number:features) entries, so a *column* of the second "
                    "factor must have as many. The columns of $V$ have [100](number:units).",
                    slip="row-for-column",
                ),
                Factor(
                    r"V^\top",
                    "Each column of $V^\\top$ is a row of $V$: the weights of one unit.",
                ),
                Factor(
                    r"(W^{(1)})^\top",
                    "That is $V$ itself. Its columns have [100](number:units) entries, and a row "
                    "of $X$ "
                    "has [1000](number:features).",
                ),
            ),
            notation=NOTATION,
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
            explanation="$1 / (c / \\sqrt{3}) = \\sqrt{3 \\cdot 1000}$. A sum of "
            "[1000](number:features) "
            "features grows with the root of [1000](number:features), and the small weights of "
            "`nn.Linear` make up for that.",
            slips=(
                Slip(
                    "variance",
                    lambda: 3.0 * D_IN,
                    "That compares the variances. The standard deviation is the root.",
                    line=r"\frac{1}{\sigma} = \frac{1}{c^2 / 3}",
                    right=_WIDTH,
                ),
                Slip(
                    "limit-for-deviation",
                    lambda: D_IN**0.5,
                    "That compares with the limit $c$. Most weights lie well within it: the "
                    "standard deviation is $\\sigma = c / \\sqrt{3}$.",
                    line=r"\frac{1}{\sigma} = \frac{1}{c}",
                    right=_WIDTH,
                ),
                Slip(
                    "outputs-counted",
                    lambda: (3 * H) ** 0.5,
                    "That takes the [100](number:units) units. What counts is how many numbers one "
                    "unit adds up.",
                    line=r"\frac{1}{\sigma} = \sqrt{3 H}",
                    right=r"\frac{1}{\sigma} = \sqrt{3 D_\mathrm{in}}",
                ),
                Slip(
                    "upside-down",
                    lambda: (3 * D_IN) ** -0.5,
                    "It is the other way round: the weights of `nn.Linear` are the smaller ones.",
                    line=r"\frac{1}{\sigma} = \frac{c / \sqrt{3}}{1}",
                    right=_WIDTH,
                ),
            ),
            hints=Hints(
                idea="divide the standard deviation of the one by that of the other.",
                formula=r"$1 / \sigma = 1 / (c / \sqrt{3})$, with $c = 1 / \sqrt{D_\mathrm{in}}$",
                numbers=r"$1 / \sigma = \sqrt{3} \cdot \sqrt{1000}$",
            ),
        ),
        "nn_mean_rate": NumberQuestion(
            answer=lambda: 1e-6 * N * D_OUT,
            explanation="The mean and its gradients are [640](number:numpy_target_count) times "
            "smaller, "
            "so the learning rate must be [640](number:numpy_target_count) times as large.",
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
                numbers=r"$\eta_M = 64 \cdot 10 \cdot 10^{-6}$",
            ),
        ),
    },
)
