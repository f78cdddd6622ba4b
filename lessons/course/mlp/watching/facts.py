"""What the formulas of `mlp/watching` speak of."""

from __future__ import annotations

import numpy as np

from engine.formulas.draws import choice, integer, normal, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value, number
from engine.formulas.world import World

KEPT, STEPS, BEFORE, AFTER = 0.95, 20, 1, 2
"""Of the smoothed loss; then the steps after the jump, and the loss before and after it."""
SAMPLES, BATCH, PRINTED = 60_000, 256, 0.0031
BATCHES = -(-SAMPLES // BATCH)
RATE = 2.5


def _smoothed(world: World, t: int) -> float:
    """The line through the losses of the first t steps, step by step."""
    found = number(world.value(("m", (0,), None)))
    for step in range(1, t + 1):
        found = KEPT * found + (1 - KEPT) * number(world.value(("v", (step,), None)))
    return found


def _batch(world: World, batch: int) -> Value:
    """The losses of a mini-batch of the epoch in the lesson."""
    from lessons.examples.watching import losses_of_an_epoch

    return losses_of_an_epoch()[batch - 1].double()


def _sample(world: World, s: int) -> Value:
    import torch

    from lessons.examples.watching import losses_of_an_epoch

    return torch.cat(losses_of_an_epoch()).double()[s - 1]


def _count(world: World) -> int:
    return sum(len(_batch(world, batch)) for batch in (1, 2))


def _mean_of_batch(world: World, batch: int) -> Value:
    """Batch means that differ, and whose sum over the number of samples is what was printed."""
    means = world.drawn(("batch means", (), None), lambda rng: rng.uniform(0.5, 1.5, size=BATCHES))
    return float(means[batch - 1] * PRINTED * SAMPLES / np.sum(means))


def _confusion(world: World) -> Value:
    """The table that the recipe itself makes."""
    import torch

    from engine.recipes.images_panels import confusion_rows

    actual, predicted = (
        world.value((key, (), None)).reshape(-1).long() - 1 for key in ("y", "hat y")
    )
    return torch.tensor(confusion_rows(actual, predicted, 3), dtype=torch.float64)


NOTATION = (
    Notation()
    .drawn("t", make=integer(3, 6))
    .drawn("v_t", make=normal(), over="t")
    .drawn("m_0", over="t")
    .computed("m_t", _smoothed, over="t")
    .fixed("m", 2)
    .computed("n", _count)
    .computed("n_B", lambda world, batch: len(_batch(world, batch)), over="B")
    .computed(r"\bar\ell_B", lambda world, batch: _batch(world, batch).mean(), over="B")
    .computed(r"\bar\ell_{\text{last}}", lambda world: _batch(world, 2).mean())
    .computed(r"\ell_s", _sample, over="s")
    .index("B i j", "m")
    .index("s", "n")
    .drawn("w")
    .drawn("a", make=positive())
    .drawn(r"\eta", make=positive())
    .defined(r"L(w) = \frac12 a w^2")
    .defined("L = L(w)", "")
)
"""The epoch of the lesson, a smoothed loss, and a valley with one weight."""

_CONFUSION = (
    Notation()
    .fixed("n", 40)
    .drawn("y", "n", choice(1, 2, 3))
    .drawn(r"\hat y", "n", choice(1, 2, 3))
    .computed("C", _confusion, r"3 \times 3")
    .index("s", "n")
    .index("i j", "3")
)

SCOPES = {
    "smoothed_jump": NOTATION.given(t=STEPS)
    .defined(f"v_t = {AFTER}", over="t")
    .defined(f"m_0 = {BEFORE}", over="t"),
    "read_confusion": _CONFUSION,
    "too_small_figure": NOTATION.given(m=BATCHES, n=SAMPLES).computed(
        r"\bar\ell_B", _mean_of_batch, over="B"
    ),
    "swing_sign": NOTATION.given(a=1, w=1).fixed(r"\eta", RATE),
}
