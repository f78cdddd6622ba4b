"""What the formulas of `functions/stability` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import permutations
from math import log
from types import SimpleNamespace

import numpy as np

from engine.activations import Array, activation
from engine.formulas import values as v
from engine.formulas.draws import negative, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.labs.stability import DIGITS
from lessons.judge.values import Choice, Number, Order, QuestionValues

LARGE = (1000.0, 1001.0, 1002.0)
"""Scores whose exponentials are inf."""


NAIVE_SCORE = 100.0
"""Its exponential is inf in float32."""


TAME = (500.0, *[499.0] * 9)
"""Ten scores; one of them is larger than the others."""


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


DRAWN = (-4.0, 4.0)
"""The scores for which log-sum-exp is drawn."""

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
    "tame_largest": _with(*TAME),
    "far_apart": _with(*FAR_APART).with_tolerance(1e-6),
    "log_softmax_two": _with(*FAR_APART).with_tolerance(1e-6),
    "lse_equal": _with(*EQUAL),
    "log_softmax_slope_number": _with(log(RARE), log(1 - RARE)).given(i=1),
    "log_sigmoid": NOTATION.drawn("z", "", negative()),
    "tanh_trap": NOTATION.given(z=TANH_WRONG_AT),
}


def _inf_over_inf() -> int:
    """The option that is right: inf / inf in float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        top = np.exp(np.float32(NAIVE_SCORE))
        found = top / top
    return 2 if np.isnan(found) else int(found == 1)


def _largest(v: SimpleNamespace) -> None:
    v.m = v.z.max()


def _subtract(v: SimpleNamespace) -> None:
    v.shifted = v.z - v.m


def _exponentials(v: SimpleNamespace) -> None:
    v.e = np.exp(v.shifted)


def _add_up(v: SimpleNamespace) -> None:
    v.total = v.e.sum()


def _logarithm(v: SimpleNamespace) -> None:
    v.log = np.log(v.total)


def _take_away(v: SimpleNamespace) -> None:
    v.result = v.shifted - v.log


_STEPS: tuple[Callable[[SimpleNamespace], None], ...] = (
    _largest, _subtract, _exponentials, _add_up, _logarithm, _take_away,
)  # fmt: skip


def _only_order_that_runs() -> tuple[int, ...]:
    """Run the steps in every order; the one that finds log-softmax of large scores."""
    z = np.array(LARGE)
    wanted = z - np.logaddexp.reduce(z)
    found = []
    for order in permutations(range(len(_STEPS))):
        v = SimpleNamespace(z=z)
        try:
            for place in order:
                _STEPS[place](v)
        except AttributeError:
            # A step asked for what no step before it had computed.
            continue
        if np.allclose(v.result, wanted, rtol=1e-12):
            found.append(order)
    (only,) = found
    return only


def _tanh_trap() -> int:
    """The option that is right: the naive tanh far to the left."""
    z = np.float64(TANH_WRONG_AT)
    with np.errstate(over="ignore", invalid="ignore"):
        found = (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))
    return 2 if np.isnan(found) else int(found != -1)


def _shifted(scores: tuple[float, ...]) -> Array:
    """The scores less the largest of them."""
    return np.array(scores) - max(scores)


def _over(kind: type[np.float32] | type[np.float64]) -> float:
    """The z above which exp(z) is larger than the largest number."""
    return float(np.log(np.float64(np.finfo(kind).max)))


def _under(kind: type[np.float32] | type[np.float64]) -> float:
    """The z below which exp(z) rounds to 0: it is nearer to 0 than to the smallest number."""
    return float(np.log(np.float64(np.finfo(kind).smallest_subnormal)) - np.log(2))


def _less_first(index: int) -> float:
    """One of the large scores less the first of them."""
    return LARGE[index] - LARGE[0]


def _stable(index: int) -> float:
    """One probability of the large scores."""
    z = np.array(LARGE)
    e = np.exp(z - z.max())
    return float(e[index] / e.sum())


def value_at(name: str, z: float) -> float:
    """f(z)."""
    return float(activation(name).value(np.array(z)))


FAR = 40.0
"""So far out that the sigmoid, tanh and softplus are level to the last digit."""


NUMBERS: Mapping[str, Callable[[], float]] = {
    "float32_max": lambda: float(np.finfo(np.float32).max),
    "float32_over": partial(_over, np.float32),
    "float32_under": partial(_under, np.float32),
    "float64_max": lambda: float(np.finfo(np.float64).max),
    "float64_over": partial(_over, np.float64),
    "float64_under": partial(_under, np.float64),
    "lab_digits": lambda: float(DIGITS),
    "naive_score": lambda: NAIVE_SCORE,
    "small_1": partial(_less_first, 0),
    "small_2": partial(_less_first, 1),
    "small_3": partial(_less_first, 2),
    "stable_1": partial(_stable, 0),
    "stable_2": partial(_stable, 1),
    "stable_3": partial(_stable, 2),
    **{
        f"{name}_{kind}": partial(value_at, name, z)
        for name in ("sigmoid", "tanh", "relu", "selu", "softplus")
        for kind, z in (("floor", -FAR), ("ceiling", FAR))
    },
    "tanh_right_at": lambda: TANH_RIGHT_AT,
    "tanh_wrong_at": lambda: TANH_WRONG_AT,
}


def _lab_float64() -> int:
    """The smallest whole score whose exponential overflows in float64, among the options."""
    first = int(np.log(np.finfo(np.float64).max)) + 1
    return (178, 710).index(first)


QUESTIONS: Mapping[str, QuestionValues] = {
    "inf_over_inf": Choice(_inf_over_inf),
    "tame_largest": Number(
        lambda: float(np.sum(np.exp(_shifted(TAME)))),
        slips={
            "exp-of-zero": lambda: float(np.sum(np.exp(_shifted(TAME)))) - 1,
            "one-term": lambda: 1.0,
            "all-equal": lambda: float(len(TAME)),
            "exponent-sign": lambda: float(np.sum(np.exp(-_shifted(TAME)))),
            "two-terms": lambda: float(np.sum(np.exp(_shifted(TAME[:2])))),
            "exponents-added": lambda: float(np.sum(_shifted(TAME))),
        },
    ),
    "log_softmax_two": Number(
        lambda: FAR_APART[0] - float(np.logaddexp(*FAR_APART)),
        slips={
            "other-class": lambda: FAR_APART[1] - float(np.logaddexp(*FAR_APART)),
            "sign": lambda: float(np.logaddexp(*FAR_APART)) - FAR_APART[0],
            "log-base-2": lambda: (FAR_APART[0] - float(np.logaddexp(*FAR_APART))) / log(2),
            "log-base-10": lambda: (FAR_APART[0] - float(np.logaddexp(*FAR_APART))) / log(10),
            "log-of-score": lambda: FAR_APART[0] - log(sum(FAR_APART)),
        },
    ),
    "lse_equal": Number(
        lambda: float(np.logaddexp(*EQUAL)),
        slips={
            "maximum-only": lambda: EQUAL[0],
            "no-logarithm": lambda: EQUAL[0] + len(EQUAL),
            "log-base-2": lambda: EQUAL[0] + float(np.log2(len(EQUAL))),
            "log-base-10": lambda: EQUAL[0] + float(np.log10(len(EQUAL))),
            "sum-of-scores": lambda: sum(EQUAL),
            "log-subtracted": lambda: EQUAL[0] - log(len(EQUAL)),
            "score-forgotten": lambda: log(len(EQUAL)),
            "log-of-score": lambda: log(sum(EQUAL)),
        },
        tolerance=5e-6,
        digits=6,
    ),
    "stable_order": Order(_only_order_that_runs),
    "log_softmax_slope_number": Number(
        lambda: 1.0 - RARE,
        slips={
            "no-logarithm": lambda: RARE * (1 - RARE),
            "other-class": lambda: -RARE,
            "slope-for-probability": lambda: 1 / RARE,
            "value-for-slope": lambda: log(RARE),
        },
        tolerance=1e-5,
    ),
    "tanh_trap": Choice(_tanh_trap),
    "lab_float64": Choice(_lab_float64),
}
