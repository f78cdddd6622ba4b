"""What the formulas of `frameworks/nn` speak of: layers and losses are those of PyTorch itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.formulas.notation import Notation
from engine.formulas.values import Value, number
from engine.formulas.world import World
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.course.frameworks.two_layer import NETWORK, SIZED, distribution
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape, Sign


def _by_layer(world: World) -> Value:
    """Z as a linear layer of PyTorch computes it from the samples and its weights V."""
    import torch

    return torch.nn.functional.linear(world.value(("X", (), None)), world.value(("V", (), None)))


def _mean_loss(world: World) -> Value:
    import torch

    return torch.nn.MSELoss()(world.value(("Y", (), None)), world.value(("T", (), None)))


def _summed_loss(world: World) -> Value:
    from engine.recipes.two_layer_nn import loss_fn

    return loss_fn(world.value(("Y", (), None)), world.value(("T", (), None)))


def _deviation(world: World) -> float:
    """The standard deviation of U(−c, c), by an integral that is exact for squares."""
    import numpy as np

    limit = number(world.value(("c", (), None)))
    places, weights = np.polynomial.legendre.leggauss(3)
    return float(np.sqrt((weights / 2) @ (limit * places) ** 2))


def _rate(recipe: str) -> float:
    from engine.recipes.catalog import find_recipe

    return float(find_recipe(recipe).settings({})["lr"])


def _layers(network: Notation) -> Notation:
    return (
        network.defined(r"V = (W^{(1)})^\top", r"H \times D_\mathrm{in}")
        .computed("Z", _by_layer, r"N \times H")
        .defined("x_{sk} = X_{sk}", "", over="s k")
        .defined("z_{sj} = Z_{sj}", "", over="s j")
        .defined("y_{si} = Y_{si}", "", over="s i")
        .defined("t_{si} = T_{si}", "", over="s i")
        .drawn("z")
        .computed("M", _mean_loss)
        .computed("L", _summed_loss)
        .defined(r"c = \frac{1}{\sqrt{D_\mathrm{in}}}", "")
        .computed(r"\sigma", _deviation)
        .operator("U", distribution)
        .computed(r"\eta", lambda world: _rate("two-layer-optim"))
        .computed(r"\eta_L", lambda world: _rate("two-layer-nn"))
        .defined(r"\eta_M = N D_\mathrm{out} \, \eta_L", "")
    )


NOTATION = _layers(NETWORK)


_SIZED = _layers(SIZED)


_QUESTIONS = ("nn_weight_shape", "nn_parameter_count", "nn_spread", "nn_mean_rate")


SCOPES = dict.fromkeys(_QUESTIONS, _SIZED)


def _weight_shape() -> tuple[int, ...]:
    from engine.recipes.two_layer_nn import make_model

    return tuple(next(make_model(D_IN, H, D_OUT).parameters()).shape)


def _parameter_count() -> float:
    """Numbers in all parameters of the recipe's own model."""
    from engine.recipes.two_layer_nn import make_model

    return float(sum(param.numel() for param in make_model(D_IN, H, D_OUT).parameters()))


def _gradients_in_evaluation() -> int:
    """What backward() finds after model.eval(): 0 an error, 1 the gradients as before, 2 zeros."""
    import torch

    from engine.recipes.two_layer_nn import loss_fn, make_model

    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(6, 5, generator=generator), torch.randn(6, 2, generator=generator)
    model = make_model(5, 4, 2)
    weights = list(model.parameters())
    before = torch.autograd.grad(loss_fn(model(x), y), weights)
    model.eval()
    try:
        after = torch.autograd.grad(loss_fn(model(x), y), weights)
    except RuntimeError:
        return 0
    same = all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    return 1 if same and any(bool(grad.any()) for grad in after) else 2


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


def _times_as_wide() -> float:
    """The spread of N(0, 1) over that of nn.Linear; the rule is held against a real draw."""
    import torch

    rule = (3 * D_IN) ** -0.5
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        drawn = float(torch.nn.Linear(D_IN, H).weight.detach().std())
    assert abs(drawn / rule - 1) < 0.01
    return float(1 / rule)


def _steps() -> float:
    """Steps of the training."""
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-nn").settings({})["epochs"])


NUMBERS: Mapping[str, Callable[[], float]] = {
    "nn_steps": _steps,
    "features": lambda: D_IN,
    "numpy_hidden_count": lambda: N * H,
    "numpy_target_count": lambda: N * D_OUT,
    "outputs": lambda: D_OUT,
    "samples": lambda: N,
    "units": lambda: H,
}


def _lab_rate_shows() -> int:
    """When a rate one per cent too large shows: at the first update, within a hundred, never."""
    from itertools import islice

    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import Slip, common_orders, load_lockstep
    from engine.training.task import Source

    names = ("two-layer-autograd", "two-layer-nn")
    lockstep = load_lockstep(common_orders([*map(find_recipe, names)], {}, Source("cpu")))
    lockstep.slips = {names[1]: Slip.RATE}
    steps = islice(lockstep.run(), 100)
    first_apart = next((step.step for step in steps if not step.gap.is_rounding), None)
    return 2 if first_apart is None else 0 if first_apart == 1 else 1


def _train_old_rate() -> int:
    """The share of the loss that is left at the old rate: nearly none, most of it, no number."""
    import math

    from lessons.course.frameworks.nn.claims import left_at_old_rate

    left = left_at_old_rate()
    return 2 if math.isnan(left) else 0 if left < 0.1 else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "nn_weight_shape": Shape(
        _weight_shape,
        slips={
            "row-for-column": lambda: _weight_shape()[::-1],
            "one-unit": lambda: _weight_shape()[1:],
        },
    ),
    "nn_parameter_count": Number(
        _parameter_count,
        slips={
            "biases-counted": lambda: float((D_IN + 1) * H + (H + 1) * D_OUT),
            "first-layer-only": lambda: float(D_IN * H),
            "tensors-counted": lambda: 2.0,
            "second-layer-only": lambda: float(H * D_OUT),
            "sizes-added": lambda: float(D_IN + H + D_OUT),
            "hidden-skipped": lambda: float(D_IN * D_OUT),
        },
        tolerance=0,
    ),
    "nn_layout": Fill(NOTATION),
    "nn_relu_least": Sign(_least_after_relu),
    "nn_spread": Number(
        _times_as_wide,
        slips={
            "variance": lambda: 3.0 * D_IN,
            "limit-for-deviation": lambda: D_IN**0.5,
            "outputs-counted": lambda: (3 * H) ** 0.5,
            "root-multiplied": lambda: (D_IN / 3) ** 0.5,
            "root-of-twelve": lambda: (12 * D_IN) ** 0.5,
            "upside-down": lambda: (3 * D_IN) ** -0.5,
        },
    ),
    "nn_modes": Choice(_gradients_in_evaluation),
    "nn_mean_rate": Number(
        lambda: 1e-6 * N * D_OUT,
        slips={
            "wrong-way": lambda: 1e-6 / (N * D_OUT),
            "samples-only": lambda: 1e-6 * N,
            "outputs-counted": lambda: 1e-6 * D_OUT,
            "wrong-size": (lambda: 1e-6 * N * H, lambda: 1e-6 * N * D_IN),
            "no-mean": lambda: 1e-6,
        },
    ),
    "lab_rate_shows": Choice(_lab_rate_shows),
    "train_old_rate": Choice(_train_old_rate),
}
