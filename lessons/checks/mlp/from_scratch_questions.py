"""The numbers and questions of `mlp/from-scratch`."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas.proving import shape_of, value_of
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.classification.fashion_mnist.facts import CLASSES, TRAIN
from lessons.course.mlp.from_scratch.facts import (
    ACCURACY,
    ADAM_RATE,
    BATCH,
    CALM_RATE,
    COUNT,
    EDGE,
    FACTOR,
    FASHION,
    FEWER_UNITS,
    FIRST_ADAM,
    HIDDEN,
    NOTATION,
    PIXELS,
    RATE,
)


def _parameters(d: int, h: int, q: int) -> float:
    """How many numbers the recipe starts."""
    import torch

    from engine.recipes.mlp import init_params

    return float(sum(p.numel() for p in init_params(d, h, q, torch.Generator()).values()))


def _last_hidden() -> tuple[int, ...]:
    """The shape of H for the last batch of an epoch."""
    import torch

    from engine.recipes.mlp import init_params, relu

    params = init_params(PIXELS, HIDDEN, 10, torch.Generator())
    sizes = [len(batch) for batch in torch.arange(TRAIN).split(BATCH)]
    X = torch.zeros(sizes[-1], PIXELS)
    return tuple(relu(X @ params["W1"] + params["b1"]).shape)


def _slope_at_0(name: str) -> float:
    """The slope of a recipe's activation at 0, by autograd."""
    import torch

    from engine.recipes.mlp import ACTIVATIONS

    z = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(ACTIVATIONS[name](z), z)
    return float(slope)


def _spread() -> float:
    """The standard deviation of the first weights: what the recipe makes of a draw from N(0, 1)."""
    import torch

    from engine.recipes.mlp import init_params

    weights = init_params(2, 1, 1, torch.Generator().manual_seed(0))["W1"]
    return float(
        weights[0, 0] / torch.randn(2, 1, generator=torch.Generator().manual_seed(0))[0, 0]
    )


def _constant(name: str) -> float:
    """A constant of the rules."""
    from engine.recipes import optimisers

    return float(getattr(optimisers, name))


def _order_of_an_update() -> tuple[int, ...]:
    """Run the recipe's update, and write down what happens."""
    import torch
    from torch import Tensor

    from engine.recipes.mlp import init_params, relu, update
    from engine.recipes.optimisers import SGD

    happened: list[str] = []

    def activation(z: Tensor) -> Tensor:
        happened.append("hidden")
        return relu(z)

    class Watched(SGD):
        def step(self, lr: float) -> None:
            before = [p.detach().clone() for p in self.params.values()]
            super().step(lr)
            moved = any((p != b).any() for p, b in zip(self.params.values(), before, strict=True))
            clear = all(p.grad is not None and not p.grad.any() for p in self.params.values())
            happened.extend(["moved"] * moved + ["cleared"] * clear)

    generator = torch.Generator().manual_seed(0)
    params = init_params(6, 5, 3, generator)
    for name, param in params.items():
        param.requires_grad_()
        param.register_hook(lambda _, name=name: happened.append(name))
    X = torch.randn(8, 6, generator=generator)
    update(X, torch.arange(8) % 3, params, activation, Watched(params), 0.1)
    places = [happened.index(what) for what in ("hidden", "W2", "W1", "moved", "cleared")]
    return tuple(int(place) for place in np.argsort(places))


def _who_is_ahead() -> int:
    """Follow two seeds near a lowest point, with noisy slopes: is the same one always ahead?"""

    def losses(seed: int) -> list[float]:
        rng, w, found = np.random.default_rng(seed), 1.0, []
        for _ in range(60):
            w -= RATE * (3.5 * w + rng.normal())
            found.append(0.5 * 3.5 * w * w)
        return found[10:]

    first, second = losses(0), losses(1)
    ahead = [a < b for a, b in zip(first, second, strict=True)]
    return 2 if 10 < sum(ahead) < 40 else 0 if ahead[-1] else 1


_FACTOR = r"\frac{w^{+}}{w} = 1 - \eta c"
_COUNT = "S_1 S_2 + S_2 + S_2 S_3 + S_3"
_ADAM = r"w - w^{+} = \eta \, \frac{\hat m}{\sqrt{\hat s} + \epsilon}"
_ADAM_WRITTEN = (
    r"w - w^{+} = \eta \, \frac{\frac{m}{1 - 0.9}}{\sqrt{\frac{s}{1 - 0.999}} + \epsilon}"
)
_MOVES = {
    "sgd": r"\eta g",
    "no-correction": r"\eta \, \frac{m}{\sqrt{s}}",
    "rmsprop": r"\eta \, \frac{g}{\sqrt{(1 - 0.99) g^2} + \epsilon}",
}

BOOK = CheckBook(
    "mlp",
    numbers={
        "scratch_hidden": NumberCheck(lambda: HIDDEN),
        "scratch_images": NumberCheck(lambda: TRAIN),
        "scratch_batch": NumberCheck(lambda: BATCH),
        "scratch_rate": NumberCheck(lambda: RATE),
        "scratch_adam_rate": NumberCheck(lambda: ADAM_RATE),
        "scratch_calm_rate": NumberCheck(lambda: CALM_RATE),
        "scratch_low": NumberCheck(lambda: ACCURACY[0]),
        "scratch_high": NumberCheck(lambda: ACCURACY[1]),
        "scratch_spread": NumberCheck(_spread),
        "scratch_beta": NumberCheck(lambda: _constant("BETA")),
        "scratch_alpha": NumberCheck(lambda: _constant("ALPHA")),
        "scratch_beta1": NumberCheck(lambda: _constant("BETA1")),
        "scratch_beta2": NumberCheck(lambda: _constant("BETA2")),
        "scratch_log_10": NumberCheck(lambda: math.log(10)),
        "scratch_sigmoid_slope": NumberCheck(lambda: _slope_at_0("sigmoid")),
        "scratch_tanh_slope": NumberCheck(lambda: _slope_at_0("tanh")),
    },
    predicts={
        "scratch_count": NumberQuestion(
            answer=lambda: _parameters(PIXELS, FEWER_UNITS, CLASSES),
            explanation=r"$784 \cdot 100 = S_1 S_2$ weights and $100 = S_2$ biases lead into the "
            r"hidden layer, $100 \cdot 10 = S_2 S_3$ weights and $10 = S_3$ biases out of it.",
            tolerance=0,
            slips=(
                Slip(
                    "no-bias",
                    lambda: value_of("S_1 S_2 + S_2 S_3", COUNT),
                    "These are the weights. Every hidden unit and every score has a bias as well.",
                    line="S_1 S_2 + S_2 S_3",
                    right=_COUNT,
                ),
                Slip(
                    "first-layer-only",
                    lambda: value_of("S_1 S_2 + S_2", COUNT),
                    "That is the hidden layer. The scores have weights and biases, too.",
                    line="S_1 S_2 + S_2",
                    right=_COUNT,
                ),
                Slip(
                    "layer-skipped",
                    lambda: value_of(f"{_COUNT} + S_1 S_3", COUNT),
                    "The pixels have no weights straight into the scores: all goes through the "
                    "hidden units.",
                    line=f"{_COUNT} + S_1 S_3",
                    right=_COUNT,
                ),
            ),
            hints=Hints(
                "count the entries of `W1`, `b1`, `W2` and `b2`.",
                f"${_COUNT}$",
                rf"${_COUNT} = 784 \cdot 100 + 100 + 100 \cdot 10 + 10$",
            ),
        ),
        "scratch_last_hidden": ShapeQuestion(
            shape=_last_hidden,
            explanation=r"One row an image and one column a hidden unit. The whole batches hold "
            r"$234 \cdot 256 = 59\,904$ images, so the last one holds "
            r"$n = 60\,000 - 59\,904 = 96$.",
            slips=(
                ShapeSlip(
                    "last-batch",
                    lambda: (BATCH, HIDDEN),
                    "[256](number:scratch_batch) does not divide [60 000](number:scratch_images): "
                    "the last batch is smaller. How many images are left?",
                    line=r"A^{(2)} : 256 \times S_2",
                    right=r"A^{(2)} : (60\,000 - 234 \cdot 256) \times S_2",
                ),
                ShapeSlip(
                    "outputs-counted",
                    lambda: shape_of("Z^{(3)}", FASHION),
                    "That is the shape of the scores. `H` has one column a hidden unit.",
                    line=r"A^{(2)} : n \times S_3",
                    right=r"A^{(2)} : n \times S_2",
                ),
                ShapeSlip(
                    "wrong-way",
                    lambda: shape_of(r"(A^{(2)})^\top", FASHION),
                    "The rows of a batch are its images, the columns are the units.",
                    line=r"A^{(2)} : S_2 \times n",
                    right=r"A^{(2)} : n \times S_2",
                ),
            ),
            hints=Hints(
                "one row an image, one column a hidden unit; how many images are left at the end?",
                r"$A^{(2)} : n \times S_2$, with the $n$ of the last batch.",
                r"$A^{(2)} : (60\,000 - 234 \cdot 256) \times 256$",
            ),
        ),
        "scratch_fill": FillQuestion(
            formula=r"\Delta^{(2)} = \left( \square \right) \odot \sigma'(Z^{(2)})",
            factors=(
                Factor(
                    r"\Delta^{(3)} W^{(2)}",
                    r"In $W^{(2)}$ a row is a hidden unit and a column a score. Here the scores "
                    r"must be summed over, and so they have to be the rows: $(W^{(2)})^\top$.",
                    slip="row-for-column",
                ),
                Factor(
                    r"\Delta^{(3)} (W^{(2)})^\top",
                    "Each hidden unit gets the deltas of all scores, each through the weight that "
                    "leads there.",
                ),
                Factor(
                    r"\Delta^{(3)} (A^{(2)})^\top",
                    "What a unit hands on belongs to the gradient of a weight. The blame of the "
                    "unit itself comes back through the weights out of it.",
                    slip="times-input",
                ),
            ),
            notation=NOTATION,
        ),
        "scratch_order": OrderQuestion(
            items=(
                "The hidden units apply their activation.",
                "The gradient of W2 arrives.",
                "The gradient of W1 arrives.",
                "All weights and biases move.",
                "All gradients are set to 0.",
            ),
            feedback=(
                "there is nothing to compare and no blame before the images went forward.",
                "blame starts at the scores, so the layer next to them is first; and nothing moves "
                "before all gradients are there.",
                "blame reaches the hidden layer through the output layer, and before any weight "
                "moves.",
                "weights move when all gradients are there, and need them for that.",
                "gradients are cleared only after they have been used.",
            ),
            proof=_order_of_an_update,
            explanation="Forward from the pixels to the loss, back from the loss to the pixels, "
            "and only then a move. `step` clears the gradients itself, for `backward()` adds.",
        ),
        "scratch_adam": NumberQuestion(
            answer=lambda: value_of("w - w^{+}", FIRST_ADAM),
            explanation="The mean of one gradient, divided by the root of its square, is 1 or −1: "
            "the first step is the learning rate, however small the gradient is.",
            tolerance=1e-3,
            slips=(
                Slip(
                    "plain-gradient-step",
                    lambda: value_of(_MOVES["sgd"], FIRST_ADAM),
                    "That is the step of SGD. Adam divides the gradient by its usual size.",
                    line=f"w - w^{{+}} = {_MOVES['sgd']}",
                    right=_ADAM,
                ),
                Slip(
                    "no-correction",
                    lambda: value_of(_MOVES["no-correction"], FIRST_ADAM),
                    "Both averages begin at 0 and are too small at first. `m_hat` and `s_hat` make "
                    "up for that.",
                    line=f"w - w^{{+}} = {_MOVES['no-correction']}",
                    right=_ADAM_WRITTEN,
                ),
                Slip(
                    "rmsprop-for-adam",
                    lambda: value_of(_MOVES["rmsprop"], FIRST_ADAM),
                    "That is the first step of RMSProp, which does not make up for its start at 0.",
                    line=f"w - w^{{+}} = {_MOVES['rmsprop']}",
                    right=_ADAM_WRITTEN,
                ),
            ),
            hints=Hints(
                "after one update, what are `m_hat` and `s_hat` in terms of the gradient?",
                r"$w - w^{+} \approx \eta \, \frac{g}{\sqrt{g^2}}$",
                r"$w - w^{+} \approx 0.001 \cdot \frac{0.003}{\sqrt{0.003^2}}$",
            ),
        ),
        "scratch_factor": NumberQuestion(
            answer=lambda: value_of(r"1 - \eta c", FACTOR),
            explanation=r"$1 - \eta c = 1 - 0.5 \cdot 3 = -0.5$: the weight lands on the other "
            "side, half as far away.",
            slips=(
                Slip(
                    "no-one",
                    lambda: value_of(r"-\eta c", FACTOR),
                    "That is what is added, in units of $w$. The weight itself stays, too.",
                    line=r"\frac{w^{+}}{w} = -\eta c",
                    right=_FACTOR,
                ),
                Slip(
                    "uphill",
                    lambda: value_of(r"1 + \eta c", FACTOR),
                    "That is a step *along* the gradient, up the slope.",
                    line=r"\frac{w^{+}}{w} = 1 + \eta c",
                    right=_FACTOR,
                ),
                Slip(
                    "half-formula",
                    lambda: value_of(r"1 - \tfrac12 \eta c", FACTOR),
                    r"The slope of $\frac12 c w^2$ is $c w$: the half cancels the 2.",
                    line=r"\frac{w^{+}}{w} = 1 - \tfrac12 \eta c",
                    right=_FACTOR,
                ),
            ),
            hints=Hints(
                "read the last line of the derivation.",
                r"$1 - \eta c$",
                r"$1 - \eta c = 1 - 0.5 \cdot 3$",
            ),
        ),
        "scratch_edge": NumberQuestion(
            answer=lambda: value_of("c", EDGE),
            explanation=r"The factor is $1 - \eta c = -1$ at $\eta c = 2$. Above $c = 2 / \eta$ "
            "each jump is longer than the one before.",
            slips=(
                Slip(
                    "first-overshoot",
                    lambda: value_of(r"1 / \eta", EDGE),
                    "From there on an update steps over the lowest point, but it still comes "
                    "nearer. When is it further away than before?",
                    line=r"c = 1 / \eta",
                    right=r"c = 2 / \eta",
                ),
                Slip(
                    "upside-down",
                    lambda: value_of(r"\eta / 2", EDGE),
                    r"That is $\eta / 2$. Solve $\eta c = 2$ for $c$.",
                    line=r"c = \eta / 2",
                    right=r"c = 2 / \eta",
                ),
            ),
            hints=Hints(
                "the weight gets further away where the size of the factor is above 1.",
                r"$1 - \eta c = -1$",
                r"$1 - 0.5 \cdot c = -1$",
            ),
        ),
        "scratch_one_run": ChoiceQuestion(
            options=(
                Option(
                    "The one that ends higher.",
                    "An epoch later it may be the other way round: each jumps by as much as they "
                    "differ.",
                ),
                Option(
                    "The one that ends lower: it has learned less by heart.",
                    "A lower test accuracy is no sign of that. And what is the difference worth?",
                ),
                Option(
                    "These two figures cannot tell.",
                    "Each run moves by two points from epoch to epoch, so such a difference says "
                    "when you looked. Compare over several seeds and epochs, or with smaller "
                    "steps at the end.",
                    right=True,
                ),
            ),
            proof=_who_is_ahead,
        ),
    },
)
