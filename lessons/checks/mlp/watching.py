"""The questions of `mlp/watching`, and what they are proved by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    SignQuestion,
    Slip,
)
from lessons.course.mlp.watching.facts import (
    AFTER,
    BATCH,
    BATCHES,
    BEFORE,
    KEPT,
    PRINTED,
    RATE,
    SAMPLES,
    STEPS,
)

if TYPE_CHECKING:
    from torch import Tensor

    from lessons.examples.watching import Curves


CONFUSED = 140
"""Shirts that were taken for T-shirts, in the table of the question."""


def _risen() -> float:
    """How far the smoothed loss has risen, step by step, after the jump of the loss."""
    smoothed = float(BEFORE)
    for _ in range(STEPS):
        smoothed = KEPT * smoothed + (1 - KEPT) * AFTER
    return smoothed - BEFORE


def _batches() -> tuple[Tensor, ...]:
    from lessons.examples.watching import losses_of_an_epoch

    return losses_of_an_epoch()


def _shape_of(name: str) -> tuple[float, int]:
    """Learning rate and samples of one of the four trainings."""
    from lessons.examples.watching import SHAPES

    return next((rate, samples) for known, rate, samples in SHAPES if known == name)


def _figures() -> tuple[float, float, float]:
    """Of the epoch in the lesson: the mean, the mean of means, the last batch."""
    from engine.training.metrics import RunningSums
    from lessons.examples.watching import losses_of_an_epoch

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


@lru_cache(maxsize=4)
def _curves(name: str) -> Curves:
    """The curves of one of the four trainings."""
    from lessons.examples.watching import train

    rate, samples = _shape_of(name)
    return train(rate, samples)


def _test_loss_of_few_samples() -> int:
    """The option that describes it: it falls along, falls and then rises, rises at once."""
    _, test = _curves("too few samples")
    best = test.index(min(test))
    falls, rises = min(test) < 0.9 * test[0], test[-1] > 1.2 * min(test)
    assert 0 < best < len(test) - 1
    return {(True, False): 0, (True, True): 1, (False, True): 2}[falls, rises]


def _what_helps_a_flat_curve() -> int:
    """Train again with a larger rate, and for longer: the option that lowers the loss at once."""
    from lessons.examples.watching import train

    flat = _curves("rate too small").train[-1]
    larger = train(0.05, 500).train[-1] < 0.7 * flat
    longer = train(1e-4, 500, updates=600).train[-1] < 0.7 * flat
    more = train(1e-4, 1000).train[-1] < 0.7 * flat
    return [longer, larger, more].index(True)


def _what_a_row_is() -> int:
    """Let the recipe itself count what is taken for what: the option that describes a row."""
    import torch

    from engine.recipes.images_panels import confusion_rows

    shirt, top = 6, 0
    actual, predicted = torch.full((CONFUSED,), shirt), torch.full((CONFUSED,), top)
    rows = confusion_rows(actual, predicted, 10)
    return 0 if rows[shirt][top] == CONFUSED else 1


BOOK = CheckBook(
    "mlp",
    numbers={
        "watching_kept": NumberCheck(lambda: KEPT),
        "watching_new": NumberCheck(lambda: 1 - KEPT),
        "watching_before": NumberCheck(lambda: BEFORE),
        "watching_after": NumberCheck(lambda: AFTER),
        "watching_steps": NumberCheck(lambda: STEPS),
        "watching_epoch": NumberCheck(lambda: sum(map(len, _batches()))),
        "watching_first": NumberCheck(lambda: len(_batches()[0])),
        "watching_last": NumberCheck(lambda: len(_batches()[1])),
        "watching_first_loss": NumberCheck(lambda: float(_batches()[0].mean())),
        "watching_last_loss": NumberCheck(lambda: float(_batches()[1].mean())),
        "watching_sum": NumberCheck(lambda: float(sum(losses.sum() for losses in _batches()))),
        "watching_samples": NumberCheck(lambda: SAMPLES),
        "watching_batch": NumberCheck(lambda: BATCH),
        "watching_batches": NumberCheck(lambda: BATCHES),
        "watching_printed": NumberCheck(lambda: PRINTED),
        "watching_confused": NumberCheck(lambda: CONFUSED),
        "watching_few": NumberCheck(lambda: _shape_of("too few samples")[1]),
        "watching_flat_rate": NumberCheck(lambda: _shape_of("rate too small")[0]),
        "watching_good_rate": NumberCheck(lambda: _shape_of("as it should be")[0]),
        "watching_updates": NumberCheck(lambda: len(_curves("rate too small").train)),
        "few_samples_start": NumberCheck(lambda: _curves("too few samples").train[0]),
        "few_samples_end": NumberCheck(lambda: _curves("too few samples").train[-1]),
    },
    predicts={
        "smoothed_jump": NumberQuestion(
            answer=_risen,
            explanation="$m_{20} - m_0 = 1 - 0.95^{20}$: about two thirds of the jump. The line "
            "shows a change "
            "late, so look at the dots when you want to know what happens now.",
            slips=(
                Slip(
                    "linear",
                    lambda: STEPS * (1 - KEPT),
                    "Each step takes [0.05](number:watching_new) of what is still *missing*, and "
                    "that gets less. The "
                    "line comes nearer and nearer, and never quite arrives.",
                    line=r"20 \cdot 0.05",
                    right=r"1 - 0.95^{20}",
                ),
                Slip(
                    "complement",
                    lambda: KEPT**STEPS,
                    "That is what is still missing after $t = 20$ steps.",
                    line=r"0.95^{20}",
                    right=r"1 - 0.95^{20}",
                ),
                Slip(
                    "one-step",
                    lambda: 1 - KEPT,
                    "That is the first step. There are $t = 20$.",
                    line=r"1 - 0.95",
                    right=r"1 - 0.95^{20}",
                ),
            ),
            hints=Hints(
                idea="ask how much of the jump is still missing after each step.",
                formula="$m_t - m_0 = 1 - 0.95^t$",
                numbers="$m_{20} - m_0 = 1 - 0.95^{20}$",
            ),
        ),
        "epoch_figure": NumberQuestion(
            answer=lambda: _figures()[0],
            explanation="[64](number:watching_first) samples with "
            "[0.5](number:watching_first_loss) and "
            "[36](number:watching_last) with [1](number:watching_last_loss): "
            "[68](number:watching_sum) in all, over [100](number:watching_epoch) samples.",
            slips=(
                Slip(
                    "mean-of-means",
                    lambda: _figures()[1],
                    "That is the mean of the two batch means. The [36](number:watching_last) "
                    "samples "
                    "of the last batch count as much in it as the [64](number:watching_first) of "
                    "the first.",
                    line=r"\frac1m \sum_{B} \bar\ell_B",
                    right=r"\frac1n \sum_{B} n_B \, \bar\ell_B",
                ),
                Slip(
                    "last-batch-loss",
                    lambda: _figures()[2],
                    "That is the last batch alone. The epoch has "
                    "[100](number:watching_epoch) samples.",
                    line=r"\bar\ell_{\text{last}}",
                    right=r"\frac1n \sum_{B} n_B \, \bar\ell_B",
                ),
                Slip(
                    "last-batch",
                    lambda: (64 * 0.5 + 64 * 1.0) / 100,
                    "The last batch holds [36](number:watching_last) samples, not "
                    "[64](number:watching_first).",
                    line=r"\frac1n (64 \cdot 0.5 + 64 \cdot 1)",
                    right=r"\frac1n (64 \cdot 0.5 + 36 \cdot 1)",
                ),
            ),
            hints=Hints(
                idea="every sample counts the same, whichever batch it is in.",
                formula="$\\frac1n \\sum_{s=1}^{n} \\ell_s$",
                numbers="([64](number:watching_first) · [0.5](number:watching_first_loss) + "
                "[36](number:watching_last) · [1](number:watching_last_loss)) / "
                "[100](number:watching_epoch)",
            ),
        ),
        "too_small_figure": NumberQuestion(
            answer=lambda: PRINTED * SAMPLES / BATCHES,
            explanation="There are [235](number:watching_batches) batch means in the sum, so it "
            "has to be "
            "divided by [235](number:watching_batches). "
            "[0.79](number:too_small_figure) is an ordinary loss for a first epoch.",
            slips=(
                Slip(
                    "sum-for-mean",
                    lambda: PRINTED * SAMPLES,
                    "That is the sum of the batch means. Divide it by how many they are.",
                    line=r"\sum_{B} \bar\ell_B",
                    right=r"\frac1m \sum_{B} \bar\ell_B",
                ),
                Slip(
                    "mean-of-means",
                    lambda: PRINTED,
                    "That is what was printed: a sum of [235](number:watching_batches) means, "
                    "divided by [60 000](number:watching_samples).",
                    line=r"\frac1n \sum_{B} \bar\ell_B",
                    right=r"\frac1m \sum_{B} \bar\ell_B",
                ),
            ),
            hints=Hints(
                idea="how many numbers were added up, and by how many was their sum divided?",
                formula="printed figure times the number of samples, over the number of batches.",
                numbers="[0.0031](number:watching_printed) · [60 000](number:watching_samples) / "
                "[235](number:watching_batches)",
            ),
        ),
        "swing_sign": SignQuestion(
            value=lambda: _change_of_loss(RATE),
            explanation="The step leads to $w - \\eta a w = -1.5$, beyond the lowest point and "
            "higher up the "
            "other side. The gradient points downhill only for a short way.",
            feedback="A step against the gradient goes downhill at first. Compute where it ends: "
            "$(1 - \\eta a) \\, w = (1 - 2.5) \\cdot 1$. Is that nearer to 0 than 1 is?",
            slip="always-downhill",
            line=r"L((1 - \eta a) w) < L(w)",
            right_line=r"L((1 - \eta a) w) = (1 - \eta a)^2 L(w)",
        ),
        "overfitting": ChoiceQuestion(
            options=(
                Option(
                    "It falls along with it, a little higher.",
                    "So it does with enough samples. [60](number:watching_few) are few enough to "
                    "be learned by heart, "
                    "and that does not help with others.",
                ),
                Option(
                    "It falls at first, and then it rises.",
                    "First the network learns what all samples have in common, then what only "
                    "these [60](number:watching_few) have. Stopped at the lowest point, the "
                    "training would have left "
                    "you the better model.",
                    right=True,
                ),
                Option(
                    "It rises from the start.",
                    "The first updates teach what holds for all samples, so both losses fall.",
                ),
            ),
            proof=_test_loss_of_few_samples,
        ),
        "flat_curve": ChoiceQuestion(
            options=(
                Option(
                    "Train twice as long.",
                    "Twice next to nothing is next to nothing. Find out first what is wrong.",
                ),
                Option(
                    "A larger learning rate.",
                    "With [0.05](number:watching_good_rate) the same network learns within the "
                    "same "
                    "[300](number:watching_updates) updates. If a larger "
                    "rate did not help either, look whether gradients arrive at all.",
                    right=True,
                ),
                Option(
                    "More samples.",
                    "That helps where train falls and test rises. Here not even the train loss "
                    "falls.",
                ),
            ),
            proof=_what_helps_a_flat_curve,
        ),
        "read_confusion": ChoiceQuestion(
            options=(
                Option(
                    "[140](number:watching_confused) shirts were taken for T-shirts.",
                    "A row is what the image shows, a column what it was taken for.",
                    right=True,
                ),
                Option(
                    "[140](number:watching_confused) T-shirts were taken for shirts.",
                    "That is the number in the row of the T-shirts and the column of the shirts. "
                    "The two need not be equal.",
                    slip="transposed",
                    line=r"C_{ij} = \sum_s \mathbf{1}[y_s = j] \, \mathbf{1}[\hat y_s = i]",
                    right_line=r"C_{ij} = \sum_s \mathbf{1}[y_s = i] \, \mathbf{1}[\hat y_s = j]",
                ),
            ),
            proof=_what_a_row_is,
        ),
    },
)
