"""What the formulas of `mlp/concise` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.formulas.draws import integer
from engine.formulas.proving import shape_of
from engine.formulas.world import World
from lessons.course.mlp.from_scratch import facts as scratch
from lessons.course.mlp.from_scratch.facts import ACCURACY, HIDDEN, RATE
from lessons.judge.values import Choice, Number, QuestionValues, Shape

EXCESS = 0.01
"""By which share the learning rate of one version is too large."""


def _farthest(world: World) -> float:
    """The weight of nn.Linear that lies farthest from 0: above it, or below it."""
    import torch

    inputs = int(world.value(("d", (), None)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(world.index)
        weights = torch.nn.Linear(inputs, 500, dtype=torch.float64).weight
    found = weights.max() if world.index % 2 else weights.min()
    return float(found.detach())


def _first_apart(world: World) -> int:
    """The first step at which two versions have different losses."""

    def loss(key: str, step: int) -> float:
        return float(world.value((key, (step,), None)))

    return next(step for step in range(1, 9) if loss("L", step) != loss("tilde L", step))


NOTATION = (
    scratch.NOTATION.drawn("d", make=integer(3, 40))
    .defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1")
    .drawn("w_1", over="k")
    .defined(r"w_k = w_{k-1} - \eta c w_{k-1}", "", over="k")
    .defined(r"L_k = \frac12 c w_k^2", "", over="k")
    .defined(r"\tilde w_1 = w_1", "", over="k")
    .defined(
        rf"\tilde w_k = \tilde w_{{k-1}} - (1 + {EXCESS}) \eta c \tilde w_{{k-1}}", "", over="k"
    )
    .defined(r"\tilde L_k = \frac12 c \tilde w_k^2", "", over="k")
    .computed("t", _first_apart, "")
)
"""Two versions walk down one parabola: L_k and L̃_k are their losses at step k."""


SCOPES = {
    "concise_weight_shape": scratch.FASHION.defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1"),
    "linear_start": NOTATION.computed("w", _farthest, ""),
}


def _first_weight_shape() -> tuple[int, ...]:
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears

    return tuple(linears(make_net(HIDDEN, 10))[0].weight.shape)


SHAPES = SCOPES["concise_weight_shape"]


def _what_moves_with_another_layer() -> int:
    """Exchange a layer after the optimiser was made: the index of what the update moves."""
    import torch
    from torch import nn

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears
    from engine.recipes.softmax_concise import update

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = make_net(16, 10)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
        net[3] = nn.Linear(16, 10)
        before = [layer.weight.detach().clone() for layer in linears(net)]
        update(net, optimizer, torch.rand(20, 1, 28, 28), torch.arange(20) % 10)
    pairs = zip(before, linears(net), strict=True)
    hidden, last = (not torch.equal(old, layer.weight) for old, layer in pairs)
    return {(True, True): 0, (True, False): 1, (False, False): 2}[hidden, last]


def _first_other_loss() -> float:
    """Train two networks with rates a little apart: the first step, from 1, whose losses differ."""
    import torch

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.softmax_concise import init_weights, update

    generator = torch.Generator().manual_seed(0)
    images = torch.rand(5, 32, 1, 28, 28, generator=generator)
    y = torch.arange(32) % 10
    losses = []
    for rate in (RATE, RATE * (1 + EXCESS)):
        net = make_net(8, 10)
        init_weights(net, torch.Generator().manual_seed(1))
        optimizer = torch.optim.SGD(net.parameters(), lr=rate)
        losses.append([float(update(net, optimizer, X, y)[0]) for X in images])
    differ = [one != other for one, other in zip(*losses, strict=True)]
    return float(differ.index(True) + 1)


def _what_another_start_changes() -> int:
    """Compare the two starts, and let the one of nn.Linear learn a little."""
    import torch

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.softmax_concise import init_weights, update

    state = torch.get_rng_state()
    torch.manual_seed(0)
    own = make_net(16, 10)
    recipe = make_net(16, 10)
    torch.set_rng_state(state)
    generator = torch.Generator().manual_seed(0)
    init_weights(recipe, generator)
    y = torch.arange(50) % 10
    X = torch.rand(10, 1, 28, 28, generator=generator)[y]
    optimizer = torch.optim.SGD(own.parameters(), lr=0.1)
    losses = [float(update(own, optimizer, X, y)[0]) for _ in range(40)]
    pairs = zip(own.parameters(), recipe.parameters(), strict=True)
    alike = all(torch.equal(a, b) for a, b in pairs)
    return 2 if alike else 1 if losses[-1] < 0.2 * losses[0] else 0


NUMBERS: Mapping[str, Callable[[], float]] = {
    "concise_excess": lambda: 100 * EXCESS,
    "scratch_high": lambda: ACCURACY[1],
    "scratch_low": lambda: ACCURACY[0],
}


def _train_rows_part() -> int:
    """Where the tables of both versions agree: nearly in the first row, as the claim says."""
    from lessons.course.mlp.concise.claims import rows_part

    return 1 if rows_part() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "concise_weight_shape": Shape(
        _first_weight_shape,
        slips={
            "row-for-column": lambda: shape_of("W^{(1)}", SHAPES),
            "biases": lambda: (HIDDEN,),
            "both-weights": lambda: (10, 784),
            "last-layer": lambda: shape_of(r"(W^{(2)})^\top", SHAPES),
        },
    ),
    "concise_swapped_layer": Choice(_what_moves_with_another_layer),
    "concise_first_apart": Number(
        _first_other_loss,
        slips={
            "counted-on": lambda: 3.0,
            "loss-after-update": lambda: 1.0,
        },
        tolerance=0,
    ),
    "concise_other_start": Choice(_what_another_start_changes),
    "train_rows_part": Choice(_train_rows_part),
}
