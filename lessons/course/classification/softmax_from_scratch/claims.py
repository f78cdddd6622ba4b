"""Programs that show sentences of `classification/softmax-from-scratch` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES
from lessons.course.classification.softmax_from_scratch.facts import LAST_BATCH
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data import ImageData


@lru_cache(maxsize=1)
def _glyphs() -> ImageData:
    """1024 + 96 training and 500 test images of the built-in set."""
    from engine.data.glyphs import glyph_images

    return glyph_images(0, 1024 + LAST_BATCH, 500)


def exp_overflows() -> bool:
    """float32: exp(88) is finite, exp(89) is inf; the recipe's softmax of a score of 300 is not."""
    import torch

    from engine.recipes.softmax import softmax

    ends = torch.tensor([88.0, 89.0]).exp().isinf().tolist()
    return ends == [False, True] and bool(softmax(torch.tensor([[300.0, 1.0]])).isfinite().all())


def shift_changes_nothing() -> bool:
    """Softmax with and without the largest score taken away, on 100 rows in float64."""
    import torch

    from engine.recipes.softmax import softmax

    Z = torch.randn(100, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return torch.allclose(softmax(Z), Z.exp() / Z.exp().sum(dim=1, keepdim=True), rtol=1e-12)


def _shared_losses(Z: Tensor, y: Tensor) -> Tensor:
    """The losses where all rows share one sum."""
    import torch

    logs = Z - Z.exp().sum().log()
    return -logs[torch.arange(len(y)), y]


def rise_at_least() -> bool:
    """The rise of the summed loss by one shared sum, 40 batches: at least n ln n, and equal to it
    where all rows have the same sum."""
    import torch

    from engine.recipes.softmax import cross_entropy

    generator = torch.Generator().manual_seed(0)
    least = LAST_BATCH * math.log(LAST_BATCH)
    y = torch.arange(LAST_BATCH) % CLASSES

    def rise(Z: Tensor) -> float:
        return float((_shared_losses(Z, y) - cross_entropy(Z, y)).sum())

    for _ in range(40):
        Z = torch.randn(LAST_BATCH, CLASSES, generator=generator, dtype=torch.float64)
        alike = Z - Z.logsumexp(dim=1, keepdim=True)
        if rise(Z) < least or abs(rise(alike) - least) > 1e-6:
            return False
    return True


@lru_cache(maxsize=2)
def _learned(*, shared: bool) -> tuple[float, float]:
    """Train on glyphs for 20 epochs: the summed loss of the last batch, by its own way to divide,
    and the test accuracy."""
    import torch

    from engine.recipes.linear import sgd
    from engine.recipes.softmax import accuracy, cross_entropy, flatten, init_params, scores

    data, generator = _glyphs(), torch.Generator().manual_seed(0)
    X, y = flatten(data.train_images), data.train_labels
    W, b = init_params(784, CLASSES, generator)
    W.requires_grad_()
    b.requires_grad_()
    loss = torch.zeros(())
    for _ in range(20):
        for rows in torch.randperm(len(y), generator=generator).split(BATCH):
            Z = scores(X[rows], W, b)
            loss = (_shared_losses if shared else cross_entropy)(Z, y[rows]).sum()
            loss.backward()
            sgd([W, b], 0.1, len(rows))
    with torch.no_grad():
        found = accuracy(scores(flatten(data.test_images), W, b), data.test_labels)
    return float(loss.detach()), found


def shared_sum_learns() -> bool:
    """On glyphs, with one shared sum: accuracy within 0.03 of the right program, while the loss of
    the last 96 images is above n ln n, and less than 100 with the right program."""
    least = LAST_BATCH * math.log(LAST_BATCH)
    (loss, found), (ordinary, wanted) = _learned(shared=True), _learned(shared=False)
    return abs(found - wanted) < 0.03 and least < loss and ordinary < 100


def no_logarithm() -> bool:
    """float32, a score 200 below the best: probability 0, its logarithm −inf; log_softmax −200."""
    import torch

    from engine.recipes.softmax import log_softmax, softmax

    Z = torch.tensor([[200.0, 0.0]])
    p = softmax(Z)[0, 1]
    return (float(p), float(p.log()), float(log_softmax(Z)[0, 1])) == (0.0, -math.inf, -200.0)


def starts_at_ln_10() -> bool:
    """The mean loss of the recipe's first weights on glyphs: within 2 % of ln 10."""
    import torch

    from engine.recipes.softmax import cross_entropy, flatten, init_params, scores

    data = _glyphs()
    W, b = init_params(784, CLASSES, torch.Generator().manual_seed(0))
    loss = cross_entropy(scores(flatten(data.train_images), W, b), data.train_labels).mean()
    return abs(float(loss) / math.log(CLASSES) - 1) < 0.02


def accuracy_is_flat() -> bool:
    """One weight moves by a millionth: the accuracy stays, the loss moves; and argmax has no
    gradient."""
    import torch

    from engine.recipes.softmax import accuracy, cross_entropy

    generator = torch.Generator().manual_seed(0)
    X = torch.rand(100, 784, generator=generator, dtype=torch.float64)
    W = 0.05 * torch.randn(784, 10, generator=generator, dtype=torch.float64)
    y, moved = torch.arange(100) % 10, W.clone()
    moved[300, 3] += 1e-6
    same = accuracy(X @ W, y) == accuracy(X @ moved, y)
    W.requires_grad_()
    losses = [float(cross_entropy(X @ each, y).mean().detach()) for each in (W, moved)]
    return same and losses[0] != losses[1] and not (X @ W).argmax(dim=1).requires_grad


def means_differ() -> bool:
    """Losses in batches of 256, 256 and 96: the mean of the batch means is not the mean."""
    import torch

    losses = torch.rand(608, generator=torch.Generator().manual_seed(0), dtype=torch.float64) ** 2
    means = torch.stack([part.mean() for part in losses.split(256)])
    even = torch.stack([part.mean() for part in losses.split(304)])
    apart, near = (abs(float(part.mean() - losses.mean())) for part in (means, even))
    return apart > 1e-3 and near < 1e-12


def both_ways_agree() -> bool:
    """The loop with parameters and with SGD, two epochs of glyphs: the same losses to 5 digits
    and the same accuracies."""
    from lessons.course.classification.softmax_from_scratch.programs import (
        from_scratch,
        with_optimiser,
    )

    data = _glyphs()
    runs = zip(from_scratch(data, 2), with_optimiser(data, 2), strict=True)
    return all(abs(a[0] - b[0]) < 1e-5 and a[1:] == b[1:] for a, b in runs)


def no_row_is_empty() -> bool:
    """Any predictions for 1000 images of each class: every row of the matrix adds up to 1000."""
    import torch

    from engine.recipes.softmax import confusion_matrix

    y = torch.arange(10_000) % 10
    guessed = torch.randint(10, (10_000,), generator=torch.Generator().manual_seed(0))
    return confusion_matrix(y, guessed, 10).sum(dim=1).tolist() == [1000] * 10


def share_of_first_epoch() -> float:
    """How much of the gain in test accuracy of the recipe's ten epochs comes in the first one."""
    from lessons.course.glyph_runs import glyph_run

    start, first, *_, last = (after.test_accuracy for after in glyph_run("softmax", *[0.1] * 10))
    return (first - start) / (last - start)


def first_epoch_most() -> bool:
    """The recipe on 2000 drawn digits: the first of ten epochs gains more than half, not all."""
    return 0.5 < share_of_first_epoch() < 0.98


def class_agrees() -> bool:
    """The gradients of 300 drawn digits, each alone, at the first weights: any two of one class
    have a positive product."""
    import torch

    from engine.recipes.softmax import flatten, init_params, scores, softmax

    data = _glyphs()
    X, y = flatten(data.train_images[:300]), data.train_labels[:300]
    W, b = init_params(784, CLASSES, torch.Generator().manual_seed(0))
    errors = softmax(scores(X, W, b)) - torch.nn.functional.one_hot(y, CLASSES)
    products = (X @ X.T) * (errors @ errors.T)  # of the gradients x eᵀ, entry by entry
    return bool((products[y[:, None] == y] > 0).all())


CLAIMS: Mapping[str, Claim] = {
    "exp-overflows": exp_overflows,
    "shift-changes-nothing": shift_changes_nothing,
    "rise-at-least": rise_at_least,
    "shared-sum-learns": shared_sum_learns,
    "no-logarithm": no_logarithm,
    "starts-at-ln-10": starts_at_ln_10,
    "accuracy-is-flat": accuracy_is_flat,
    "means-differ": means_differ,
    "both-ways-agree": both_ways_agree,
    "no-row-is-empty": no_row_is_empty,
    "first-epoch-most": first_epoch_most,
    "class-agrees": class_agrees,
}
