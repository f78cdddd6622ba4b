"""The programs that `mlp/from-scratch` shows and runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.labs.gallery import load_set
from engine.recipes.linear import data_iter
from engine.recipes.mlp import ACTIVATIONS, init_params, relu, scores, update
from engine.recipes.optimisers import OPTIMISERS, SGD
from engine.recipes.softmax import cross_entropy, flatten


def first_gradients() -> None:
    """Print the first loss and gradients by activation."""
    X = torch.rand(256, 784, generator=torch.Generator().manual_seed(0))
    y = torch.arange(256) % 10
    print(f"ln 10   {math.log(10):.4f}")
    for name, activation in ACTIVATIONS.items():
        generator = torch.Generator().manual_seed(0)
        params = init_params(784, 256, 10, generator)
        for param in params.values():
            param.requires_grad_()
        loss = cross_entropy(scores(X, params, activation), y).mean()
        loss.backward()
        row = [f"{name:8}loss {loss:.4f}"]
        for key in ("W1", "W2"):
            grad = params[key].grad
            assert grad is not None
            row.append(f"{key} {grad.norm():.4f}")
        print(*row, sep="  ")


def first_steps() -> None:
    """Print how far each rule moves two very different slopes."""
    slopes = torch.tensor([0.003, 30.0])
    for name, make in OPTIMISERS.items():
        w = torch.zeros(2, requires_grad=True)
        rule = make({"w": w})
        moved = []
        for _ in range(3):
            before = w.detach().clone()
            w.grad = slopes.clone()
            rule.step(0.001)
            moved.append((before - w.detach()).tolist())
        for slope, *steps in zip(slopes.tolist(), *moved, strict=True):
            row = "  ".join(f"{step:.6f}" for step in steps)
            print(f"{name:9} slope {slope:<6.3g}  moves {row}")


def overshoot() -> None:
    """Walk down three parabolas with the learning rate 0.5."""
    for c in (1.0, 3.0, 5.0):
        w, places = 1.0, []
        for _ in range(7):
            places.append(f"{w:8.4f}")
            w -= 0.5 * c * w
        print(f"c = {c:.0f}  w:", *places)


Params = dict[str, Tensor]


def dot(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    """The sum of all products of two lists of tensors."""
    products = [(x * y).sum() for x, y in zip(a, b, strict=True)]
    return torch.stack(products).sum()


def steepest_curvature(X: Tensor, y: Tensor, params: Params) -> float:
    """The largest curvature of the mean loss, by power iteration.

    The gradient of (gradient · v) is the Hessian times v. Repeated,
    that turns any v into the direction in which the loss bends most.
    """
    weights = list(params.values())
    generator = torch.Generator().manual_seed(0)
    v = [torch.randn(w.shape, generator=generator) for w in weights]
    loss = cross_entropy(scores(X, params, relu), y).mean()
    slopes = torch.autograd.grad(loss, weights, create_graph=True)
    curvature = 0.0
    for _ in range(15):
        length = float(dot(v, v)) ** 0.5
        v = [part / length for part in v]
        along = dot(slopes, v)
        Hv = torch.autograd.grad(along, weights, retain_graph=True)
        curvature = float(dot(Hv, v))
        v = list(Hv)
    return curvature


def curvature_while_training() -> None:
    """Print the steepest curvature while the network learns."""
    data, _ = load_set()
    X, y = flatten(data.train_images[:10_000]), data.train_labels[:10_000]
    generator = torch.Generator().manual_seed(0)
    params = init_params(784, 256, 10, generator)
    for param in params.values():
        param.requires_grad_()
    sgd, batches = SGD(params), data_iter(256, X, y, generator)
    print(data.title)
    for done in range(31):
        if done % 10 == 0:
            curvature = steepest_curvature(X[:500], y[:500], params)
            print(f"after {done:2} updates: curvature {curvature:5.2f}")
        update(*next(batches), params, relu, sgd, lr=0.5)
