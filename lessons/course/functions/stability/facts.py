"""What the formulas of `functions/stability` speak of."""

from __future__ import annotations

from math import log

from engine.formulas import values as v
from engine.formulas.draws import negative, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World

LARGE = (1000.0, 1001.0, 1002.0)
"""Scores whose exponentials are inf."""
NAIVE_SCORE = 100.0
"""Its exponential is inf in float32."""
TAME_CLASSES, TAME_SCORE = 10, 500.0
FAR_APART = (0.0, 200.0)
"""Two scores so far apart that the first probability is 0 in float32."""
EQUAL = (1000.0, 1000.0)
RARE = 0.001
"""The probability of a class that is wrongly ruled out."""
TANH_RIGHT_AT, TANH_WRONG_AT = -300.0, -400.0
"""Where the formula of tanh still fits into float64, and where it does not."""


def _scores(world: World) -> Value:
    """All scores of the sample in a column."""
    import torch

    count = v.whole(world.value(("K", (), None)))
    return torch.stack([v.tensor(world.value(("z", (k,), None))) for k in range(1, count + 1)])


def _probability(world: World, i: int) -> Value:
    """PyTorch's own softmax of the scores."""
    return _scores(world).softmax(dim=0)[i - 1]


def _signed(world: World) -> Value:
    """An input on either side of 0, and 0 itself on some draws."""
    low, high = (0.1, 0.9) if world.index % 4 < 2 else (1.1, 3.0)
    size = 0.0 if world.index % 8 == 7 else world.rng("input").uniform(low, high)
    return size if world.index % 2 else -size


def _extreme_score(world: World, i: int) -> Value:
    """Scores that are nearly equal, that one of them towers above, or that are anything."""
    noise = world.rng("score", i).uniform(-1.5, 1.5)
    if world.index % 4 == 0:
        return 1.0 + 0.01 * noise
    return 1.0 + noise + (9.0 if world.index % 4 == 1 and i == 2 else 0.0)


NOTATION = (
    Notation()
    .size("K")
    .drawn("z_i", "", uniform(-1.5, 1.5), over="i")
    .computed("z", _signed, "")
    .computed("p_i", _probability, "", over="i")
    .computed("m", lambda world: _scores(world).max(), "")
    .computed("t", lambda world: int(_scores(world).argmax()) + 1, "")
    .computed(r"\delta_{ij}", lambda world, i, j: float(i == j), "", over="i j")
    .entrywise(r"\sigma", "sigmoid")
    .drawn("u", "", positive())
    .index("i j k", "K")
)
"""Scores z_i of one sample with PyTorch's softmax of them, and z, the input of a sigmoid unit."""


def _with(*scores: float) -> Notation:
    """The notation where the scores are known."""
    return NOTATION.fixed("K", len(scores)).computed(
        "z_i", lambda world, i: scores[i - 1], "", over="i"
    )


SCOPES = {
    "large": _with(*LARGE),
    "extreme": NOTATION.computed("z_i", _extreme_score, "", over="i"),
    "tame_largest": _with(*[TAME_SCORE] * TAME_CLASSES),
    "far_apart": _with(*FAR_APART).with_tolerance(1e-6),
    "log_softmax_two": _with(*FAR_APART).with_tolerance(1e-6),
    "lse_equal": _with(*EQUAL),
    "log_softmax_slope_number": _with(log(RARE), log(1 - RARE)).given(i=1),
    "log_sigmoid": NOTATION.drawn("z", "", negative()),
    "tanh_trap": NOTATION.given(z=TANH_WRONG_AT),
}
