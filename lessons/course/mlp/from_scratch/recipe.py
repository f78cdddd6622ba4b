"""What the recipe of `mlp/from_scratch` does and starts with, asked of the recipe itself."""

from __future__ import annotations

import numpy as np


def parameters(d: int, h: int, q: int) -> float:
    """How many numbers the recipe starts."""
    import torch

    from engine.recipes.mlp import init_params

    return float(sum(p.numel() for p in init_params(d, h, q, torch.Generator()).values()))


def order_of_an_update() -> tuple[int, ...]:
    """Run the recipe's update, and write down what happens."""
    import torch
    from torch import Tensor

    from engine.recipes.mlp import init_params, relu, update
    from engine.recipes.optimisers import SGD

    happened: list[str] = []

    def activation(z: Tensor) -> Tensor:
        happened.append("hidden")
        return relu(z)

    class Watched(SGD):
        def step(self, lr: float) -> None:
            before = [p.detach().clone() for p in self.params.values()]
            super().step(lr)
            moved = any((p != b).any() for p, b in zip(self.params.values(), before, strict=True))
            clear = all(p.grad is None for p in self.params.values())
            happened.extend(["moved"] * moved + ["cleared"] * clear)

    generator = torch.Generator().manual_seed(0)
    params = init_params(6, 5, 3, generator)
    for name, param in params.items():
        param.requires_grad_()
        param.register_hook(lambda _, name=name: happened.append(name))
    X = torch.randn(8, 6, generator=generator)
    update(X, torch.arange(8) % 3, params, activation, Watched(params), 0.1)
    places = [happened.index(what) for what in ("hidden", "W2", "W1", "moved", "cleared")]
    return tuple(int(place) for place in np.argsort(places))


def constant(name: str) -> float:
    """A constant of the rules."""
    from engine.recipes import optimisers

    return float(getattr(optimisers, name))


def slope_at_0(name: str) -> float:
    """The slope of a recipe's activation at 0, by autograd."""
    import torch

    from engine.recipes.mlp import ACTIVATIONS

    z = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(ACTIVATIONS[name](z), z)
    return float(slope)


def spread() -> float:
    """The standard deviation of the first weights: what the recipe makes of a draw from N(0, 1)."""
    import torch

    from engine.recipes.mlp import init_params

    weights = init_params(2, 1, 1, torch.Generator().manual_seed(0))["W1"]
    return float(
        weights[0, 0] / torch.randn(2, 1, generator=torch.Generator().manual_seed(0))[0, 0]
    )
