"""What the formulas of `frameworks/optim` speak of: the updates that torch.optim itself makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.formulas.values import Value, number
from engine.formulas.world import World
from engine.recipes.two_layer_sizes import N
from lessons.course.frameworks.optimiser_rules import by_torch, ones
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Sign

if TYPE_CHECKING:
    import torch


MU, ALPHA, BETA1, BETA2, EPSILON = 0.9, 0.99, 0.9, 0.999, 1e-8
"""As torch.optim has them by default (but for μ, which the lesson gives)."""


REACH, BIG_RATE = 500, 0.001
"""Updates of the last question; a rate that makes Adam fast."""


def _number(world: World, key: str, *lower: int) -> float:
    return number(world.value((key, lower, None)))


Rule: TypeAlias = "Callable[[World, torch.Tensor, torch.Tensor, Memory], None]"


@dataclass
class Memory:
    """What an optimiser keeps of one weight."""

    mean: list[Any]
    square: list[Any]
    steps: list[Any]


def _momentum(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    """One update by torch.optim; momentum 0 is plain SGD."""
    from torch.optim.sgd import sgd

    is_sgd = not world.notation.is_value("μ")
    sgd(
        [w], [g], memory.mean, lr=_number(world, "η"),
        momentum=0.0 if is_sgd else _number(world, "μ"),
        weight_decay=0.0, dampening=0.0, nesterov=False, maximize=False, foreach=False,
    )  # fmt: skip


def _rmsprop(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    from torch.optim.rmsprop import rmsprop

    rmsprop(
        [w], [g], memory.square, [], [], memory.steps, lr=_number(world, "η"),
        alpha=_number(world, "α"), eps=_number(world, "ε"),
        weight_decay=0.0, momentum=0.0, centered=False, foreach=False,
    )  # fmt: skip


def _adam(world: World, w: torch.Tensor, g: torch.Tensor, memory: Memory) -> None:
    from torch.optim.adam import adam

    adam(
        [w], [g], memory.mean, memory.square, [], memory.steps, lr=_number(world, "η"),
        beta1=_number(world, "β_{1}"), beta2=_number(world, "β_{2}"), eps=_number(world, "ε"),
        weight_decay=0.0, amsgrad=False, maximize=False, foreach=False,
    )  # fmt: skip


def _after(rule: Rule, kept: str) -> Callable[..., Value]:
    """The weight, or the mean or square that is kept, after the gradients g_1 … g_t."""

    def compute(world: World, t: int) -> Value:
        import torch

        if t < 0:
            raise NoValueError("Before the first update there is nothing.")
        zero = torch.zeros((), dtype=torch.float64)
        w = zero + _number(world, "w", 0)
        # SGD makes its own memory at the first update.
        memory = Memory([None if rule is _momentum else zero.clone()], [zero.clone()], [zero + 0])
        for k in range(1, t + 1):
            rule(world, w, zero + _number(world, "g", k), memory)
        found = {"weight": w, "mean": memory.mean[0], "square": memory.square[0]}[kept]
        return 0 if t == 0 and kept != "weight" else found

    return compute


def _size(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Gradients that lie well away from 0, so that ε is tiny beside them."""
    return rng.uniform(0.3, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)


_BASE = (
    Notation()
    .drawn("t", make=integer(4, 6))
    .drawn("g_t", make=_size, over="t")
    .drawn("g", make=normal())
    .drawn(r"\eta", make=uniform(0.05, 0.3))
    .drawn("w_0", over="t")
    .fixed(r"\varepsilon", EPSILON)
    .index("k", "t")
    .with_tolerance(1e-6)
)


_SGD = _BASE.computed("w_t", _after(_momentum, "weight"), over="t")


_MOMENTUM = (
    _BASE.drawn(r"\mu", make=uniform(0.4, 0.95))
    .computed("v_t", _after(_momentum, "mean"), over="t")
    .computed("w_t", _after(_momentum, "weight"), over="t")
)


_RMSPROP = (
    _BASE.drawn(r"\alpha", make=uniform(0.4, 0.99))
    .computed("s_t", _after(_rmsprop, "square"), over="t")
    .computed("w_t", _after(_rmsprop, "weight"), over="t")
)


_ADAM = (
    _BASE.drawn(r"\beta_1", make=uniform(0.4, 0.95))
    .drawn(r"\beta_2", make=uniform(0.4, 0.99))
    .computed("m_t", _after(_adam, "mean"), over="t")
    .computed("s_t", _after(_adam, "square"), over="t")
    .computed("w_t", _after(_adam, "weight"), over="t")
    .defined(r"\hat m_t = \frac{m_t}{1 - \beta_1^t}", over="t")
    .defined(r"\hat s_t = \frac{s_t}{1 - \beta_2^t}", over="t")
)


_RMSPROP_GIVEN = _RMSPROP.fixed(r"\alpha", ALPHA)


_ADAM_GIVEN = _ADAM.fixed(r"\beta_1", BETA1).fixed(r"\beta_2", BETA2)


def _recipe_rate(_: World) -> float:
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-optim").settings({})["lr"])


def _gradients(notation: Notation, *signs: float) -> Notation:
    """The first gradients are these."""
    for place, sign in enumerate(signs, start=1):
        notation = notation.defined(f"g_{place} = {sign:g}", over="t")
    return notation


NOTATION = _RMSPROP_GIVEN.including(_ADAM_GIVEN).including(_MOMENTUM.fixed(r"\mu", MU))


SCOPES = {
    "sgd": _SGD,
    "rmsprop": _RMSPROP_GIVEN,
    "adam": _ADAM_GIVEN,
    "race": _ADAM_GIVEN.computed(r"\eta", _recipe_rate),
    "optim_momentum_sum": _MOMENTUM,
    "optim_momentum_limit": _MOMENTUM,
    "optim_square_mean": _RMSPROP,
    "optim_rmsprop_first": _RMSPROP,
    "optim_bias_correction": _ADAM,
    "optim_adam_first": _ADAM,
    "optim_velocity": _gradients(NOTATION, 1, 1, 1),
    "optim_rolls_on": _gradients(NOTATION, 1, 1, 1, 1, 1, -1),
    "optim_share": _RMSPROP,
    "optim_first_step": _RMSPROP_GIVEN.fixed(r"\varepsilon", 0.0),
    "optim_uncorrected": _gradients(_ADAM_GIVEN, 1),
    "optim_adam_reach": _ADAM_GIVEN.computed(r"\eta", _recipe_rate)
    .given(t=REACH)
    .defined("g_t = 1", over="t"),
}


RATE = 1e-4


def _velocity(gradients: list[float]) -> float:
    """The velocity that torch.optim keeps after these gradients."""
    return by_torch("momentum", np.array(gradients), RATE).memory["momentum_buffer"]


def _in_rates(name: str) -> float:
    """How many learning rates the first update moves a weight whose gradient is 1."""
    return abs(by_torch(name, ones(1), RATE).move) / RATE


SCALE = 1000
"""What the loss is multiplied by."""


def _unchanged_by_scale() -> int:
    """Which of SGD, momentum and Adam moves as far when all gradients are so much larger."""
    gradients = np.random.default_rng(0).uniform(0.3, 2.0, size=20)
    ratios = [
        by_torch(name, SCALE * gradients, RATE).move / by_torch(name, gradients, RATE).move
        for name in ("sgd", "momentum", "adam")
    ]
    return [abs(ratio - 1) < 1e-6 for ratio in ratios].index(True)


def _reach() -> float:
    """How far so many equal gradients carry a weight by Adam."""
    import torch

    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=RATE)
    for _ in range(REACH):
        w.grad = torch.ones((), dtype=torch.float64)
        optimizer.step()
    return abs(w.item())


def _shelf_rate() -> float:
    from lessons.course.frameworks.optim.programs import SHELF_RATE

    return SHELF_RATE


def _shelf_updates() -> float:
    from lessons.course.frameworks.optim.programs import UPDATES

    return float(UPDATES)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "optim_big_rate": lambda: BIG_RATE,
    "optim_five": lambda: _velocity([1.0] * 5),
    "optim_gain": lambda: by_torch("momentum", ones(400), RATE).memory["momentum_buffer"],
    "optim_hundred": lambda: ALPHA**100,
    "optim_scale": lambda: SCALE,
    "optim_shelf": _shelf_rate,
    "optim_updates": _shelf_updates,
    "samples": lambda: N,
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "optim_velocity": Number(
        lambda: _velocity([1.0, 1.0, 1.0]),
        slips={
            "plain-sum": lambda: 3.0,
            "no-memory": lambda: 1.0,
            "mean": lambda: 0.1 * _velocity([1.0, 1.0, 1.0]),
            "one-update-less": lambda: _velocity([1.0, 1.0]),
        },
        tolerance=1e-3,
    ),
    "optim_rolls_on": Sign(lambda: _velocity([1.0] * 5 + [-1.0])),
    "optim_share": Fill(SCOPES["optim_share"]),
    "optim_first_step": Number(
        lambda: _in_rates("rmsprop"),
        slips={
            "correction-assumed": lambda: 1.0,
            "no-root": lambda: 1 / (1 - ALPHA),
            "upside-down": lambda: (1 - ALPHA) ** 0.5,
        },
    ),
    "optim_uncorrected": Number(
        lambda: (1 - BETA1) / (1 - BETA2) ** 0.5,
        slips={
            "correction-assumed": lambda: _in_rates("adam"),
            "no-root": lambda: (1 - BETA1) / (1 - BETA2),
            "one-correction": lambda: (1 - BETA2) ** -0.5,
            "other-correction": lambda: 1 - BETA1,
        },
    ),
    "optim_scaled": Choice(_unchanged_by_scale),
    "optim_adam_reach": Number(
        _reach,
        slips={
            "momentum-gain": lambda: REACH * RATE / (1 - BETA1),
            "one-update-only": lambda: RATE,
            "no-rate": lambda: float(REACH),
        },
    ),
}
