"""Programs that show sentences of `mlp/from-scratch` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from lessons.course.glyph_runs import glyph_run
from lessons.course.mlp.from_scratch.facts import ADAM_RATE, CALM_RATE, HIDDEN, PIXELS, RATE
from lessons.proof.claims import Claim


def alike_stay() -> bool:
    """Two hidden units with the same weights, in and out: 20 updates move both alike."""
    import torch

    from engine.recipes.mlp import relu, update
    from engine.recipes.optimisers import SGD

    generator = torch.Generator().manual_seed(0)
    params = {
        "W1": torch.randn(6, 1, generator=generator).repeat(1, 2),
        "b1": torch.zeros(2),
        "W2": torch.randn(1, 3, generator=generator).repeat(2, 1),
        "b2": torch.zeros(3),
    }
    start = params["W1"].clone()
    for param in params.values():
        param.requires_grad_()
    X, optimiser = torch.randn(9, 6, generator=generator), SGD(params)
    for _ in range(20):
        update(X, torch.arange(9) % 3, params, relu, optimiser, 0.1)
    W1, W2 = params["W1"].detach(), params["W2"].detach()
    alike = torch.equal(W1[:, 0], W1[:, 1]) and torch.equal(W2[0], W2[1])
    return alike and not torch.equal(W1, start)


@lru_cache(maxsize=1)
def _starts() -> dict[str, tuple[float, float, float, float]]:
    """By activation: largest score, loss, and lengths of both gradients before any update."""
    import torch

    from engine.recipes.mlp import ACTIVATIONS, init_params, scores
    from engine.recipes.softmax import cross_entropy

    X = torch.rand(256, PIXELS, generator=torch.Generator().manual_seed(0))
    found = {}
    for name, activation in ACTIVATIONS.items():
        params = init_params(PIXELS, HIDDEN, 10, torch.Generator().manual_seed(0))
        for param in params.values():
            param.requires_grad_()
        Z = scores(X, params, activation)
        loss = cross_entropy(Z, torch.arange(256) % 10).mean()
        gradients = torch.autograd.grad(loss, [params["W1"], params["W2"]])
        hidden, output = (float(gradient.norm()) for gradient in gradients)
        found[name] = float(Z.detach().abs().max()), float(loss.detach()), hidden, output
    return found


def scores_near_zero() -> bool:
    """The largest score of 256 random images with the first weights, by activation: below 0.5."""
    return all(score < 0.5 for score, *_ in _starts().values())


def loss_starts() -> bool:
    """The first loss of 256 random images, by activation: within 0.01 of ln 10."""
    return all(abs(loss - math.log(10)) < 0.01 for _, loss, *_ in _starts().values())


def sigmoid_gradients() -> bool:
    """The lengths of the first gradients, of both layers and by activation."""
    all_lengths = [
        length for *_, hidden, output in _starts().values() for length in (hidden, output)
    ]
    *_, hidden, output = _starts()["sigmoid"]
    return hidden == min(all_lengths) and output == max(all_lengths)


def linear_biases() -> bool:
    """20 000 biases of nn.Linear with 784 inputs: their bounds, and the share in each quarter."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        bias = torch.nn.Linear(PIXELS, 20_000).bias.detach()
    bound = 1 / math.sqrt(PIXELS)
    inside = 0.99 * bound < float(bias.abs().max()) <= bound
    shares = torch.histc(bias, bins=4, min=-bound, max=bound) / len(bias)
    return inside and bool(((shares - 0.25).abs() < 0.02).all())


def biases_either() -> bool:
    """Two epochs on 2000 drawn digits, biases 0 or drawn as nn.Linear does: within 5 points."""
    import torch

    from engine.data.glyphs import glyph_images
    from engine.recipes.linear import data_iter
    from engine.recipes.mlp import init_params, relu, scores, update
    from engine.recipes.optimisers import SGD
    from engine.recipes.softmax import flatten

    data = glyph_images(0, 2000, 500)
    X, found = flatten(data.train_images), []
    for drawn in (False, True):
        generator = torch.Generator().manual_seed(0)
        params = init_params(PIXELS, HIDDEN, 10, generator)
        for name, inputs in (("b1", PIXELS), ("b2", HIDDEN)):
            if drawn:
                bound = 1 / math.sqrt(inputs)
                params[name].uniform_(-bound, bound, generator=torch.Generator().manual_seed(1))
        for param in params.values():
            param.requires_grad_()
        optimiser, order = SGD(params), torch.Generator().manual_seed(2)
        for _ in range(2):
            for images, labels in data_iter(50, X, data.train_labels, order):
                update(images, labels, params, relu, optimiser, 0.1)
        with torch.no_grad():
            right = (
                scores(flatten(data.test_images), params, relu).argmax(dim=1) == data.test_labels
            )
        found.append(float(right.float().mean()))
    zero, random = found
    return abs(zero - random) < 0.05 and min(found) > 0.5


def no_overflow() -> bool:
    """Values and slopes of the three activations at −10 000 and 10 000: all finite."""
    import torch

    from engine.recipes.mlp import ACTIVATIONS

    for activation in ACTIVATIONS.values():
        z = torch.tensor([-1e4, -100.0, 0.0, 100.0, 1e4], requires_grad=True)
        values = activation(z)
        (slopes,) = torch.autograd.grad(values.sum(), z)
        if not (values.isfinite().all() and slopes.isfinite().all()):
            return False
    return True


def first_adam_step() -> bool:
    """The first step of Adam with gradient 1e-6 and learning rate 0.001: 0.00098 to 0.001."""
    import torch

    from engine.recipes.optimisers import OPTIMISERS

    w = torch.tensor(0.0, requires_grad=True)
    w.grad = torch.tensor(1e-6)
    OPTIMISERS["adam"]({"w": w}).step(0.001)
    return 0.00098 < abs(w.item()) < 0.001


def curvature_grows() -> bool:
    """The largest curvature on 300 drawn digits, at the start and after 30 updates at 0.5."""
    import torch

    from engine.data.glyphs import glyph_images
    from engine.recipes.linear import data_iter
    from engine.recipes.mlp import init_params, relu, update
    from engine.recipes.optimisers import SGD
    from engine.recipes.softmax import flatten
    from lessons.course.mlp.from_scratch.programs import steepest_curvature

    data = glyph_images(0, 2000, 500)
    X, y = flatten(data.train_images), data.train_labels
    generator = torch.Generator().manual_seed(0)
    params = init_params(PIXELS, HIDDEN, 10, generator)
    for param in params.values():
        param.requires_grad_()
    before = steepest_curvature(X[:300], y[:300], params)
    optimiser, batches = SGD(params), data_iter(64, X, y, generator)
    for _ in range(30):
        update(*next(batches), params, relu, optimiser, RATE)
    return before < 2 / RATE < steepest_curvature(X[:300], y[:300], params)


def jump_together() -> bool:
    """Five epochs on 2000 drawn digits: what moves train accuracy by 5 points moves test with it.

    And the other way round.
    """
    changes = [
        (later.train_accuracy - before.train_accuracy, later.test_accuracy - before.test_accuracy)
        for before, later in pairwise(glyph_run("mlp", *[RATE] * 5))
    ]
    large = [(train, test) for train, test in changes if max(abs(train), abs(test)) > 0.05]
    return len(large) > 1 and all(train * test > 0 for train, test in large)


def calm_best() -> bool:
    """Four epochs at 0.5 and one at 0.05 on 2000 drawn digits: the last one is the best."""
    *before, last = (after.test_accuracy for after in glyph_run("mlp", *[RATE] * 4, CALM_RATE))
    return last > max(before)


@lru_cache(maxsize=2)
def _first_losses(activation: str) -> tuple[float, ...]:
    """The losses of the first 40 batches of the training on 2000 drawn digits."""
    from engine.data.glyphs import glyph_images
    from engine.recipes.catalog import find_recipe
    from engine.recipes.mlp import MlpTask
    from engine.training.task import Source

    settings = find_recipe("mlp").settings({"activation": activation, "batch_size": 50})
    task = MlpTask(glyph_images(0, 2000, 500), settings, Source("cpu"))
    return tuple(float(task.update(batch, RATE).loss) / 50 for batch in task.batches(50))


def sigmoid_leaps() -> bool:
    """In the first ten updates the loss with the sigmoid rises by a quarter, with ReLU it falls.

    After 40 updates it is down again, and above that with ReLU.
    """
    sigmoid, relu = _first_losses("sigmoid"), _first_losses("relu")
    leaps = max(sigmoid[:10]) > 1.25 * sigmoid[0] and max(relu[:10]) < 1.05 * relu[0]
    return leaps and sigmoid[-1] < max(sigmoid[:10]) and sigmoid[-1] > relu[-1]


def adam_ahead() -> bool:
    """Test accuracy after one epoch on 2000 drawn digits: Adam at 0.001, and SGD at 0.5."""
    sgd, adam = glyph_run("mlp", *[RATE] * 5), glyph_run("mlp", ADAM_RATE, optimizer="adam")
    return adam[1].test_accuracy > sgd[1].test_accuracy


CLAIMS: Mapping[str, Claim] = {
    "alike-stay": alike_stay,
    "scores-near-zero": scores_near_zero,
    "linear-biases": linear_biases,
    "biases-either": biases_either,
    "no-overflow": no_overflow,
    "loss-starts": loss_starts,
    "sigmoid-gradients": sigmoid_gradients,
    "first-adam-step": first_adam_step,
    "curvature-grows": curvature_grows,
    "jump-together": jump_together,
    "calm-best": calm_best,
    "sigmoid-leaps": sigmoid_leaps,
    "adam-ahead": adam_ahead,
}
