"""What the formulas of `functions/entropy` speak of.

H and D are PyTorch's own, so that the definitions that the lesson writes are compared with them;
there a class that never happens counts as 0."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Array
from engine.formulas import values as v
from engine.formulas.draws import simplex, uniform
from engine.formulas.notation import Notation
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.judge.values import Choice, Number, Order, QuestionValues

if TYPE_CHECKING:
    import torch


P, Q = (0.5, 0.3, 0.2), (0.2, 0.5, 0.3)
"""The two examples of the lesson."""


RARE = 0.1
"""The probability of the class whose surprise is asked for."""


CERTAIN = (0.0, 1.0, 0.0)
"""One class is certain."""


LINE_AT = 2
"""Where the line above the logarithm is measured."""


FORWARD, BACKWARD = (0.9, 0.1), (0.5, 0.5)
"""The example with two directions."""


HALVES, RULED_OUT = (0.5, 0.5), (1.0, 0.0)
"""What happens, and a model that rules out half of it."""


SURE = (0.8, 0.2)
"""What another model expects of the halves."""


NOISY = (0.9, 0.1)
"""The labels of a class of which a tenth is wrong."""


SPREADS = ((0.98, 0.01, 0.01), (0.8, 0.1, 0.1), (0.5, 0.4, 0.1), (0.34, 0.33, 0.33))
"""Four examples, from the least entropy to the greatest."""


def _entropy(world: World, arguments: tuple[Term, ...]) -> torch.Tensor:
    """H(p) or H(p, q), by torch."""
    import torch

    p, *others = (v.tensor(argument.value(world)) for argument in arguments)
    return -torch.xlogy(p, others[0] if others else p).sum()


def _divergence(world: World, arguments: tuple[Term, ...]) -> torch.Tensor:
    """D(p ∥ q), by torch."""
    from torch.nn import functional

    p, q = (v.tensor(argument.value(world)) for argument in arguments)
    return functional.kl_div(q.log(), p, reduction="sum")


def _column(world: World, key: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    found = v.tensor(world.value((key, (), None))).detach().numpy()
    return found


def _expected(world: World) -> Value:
    """What a model expects: on some draws nearly what is true, and on some just that."""
    p = _column(world, "p")
    if world.index % 4 == 1:
        return p
    rng = world.rng("q")
    if world.index % 4 == 2:
        found = p * rng.uniform(0.95, 1.05, size=p.shape)
    else:
        found = rng.uniform(0.2, 2.0, size=p.shape)
    return found / found.sum()


def _place(world: World) -> float:
    """A positive number: on some draws near 1, and on some 1 itself."""
    rng = world.rng("x")
    if world.index % 4 == 1:
        return 1.0
    low, high = ((0.1, 0.8), (0.0, 0.0), (0.9, 1.1), (1.3, 4.0))[world.index % 4]
    return float(rng.uniform(low, high))


def _one_hot(world: World) -> Value:
    """All of the probability at class t."""
    size, true = (v.whole(world.value((key, (), None))) for key in ("K", "t"))
    return np.eye(size)[:, [true - 1]]


def _softmax(world: World) -> torch.Tensor:
    return v.tensor(world.value(("z", (), None))).softmax(dim=0)


def _sure(world: World) -> float:
    """The probability of the true class: 1 on every other draw."""
    return float(world.rng("sure").uniform(0.3, 0.9)) if world.index % 2 else 1.0


MOST, RATIOS = 5.0, 4.0
"""The greatest surprise and the greatest ratio that are drawn."""

NOTATION = (
    Notation()
    .size("K")
    .drawn("p", "K", simplex())
    .computed("q", _expected, "K")
    .operator("H", _entropy)
    .operator("D", _divergence)
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
    .computed("x", _place, "")
    .drawn("z", "K")
    .defined(r"\delta_{ij} = I\{i = j\}", "", over="i j")
    .index("i j t", "K")
)
"""Two sets of probabilities that hold every class possible."""


SURPRISE = NOTATION.drawn("p", "", uniform(0.1, 0.9)).drawn("q", "", uniform(0.1, 0.9))
"""Two events."""


UNIFORM = NOTATION.drawn("p", "K", lambda rng, shape: np.full(shape, 1 / shape[0]))


EXAMPLE = NOTATION.fixed("K", len(P)).fixed("p", P).fixed("q", Q)


RATIO = NOTATION.defined(r"x = \frac{q_i}{p_i}", "")
"""x is how much one of the classes is expected, relative to how often it happens."""


ONE_HOT = (
    NOTATION.computed("p", _one_hot, "K").drawn("q", "K", simplex()).index("i", "K", unlike="t")
)


SCORES = NOTATION.computed("q", _softmax, "K")


def _two(p: tuple[float, ...], q: tuple[float, ...]) -> Notation:
    return NOTATION.fixed("K", len(p)).fixed("p", p).fixed("q", q)


SCOPES = {
    "surprise": SURPRISE,
    "sure": SURPRISE.given(p=1),
    "surprise_tenth": SURPRISE.fixed("p", RARE),
    "uniform": UNIFORM,
    "uniform_entropy": UNIFORM,
    "example": EXAMPLE,
    "cross_self": EXAMPLE,
    "split_number": EXAMPLE,
    "certain_entropy": NOTATION.fixed("K", len(CERTAIN)).fixed("p", CERTAIN),
    "log_line_two": NOTATION.given(x=LINE_AT),
    "ratio": RATIO,
    "kl_positive": RATIO,
    "direction": _two(FORWARD, BACKWARD),
    "kl_direction": _two(HALVES, RULED_OUT),
    "label_noise": NOTATION.fixed("K", len(NOISY)).fixed("p", NOISY),
    "one-hot": ONE_HOT,
    "one_hot_cross": ONE_HOT,
    "one_hot_kl": ONE_HOT,
    "true-class": NOTATION.computed("q_t", _sure, ""),
    "scores": SCORES,
    "cross_entropy_slope": SCORES,
    "ce_slope_number": SCORES.fixed("K", len(Q))
    .fixed("z", [math.log(share) for share in Q])
    .given(t=1, j=1)
    .computed("p", _one_hot, "K"),
}


def entropy(p: Array) -> float:
    """H(p) = −Σ p_i ln p_i, classes that never happen left out."""
    return float(0.0 - sum(share * np.log(share) for share in p if share > 0))


P_ARRAY, Q_ARRAY = np.array(P), np.array(Q)
"""The two examples of the lesson."""


def cross(p: Array, q: Array) -> float:
    """H(p, q) = −Σ p_i ln q_i."""
    return float(-sum(share * np.log(other) for share, other in zip(p, q, strict=True)))


def divergence(p: Array, q: Array) -> float:
    """D(p‖q) = Σ p_i ln(p_i / q_i)."""
    return float(sum(share * np.log(share / other) for share, other in zip(p, q, strict=True)))


DIRECTIONS = (FORWARD, RULED_OUT, BACKWARD)
"""What a model may expect where both classes are equally probable."""


def _infinite_direction() -> int:
    """The option with an infinite D(p‖q) for p = (½, ½): a q that rules out what happens."""
    with np.errstate(divide="ignore"):
        found = [divergence(np.array(HALVES), np.array(q)) for q in DIRECTIONS]
    return next(index for index, value in enumerate(found) if np.isinf(value))


def _noise_floor() -> int:
    """The option that is right: the best cross entropy is the entropy of the labels, above 0."""
    p = np.array(NOISY)
    floor = entropy(p)
    best = min(cross(p, np.array([q, 1 - q])) for q in np.arange(0.01, 1, 0.01))
    return 2 if floor > 0 and abs(best - floor) < 1e-9 else 0


def _never() -> float:
    """What a class that never happens adds to the entropy, by torch."""
    import torch

    return float(torch.special.entr(torch.tensor(0.0)))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "cross_pq": lambda: cross(P_ARRAY, Q_ARRAY),
    "entropy_p": lambda: entropy(P_ARRAY),
    "kl_backward": lambda: divergence(np.array(BACKWARD), np.array(FORWARD)),
    "kl_forward": lambda: divergence(np.array(FORWARD), np.array(BACKWARD)),
    "ln_ten": lambda: float(np.log(10)),
    "ln_three": lambda: float(np.log(3)),
    "never_counts": _never,
}


def _lab_reach_entropy() -> int:
    """What the cross entropy of the lab becomes once q is p: 0, the entropy, or what it was."""
    from lessons.course.functions.entropy.claims import lab_match

    return 1 if lab_match() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "surprise_tenth": Number(
        lambda: float(-np.log(RARE)),
        slips={
            "sign": lambda: float(np.log(RARE)),
            "log-base-10": lambda: float(-np.log10(RARE)),
            "bits": lambda: float(-np.log2(RARE)),
            "complement": (lambda: 1 - RARE, lambda: float(-np.log(1 - RARE))),
            "no-logarithm": lambda: 1 / RARE,
        },
    ),
    "entropy_order": Order(
        lambda: tuple(int(i) for i in np.argsort([entropy(np.array(p)) for p in SPREADS]))
    ),
    "certain_entropy": Number(
        lambda: entropy(np.array(CERTAIN)),
        slips={
            "uniform": lambda: float(np.log(len(CERTAIN))),
            "log-of-one": lambda: 1.0,
        },
    ),
    "cross_self": Number(
        lambda: cross(P_ARRAY, P_ARRAY),
        slips={
            "bits": lambda: entropy(P_ARRAY) / math.log(2),
            "log-base-10": lambda: entropy(P_ARRAY) / math.log(10),
            "zero-at-truth": lambda: 0.0,
            "wrong-q": lambda: cross(P_ARRAY, Q_ARRAY),
        },
    ),
    "split_number": Number(
        lambda: divergence(P_ARRAY, Q_ARRAY),
        slips={
            "sum-for-difference": lambda: entropy(P_ARRAY) + cross(P_ARRAY, Q_ARRAY),
            "wrong-way": lambda: divergence(Q_ARRAY, P_ARRAY),
            "bits": lambda: divergence(P_ARRAY, Q_ARRAY) / math.log(2),
            "log-base-10": lambda: divergence(P_ARRAY, Q_ARRAY) / math.log(10),
        },
        tolerance=1e-3,
    ),
    "log_line_two": Number(
        lambda: float(LINE_AT - 1 - np.log(LINE_AT)),
        slips={
            "logarithm-only": lambda: float(np.log(LINE_AT)),
            "line-forgotten-one": lambda: float(LINE_AT - np.log(LINE_AT)),
            "bits": lambda: LINE_AT - 1 - math.log2(LINE_AT),
            "log-base-10": lambda: LINE_AT - 1 - math.log10(LINE_AT),
        },
    ),
    "kl_direction": Choice(_infinite_direction),
    "label_noise": Choice(_noise_floor),
    "ce_slope_number": Number(
        lambda: float(Q_ARRAY[0]) - 1.0,
        slips={
            "sign": lambda: 1.0 - float(Q_ARRAY[0]),
            "wrong-class": lambda: float(Q_ARRAY[0]),
            "slope-on-probability": lambda: -1 / float(Q_ARRAY[0]),
            "extra-derivative": lambda: float((Q_ARRAY[0] - 1) * Q_ARRAY[0] * (1 - Q_ARRAY[0])),
        },
    ),
    "lab_reach_entropy": Choice(_lab_reach_entropy),
}
