"""Programs that show sentences of `frameworks/numpy` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np

from engine.activations import Array
from lessons.course.frameworks.first_steps import losses
from lessons.course.frameworks.numpy.facts import (
    _LINES,
    _after,
    _zeros_and_first_loss,
    small,
)
from lessons.proof.claims import Claim


def chart_per_sample() -> bool:
    """The first training loss that the recipe measures: the sum divided by the 64 samples."""
    from engine.recipes.catalog import find_recipe
    from engine.recipes.two_layer_numpy import build
    from engine.recipes.two_layer_sizes import N
    from engine.training.loop import TrainingRun, train
    from engine.training.task import Source

    settings = find_recipe("two-layer-numpy").settings({"epochs": 1})
    run = TrainingRun(build(settings, Source("cpu")), "two-layer-numpy", settings, lambda: 0.0)
    list(train(run))
    measured = run.history.curve().values[0]
    per_sample = _zeros_and_first_loss()[1] / N
    return bool(np.isclose(measured, per_sample)) and f"{measured:.3g}" == "5.26e+05"


@lru_cache(maxsize=8)
def _losses(rate: float, steps: int) -> tuple[float, ...]:
    """The losses before each of some steps of the training, as the recipe draws its numbers."""
    from engine.recipes.two_layer_numpy import train_step
    from lessons.course.frameworks.numpy.programs import start

    x, y, w1, w2, *_ = start()
    with np.errstate(all="ignore"):
        return tuple(train_step(x, y, w1, w2, rate) for _ in range(steps))


def ten_times_rate() -> bool:
    """Losses of ten steps with the learning rate 1e-5: the last one is not a number."""
    return bool(np.isnan(_losses(1e-5, 11)[10]))


def second_rises() -> bool:
    """The loss after two steps is larger than after one, and larger than at the start."""
    before, after_one, after_two = _losses(1e-6, 3)
    return after_one < before < after_two


def half_rate_falls() -> bool:
    """With half of the learning rate each of 30 losses is smaller than the one before it."""
    found = _losses(0.5e-6, 30)
    return all(later < earlier for earlier, later in pairwise(found))


def mask_too_late() -> bool:
    """The lines in order, but the mask after the gradient of w1: it runs, and w1 differs."""
    in_order = tuple(range(len(_LINES)))
    late = (0, 1, 2, 4, 3, 5)
    right, wrong = _after(in_order), _after(late)
    return right is not None and wrong is not None and not np.allclose(right, wrong)


def copy_for_names() -> bool:
    """The gradients of the recipe, and the same lines with the mask on grad_h_relu itself."""
    from engine.recipes.two_layer_numpy import gradients
    from lessons.course.frameworks.numpy.programs import start

    x, y, w1, w2, *_ = start()
    _, grad_w1, grad_w2 = gradients(x, y, w1, w2)
    h = x.dot(w1)
    h_relu = np.maximum(h, 0)
    grad_y_pred = 2 * (h_relu.dot(w2) - y)
    grad_h_relu = grad_y_pred.dot(w2.T)
    grad_h_relu[h < 0] = 0
    same = np.array_equal(grad_w1, x.T.dot(grad_h_relu))
    return same and np.array_equal(grad_w2, h_relu.T.dot(grad_y_pred))


def _slopes_at_zero() -> dict[str, float]:
    import torch

    found = {}
    for name, function in (
        ("relu", torch.relu),
        ("maximum", lambda z: torch.maximum(z, torch.zeros(()))),
    ):
        z = torch.zeros((), requires_grad=True)
        function(z).backward()
        assert z.grad is not None
        found[name] = float(z.grad)
    return found


def maximum_at_zero() -> bool:
    """The slopes that torch.relu and torch.maximum(z, 0) take at 0."""
    return _slopes_at_zero() == {"relu": 0.0, "maximum": 0.5}


def zero_first_weights() -> bool:
    """Gradients where all first weights are 0: by hand that of W1 is not 0, with relu both are."""
    import torch

    from engine.recipes.two_layer_numpy import gradients

    net = small()
    zeros = np.zeros_like(net.W1)
    _, by_hand, _ = gradients(*_as_float32(net.X, net.T, zeros, net.W2))
    w1, w2 = (torch.tensor(w, requires_grad=True) for w in (zeros, net.W2))
    hidden = torch.relu(torch.tensor(net.X) @ w1)
    loss = (hidden @ w2 - torch.tensor(net.T)).pow(2).sum()
    found = torch.autograd.grad(loss, (w1, w2))
    return bool(by_hand.any()) and not any(bool(grad.any()) for grad in found)


def _as_float32(*arrays: Array) -> tuple[np.ndarray, ...]:
    return tuple(numbers.astype(np.float32) for numbers in arrays)


def more_steps() -> bool:
    """The loss on new samples after 100 and after 200 steps: less than 0.1 % apart."""
    from engine.recipes.two_layer_numpy import train_step
    from lessons.course.frameworks.numpy.programs import loss_of, start

    x, y, w1, w2, new_x, new_y = start()
    found = []
    for _ in range(2):
        for _ in range(100):
            train_step(x, y, w1, w2, 1e-6)
        found.append(loss_of(new_x, new_y, w1, w2))
    earlier, later = found
    return abs(later / earlier - 1) < 1e-3


def half_are_zero() -> bool:
    """Of the 6400 hidden sums at the start, 48 to 52 % are below 0."""
    from lessons.course.frameworks.numpy.programs import start

    x, _, w1, *_ = start()
    return 0.48 < float((x @ w1 < 0).mean()) < 0.52


def last_loss() -> float:
    """The loss per sample before the last of 500 steps, by the recipe on tensors: it is faster."""
    return losses("tensors", 500)[-1]


def by_heart() -> bool:
    """The loss per sample after 500 steps: below 1e-5."""
    return last_loss() < 1e-5


CLAIMS: Mapping[str, Claim] = {
    "chart-per-sample": chart_per_sample,
    "ten-times-rate": ten_times_rate,
    "second-rises": second_rises,
    "half-rate-falls": half_rate_falls,
    "mask-too-late": mask_too_late,
    "copy-for-names": copy_for_names,
    "maximum-at-zero": maximum_at_zero,
    "zero-first-weights": zero_first_weights,
    "more-steps": more_steps,
    "half-are-zero": half_are_zero,
    "by-heart": by_heart,
}
