"""What the formulas of `mlp/watching` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.declarations import Maker
from engine.formulas.draws import choice, integer, normal, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value, number
from engine.formulas.world import World
from lessons.course.mlp.watching.curves import (
    curves_of,
    few_samples_test_loss,
    first_epoch,
    loss_against_accuracy,
    lowest,
    shape_of,
    what_helps_a_flat_curve,
    why_train_is_below_test,
)
from lessons.judge.values import Choice, Number, QuestionValues, Sign

if TYPE_CHECKING:
    from torch import Tensor


KEPT, STEPS, BEFORE, AFTER = 0.95, 20, 1, 2
"""Of the smoothed loss; then the steps after the jump, and the loss before and after it."""


LATER = 100
"""Steps after which the start of the smoothed line no longer shows."""


SAMPLES, BATCH, PRINTED = 60_000, 256, 0.0031


BATCHES = -(-SAMPLES // BATCH)


RATE = 2.5


UPDATE_RATE, GRADIENT, WEIGHTS = 0.1, 0.0002, 5
"""Of a layer: the learning rate, the length of its gradient, the length of its weights."""


def _of_length(length: float) -> Maker:
    """A row of numbers with that length."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        found = rng.normal(size=shape)
        return length * found / np.linalg.norm(found)

    return make


def _smoothed(world: World, t: int) -> float:
    """The line through the losses of the first t steps, step by step."""
    found = number(world.value(("m", (0,), None)))
    for step in range(1, t + 1):
        found = KEPT * found + (1 - KEPT) * number(world.value(("v", (step,), None)))
    return found


def _batch(world: World, batch: int) -> Value:
    """The losses of a mini-batch of the epoch in the lesson."""
    from lessons.course.mlp.watching.programs import losses_of_an_epoch

    return losses_of_an_epoch()[batch - 1].double()


def _sample(world: World, s: int) -> Value:
    import torch

    from lessons.course.mlp.watching.programs import losses_of_an_epoch

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
    .size("k", low=2)
    .drawn("g", "k")
    .drawn("W", "k")
    .drawn("V", "k")
    .defined(r"\rho = \frac{\eta \| g \|}{\| W \|}", "")
)
"""The epoch of the lesson, a smoothed loss, a valley with one weight, and a layer of k weights."""


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
    "update_ratio": NOTATION.fixed(r"\eta", UPDATE_RATE)
    .fixed("k", 2)
    .drawn("g", "k", _of_length(GRADIENT))
    .drawn("W", "k", _of_length(WEIGHTS)),
}


def _risen() -> float:
    """How far the smoothed loss has risen, step by step, after the jump of the loss."""
    smoothed = float(BEFORE)
    for _ in range(STEPS):
        smoothed = KEPT * smoothed + (1 - KEPT) * AFTER
    return smoothed - BEFORE


def _figures() -> tuple[float, float, float]:
    """Of the epoch in the lesson: the mean, the mean of means, the last batch."""
    from engine.training.metrics import RunningSums
    from lessons.course.mlp.watching.programs import losses_of_an_epoch

    batches, sums = losses_of_an_epoch(), RunningSums()
    for losses in batches:
        sums.add(float(losses.sum()), 0, len(losses))
    means = [float(losses.mean()) for losses in batches]
    return sums.mean_loss, sum(means) / len(means), means[-1]


def _change_of_loss(rate: float) -> float:
    """The change of ½w² by one step from w = 1, with the gradient by autograd."""
    import torch

    w = torch.tensor(1.0, requires_grad=True)
    before = 0.5 * w**2
    before.backward()
    assert w.grad is not None
    with torch.no_grad():
        w -= rate * w.grad
    return (0.5 * w**2 - before).item()


CONFUSED = 140
"""Shirts that were taken for T-shirts, in the table of the question."""


def _what_a_row_is() -> int:
    """Let the recipe itself count what is taken for what: the option that describes a row."""
    import torch

    from engine.recipes.images_panels import confusion_rows

    shirt, top = 6, 0
    actual, predicted = torch.full((CONFUSED,), shirt), torch.full((CONFUSED,), top)
    rows = confusion_rows(actual, predicted, 10)
    return 0 if rows[shirt][top] == CONFUSED else 1


def _what_snow_says() -> int:
    """Look at the weights of a network that has learned: the option that fits."""
    from lessons.course.mlp.watching.programs import learn_digits, likeness

    learned = learn_digits(5)
    snow = abs(likeness(learned.end)) < 0.1 < 0.9 < learned.epochs[-1].test
    return 1 if snow and likeness(learned.end - learned.start) > 0.7 else 0


def _engine(module: str, name: str) -> float:
    """A constant of the engine."""
    return float(getattr(import_module(f"engine.{module}"), name))


AXIS, ROWS, FROM, TO = 2.5, 20, 0.90, 0.95
"""A chart in the lesson: the end of its axis, its rows, and an accuracy before and after."""


def _batches() -> tuple[Tensor, ...]:
    from lessons.course.mlp.watching.programs import losses_of_an_epoch

    return losses_of_an_epoch()


PLAY_RATES = (0.003, 1.0, 30.0)
"""Learning rates to try in the lab: too small, right, too large."""


PLAY_PENALTY = 0.01
"""The L2 penalty of the lab."""


NUMBERS: Mapping[str, Callable[[], float]] = {
    "play_small": lambda: PLAY_RATES[0],
    "play_right": lambda: PLAY_RATES[1],
    "play_large": lambda: PLAY_RATES[2],
    "play_penalty": lambda: PLAY_PENALTY,
    "few_samples_end": lambda: curves_of("too few samples").train[-1],
    "few_samples_start": lambda: curves_of("too few samples").train[0],
    "watching_accuracy_end": lambda: curves_of("too few samples").accuracy[-1],
    "watching_accuracy_then": lambda: curves_of("too few samples").accuracy[lowest()],
    "watching_after": lambda: AFTER,
    "watching_after_epoch": lambda: first_epoch().after,
    "watching_axis": lambda: AXIS,
    "watching_batch": lambda: BATCH,
    "watching_batches": lambda: BATCHES,
    "watching_before": lambda: BEFORE,
    "watching_climb": lambda: (TO - FROM) / AXIS * ROWS,
    "watching_confused": lambda: CONFUSED,
    "watching_epoch": lambda: sum(map(len, _batches())),
    "watching_few": lambda: shape_of("too few samples")[1],
    "watching_first": lambda: len(_batches()[0]),
    "watching_first_loss": lambda: float(_batches()[0].mean()),
    "watching_first_test": lambda: first_epoch().test,
    "watching_flat_rate": lambda: shape_of("rate too small")[0],
    "watching_from": lambda: FROM,
    "watching_gallery": lambda: _engine("recipes.images_panels", "GALLERY_IMAGES"),
    "watching_good_rate": lambda: shape_of("as it should be")[0],
    "watching_kept": lambda: KEPT,
    "watching_kept_runs": lambda: _engine("training.runs", "MOST_KEPT"),
    "watching_last": lambda: len(_batches()[1]),
    "watching_last_loss": lambda: float(_batches()[1].mean()),
    "watching_last_test": lambda: curves_of("too few samples").test[-1],
    "watching_later": lambda: LATER,
    "watching_lowest_loss": lambda: min(curves_of("too few samples").test),
    "watching_new": lambda: 1 - KEPT,
    "watching_points": lambda: _engine("training.metrics", "HISTORY_POINTS"),
    "watching_printed": lambda: PRINTED,
    "watching_probe": lambda: _engine("recipes.images", "GRADIENT_SAMPLES"),
    "watching_rows": lambda: ROWS,
    "watching_running": lambda: first_epoch().running,
    "watching_samples": lambda: SAMPLES,
    "watching_shown_runs": lambda: _engine("training.runs", "MOST_SHOWN"),
    "watching_steps": lambda: STEPS,
    "watching_sum": lambda: float(sum(losses.sum() for losses in _batches())),
    "watching_to": lambda: TO,
    "watching_units": lambda: _engine("recipes.images_panels", "SHOWN_UNITS"),
    "watching_train_probe": lambda: _engine("recipes.parts", "PROBE_SAMPLES"),
    "watching_updates": lambda: len(curves_of("rate too small").train),
    "watching_wrong": lambda: _engine("recipes.images_panels", "GALLERY_WRONG"),
}


def _lab_two_losses() -> int:
    """What the losses of the lab do: overfit, as the lesson claims, or not."""
    from lessons.course.mlp.watching.claims import overfit_on_purpose

    return 1 if overfit_on_purpose() else 0


def _lab_three_rates() -> int:
    """Which rate of the lab ends far above its start, and whether its units have any slope left."""
    from lessons.course.mlp.watching.claims import play_creeps, play_far_out, play_jumps

    if not play_jumps():
        return 0 if play_creeps() else 1
    return 2 if play_far_out() else 1


def _lab_held_back() -> int:
    """The test loss with the penalty: lower than without, as the claim says, or not."""
    from lessons.course.mlp.watching.claims import play_held

    return 0 if play_held() else 1


def _train_who_is_ahead() -> int:
    """Which activation is ahead after one epoch: ReLU, as the claim says, or neither."""
    from lessons.course.mlp.watching.claims import relu_first

    return 0 if relu_first() else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "smoothed_jump": Number(
        _risen,
        slips={
            "linear": lambda: STEPS * (1 - KEPT),
            "complement": lambda: KEPT**STEPS,
            "one-step": lambda: 1 - KEPT,
            "value-for-rise": lambda: BEFORE + _risen(),
            "off-by-one-step": (
                lambda: 1 - KEPT ** (STEPS - 1),
                lambda: 1 - KEPT ** (STEPS + 1),
            ),
        },
    ),
    "epoch_figure": Number(
        lambda: _figures()[0],
        slips={
            "mean-of-means": lambda: _figures()[1],
            "last-batch-loss": lambda: _figures()[2],
            "last-batch": lambda: (64 * 0.5 + 64 * 1.0) / 100,
            "sum-for-mean": lambda: 100 * _figures()[0],
            "divided-by-batches": lambda: 100 * _figures()[0] / 2,
            "means-over-samples": lambda: (0.5 + 1.0) / 100,
        },
    ),
    "too_small_figure": Number(
        lambda: PRINTED * SAMPLES / BATCHES,
        slips={
            "sum-for-mean": lambda: PRINTED * SAMPLES,
            "mean-of-means": lambda: PRINTED,
            "divided-again": lambda: PRINTED / BATCHES,
            "batches-for-samples": lambda: PRINTED * BATCHES,
            "last-batch": lambda: PRINTED * SAMPLES / (BATCHES - 1),
        },
        tolerance=3e-3,  # 0.0031 · 256 is right, too; the slip lies 0.4 % away
    ),
    "swing_sign": Sign(lambda: _change_of_loss(RATE)),
    "overfitting": Choice(few_samples_test_loss),
    "flat_curve": Choice(what_helps_a_flat_curve),
    "read_confusion": Choice(_what_a_row_is),
    "train_below_test": Choice(why_train_is_below_test),
    "loss_and_accuracy": Choice(loss_against_accuracy),
    "update_ratio": Number(
        lambda: UPDATE_RATE * GRADIENT / WEIGHTS,
        slips={
            "no-rate": lambda: GRADIENT / WEIGHTS,
            "not-over-weights": lambda: UPDATE_RATE * GRADIENT,
            "upside-down": lambda: WEIGHTS / (UPDATE_RATE * GRADIENT),
            "times-weight": lambda: UPDATE_RATE * GRADIENT * WEIGHTS,
            "divided-by-rate": lambda: GRADIENT / (UPDATE_RATE * WEIGHTS),
        },
    ),
    "weights_like_snow": Choice(_what_snow_says),
    "lab_two_losses": Choice(_lab_two_losses),
    "lab_three_rates": Choice(_lab_three_rates),
    "lab_held_back": Choice(_lab_held_back),
    "train_who_is_ahead": Choice(_train_who_is_ahead),
}
