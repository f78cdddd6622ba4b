"""Programs that show sentences of `mlp/mnist-low-level` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lessons.course.mlp.mnist_low_level.facts import CLASSES, PIXELS, UNITS
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor


def layout() -> bool:
    """The shapes of the recipe's tensors, and those of nn.Linear with the same sizes."""
    import torch

    from engine.recipes.mnist_mlp import init_params

    params = init_params("zeros", torch.Generator())
    sizes = ((PIXELS, UNITS), (UNITS, UNITS), (UNITS, CLASSES))
    for number, size in enumerate(sizes, start=1):
        linear = torch.nn.Linear(*size)
        if linear.weight.shape != params[f"w{number}"].shape:
            return False
        if linear.bias.shape != params[f"b{number}"].shape:
            return False
    return True


def biases_in_rows() -> bool:
    """A row of biases added to a matrix, and added to each of its rows."""
    import torch

    X, b = torch.randn(4, 3), torch.randn(3)
    return torch.equal(X + b, torch.stack([row + b for row in X]))


def kaiming_ready() -> bool:
    """The deviation of kaiming_normal_ for ReLU, on a weight with 784 inputs: √(2/784)."""
    import torch

    w = torch.empty(2000, PIXELS)
    torch.nn.init.kaiming_normal_(
        w, nonlinearity="relu", generator=torch.Generator().manual_seed(0)
    )
    return math.isclose(float(w.std()), math.sqrt(2 / PIXELS), rel_tol=0.01)


@lru_cache(maxsize=3)
def _sizes(init: str) -> tuple[tuple[float, ...], Tensor]:
    """Root mean squares of inputs, hidden layers and scores, and the scores."""
    import torch

    from engine.recipes.mnist_mlp import forward, init_params

    x = torch.randn(1000, PIXELS, generator=torch.Generator().manual_seed(1))
    p = init_params(init, torch.Generator().manual_seed(0))
    h1 = torch.relu(x @ p["w1"].t())
    h2 = torch.relu(h1 @ p["w2"].t())
    scores = forward(x, p)
    return tuple(float(h.square().mean().sqrt()) for h in (x, h1, h2, scores)), scores


def kaiming_keeps() -> bool:
    """With Kaiming, the sizes of both hidden layers are within 20 % of that of the inputs."""
    (x, h1, h2, _), _ = _sizes("kaiming_normal")
    return abs(h1 / x - 1) < 0.2 and abs(h2 / x - 1) < 0.2


def small_fades() -> bool:
    """With N(0, 0.01²), the scores are less than a hundredth as large as the inputs."""
    (x, *_, scores), _ = _sizes("small_normal")
    return scores < x / 100


def standard_explodes() -> bool:
    """With N(0, 1): the size of the scores, the largest probability, and the first loss."""
    import torch

    (x, *_, size), scores = _sizes("standard_normal")
    loss = torch.nn.functional.cross_entropy(scores, torch.arange(1000) % 10)
    sure = scores.softmax(dim=1).max(dim=1).values.mean()
    return size > 1000 * x and float(sure) > 0.99 and float(loss) > 1000


def zeros_learn_shares() -> bool:
    """100 updates from zeros on labels that are not equally frequent: scores and their softmax."""
    import torch

    from engine.recipes.mnist_mlp import forward, init_params, update

    params = init_params("zeros", torch.Generator())
    for param in params.values():
        param.requires_grad_()
    x = torch.randn(200, PIXELS, generator=torch.Generator().manual_seed(1))
    y = torch.cat([torch.arange(100) % 10, torch.zeros(100, dtype=torch.int64)])
    optimizer = torch.optim.SGD(params.values(), lr=1.0)
    for _ in range(100):
        update(x, y, params, torch.relu, optimizer)
    with torch.no_grad():
        scores = forward(x, params)
    shares = torch.bincount(y, minlength=10) / len(y)
    same = bool((scores == scores[0]).all())
    return same and torch.allclose(scores[0].softmax(dim=0), shares, atol=0.01)


def leaves_only() -> bool:
    """An optimiser that is given a tensor computed from another one: ValueError."""
    import torch

    start = torch.zeros(3, requires_grad=True)
    try:
        torch.optim.SGD([2 * start], lr=0.1)
    except ValueError:
        return True
    return False


def mean_of_batch() -> bool:
    """Cross entropy of a batch, and the mean over its images one by one."""
    import torch
    from torch.nn.functional import cross_entropy

    scores, y = torch.randn(5, CLASSES), torch.arange(5)
    each = [cross_entropy(scores[i : i + 1], y[i : i + 1]) for i in range(5)]
    return torch.allclose(cross_entropy(scores, y), torch.stack(each).mean())


_EPOCHS = 4


@lru_cache(maxsize=1)
def usual_accuracies() -> list[float]:
    """Test accuracy after each of four epochs on drawn digits."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    return accuracies(_EPOCHS)


@lru_cache(maxsize=1)
def _plain() -> list[float]:
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    return accuracies(_EPOCHS, scaled=False)


def plain_behind() -> bool:
    """Test accuracy after each of four epochs on drawn digits, with normalising and without."""
    return all(plain < scaled for plain, scaled in zip(_plain(), usual_accuracies(), strict=True))


def plain_larger_rate() -> bool:
    """Without normalising, four epochs at 0.05 end above four epochs at 0.01."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    found = accuracies(_EPOCHS, lr=0.05, scaled=False)[-1]
    return found > _plain()[-1] + (usual_accuracies()[-1] - _plain()[-1]) / 2


def standard_behind() -> bool:
    """After four epochs from N(0, 1), the test accuracy is over 5 points below Kaiming's."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    return accuracies(_EPOCHS, "standard_normal")[-1] < usual_accuracies()[-1] - 0.05


def standard_steep() -> bool:
    """The first gradients of 200 drawn digits: from N(0, 1), those of all three weights are over
    ten times as long as Kaiming's."""
    import torch

    from engine.data.glyphs import glyph_images
    from engine.recipes.mnist_mlp import forward, init_params, normalise

    data = glyph_images(0, 200, 10)
    x, lengths = normalise(data.train_images), []
    for init in ("kaiming_normal", "standard_normal"):
        params = init_params(init, torch.Generator().manual_seed(0))
        weights = [params[name].requires_grad_() for name in ("w1", "w2", "w3")]
        loss = torch.nn.functional.cross_entropy(forward(x, params), data.train_labels)
        lengths.append([float(slope.norm()) for slope in torch.autograd.grad(loss, weights)])
    return all(steep > 10 * usual for usual, steep in zip(*lengths, strict=True))


@lru_cache(maxsize=1)
def small_slow() -> bool:
    """After one and after two epochs from N(0, 0.01²), fewer than 2 of 10 test digits are right."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    return max(accuracies(2, "small_normal")) < 0.2


def two_slopes() -> bool:
    """The largest slope of the sigmoid on a fine grid is that at 0: ¼."""
    import torch

    z = torch.linspace(-10, 10, 10_001, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(torch.sigmoid(z).sum(), z)
    return math.isclose(float(slopes.max()), 0.25) and int(slopes.argmax()) == 5000


@lru_cache(maxsize=1)
def sigmoid_slower() -> bool:
    """With sigmoids: 20 points behind ReLU after one epoch, less than half of it after two."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    first, second = accuracies(2, activation="sigmoid")
    return first < usual_accuracies()[0] - 0.2 and second < usual_accuracies()[1] / 2


def adam_faster() -> bool:
    """Test accuracy after one epoch of Adam at 0.001, and after three of SGD at 0.01."""
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    return accuracies(1, lr=0.001, rule="adam")[0] > usual_accuracies()[2]


@lru_cache(maxsize=1)
def kaiming_first_loss() -> bool:
    """The loss of 2000 drawn digits before the first update, from Kaiming's weights: 3 to 10."""
    import torch
    from torch.nn.functional import cross_entropy

    from engine.data.glyphs import glyph_images
    from engine.recipes.mnist_mlp import forward, init_params, normalise

    data = glyph_images(0, 2000, 500)
    params = init_params("kaiming_normal", torch.Generator().manual_seed(0))
    scores = forward(normalise(data.train_images), params)
    return 3 < float(cross_entropy(scores, data.train_labels)) < 10


CLAIMS: Mapping[str, Claim] = {
    "layout": layout,
    "biases-in-rows": biases_in_rows,
    "kaiming-ready": kaiming_ready,
    "kaiming-keeps": kaiming_keeps,
    "small-fades": small_fades,
    "standard-explodes": standard_explodes,
    "zeros-learn-shares": zeros_learn_shares,
    "leaves-only": leaves_only,
    "mean-of-batch": mean_of_batch,
    "plain-behind": plain_behind,
    "plain-larger-rate": plain_larger_rate,
    "standard-behind": standard_behind,
    "standard-steep": standard_steep,
    "small-slow": small_slow,
    "two-slopes": two_slopes,
    "sigmoid-slower": sigmoid_slower,
    "adam-faster": adam_faster,
    "kaiming-first-loss": kaiming_first_loss,
}
