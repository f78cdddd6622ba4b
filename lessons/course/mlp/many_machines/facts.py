"""What the formulas of `mlp/many-machines` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.formulas.draws import integer, uniform
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.formulas.values import number
from engine.formulas.world import World
from lessons.course.mlp.many_machines.ring import (
    LATENCY,
    LAYERS,
    SECOND,
    SINGLE,
    WORKERS,
    adding_ms,
    count,
    gradient_bytes,
    parameters,
    ring_bytes,
    sent_in_ring,
)
from lessons.course.parts import Array
from lessons.judge.values import Choice, Number, QuestionValues

W = 2.0
SAMPLES = ((1.0, 0.0), (2.0, 2.0), (3.0, 4.0), (1.0, 4.0), (2.0, 3.0), (3.0, 5.0))
"""(x, y) of a batch: the first half for one worker, the rest for the other."""
EACH = 3
"""Samples of each of these workers."""
REST = 4
"""Samples of a last batch: those of the first worker, and one for the other."""

ASKED_MEANS = (0.6, -0.2, 0.5)
"""The mean gradients of three workers with as many samples each."""
STARTS, LATER = (1.0, 4.0), 1000
"""The weight of each worker at the start, and updates made since then."""
COUNTS, MEANS = (4, 4, 2), (0.5, -0.1, 0.9)
"""The shares of three workers of a last batch, and their mean gradients."""
DATA, REPLICAS = 10, 4
"""Samples that are dealt to workers by PyTorch."""
MISTAKE_SAMPLES = 1000
"""Samples of the program that shuffles wrongly."""
SUMS, TWICE_RATE = (6.0, 2.0, -1.0, 5.0), 0.1
"""The sums of the gradients over the shares of four workers, and a learning rate."""
WHOLE = 20
"""The samples of their batch."""
ONE_RATE, ONE_BATCH, SCALED = 0.1, 32, 8
"""The rate and the batch of one worker, and how many workers follow."""
CURVED, LARGE = 0.3, 8
"""ηλ of a small step, and how many of them are made into one."""
PER_SAMPLE, ADDING = 0.02, 9.0
"""Milliseconds of forward and backward for a sample, and of an all-reduce."""
PAPER_BATCH = 8192


def _cut(world: World, sizes: list[int], k: int) -> tuple[int, ...]:
    """The samples of worker k: all of them, shuffled and cut."""
    order = world.rng("shares").permutation(sum(sizes)) + 1
    ends = np.cumsum([0, *sizes])
    if not 0 < k < len(ends):
        raise NoValueError(f"There is no worker {k}.")
    return tuple(int(i) for i in order[ends[k - 1] : ends[k]])


def _even(world: World, k: int) -> tuple[int, ...]:
    return _cut(world, [count(world, "m")] * count(world, "N"), k)


def _sizes(world: World) -> list[int]:
    """Shares of which no two are alike."""
    found: list[int] = world.rng("sizes").permutation((1, 2, 3, 4)).tolist()
    return found[: count(world, "N")]


NOTATION = (
    Notation()
    .size("d")
    .drawn("N", make=integer(2, 4))
    .drawn("m", make=integer(2, 3))
    .defined("n = N m", "")
    .drawn("X", r"n \times d")
    .drawn(r"\mathbf{y}", "n")
    .drawn(r"\mathbf{w}", "d")
    .defined(r"\ell_i = \frac12 (X_{i,:} \mathbf{w} - \mathbf{y}_i)^2", "", over="i")
    .defined(r"L = \frac{1}{2n} \| X \mathbf{w} - \mathbf{y} \|^2", "")
    .with_gradient(r"\mathbf{w}")
    .computed("B_k", _even, over="k")
    .defined(r"n_k = |B_k|", "", over="k")
    .defined(r"\mathbf{g}_k = \frac{1}{n_k} \sum_{i \in B_k} \nabla \ell_i", "d", over="k")
    .index("i", "n")
    .index("k", "N")
    .drawn(r"\eta", make=uniform(0.2, 1.5))
    .drawn("t", make=integer(2, 4))
    .drawn(r"\mathbf{a}_t", "d", over="t")
    .drawn(r"\mathbf{u}_0", "d", over="t")
    .drawn(r"\mathbf{v}_0", "d", over="t")
    .defined(r"\mathbf{u}_t = \mathbf{u}_{t-1} - \eta \mathbf{a}_t", "d", over="t")
    .defined(r"\mathbf{v}_t = \mathbf{v}_{t-1} - \eta \mathbf{a}_t", "d", over="t")
)
"""Every symbol of the lesson; the shares are equally large."""

UNEVEN = NOTATION.computed("n", lambda world: sum(_sizes(world))).computed(
    "B_k", lambda world, k: _cut(world, _sizes(world), k), over="k"
)
"""The same with shares of different sizes."""


def _of_two(first: int, second: int) -> Notation:
    """The batch of the first step, with one weight: so many samples for each of two workers."""
    rows = (*range(1, first + 1), *range(EACH + 1, EACH + second + 1))
    xs, ys = np.array(SAMPLES).T

    def share(_: World, k: int) -> tuple[int, ...]:
        if k not in (1, 2):
            raise NoValueError(f"There is no worker {k}.")
        return rows[:first] if k == 1 else rows[first:]

    return (
        Notation()
        .fixed("w", W)
        .fixed("N", 2)
        .fixed("n", first + second)
        .fixed(r"\mathbf{x}", xs.tolist())
        .fixed(r"\mathbf{y}", ys.tolist())
        .defined(r"x_i = \mathbf{x}_i", "", over="i")
        .defined(r"y_i = \mathbf{y}_i", "", over="i")
        .defined(r"\ell_i = \frac12 (w x_i - y_i)^2", "", over="i")
        .with_gradient("w")
        .computed("B_k", share, over="k")
        .defined(r"n_k = |B_k|", "", over="k")
        .defined(r"g_k = \frac{1}{n_k} \sum_{i \in B_k} \nabla \ell_i", "", over="k")
        .index("k", "N")
        .index("i", "n")
    )


def _by_means(means: tuple[float, ...], counts: tuple[int, ...]) -> Notation:
    """Workers with given means and sizes; only these are known."""
    found = Notation().fixed("N", len(means)).fixed("n", sum(counts)).index("k", "N")
    for k, (mean, size) in enumerate(zip(means, counts, strict=True), start=1):
        found = found.defined(f"g_{k} = {mean}", "", over="k")
        found = found.defined(f"n_{k} = {size}", "", over="k")
    return found


def _sums() -> Notation:
    found = Notation().fixed("N", len(SUMS)).fixed("n", WHOLE).fixed(r"\eta", TWICE_RATE)
    for k, total in enumerate(SUMS, start=1):
        found = found.defined(f"s_{k} = {total}", "", over="k")
    return found.index("k", "N")


def _about_the_limit(world: World) -> float:
    """Batches on both sides of the one from which many workers are faster."""
    N, T, c = (number(world.value((name, (), None))) for name in "NTc")
    parts = (0.02, 0.98, 1.02, 0.5, 1.5, 0.9, 1.1, 2.0)
    return parts[world.index % len(parts)] * N * T / (c * (N - 1))


SMALL_STEPS = (
    Notation()
    .drawn("N", make=integer(2, 4))
    .drawn(r"\eta", make=uniform(0.04, 0.05))
    .drawn(r"\lambda", make=uniform(0.3, 0.6))
    .drawn("w")
    .defined(r"L(w) = \frac12 \lambda w^2", "")
    .defined("L = L(w)", "")
    .with_gradient("w")
    .with_tolerance(6e-3)
)
"""A valley with one weight, and a rate so small that two steps are nearly one."""

TIME = (
    Notation()
    .drawn("N", make=integer(2, 6))
    .drawn("G", make=uniform(10, 90))
    .computed("S", sent_in_ring)
    .drawn(r"\beta", make=uniform(2, 9))
    .drawn(r"\tau", make=uniform(0.2, 0.9))
    .defined(r"T = \frac{S}{\beta} + 2 (N - 1) \tau", "")
    .drawn("c", make=uniform(0.1, 0.9))
    .computed("n", _about_the_limit)
)
"""What travels, and how long an update takes."""

BYTES = (
    TIME.fixed("N", WORKERS)
    .fixed("S_1", LAYERS[0])
    .fixed("S_2", LAYERS[1])
    .fixed("S_3", LAYERS[2])
    .defined("p = S_1 S_2 + S_2 + S_2 S_3 + S_3", "")
    .defined(f"G = {SINGLE} p", "")
)

SCOPES = {
    "numbers": _of_two(EACH, EACH),
    "mm_numbers": _of_two(EACH, EACH),
    "mm_three": _by_means(ASKED_MEANS, (5, 5, 5)),
    "uneven_numbers": _of_two(EACH, REST - EACH),
    "mm_uneven_numbers": _of_two(EACH, REST - EACH),
    "mm_weights": UNEVEN,
    "mm_uneven": _by_means(MEANS, COUNTS),
    "mm_starts": Notation().fixed("u", STARTS[0]).fixed("v", STARTS[1]),
    "mm_unseen": Notation().fixed("N", WORKERS),
    "mm_divide": _sums(),
    "small_steps": SMALL_STEPS,
    "mm_two_steps": SMALL_STEPS,
    "mm_rate": Notation().fixed("N", SCALED).fixed(r"\eta", ONE_RATE).fixed("b", ONE_BATCH),
    "mm_too_large": SMALL_STEPS.fixed("N", LARGE).fixed(r"\eta", CURVED).fixed(r"\lambda", 1.0),
    "time": TIME,
    "mm_ring_bytes": TIME,
    "mm_bytes": BYTES,
    "mm_ring": BYTES,
    "mm_pays": TIME.fixed("N", WORKERS).fixed("c", PER_SAMPLE).fixed("T", ADDING),
}

WITHOUT_NUMBERS = {
    "mm_numbers": "its lines are numbers already",
    "mm_average": "`mm_numbers`, in the step before, is the same in numbers",
    "mm_uneven_numbers": "its lines are numbers already",
    "mm_weights": "`mm_uneven_numbers`, just before it, is the same in numbers",
}
"""Derivations that need no block of numbers, and why."""


def slopes() -> Array:
    """(6,): the gradient of each sample of the first step."""
    return np.array([(W * x - y) * x for x, y in SAMPLES])


def _lab() -> int:
    """The right option: 0 where dividing twice is the same as an N times smaller learning rate."""
    from engine.labs.workers import RATE, Mistake, Settings, gradient, update_of

    settings = Settings(WORKERS, 12, mistake=Mistake.TWICE)
    w = update_of(settings, 0).big_weights
    for made in range(40):
        update = update_of(settings, made)
        w = w - RATE / WORKERS * gradient(w, update.batch, settings.samples)
    last = update_of(settings, 40)
    falls = last.losses[0] < update_of(settings, 0).losses[0]
    return 0 if falls and np.allclose(w, last.weights[0]) else 1


def _unseen() -> float:
    """The share of samples that none of the workers draws, each from a shuffle of its own."""
    return (1 - 1 / WORKERS) ** WORKERS


def _weighted() -> float:
    return float(np.average(MEANS, weights=COUNTS))


def _pays() -> float:
    return WORKERS * ADDING / (PER_SAMPLE * (WORKERS - 1))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "w": lambda: W,
    **{f"x_{i}": partial(float, x) for i, (x, _) in enumerate(SAMPLES, start=1)},
    **{f"y_{i}": partial(float, y) for i, (_, y) in enumerate(SAMPLES, start=1)},
    **{f"wx_{i}": partial(float, W * x) for i, (x, _) in enumerate(SAMPLES, start=1)},
    **{f"slope_{i}": partial(lambda i: float(slopes()[i]), i - 1) for i in range(1, 7)},
    "rest_mean": lambda: float(slopes()[:REST].mean()),
    "rest_plain": lambda: float((slopes()[:EACH].mean() + slopes()[EACH]) / 2),
    "rest": lambda: REST,
    "each": lambda: EACH,
    "later": lambda: LATER,
    "data": lambda: DATA,
    "replicas": lambda: REPLICAS,
    "all_samples": lambda: MISTAKE_SAMPLES,
    "quarter": lambda: MISTAKE_SAMPLES / WORKERS,
    "dealt": lambda: REPLICAS * -(-DATA // REPLICAS),
    "dealt_twice": lambda: REPLICAS * -(-DATA // REPLICAS) - DATA,
    "paper_batch": lambda: PAPER_BATCH,
    "parameters": lambda: float(parameters()),
    "scaled": lambda: SCALED,
    "one_batch": lambda: ONE_BATCH,
    "whole_batch": lambda: SCALED * ONE_BATCH,
    "small_left": lambda: (1 - CURVED) ** LARGE,
    "large": lambda: LARGE,
    "megabytes": lambda: SECOND / 1e6,
    "latency_us": lambda: LATENCY * 1e6,
    "adding_ms": adding_ms,
    "collected": lambda: 2 * (WORKERS - 1) * gradient_bytes() / 1e6,
}

QUESTIONS: Mapping[str, QuestionValues] = {
    "mm_three": Number(
        lambda: sum(ASKED_MEANS) / len(ASKED_MEANS),
        slips={
            "sum-for-mean": lambda: sum(ASKED_MEANS),
            "sign-lost": lambda: sum(map(abs, ASKED_MEANS)) / len(ASKED_MEANS),
            "divided-again": lambda: sum(ASKED_MEANS) / len(ASKED_MEANS) ** 2,
        },
    ),
    "mm_starts": Number(
        lambda: STARTS[1] - STARTS[0],
        slips={
            "pulled-together": lambda: 0.0,
            "mean-of-starts": lambda: sum(STARTS) / 2,
            "half-way": lambda: (STARTS[1] - STARTS[0]) / 2,
        },
        tolerance=1e-3,
    ),
    "mm_uneven": Number(
        _weighted,
        slips={
            "plain-mean-of-means": lambda: sum(MEANS) / len(MEANS),
            "not-divided": lambda: float(np.dot(MEANS, COUNTS)),
            "divided-by-workers": lambda: float(np.dot(MEANS, COUNTS)) / len(MEANS),
            "means-over-samples": lambda: sum(MEANS) / sum(COUNTS),
        },
    ),
    "mm_unseen": Number(
        lambda: 100 * _unseen(),
        slips={
            "seen-for-unseen": lambda: 100 * (1 - _unseen()),
            "one-worker": lambda: 100 * (1 - 1 / WORKERS),
            "everybody": lambda: 100 / WORKERS**WORKERS,
            "none-missed": lambda: 0.0,
            "one-share": lambda: 100 / WORKERS,
        },
        percent=True,
    ),
    "mm_divide": Number(
        lambda: TWICE_RATE * sum(SUMS) / WHOLE / len(SUMS),
        slips={
            "second-division-overlooked": lambda: TWICE_RATE * sum(SUMS) / WHOLE,
            "no-rate": lambda: sum(SUMS) / WHOLE / len(SUMS),
            "first-division-overlooked": lambda: TWICE_RATE * sum(SUMS) / len(SUMS),
            "not-divided": lambda: TWICE_RATE * sum(SUMS),
        },
    ),
    "mm_lab": Choice(_lab),
    "mm_rate": Number(
        lambda: SCALED * ONE_RATE,
        slips={
            "old-rate": lambda: ONE_RATE,
            "square-root-rule": lambda: float(np.sqrt(SCALED)) * ONE_RATE,
            "divided": lambda: ONE_RATE / SCALED,
            "times-batch": lambda: ONE_RATE * ONE_BATCH,
        },
    ),
    "mm_too_large": Number(
        lambda: 1 - LARGE * CURVED,
        slips={
            "small-steps": lambda: (1 - CURVED) ** LARGE,
            "one-small-step": lambda: 1 - CURVED,
            "how-much-goes": lambda: LARGE * CURVED,
            "times-for-power": lambda: LARGE * (1 - CURVED),
        },
    ),
    "mm_bytes": Number(
        gradient_bytes,
        slips={
            "numbers-for-bytes": [
                lambda: float(parameters()),
                lambda: float(parameters() - LAYERS[1] - LAYERS[2]),
            ],
            "no-biases": lambda: float(SINGLE * (parameters() - LAYERS[1] - LAYERS[2])),
            "float64": lambda: 2 * gradient_bytes(),
            "bits-for-bytes": lambda: 8 * gradient_bytes(),
        },
        exact=True,
        tolerance=5e-4,  # 814 kB is the answer, rounded; the slip no-biases lies 0.13 % away
    ),
    "mm_ring": Number(
        ring_bytes,
        slips={
            "one-round": lambda: ring_bytes() / 2,
            "whole-gradient": lambda: 2 * (WORKERS - 1) * gradient_bytes(),
            "part-per-turn": lambda: gradient_bytes() / WORKERS,
            "n-turns": lambda: 2 * gradient_bytes(),
        },
    ),
    "mm_pays": Number(
        _pays,
        slips={
            "own-share-forgotten": lambda: ADDING / PER_SAMPLE,
            "per-worker": lambda: ADDING / (PER_SAMPLE * (WORKERS - 1)),
            "share-for-saved": lambda: WORKERS * ADDING / PER_SAMPLE,
        },
    ),
}
