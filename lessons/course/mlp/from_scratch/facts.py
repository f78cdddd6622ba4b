"""What the formulas of `mlp/from-scratch` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas.draws import integer, normal, one_hot_rows, ones, positive
from engine.formulas.notation import Notation
from engine.formulas.proving import shape_of, value_of
from engine.formulas.values import Value
from engine.formulas.world import Place, World
from engine.recipes.catalog import find_recipe
from lessons.course.classification.fashion_mnist.facts import CLASSES, HEIGHT, TRAIN, WIDTH
from lessons.course.mlp.from_scratch.recipe import (
    constant,
    order_of_an_update,
    parameters,
    slope_at_0,
    spread,
)
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Shape

PIXELS = HEIGHT * WIDTH


RECIPE = find_recipe("mlp")


SETTINGS = {parameter.name: parameter.default for parameter in RECIPE.hyperparameters}
"""What the training starts with."""


HIDDEN = int(SETTINGS["hidden"])


BATCH = int(SETTINGS["batch_size"])


RATE = float(SETTINGS["lr"])


ADAM_RATE = RECIPE.usual_rate({"optimizer": "adam"})


CALM_RATE = RATE / 10
"""A learning rate with which the jumps come to rest."""


FEWER_UNITS = 100


SLOPE = 0.003
"""A gradient that Adam takes a step with."""


CURVATURE = 3


ACCURACY = (0.82, 0.86)
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
    .defined(r"\beta = \frac{1}{\sqrt{S_1}}", "")
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


UNBIASED = NOTATION.fixed(r"B^{(1)}", np.zeros((2, 2)), r"n \times S_2").fixed(
    r"B^{(2)}", np.zeros((2, 2)), r"n \times S_3"
)
"""Two samples, two hidden units, two classes, and no biases."""


SCOPES = {
    "parabola": NOTATION.defined(r"L = \frac12 c w^2", "").computed("c", _curvature, ""),
    "half": HALF,
    "scratch_gradients/numbers": UNBIASED,
    "scratch_count": COUNT,
    "scratch_last_hidden": FASHION,
    "scratch_bias_bound": FASHION,
    "scratch_adam": FIRST_ADAM,
    "scratch_factor": FACTOR,
    "scratch_edge": EDGE,
}


_COUNT = "S_1 S_2 + S_2 + S_2 S_3 + S_3"


def _bias_bound() -> float:
    """1 over the root of the inputs of a layer: `linear-biases` holds it against what is drawn."""
    from torch.nn import Linear

    return 1 / math.sqrt(Linear(PIXELS, HIDDEN).in_features)


def _last_hidden() -> tuple[int, ...]:
    """The shape of H for the last batch of an epoch."""
    import torch

    from engine.recipes.mlp import init_params, relu

    params = init_params(PIXELS, HIDDEN, 10, torch.Generator())
    sizes = [len(batch) for batch in torch.arange(TRAIN).split(BATCH)]
    X = torch.zeros(sizes[-1], PIXELS)
    return tuple(relu(X @ params["W1"] + params["b1"]).shape)


_MOVES = {
    "sgd": r"\eta g",
    "no-correction": r"\eta \, \frac{m}{\sqrt{s}}",
    "rmsprop": r"\eta \, \frac{g}{\sqrt{(1 - 0.99) g^2} + \epsilon}",
}


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


def _slope_of_relu(z: float) -> float:
    import torch

    from lessons.course.mlp.hidden_layers.programs import relu

    point = torch.tensor(z, requires_grad=True)
    (slope,) = torch.autograd.grad(relu(point), point)
    return float(slope)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "relu_right": lambda: _slope_of_relu(1.0),
    "scratch_adam_rate": lambda: ADAM_RATE,
    "scratch_alpha": lambda: constant("ALPHA"),
    "scratch_batch": lambda: BATCH,
    "scratch_beta": lambda: constant("BETA"),
    "scratch_beta1": lambda: constant("BETA1"),
    "scratch_beta2": lambda: constant("BETA2"),
    "scratch_calm_rate": lambda: CALM_RATE,
    "scratch_hidden": lambda: HIDDEN,
    "scratch_high": lambda: ACCURACY[1],
    "scratch_images": lambda: TRAIN,
    "scratch_log_10": lambda: math.log(10),
    "scratch_low": lambda: ACCURACY[0],
    "scratch_rate": lambda: RATE,
    "scratch_sigmoid_slope": lambda: slope_at_0("sigmoid"),
    "scratch_spread": spread,
    "scratch_tanh_slope": lambda: slope_at_0("tanh"),
}


def _train_together() -> int:
    """How train and test accuracy jump: apart, or together, as the claim of the lesson says."""
    from lessons.course.mlp.from_scratch.claims import jump_together

    return 2 if jump_together() else 1


def _train_calm() -> int:
    """What a last epoch with short steps does: it is the best, as the claim says, or not."""
    from lessons.course.mlp.from_scratch.claims import calm_best

    return 1 if calm_best() else 0


def _train_sigmoid_leaps() -> int:
    """What the first loss with the sigmoid does: leap up, as the claim says, or stay."""
    from lessons.course.mlp.from_scratch.claims import sigmoid_leaps

    return 2 if sigmoid_leaps() else 1


def _train_adam_ahead() -> int:
    """Adam after one epoch beside SGD: ahead, as the claim of the lesson says, or behind."""
    from lessons.course.mlp.from_scratch.claims import adam_ahead

    return 1 if adam_ahead() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "scratch_count": Number(
        lambda: parameters(PIXELS, FEWER_UNITS, CLASSES),
        slips={
            "no-bias": lambda: value_of("S_1 S_2 + S_2 S_3", COUNT),
            "first-layer-only": lambda: value_of("S_1 S_2 + S_2", COUNT),
            "hidden-biases-only": lambda: value_of("S_1 S_2 + S_2 + S_2 S_3", COUNT),
            "output-biases-only": lambda: value_of("S_1 S_2 + S_2 S_3 + S_3", COUNT),
            "recipe-size": lambda: parameters(PIXELS, HIDDEN, CLASSES),
            "layer-skipped": lambda: value_of(f"{_COUNT} + S_1 S_3", COUNT),
        },
        tolerance=0,
    ),
    "scratch_last_hidden": Shape(
        _last_hidden,
        slips={
            "last-batch": lambda: (BATCH, HIDDEN),
            "outputs-counted": lambda: shape_of("Z^{(3)}", FASHION),
            "wrong-way": lambda: shape_of(r"(A^{(2)})^\top", FASHION),
        },
    ),
    "scratch_bias_bound": Number(
        _bias_bound,
        slips={
            "outputs-for-inputs": lambda: 1 / math.sqrt(HIDDEN),
            "no-root": lambda: 1 / PIXELS,
            "root-alone": lambda: math.sqrt(PIXELS),
            "kaiming": lambda: math.sqrt(2 / PIXELS),
            "both-counted": lambda: 1 / math.sqrt(PIXELS + HIDDEN),
        },
    ),
    "scratch_fill": Fill(NOTATION),
    "scratch_order": Order(order_of_an_update),
    "scratch_adam": Number(
        lambda: value_of("w - w^{+}", FIRST_ADAM),
        slips={
            "sign": lambda: value_of("w^{+} - w", FIRST_ADAM),
            "gradient-itself": lambda: SLOPE,
            "plain-gradient-step": lambda: value_of(_MOVES["sgd"], FIRST_ADAM),
            "no-correction": lambda: value_of(_MOVES["no-correction"], FIRST_ADAM),
            "rmsprop-for-adam": lambda: value_of(_MOVES["rmsprop"], FIRST_ADAM),
        },
        tolerance=1e-3,
    ),
    "scratch_factor": Number(
        lambda: value_of(r"1 - \eta c", FACTOR),
        slips={
            "no-one": lambda: value_of(r"-\eta c", FACTOR),
            "uphill": lambda: value_of(r"1 + \eta c", FACTOR),
            "half-formula": lambda: value_of(r"1 - \tfrac12 \eta c", FACTOR),
        },
    ),
    "scratch_edge": Number(
        lambda: value_of("c", EDGE),
        slips={
            "times-rate": lambda: value_of(r"2 \eta", EDGE),
            "first-overshoot": lambda: value_of(r"1 / \eta", EDGE),
            "upside-down": lambda: value_of(r"\eta / 2", EDGE),
        },
    ),
    "scratch_one_run": Choice(_who_is_ahead),
    "train_together": Choice(_train_together),
    "train_calm": Choice(_train_calm),
    "train_sigmoid_leaps": Choice(_train_sigmoid_leaps),
    "train_adam_ahead": Choice(_train_adam_ahead),
}
