"""The curves of the trainings in `mlp/watching`, and what they tell in its questions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessons.course.mlp.watching.programs import Curves, Epoch


def shape_of(name: str) -> tuple[float, int]:
    """Learning rate and samples of one of the four trainings."""
    from lessons.course.mlp.watching.programs import SHAPES

    return next((rate, samples) for known, rate, samples in SHAPES if known == name)


@lru_cache(maxsize=4)
def curves_of(name: str) -> Curves:
    """The curves of one of the four trainings."""
    from lessons.course.mlp.watching.programs import train

    rate, samples = shape_of(name)
    return train(rate, samples)


def few_samples_test_loss() -> int:
    """The option that describes it: it falls along, falls and then rises, rises at once."""
    test = curves_of("too few samples").test
    best = test.index(min(test))
    falls, rises = min(test) < 0.9 * test[0], test[-1] > 1.2 * min(test)
    assert 0 < best < len(test) - 1
    return {(True, False): 0, (True, True): 1, (False, True): 2}[falls, rises]


def what_helps_a_flat_curve() -> int:
    """Train again with a larger rate, and for longer: the option that lowers the loss at once."""
    from lessons.course.mlp.watching.programs import train

    def end(rate: float, samples: int, updates: int = 300) -> float:
        return train(rate, samples, updates=updates, only_last=True).train[-1]

    flat = end(*shape_of("rate too small"))
    larger = end(0.05, 500) < 0.7 * flat
    longer = end(1e-4, 500, updates=600) < 0.7 * flat
    more = end(1e-4, 1000) < 0.7 * flat
    return [longer, larger, more].index(True)


def first_epoch() -> Epoch:
    """What is measured in the first epoch of the program that learns digits."""
    from lessons.course.mlp.watching.programs import learn_digits

    return learn_digits(1).epochs[0]


def why_train_is_below_test() -> int:
    """Measure the train accuracy in both ways: the option that explains the figure of the chart."""
    epoch = first_epoch()
    if epoch.running >= epoch.test:
        return 2
    return 1 if epoch.after > epoch.test else 0


FEW_EPOCHS = 4
"""Of the program that measures the train accuracy twice."""


def lowest() -> int:
    """The update before which the test loss with too few samples is lowest."""
    test = curves_of("too few samples").test
    return test.index(min(test))


def loss_against_accuracy() -> int:
    """Let both curves run on: the option that says what they do."""
    from lessons.course.mlp.watching.programs import train

    curves = curves_of("too few samples")
    longer = train(*shape_of("too few samples"), updates=600, only_last=True)
    low, end = lowest(), len(curves.test) - 1
    loss_rises = curves.test[end] > 1.2 * curves.test[low]
    keeps = min(curves.accuracy[end], longer.accuracy[-1]) >= curves.accuracy[low]
    return 1 if loss_rises and keeps else 2
