"""The programs that `mlp/concise` shows and runs."""

from __future__ import annotations

import math

import torch

from engine.recipes.mlp import init_params, relu, scores
from engine.recipes.mlp_concise import make_net
from engine.recipes.softmax import cross_entropy, flatten
from engine.recipes.softmax_concise import init_weights, loss_fn


def through_the_layers() -> None:
    """Print the shape of a batch after each layer."""
    net = make_net(256, 10)
    X = torch.zeros(64, 1, 28, 28)
    print(f"{'the batch':10} {tuple(X.shape)}")
    for layer in net:
        X = layer(X)
        print(f"{type(layer).__name__:10} {tuple(X.shape)}")


def list_parameters() -> None:
    """Print names, shapes and sizes of what is learned."""
    net = make_net(256, 10)
    for name, p in net.named_parameters():
        print(f"{name:9} {tuple(p.shape)!s:11} {p.numel():>7}")
    print("in all", sum(p.numel() for p in net.parameters()))


def first_weights() -> None:
    """Print how nn.Linear starts, and how the recipe starts it."""
    torch.manual_seed(0)
    net = make_net(256, 10)
    w = next(net.parameters())
    print(f"1 / sqrt(784) = {1 / math.sqrt(784):.4f}")
    print(f"nn.Linear  std {w.std():.4f}  largest {w.abs().max():.4f}")
    init_weights(net, torch.Generator().manual_seed(0))
    print(f"recipe     std {w.std():.4f}  largest {w.abs().max():.4f}")


def same_loss() -> None:
    """Print loss and gradient of both versions from the same start."""
    generator = torch.Generator().manual_seed(1)
    images = 255 * torch.rand(64, 28, 28, generator=generator)
    y = torch.arange(64) % 10

    params = init_params(784, 256, 10, torch.Generator().manual_seed(0))
    for param in params.values():
        param.requires_grad_()
    Z = scores(flatten(images), params, relu)
    scratch = cross_entropy(Z, y).mean()
    scratch.backward()

    net = make_net(256, 10)
    init_weights(net, torch.Generator().manual_seed(0))
    concise = loss_fn(net(images.unsqueeze(1) / 255), y)
    concise.backward()

    print("from scratch", scratch.item())
    print("concise     ", concise.item())
    weight = next(net.parameters())
    grad = params["W1"].grad
    assert grad is not None
    assert weight.grad is not None
    apart = (grad - weight.grad.T).abs().max()
    print("gradient of W1 differs by", apart.item())


def where_to_zero() -> None:
    """Make five updates with zero_grad in three places."""
    for place in ("before backward", "after backward", "nowhere"):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.5)
        row = []
        for _ in range(5):
            if place == "before backward":
                optimizer.zero_grad(set_to_none=False)
            (w**2 / 2).backward()
            if place == "after backward":
                optimizer.zero_grad(set_to_none=False)
            optimizer.step()
            row.append(f"{w.item():8.4f}")
        print(f"{place:16}", *row)
