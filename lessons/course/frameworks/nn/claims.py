"""Programs that show sentences of `frameworks/nn` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from engine.recipes.two_layer import RandomData


@lru_cache(maxsize=1)
def _data() -> RandomData:
    """The random samples of the recipe."""
    import torch

    from engine.recipes.two_layer import random_data

    return random_data(torch.Generator().manual_seed(0), torch.device("cpu"))


def fully_connected() -> bool:
    """The slope of each output of nn.Linear by each input is a weight of its own; none is 0."""
    import torch

    generator = torch.Generator().manual_seed(0)
    layer = torch.nn.Linear(5, 3)
    with torch.no_grad():
        layer.weight.copy_(torch.randn(3, 5, generator=generator))
    slopes = torch.autograd.functional.jacobian(layer, torch.randn(5, generator=generator))
    return torch.allclose(slopes, layer.weight) and bool((slopes != 0).all())


def bias_by_default() -> bool:
    """nn.Linear(5, 3) has a bias of shape (3,), and adds it; with bias=False there is none."""
    import torch

    layer, plain = torch.nn.Linear(5, 3), torch.nn.Linear(5, 3, bias=False)
    at_zero = layer(torch.zeros(5))
    return plain.bias is None and layer.bias.shape == (3,) and torch.equal(at_zero, layer.bias)


def half_below() -> bool:
    """Of the sums of the first layer as nn.Linear draws it, 48 to 52 % are below 0."""
    import torch

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        sums = torch.nn.Linear(D_IN, H, bias=False)(_data().x)
    return 0.48 < float((sums < 0).float().mean()) < 0.52


def uniform_draw() -> bool:
    """100 000 weights of nn.Linear: within the limit, and as many in each of ten equal parts."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        drawn = torch.nn.Linear(D_IN, H).weight.detach()
    limit = D_IN**-0.5
    counts = torch.histc(drawn, bins=10, min=-limit, max=limit)
    even = bool((counts / counts.mean() - 1).abs().max() < 0.03)
    return int(counts.sum()) == drawn.numel() and even


STEPS = 101
"""Losses of a training here: the last one is that after 100 updates."""


@lru_cache(maxsize=8)
def _trained(init: str, rate: float, steps: int) -> tuple[float, float, float]:
    """First and last loss of a training, and the loss on the test samples after it."""
    import torch

    from engine.recipes.two_layer import init_weights
    from engine.recipes.two_layer_nn import loss_fn, make_model, train_step

    model = make_model(D_IN, H, D_OUT)
    init_weights(model, init, torch.Generator().manual_seed(1))
    data = _data()
    losses = [float(train_step(model, data.x, data.y, rate)) for _ in range(steps)]
    with torch.no_grad():
        return losses[0], losses[-1], float(loss_fn(model(data.test_x), data.test_y))


def normal_needs_small() -> bool:
    """Weights from N(0, 1): with the rate 1e-4 no number after ten steps, with 1e-6 it learns."""
    import math

    first, last, _ = _trained("normal", 1e-6, STEPS)
    return math.isnan(_trained("normal", 1e-4, 11)[1]) and last < first / 100


def uniform_takes_larger() -> bool:
    """Weights as nn.Linear draws them: 100 steps of 1e-4 divide the loss by more than 100."""
    first, last, _ = _trained("uniform", 1e-4, STEPS)
    return last < first / 100


def left_at_old_rate() -> float:
    """The last loss over the first: weights as nn.Linear draws them, 500 steps of 1e-6."""
    first, last, _ = _trained("uniform", 1e-6, 501)
    return last / first


def old_rate_creeps() -> bool:
    """Weights as nn.Linear draws them: after 500 steps of 1e-6 more than half the loss is left."""
    return 0.5 < left_at_old_rate() < 1


def worse_than_zero() -> bool:
    """After 100 steps of each training the test loss is above that of always answering 0."""
    always_zero = float(_data().test_y.pow(2).sum())
    tested = (_trained("normal", 1e-6, STEPS)[2], _trained("uniform", 1e-4, STEPS)[2])
    return min(tested) > always_zero


def zero_grad_none() -> bool:
    """After model.zero_grad() every grad is None; with set_to_none=False it is zeros."""
    import torch

    model = torch.nn.Linear(3, 2)
    model(torch.ones(3)).sum().backward()
    model.zero_grad(set_to_none=False)
    zeros = all(p.grad is not None and not p.grad.any() for p in model.parameters())
    model(torch.ones(3)).sum().backward()
    model.zero_grad()
    return zeros and all(param.grad is None for param in model.parameters())


def flags() -> bool:
    """train() and eval() set `training` in a model and all its layers, and change nothing else."""
    from engine.recipes.two_layer_nn import make_model

    model = make_model(5, 4, 2)
    modules = list(model.modules())
    begins = all(module.training for module in modules)
    others = [{k: v for k, v in vars(m).items() if k != "training"} for m in modules]
    model.eval()
    cleared = not any(module.training for module in modules)
    same = all(
        all(vars(module)[name] is value for name, value in kept.items())
        for module, kept in zip(modules, others, strict=True)
    )
    model.train()
    return begins and cleared and same and all(module.training for module in modules)


def dropout_modes() -> bool:
    """nn.Dropout(0.5) on 1000 ones: zeros in training mode, all ones in evaluation mode."""
    import torch

    layer, x = torch.nn.Dropout(0.5), torch.ones(1000)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        zeros = int((layer(x) == 0).sum())
    layer.eval()
    return 400 < zeros < 600 and torch.equal(layer(x), x)


def batchnorm_modes() -> bool:
    """nn.BatchNorm1d: the batch at mean 0 and variance 1 in training mode, then the averages."""
    import torch

    layer = torch.nn.BatchNorm1d(3)
    x = 5 + 2 * torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
    out = layer(x).detach()
    centred = bool(out.mean(0).abs().max() < 1e-5)
    scaled = bool((out.var(0, unbiased=False) - 1).abs().max() < 1e-3)
    layer.eval()
    mean, variance = layer.running_mean, layer.running_var
    assert mean is not None
    assert variance is not None
    by_hand = (x - mean) / (variance + layer.eps).sqrt()
    return centred and scaled and torch.allclose(layer(x), by_hand, atol=1e-5)


CLAIMS: Mapping[str, Claim] = {
    "fully-connected": fully_connected,
    "bias-by-default": bias_by_default,
    "half-below": half_below,
    "uniform-draw": uniform_draw,
    "normal-needs-small": normal_needs_small,
    "uniform-takes-larger": uniform_takes_larger,
    "old-rate-creeps": old_rate_creeps,
    "worse-than-zero": worse_than_zero,
    "zero-grad-none": zero_grad_none,
    "flags": flags,
    "dropout-modes": dropout_modes,
    "batchnorm-modes": batchnorm_modes,
}
