"""The numbers and questions of `mlp/from-scratch`."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas.notation import Notation
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Draw,
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
from lessons.checks.nets import sigmoid, sigmoid_slope

RATE = 0.5


def _parameters(d: int, h: int, q: int) -> float:
    """How many numbers the recipe starts."""
    import torch

    from engine.recipes.mlp import init_params

    return float(sum(p.numel() for p in init_params(d, h, q, torch.Generator()).values()))


def _last_hidden() -> tuple[int, ...]:
    """The shape of H for the last batch of 60 000 images."""
    import torch

    from engine.recipes.mlp import init_params, relu

    params = init_params(784, 256, 10, torch.Generator())
    sizes = [len(batch) for batch in torch.arange(60_000).split(256)]
    X = torch.zeros(sizes[-1], 784)
    return tuple(relu(X @ params["W1"] + params["b1"]).shape)


def _slope_at_0(name: str) -> float:
    """The slope of a recipe's activation at 0, by autograd."""
    import torch

    from engine.recipes.mlp import ACTIVATIONS

    z = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(ACTIVATIONS[name](z), z)
    return float(slope)


def _first_move(rule: str, gradient: float, lr: float) -> float:
    """How far the first update of a rule moves a weight."""
    import torch

    from engine.recipes.optimisers import OPTIMISERS

    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor(gradient, dtype=torch.float64)
    OPTIMISERS[rule]({"w": w}).step(lr)
    return -w.detach().item()


def _adam_without_correction(gradient: float, lr: float) -> float:
    """The same for Adam without making up for its start at 0."""
    from engine.recipes.optimisers import BETA1, BETA2

    return float(lr * (1 - BETA1) * gradient / math.sqrt((1 - BETA2) * gradient**2))


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


def _square_layers(rng: np.random.Generator) -> Draw:
    """Deltas of three scores for four samples, and three hidden units before them."""
    Z2 = rng.normal(size=(4, 3))
    return Draw(delta=rng.normal(size=(4, 3)), W2=rng.normal(size=(3, 3)), Z2=Z2, A2=sigmoid(Z2))


def _blame_by_paths(d: Draw) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The blame of each hidden unit, one path after the other."""
    found = np.zeros((4, 3))
    for s in range(4):
        for i in range(3):
            for k in range(3):
                # W2[i, k] leads from hidden unit i into score k.
                found[s, i] += d.delta[s, k] * d.W2[i, k] * sigmoid_slope(d.Z2[s, i])
    return found


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


_FACTOR = r"w^{+} = (1 - \eta c) \, w"
_COUNT = "784 S_2 + S_2 + 10 S_2 + 10"

BOOK = CheckBook(
    "mlp",
    numbers={
        "scratch_log_10": NumberCheck(lambda: math.log(10)),
        "scratch_sigmoid_slope": NumberCheck(lambda: _slope_at_0("sigmoid")),
        "scratch_tanh_slope": NumberCheck(lambda: _slope_at_0("tanh")),
    },
    predicts={
        "scratch_count": NumberQuestion(
            answer=lambda: _parameters(784, 100, 10),
            explanation="784 · 100 weights and 100 biases lead into the hidden layer, 100 · 10 "
            "weights and 10 biases out of it.",
            tolerance=0,
            slips=(
                Slip(
                    "no-bias",
                    lambda: 784.0 * 100 + 100 * 10,
                    "These are the weights. Every hidden unit and every score has a bias as well.",
                    line=r"784 S_2 + 10 S_2",
                    right=_COUNT,
                ),
                Slip(
                    "first-layer-only",
                    lambda: 784.0 * 100 + 100,
                    "That is the hidden layer. The scores have weights and biases, too.",
                    line=r"784 S_2 + S_2",
                    right=_COUNT,
                ),
                Slip(
                    "layer-skipped",
                    lambda: _parameters(784, 100, 10) + 784 * 10,
                    "The pixels have no weights straight into the scores: all goes through the "
                    "hidden units.",
                    line=_COUNT + r" + 784 \cdot 10",
                    right=_COUNT,
                ),
            ),
            hints=Hints(
                "count the entries of `W1`, `b1`, `W2` and `b2`.",
                f"${_COUNT}$",
                r"$784 \cdot 100 + 100 + 10 \cdot 100 + 10$",
            ),
        ),
        "scratch_last_hidden": ShapeQuestion(
            shape=_last_hidden,
            explanation="One row an image and one column a hidden unit. 234 whole batches hold "
            "59 904 images, so the last one holds 96.",
            slips=(
                ShapeSlip(
                    "last-batch",
                    lambda: (256, 256),
                    "256 does not divide 60 000: the last batch is smaller. How many images are "
                    "left?",
                    line=r"n = 256",
                    right=r"n = 60000 - 234 \cdot 256",
                ),
                ShapeSlip(
                    "outputs-counted",
                    lambda: (96, 10),
                    "That is the shape of the scores. `H` has one column a hidden unit.",
                    line=r"A^{(2)} : n \times 10",
                    right=r"A^{(2)} : n \times S_2",
                ),
                ShapeSlip(
                    "wrong-way",
                    lambda: (256, 96),
                    "The rows of a batch are its images, the columns are the units.",
                    line=r"A^{(2)} : S_2 \times n",
                    right=r"A^{(2)} : n \times S_2",
                ),
            ),
            hints=Hints(
                "one row an image, one column a hidden unit; how many images are left at the end?",
                r"$n \times S_2$, with the $n$ of the last batch.",
                r"$(60000 - 234 \cdot 256) \times 256$",
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
            notation=Notation(),
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
            answer=lambda: _first_move("adam", 0.003, 0.001),
            explanation="The mean of one gradient, divided by the root of its square, is 1 or −1: "
            "the first step is the learning rate, however small the gradient is.",
            tolerance=1e-3,
            slips=(
                Slip(
                    "plain-gradient-step",
                    lambda: _first_move("sgd", 0.003, 0.001),
                    "That is the step of SGD. Adam divides the gradient by its usual size.",
                    line=r"w^{+} = w - \eta g",
                    right=r"w^{+} = w - \eta \, \frac{\hat m}{\sqrt{\hat s}}",
                ),
                Slip(
                    "no-correction",
                    lambda: _adam_without_correction(0.003, 0.001),
                    "Both averages begin at 0 and are too small at first. `m_hat` and `s_hat` make "
                    "up for that.",
                    line=r"w^{+} = w - \eta \, \frac{m}{\sqrt{s}}",
                    right=r"w^{+} = w - \eta \, \frac{m / (1 - 0.9)}{\sqrt{s / (1 - 0.999)}}",
                ),
                Slip(
                    "rmsprop-for-adam",
                    lambda: _first_move("rmsprop", 0.003, 0.001),
                    "That is the first step of RMSProp, which does not make up for its start at 0.",
                    line=r"w^{+} = w - \eta \, \frac{g}{\sqrt{s}}",
                    right=r"w^{+} = w - \eta \, \frac{m / (1 - 0.9)}{\sqrt{s / (1 - 0.999)}}",
                ),
            ),
            hints=Hints(
                "after one update, what are `m_hat` and `s_hat` in terms of the gradient?",
                r"$\eta \, g / \sqrt{g^2}$",
                r"$0.001 \cdot 0.003 / \sqrt{0.003^2}$",
            ),
        ),
        "scratch_factor": NumberQuestion(
            answer=lambda: 1 - RATE * 3,
            explanation="$1 - 0.5 \\cdot 3 = -0.5$: the weight lands on the other side, half as "
            "far away.",
            slips=(
                Slip(
                    "no-one",
                    lambda: -RATE * 3,
                    "That is what is added, in units of $w$. The weight itself stays, too.",
                    line=r"w^{+} = -\eta c \, w",
                    right=_FACTOR,
                ),
                Slip(
                    "uphill",
                    lambda: 1 + RATE * 3,
                    "That is a step *along* the gradient, up the slope.",
                    line=r"w^{+} = (1 + \eta c) \, w",
                    right=_FACTOR,
                ),
                Slip(
                    "half-formula",
                    lambda: 1 - RATE * 3 / 2,
                    r"The slope of $\frac12 c w^2$ is $c w$: the half cancels the 2.",
                    line=r"w^{+} = (1 - \tfrac12 \eta c) \, w",
                    right=_FACTOR,
                ),
            ),
            hints=Hints(
                "read the last line of the derivation.",
                r"$1 - \eta c$",
                r"$1 - 0.5 \cdot 3$",
            ),
        ),
        "scratch_edge": NumberQuestion(
            answer=lambda: 2 / RATE,
            explanation=r"The factor is $-1$ at $\eta c = 2$. Above $c = 2 / \eta$ each jump is "
            "longer than the one before.",
            slips=(
                Slip(
                    "first-overshoot",
                    lambda: 1 / RATE,
                    "From there on an update steps over the lowest point, but it still comes "
                    "nearer. When is it further away than before?",
                    line=r"1 - \eta c < 0",
                    right=r"1 - \eta c < -1",
                ),
                Slip(
                    "upside-down",
                    lambda: RATE / 2,
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
