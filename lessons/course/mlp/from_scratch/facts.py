"""What the formulas of `mlp/from-scratch` speak of."""

from __future__ import annotations

import numpy as np

from engine.formulas.draws import integer, normal, one_hot_rows, ones, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import Place, World
from engine.recipes.catalog import find_recipe
from lessons.course.classification.fashion_mnist.facts import CLASSES, HEIGHT, TRAIN, WIDTH

PIXELS = HEIGHT * WIDTH
RECIPE = find_recipe("mlp")
SETTINGS = {parameter.name: parameter.default for parameter in RECIPE.hyperparameters}
"""What the training starts with."""
HIDDEN = int(SETTINGS["hidden"])
BATCH = int(SETTINGS["batch_size"])
RATE = float(SETTINGS["lr"])
ADAM_RATE = dict(RECIPE.race_rates)["adam"]
CALM_RATE = RATE / 10
"""A learning rate with which the jumps come to rest."""
FEWER_UNITS = 100
SLOPE = 0.003
"""A gradient that Adam takes a step with."""
CURVATURE = 3
ACCURACY = (0.83, 0.86)
"""Between which numbers the test accuracy of a training comes, as trainings showed."""


def _matrix(world: World, key: str, layer: int | None = None) -> Value:
    place: Place = (key, (), layer)
    return world.value(place)


def _probabilities(world: World) -> Value:
    return _matrix(world, "Z", 3).softmax(dim=1)


def _mean_loss(world: World) -> Value:
    import torch

    return torch.nn.functional.cross_entropy(_matrix(world, "Z", 3), _matrix(world, "Y"))


def _number(world: World, key: str) -> float:
    return float(world.value((key, (), None)))


def _moved_by(rule: str, world: World) -> float:
    """Where the first update by a rule of the recipe moves the weight w with the gradient g."""
    import torch

    from engine.recipes.optimisers import OPTIMISERS

    w = torch.tensor(_number(world, "w"), dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor(_number(world, "g"), dtype=torch.float64)
    OPTIMISERS[rule]({"w": w}).step(_number(world, "η"))
    return w.item()


def _edge(world: World) -> float:
    """The curvature at which an update leads as far away as it began: by halving an interval."""
    rate = _number(world, "η")
    low, high = 1 / rate, 10 / rate
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if abs(1 - rate * middle) > 1 else (middle, high)
    return high


def _curvature(world: World) -> float:
    """A curvature with which the weight comes nearer on every second draw, and else not."""
    low, high = (0.2, 1.8) if world.index % 2 else (2.2, 4.0)
    return float(world.rng("c").uniform(low, high)) / _number(world, "η")


def _repeated(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """One row, repeated."""
    return np.tile(np.asarray(normal(0.6)(rng, (1, shape[1]))), (shape[0], 1))


NOTATION = (
    Notation()
    .drawn("l", make=integer(2, 3))
    .size("n", low=2)
    .size("S_l", over="l", low=2)
    .drawn("X", r"n \times S_1")
    .drawn(r"W^{(1)}", r"S_1 \times S_2", normal(0.6), over="l")
    .drawn(r"W^{(2)}", r"S_2 \times S_3", normal(0.6), over="l")
    .drawn(r"B^{(1)}", r"n \times S_2", _repeated, over="l")
    .drawn(r"B^{(2)}", r"n \times S_3", _repeated, over="l")
    .defined("Z^{(2)} = X W^{(1)} + B^{(1)}", r"n \times S_2", over="l")
    .defined(r"A^{(2)} = \sigma(Z^{(2)})", r"n \times S_2", over="l")
    .defined("Z^{(3)} = A^{(2)} W^{(2)} + B^{(2)}", r"n \times S_3", over="l")
    .entrywise(r"\sigma", "sigmoid")
    .computed(r"\hat Y", _probabilities, r"n \times S_3")
    .drawn("Y", r"n \times S_3", one_hot_rows())
    .computed("L", _mean_loss, "")
    .defined(r"\Delta^{(l)} = \frac{\partial L}{\partial Z^{(l)}}", r"n \times S_l", over="l")
    .drawn("w")
    .drawn("c", "", positive(0.5, 5.0))
    .drawn(r"\eta", "", positive(0.1, 1.0))
    .defined("g = c w", "")
    .computed("w^{+}", lambda world: _moved_by("sgd", world), "")
    .drawn("m")
    .drawn("s", "", positive())
    .drawn(r"\hat m")
    .drawn(r"\hat s", "", positive())
    .fixed(r"\epsilon", 1e-8)
)
r"""A network of three layers that a batch goes through; and one weight w on the parabola ½cw²,
which `SGD` of the recipe moves to w⁺."""

FASHION = (
    NOTATION.fixed("n", TRAIN % BATCH)
    .defined(f"S_1 = {PIXELS}", "", over="l")
    .defined(f"S_2 = {HIDDEN}", "", over="l")
    .defined(f"S_3 = {CLASSES}", "", over="l")
    .drawn("X", r"n \times S_1", ones())
    .drawn(r"W^{(1)}", r"S_1 \times S_2", ones(), over="l")
    .drawn(r"W^{(2)}", r"S_2 \times S_3", ones(), over="l")
)
"""The last batch of an epoch; only the shapes matter."""

COUNT = FASHION.defined(f"S_2 = {FEWER_UNITS}", "", over="l")
FIRST_ADAM = (
    NOTATION.fixed("g", SLOPE)
    .fixed(r"\eta", ADAM_RATE)
    .defined("m = (1 - 0.9) g", "")
    .defined("s = (1 - 0.999) g^2", "")
    .defined(r"\hat m = \frac{m}{1 - 0.9}", "")
    .defined(r"\hat s = \frac{s}{1 - 0.999}", "")
    .computed("w^{+}", lambda world: _moved_by("adam", world), "")
    .with_tolerance(1e-5)
)
HALF = NOTATION.fixed(r"\eta", RATE)
FACTOR = HALF.fixed("c", CURVATURE)
EDGE = HALF.computed("c", _edge, "")

SCOPES = {
    "parabola": NOTATION.defined(r"L = \frac12 c w^2", "").computed("c", _curvature, ""),
    "half": HALF,
    "scratch_count": COUNT,
    "scratch_last_hidden": FASHION,
    "scratch_adam": FIRST_ADAM,
    "scratch_factor": FACTOR,
    "scratch_edge": EDGE,
}
