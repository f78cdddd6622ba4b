"""Programs that show sentences of `classification/softmax-concise` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lessons.course.classification.softmax_concise.facts import (
    KNOWN,
    MODELS,
    ROUNDING,
    SEEN,
)
from lessons.course.classification.softmax_from_scratch.facts import PIXELS
from lessons.proof.claims import Claim


def own_flatten() -> bool:
    """Our Flatten and nn.Flatten on a batch: the same; no parameters."""
    import torch
    from torch import nn

    from lessons.course.classification.softmax_concise.programs import Flatten

    X = torch.rand(5, 1, 28, 28)
    return torch.equal(Flatten()(X), nn.Flatten()(X)) and not list(Flatten().parameters())


def view_refuses() -> bool:
    """X.view after a transpose is a RuntimeError, and reshape copies; without it both share."""
    import torch

    X = torch.rand(5, 1, 28, 28)
    turned = X.transpose(2, 3)
    shares = X.view(5, -1).data_ptr() == X.data_ptr() == X.reshape(5, -1).data_ptr()
    copied = turned.reshape(5, -1).data_ptr() != X.data_ptr()
    try:
        turned.view(5, -1)
    except RuntimeError:
        return shares and copied
    return False


def keeps_transpose() -> bool:
    """nn.Linear(784, 10): a weight (10, 784); its output is X Vᵀ plus the biases."""
    import torch
    from torch import nn

    layer, X = nn.Linear(784, 10), torch.rand(4, 784)
    V, b = layer.weight, layer.bias
    return tuple(V.shape) == (10, 784) and torch.allclose(layer(X), X @ V.T + b, atol=1e-6)


def evenly_drawn() -> bool:
    """nn.Linear for four widths: weights and biases within 1/√d, spread evenly over it."""
    import torch
    from torch import nn

    with torch.random.fork_rng():
        torch.manual_seed(0)
        for d in (2, 50, PIXELS, 2000):
            layer, bound = nn.Linear(d, 1000), d**-0.5
            for drawn in (layer.weight.detach(), layer.bias.detach()):
                inside = float(drawn.abs().max()) <= bound * (1 + 1e-6)
                even = abs(float(drawn.std()) * math.sqrt(3) / bound - 1) < 0.06
                if not (inside and even and float(drawn.abs().max()) > 0.98 * bound):
                    return False
    return True


def either_start() -> bool:
    """Glyphs, 100 updates from N(0, 0.01²) and from the layer's own start: losses within 3 %."""
    import torch
    from torch import nn

    from engine.data.glyphs import glyph_images
    from engine.recipes.softmax import flatten

    data = glyph_images(0, 200, 10)
    X, y, ends = flatten(data.train_images), data.train_labels, []
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for deviation in (0.01, None):
            layer = nn.Linear(784, 10)
            if deviation:
                nn.init.normal_(layer.weight, std=deviation)
            params, loss = list(layer.parameters()), torch.zeros(())
            for _ in range(100):
                loss = nn.functional.cross_entropy(layer(X), y)
                for param, slope in zip(params, torch.autograd.grad(loss, params), strict=True):
                    param.data -= 0.5 * slope
            ends.append(float(loss.detach()))
    return abs(ends[0] / ends[1] - 1) < 0.03


def another_order() -> bool:
    """784 × 10 numbers and 10 × 784 numbers of one seed: fewer than 1 % stand at the same place."""
    import torch

    W = torch.randn(784, 10, generator=torch.Generator().manual_seed(0))
    V = torch.randn(10, 784, generator=torch.Generator().manual_seed(0))
    return float((W.T == V).float().mean()) < 0.01 and torch.equal(
        W.flatten().sort().values, V.flatten().sort().values
    )


def fetched() -> bool:
    """One epoch of 1024 images in batches of 256: 1024 fetches sample by sample, 4 by batches."""
    from torch.utils.data import BatchSampler, DataLoader, RandomSampler

    from lessons.course.classification.softmax_concise.programs import Counting

    samples, batches = Counting(), Counting()
    whole = BatchSampler(RandomSampler(batches), 256, drop_last=False)
    list(DataLoader(samples, batch_size=256))
    list(DataLoader(batches, batch_size=None, sampler=whole))
    return (samples.fetched, batches.fetched) == (1024, 4)


def near_the_largest() -> bool:
    """ln Σ exp of ten scores, 1000 draws: above the largest score, by at most ln 10."""
    rng = np.random.default_rng(0)
    scores = rng.normal(scale=3.0, size=(1000, 10))
    above = np.log(np.exp(scores).sum(axis=1)) - scores.max(axis=1)
    return bool(above.min() > 0 and above.max() <= math.log(10))


def no_overflow() -> bool:
    """A score of 300 in float32: exp is inf, nn.CrossEntropyLoss gives 298."""
    import torch

    Z = torch.tensor([[-1.0, 300.0, 2.0]])
    loss = torch.nn.functional.cross_entropy(Z, torch.tensor([2]))
    return bool(Z.exp().isinf().any()) and float(loss) == 298.0


def never_below() -> bool:
    """10 000 rows of ten probabilities, taken for scores: the loss is above ln(e + 9) − 1."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.full(10, 0.05), size=10_000)
    losses = np.log(np.exp(p).sum(axis=1)) - p.max(axis=1)
    lowest = math.log(math.e + 9) - 1
    return bool(losses.min() >= lowest - 1e-12 and losses.min() < lowest + 1e-3)


def learned_slowly() -> bool:
    """A model nearly sure and right, with a second softmax: a gradient below 1 % of the loss; ten
    clusters, 30 updates: 0.15 above the lowest loss with it, below 0.1 without."""
    import torch

    from lessons.course.classification.softmax_concise.programs import train_clusters

    Z = torch.zeros(1, 10, dtype=torch.float64)
    Z[0, 0] = 8.0
    Z.requires_grad_()
    loss = torch.nn.functional.cross_entropy(Z.softmax(dim=1), torch.tensor([0]))
    (slope,) = torch.autograd.grad(loss, Z)
    return float(slope.norm()) < 0.01 * float(loss.detach()) and (
        train_clusters(softmax_layer=False, updates=30)[0] < 0.1
        and train_clusters(softmax_layer=True, updates=30)[0] - (math.log(math.e + 9) - 1) > 0.15
    )


def mean_and_step() -> bool:
    """nn.CrossEntropyLoss is the mean of the losses; SGD moves by the rate times the gradient."""
    import torch

    Z = torch.randn(7, 10, generator=torch.Generator().manual_seed(0))
    y = torch.arange(7)
    each = torch.nn.CrossEntropyLoss(reduction="none")(Z, y)
    w = torch.zeros(2, requires_grad=True)
    w.grad = torch.tensor([4.0, -8.0])
    torch.optim.SGD([w], lr=0.25).step()
    return torch.allclose(torch.nn.CrossEntropyLoss()(Z, y), each.mean()) and w.tolist() == [-1, 2]


def rounding_apart() -> bool:
    """20 updates of both versions in float64: parameters apart, by less than 1e-15."""
    import torch

    from engine.recipes import softmax as first
    from engine.recipes import softmax_concise as second

    generator = torch.Generator().manual_seed(0)
    X = torch.rand(256, 1, 28, 28, generator=generator, dtype=torch.float64)
    y = torch.arange(256) % 10
    W, b = first.init_params(784, 10, generator)
    W, b = W.double().requires_grad_(), b.double().requires_grad_()
    net = second.make_net(10).double()
    weight, bias = net.parameters()
    with torch.no_grad():
        weight.copy_(W.T)
        bias.zero_()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(20):
        first.update(X.flatten(1), y, W, b, 0.1)
        second.update(net, optimizer, X, y)
    apart = float((weight.T - W).detach().abs().max())
    return 0 < apart < ROUNDING


def spread_of_accuracy() -> bool:
    """10 000 test sets of 1000 images, right about 0.8 of all: mean 0.8, deviation as by √."""
    found = np.random.default_rng(0).binomial(SEEN, KNOWN, 10_000) / SEEN
    wanted = math.sqrt(KNOWN * (1 - KNOWN) / SEEN)
    return bool(abs(found.mean() - KNOWN) < 0.001 and abs(found.std() / wanted - 1) < 0.03)


def best_too_high() -> bool:
    """The best figure of 20 equally good models, 2000 times: 0.82 to 0.83 on average, hardly ever
    below 0.8; of one model 0.8; and it grows with the number of models."""
    found = np.random.default_rng(0).binomial(SEEN, KNOWN, (2000, MODELS)) / SEEN
    best = [found[:, :count].max(axis=1) for count in (1, 2, 5, 10, MODELS)]
    means = [float(each.mean()) for each in best]
    return (
        0.82 < means[-1] < 0.83
        and abs(means[0] - KNOWN) < 0.001
        and means == sorted(means)
        and float((best[-1] < KNOWN).mean()) < 0.01
    )


def chosen_by_validation() -> bool:
    """20 equally good models chosen by 1000 other images: test figure 0.8 on average, validation
    figure as much too high as a test figure by which one chooses."""
    rng = np.random.default_rng(0)
    valid, test = (rng.binomial(SEEN, KNOWN, (4000, MODELS)) / SEEN for _ in range(2))
    chosen = test[np.arange(4000), valid.argmax(axis=1)]
    return bool(abs(chosen.mean() - KNOWN) < 0.001 and valid.max(axis=1).mean() - KNOWN > 0.02)


def points_apart() -> list[float]:
    """The difference in test accuracy of both versions, at the start and after each epoch."""
    from lessons.course.glyph_runs import glyph_run

    rates = [0.1] * 10
    both = zip(glyph_run("softmax", *rates), glyph_run("softmax-concise", *rates), strict=True)
    return [abs(one.test_accuracy - other.test_accuracy) for one, other in both]


def versions_agree() -> bool:
    """Both recipes on 2000 drawn digits: never more than half a point apart in ten epochs."""
    return max(points_apart()) < 0.005


CLAIMS: Mapping[str, Claim] = {
    "own-flatten": own_flatten,
    "view-refuses": view_refuses,
    "keeps-transpose": keeps_transpose,
    "evenly-drawn": evenly_drawn,
    "either-start": either_start,
    "another-order": another_order,
    "fetched": fetched,
    "near-the-largest": near_the_largest,
    "no-overflow": no_overflow,
    "never-below": never_below,
    "learned-slowly": learned_slowly,
    "mean-and-step": mean_and_step,
    "rounding-apart": rounding_apart,
    "spread-of-accuracy": spread_of_accuracy,
    "best-too-high": best_too_high,
    "chosen-by-validation": chosen_by_validation,
    "versions-agree": versions_agree,
}
