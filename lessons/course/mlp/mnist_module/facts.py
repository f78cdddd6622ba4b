"""What the formulas of `mlp/mnist-module` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.formulas.draws import constant, integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value, whole
from engine.formulas.world import World
from lessons.course.mlp.chance import mean_over, signs
from lessons.course.mlp.mnist_low_level.facts import PIXELS, UNITS
from lessons.judge.values import Choice, Number, QuestionValues, Sign

CLASSES, SLOPE = 10, 0.01


INPUTS = 5
"""Inputs of the unit whose weights get all signs."""


def _cross_entropy(world: World) -> Value:
    """The loss of one image as PyTorch computes it."""
    import torch

    scores, label = world.value(("o", (), None)), whole(world.value(("y", (), None)))
    return torch.nn.functional.cross_entropy(scores.reshape(1, -1), torch.tensor([label - 1]))


DRAWN = (-2.0, 2.0)
"""The inputs for which leaky ReLU is drawn."""

NOTATION = (
    Notation()
    .size("n")
    .drawn("X", r"n \times 784")
    .drawn("z")
    .drawn(r"\alpha", make=uniform(0.01, 0.3))
    .defined(r"f(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}")
    .drawn("b")
    .drawn("t")
    .defined(r"L = \frac12 (f(z) - t)^2", "")
    .drawn("o", str(CLASSES))
    .drawn("y", make=integer(1, CLASSES))
    .computed(r"\ell", _cross_entropy)
    .index("j k", str(CLASSES))
)


_LEAKY = NOTATION.fixed(r"\alpha", SLOPE)


SCOPES = {
    "leaky": _LEAKY,
    "module_leaky": _LEAKY.fixed("z", -2),
    "module_leaky_bias": _LEAKY.drawn("b", make=uniform(-4.0, -3.0))
    .drawn("u", make=uniform(0.5, 1.5))
    .defined("z = u + b", "")
    .drawn("t", make=uniform(0.5, 1.0)),
    "module_clipped": NOTATION.drawn("o", str(CLASSES), constant([0.0] * CLASSES)),
    "module_silent": NOTATION.drawn("x", str(INPUTS), normal())
    .drawn("v", str(INPUTS), normal())
    .defined(r"z = \sum_{k=1}^{5} v_k x_k", "")
    .operator("P", mean_over(("v", (), None), lambda world: signs(world, INPUTS))),
}


def _tensors(*, biases: bool = True) -> float:
    """How many tensors the recipe's own network gives, all or the weights alone."""
    from engine.recipes.mnist_mlp_module import MLP

    names = [name for name, _ in MLP().named_parameters()]
    return float(sum(biases or name.endswith("weight") for name in names))


def _numbers() -> float:
    """How many numbers the tensors of the recipe's network hold."""
    from engine.recipes.mnist_mlp_module import MLP

    return float(sum(parameter.numel() for parameter in MLP().parameters()))


def _what_a_list_hides() -> int:
    """Count the parameters of a module that keeps its layers in a list."""
    from lessons.course.mlp.mnist_module.programs import Forgetful

    found = len(list(Forgetful().parameters()))
    return {4: 0, 2: 1, 0: 2}[found]


def _one_relu_for_two_layers() -> int:
    """Compare a network with one shared ReLU with one that has two."""
    import torch
    from torch import nn

    shared = nn.ReLU()
    first, second = nn.Linear(6, 5), nn.Linear(5, 4)
    x = torch.randn(3, 6, generator=torch.Generator().manual_seed(0))
    one = nn.Sequential(first, shared, second, shared)
    two = nn.Sequential(first, nn.ReLU(), second, nn.ReLU())
    alike = torch.equal(one(x), two(x))
    same_count = len(list(one.parameters())) == len(list(two.parameters())) == 4
    return 0 if alike and same_count else 1


def _half_of_all() -> float:
    """The chance that a sum of symmetric weights is below 0: count all patterns of signs."""
    from itertools import product

    x = (0.9, -0.3, 0.55, 1.3, 0.2)
    sums = [
        sum(sign * value for sign, value in zip(signs, x, strict=True))
        for signs in product((-1, 1), repeat=len(x))
    ]
    return sum(z <= 0 for z in sums) / len(sums)


def _leaky_slope() -> float:
    """The slope of nn.LeakyReLU at −2, by autograd, in float64."""
    import torch

    z = torch.tensor(-2.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(torch.nn.LeakyReLU()(z), z)
    return float(slope)


def _bias_gradient_below_0() -> float:
    """The gradient of the bias of a leaky unit below 0 whose output should rise."""
    import torch

    x = torch.tensor([0.5, 1.0, 1.5], dtype=torch.float64)
    b = torch.tensor(-3.0, dtype=torch.float64, requires_grad=True)
    loss = 0.5 * ((torch.nn.functional.leaky_relu(x + b) - 1) ** 2).mean()
    (slope,) = torch.autograd.grad(loss, b)
    return float(slope)


def _loss_after_relu() -> float:
    """The cross entropy of ten negative scores behind a ReLU."""
    import torch

    scores = torch.linspace(-3, -0.3, 10, dtype=torch.float64)[None].relu()
    return float(torch.nn.functional.cross_entropy(scores, torch.tensor([9])))


EXPECTED = 0.945
"""Test accuracy to expect."""


def _deviation(init: str) -> float:
    """What the recipe's weights are drawn with."""
    import torch

    from engine.recipes.mnist_mlp import init_weight

    w = torch.empty(UNITS, PIXELS)
    init_weight(w, init, torch.Generator().manual_seed(0))
    return float(w.std())


UPDATES = 100
"""In lockstep, as the lab of the lesson is set."""


NUMBERS: Mapping[str, Callable[[], float]] = {
    "mnist_expected": lambda: EXPECTED,
    "mnist_standard_std": lambda: _deviation("standard_normal"),
    "module_updates": lambda: UPDATES,
}


def _lab_twice_divided() -> int:
    """What a loss divided twice does to the losses: apart at once, one hardly falls, the same."""
    from itertools import islice

    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import Slip, common_orders, load_lockstep
    from engine.training.task import Source

    names = ("mnist-mlp", "mnist-mlp-module")
    source = Source("cpu", allow_synthetic=True)
    lockstep = load_lockstep(common_orders([*map(find_recipe, names)], {}, source))
    lockstep.slips = {names[1]: Slip.DIVIDE_TWICE}
    right, slipped = zip(*(step.losses for step in islice(lockstep.run(), 20)), strict=True)
    if abs(right[0] - slipped[0]) > 1e-9:
        return 0
    fell = [sum(losses[:5]) - sum(losses[-5:]) for losses in (right, slipped)]
    return 1 if fell[0] > 5 * fell[1] else 2


def _lab_leaky_gain() -> int:
    """What leaky ReLU gains: many points, or hardly anything, as the claim of the lesson says."""
    from lessons.course.mlp.mnist_module.claims import leaky_alike

    return 1 if leaky_alike() else 0


def _train_module_table() -> int:
    """How far the tables of both versions are apart: next to nothing, as the claim says, or not."""
    from lessons.course.mlp.mnist_module.claims import tables_agree

    return 1 if tables_agree() else 0


def _train_leaky_seeds() -> int:
    """The gain of leaky ReLU from large weights: it depends on the seed, as the claim says."""
    from lessons.course.mlp.mnist_module.claims import gain_by_seed

    return 2 if gain_by_seed() else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "module_tensors": Number(
        _tensors,
        slips={
            "no-bias": lambda: _tensors(biases=False),
            "layers-for-tensors": lambda: 4.0,
            "activation-counted": lambda: _tensors() + 2,
            "numbers-for-tensors": _numbers,
            "last-layer-only": lambda: 2.0,
        },
        tolerance=0,
    ),
    "module_plain_list": Choice(_what_a_list_hides),
    "module_shared_relu": Choice(_one_relu_for_two_layers),
    "module_silent": Number(
        _half_of_all,
        slips={
            "none-silent": lambda: 0.0,
            "all-outputs-silent": lambda: 1.0,
        },
    ),
    "module_leaky": Number(
        _leaky_slope,
        slips={
            "relu": lambda: 0.0,
            "value-for-slope": lambda: -0.02,
            "slope-of-one-tenth": lambda: 0.1,
            "one-side-right": lambda: 1.0,
        },
    ),
    "module_leaky_bias": Sign(_bias_gradient_below_0),
    "module_clipped": Number(
        _loss_after_relu,
        slips={
            "all-scores-zero": lambda: 0.0,
            "log-base-10": lambda: 1.0,
            "no-logarithm": lambda: 10.0,
        },
    ),
    "lab_twice_divided": Choice(_lab_twice_divided),
    "lab_leaky_gain": Choice(_lab_leaky_gain),
    "train_module_table": Choice(_train_module_table),
    "train_leaky_seeds": Choice(_train_leaky_seeds),
}
