"""The programs that `frameworks/optim` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.optimisers import OPTIMISERS
from engine.recipes.two_layer import init_weights, random_data
from engine.recipes.two_layer_nn import loss_fn, make_model
from engine.recipes.two_layer_optim import make_optimizer, train_step
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H

CPU = torch.device("cpu")


RATE = 1e-4


def first_moves() -> None:
    """Print how far one update moves the output weights."""
    print("rule         least move   largest move   (1 is the rate)")
    for name in OPTIMISERS:
        generator = torch.Generator().manual_seed(0)
        data = random_data(generator, CPU)
        model = make_model(D_IN, H, D_OUT)
        init_weights(model, "uniform", generator)
        *_, output = model.parameters()
        before = output.detach().clone()
        optimizer = make_optimizer(name, model.parameters(), RATE)
        train_step(model, optimizer, data.x, data.y)
        moved = (output.detach() - before).abs() / RATE
        print(f"{name:10} {moved.min():12.4f} {moved.max():14.4f}")


SHELF_RATE, UPDATES = 0.005, 200
"""Learning rate and updates of the comparison with torch.optim."""


def beside_pytorch() -> None:
    """Move three weights by each rule, in both implementations."""
    steepness = torch.tensor([50.0, 0.5, 5.0], dtype=torch.float64)
    start = torch.tensor([0.0, 3.0, -2.0], dtype=torch.float64)
    print(f"rule       loss after {UPDATES}   torch.optim        apart by")
    for name, rule in OPTIMISERS.items():
        own, other = (start.clone().requires_grad_() for _ in range(2))
        scratch = rule({"w": own})
        library = make_optimizer(name, [other], SHELF_RATE)
        losses = [0.0, 0.0]
        for _ in range(UPDATES):
            for place, w in enumerate((own, other)):
                loss = (steepness * (w - 1) ** 2).sum()
                loss.backward()
                losses[place] = loss.item()
            scratch.step(SHELF_RATE)
            library.step()
            library.zero_grad()
        apart = (own - other).detach().abs().max()
        first, second = losses
        print(f"{name:10} {first:<16.9g} {second:<16.9g} {apart:9.1e}")


def short_race() -> None:
    """Print the loss under each rule, all with the same learning rate."""
    shown = (1, 10, 50, 100)
    print("updates   " + "".join(f"{count:>11}" for count in shown))
    for name in OPTIMISERS:
        generator = torch.Generator().manual_seed(0)
        data = random_data(generator, CPU)
        model = make_model(D_IN, H, D_OUT)
        init_weights(model, "uniform", generator)
        optimizer = make_optimizer(name, model.parameters(), RATE)
        row = f"{name:10}"
        for count in range(1, shown[-1] + 1):
            train_step(model, optimizer, data.x, data.y)
            if count in shown:
                with torch.no_grad():
                    row += f"{loss_fn(model(data.x), data.y):11.4f}"
        print(row)
