"""Programs that show sentences of `mlp/concise` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lessons.course.glyph_runs import glyph_run
from lessons.course.mlp.from_scratch.facts import HIDDEN, PIXELS, RATE
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor


def activation_has_none() -> bool:
    """The parameters of nn.ReLU, nn.Sigmoid and nn.Tanh: none."""
    from engine.recipes.mlp_concise import ACTIVATIONS

    return not any(list(make().parameters()) for make in ACTIVATIONS.values())


def flatten_reshapes() -> bool:
    """nn.Flatten and reshape on a batch of images."""
    import torch

    X = torch.randn(5, 1, 28, 28)
    return torch.equal(torch.nn.Flatten()(X), X.reshape(len(X), -1))


def _linear_weights() -> Tensor:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return torch.nn.Linear(PIXELS, HIDDEN).weight.detach()


def linear_weights() -> bool:
    """The weights of nn.Linear with 784 inputs: their bounds, and the share in each quarter."""
    import torch

    w, bound = _linear_weights(), 1 / math.sqrt(PIXELS)
    shares = torch.histc(w, bins=4, min=-bound, max=bound) / w.numel()
    inside = 0.99 * bound < float(w.abs().max()) <= bound
    return inside and bool(((shares - 0.25).abs() < 0.02).all())


def linear_larger() -> bool:
    """The standard deviation of nn.Linear's first weights, over that of the recipe: above 1.5."""
    return float(_linear_weights().std()) > 1.5 * 0.01


def loss_is_all() -> bool:
    """nn.CrossEntropyLoss, and softmax, logarithm, the entry of the label, and the mean."""
    import torch

    Z = torch.randn(6, 10, generator=torch.Generator().manual_seed(0))
    y = torch.arange(6)
    by_hand = -Z.softmax(dim=1).log()[torch.arange(6), y].mean()
    return torch.allclose(torch.nn.CrossEntropyLoss()(Z, y), by_hand)


def _pair() -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """The parameters from scratch, images (640, 28, 28) of bytes, and labels."""
    import torch

    from engine.recipes.mlp import init_params

    params = init_params(PIXELS, HIDDEN, 10, torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(1)
    images = 255 * torch.rand(640, 28, 28, generator=generator)
    return params, images, torch.arange(640) % 10


def loss_agrees() -> bool:
    """The first loss of both versions on 64 images: a relative difference below 1e-5."""
    import torch

    from engine.recipes.mlp import relu, scores
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.softmax import cross_entropy, flatten
    from engine.recipes.softmax_concise import init_weights, loss_fn

    params, images, y = _pair()
    net = make_net(HIDDEN, 10)
    init_weights(net, torch.Generator().manual_seed(0))
    scratch = cross_entropy(scores(flatten(images[:64]), params, relu), y[:64]).mean()
    concise = loss_fn(net(images[:64].unsqueeze(1) / 255), y[:64])
    return math.isclose(float(scratch), float(concise.detach()), rel_tol=1e-5)


def step_keeps_gradients() -> bool:
    """The gradient of a weight before step() and after it."""
    import torch

    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    (w**2 / 2).backward()
    optimizer.step()
    return w.grad is not None and float(w.grad) == 1.0


def _walk(place: str) -> list[float]:
    """Three updates on ½w² from 1, with zero_grad() in this place."""
    import torch

    w, found = torch.tensor(1.0, requires_grad=True), []
    optimizer = torch.optim.SGD([w], lr=0.5)
    for _ in range(3):
        (w**2 / 2).backward()
        if place == "after backward":
            optimizer.zero_grad(set_to_none=False)
        optimizer.step()
        found.append(w.item())
    return found


def zero_after() -> bool:
    """Three updates with zero_grad() between backward() and step(): the weight stays at 1."""
    return _walk("after backward") == [1.0, 1.0, 1.0]


def zero_nowhere() -> bool:
    """Three updates without zero_grad(), and the same from sums of the gradients by hand."""
    w, total, found = 1.0, 0.0, []
    for _ in range(3):
        total += w
        w -= 0.5 * total
        found.append(w)
    return _walk("nowhere") == found


def momentum_setting() -> bool:
    """The class of the optimiser that the word momentum gives, and its setting."""
    import torch

    from engine.recipes.two_layer_optim import make_optimizer

    optimizer = make_optimizer("momentum", [torch.zeros(1, requires_grad=True)], 0.1)
    return type(optimizer) is torch.optim.SGD and optimizer.param_groups[0]["momentum"] > 0


def drift() -> bool:
    """Both versions in 32 bits: their first weights are more than 10 times as far apart at the end.

    Compared are the differences after the first and the last update of two epochs on 2000 digits.
    """
    import torch

    from engine.data.glyphs import glyph_images
    from engine.recipes.mlp import relu, update
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears
    from engine.recipes.optimisers import SGD
    from engine.recipes.softmax import flatten
    from engine.recipes.softmax_concise import init_weights
    from engine.recipes.softmax_concise import update as update_concise

    params, _, _ = _pair()
    data = glyph_images(0, 2000, 500)
    images, y = data.train_images.float(), data.train_labels
    for param in params.values():
        param.requires_grad_()
    net = make_net(HIDDEN, 10)
    init_weights(net, torch.Generator().manual_seed(0))
    optimizer, optimiser = torch.optim.SGD(net.parameters(), lr=0.5), SGD(params)
    apart = []
    for _ in range(2):
        for rows in torch.arange(2000).split(64):
            update(flatten(images[rows]), y[rows], params, relu, optimiser, 0.5)
            update_concise(net, optimizer, images[rows].unsqueeze(1) / 255, y[rows])
            weight = linears(net)[0].weight.detach().t()
            apart.append(float((params["W1"].detach() - weight).abs().max()))
    return apart[-1] > 10 * apart[0] and apart[0] < 1e-6


def rows_part() -> bool:
    """Train loss of both versions on 2000 drawn digits: within 1 % after one epoch, later not so.

    In one of the four epochs after it, the losses are more than five times as far apart.
    """
    rates = [RATE] * 5
    both = zip(glyph_run("mlp", *rates), glyph_run("mlp-concise", *rates), strict=True)
    apart = [abs(one.train_loss / other.train_loss - 1) for one, other in both]
    return apart[1] < 0.01 and max(apart[2:]) > 5 * apart[1]


CLAIMS: Mapping[str, Claim] = {
    "activation-has-none": activation_has_none,
    "flatten-reshapes": flatten_reshapes,
    "linear-weights": linear_weights,
    "linear-larger": linear_larger,
    "loss-is-all": loss_is_all,
    "loss-agrees": loss_agrees,
    "step-keeps-gradients": step_keeps_gradients,
    "zero-after": zero_after,
    "zero-nowhere": zero_nowhere,
    "momentum-setting": momentum_setting,
    "drift": drift,
    "rows-part": rows_part,
}
