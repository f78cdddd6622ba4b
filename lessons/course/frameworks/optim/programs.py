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


SHORT = 100
"""Updates of the short race."""


def short_race() -> None:
    """Print the loss under each rule, all with the same learning rate."""
    shown = (1, 10, 50, SHORT)
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


LARGE, SMALL = 10.0, 0.1
"""How large the gradients of two weights are."""


def decay_apart() -> None:
    """Let two weights decay, one with large and one with small gradients."""
    for name in ("Adam", "AdamW"):
        generator = torch.Generator().manual_seed(0)
        w = torch.ones(2, requires_grad=True)
        kind = getattr(torch.optim, name)
        optimizer = kind([w], lr=1e-3, weight_decay=0.1)
        for _ in range(1000):
            noise = torch.randn((), generator=generator)
            w.grad = noise * torch.tensor([LARGE, SMALL])
            optimizer.step()
        first, second = w.tolist()
        print(f"{name:6} first {first:.3f}   second {second:.3f}")


def step_lr(optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
    """A tenth of the rate after each 100 steps."""
    return torch.optim.lr_scheduler.StepLR(optimizer, step_size=100, gamma=0.1)


def cosine_lr(optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
    """Along half a period of the cosine to 0, in 400 steps."""
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=400)


def show_rates() -> None:
    """Print the learning rates that both schedulers set."""
    print("steps     " + "".join(f"{t:8}" for t in range(0, 401, 50)))
    for make in (step_lr, cosine_lr):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.2)
        scheduler = make(optimizer)
        rates = [0.2]
        for _ in range(400):
            optimizer.step()
            scheduler.step()
            rates.append(float(scheduler.get_last_lr()[0]))
        row = "".join(f"{rate:8.4f}" for rate in rates[::50])
        print(f"{make.__name__:10}{row}")


VALLEYS, VALLEY_START, VALLEY_UPDATES = 1000, 10.0, 400
"""Independent weights, where they start, and how often they are updated."""


LARGE_RATE, SMALL_RATE = 0.2, 0.002


def go_down(name: str) -> list[float]:
    """The mean loss after each update; the gradients are noisy, as those of mini-batches."""
    generator = torch.Generator().manual_seed(0)
    w = torch.full((VALLEYS,), VALLEY_START, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=SMALL_RATE if name == "small" else LARGE_RATE)
    schedulers = {"step": step_lr, "cosine": cosine_lr}
    scheduler = schedulers[name](optimizer) if name in schedulers else None
    losses = []
    for _ in range(VALLEY_UPDATES):
        w.grad = w.detach() + torch.randn(VALLEYS, generator=generator)
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append((w.detach() ** 2 / 2).mean().item())
    return losses


def settle() -> None:
    """Print the loss with a large rate, a small one, and both schedules."""
    print("updates       100      200      300      400")
    for name in ("large", "small", "step", "cosine"):
        losses = go_down(name)[99::100]
        print(f"{name:8}" + "".join(f"{loss:9.4f}" for loss in losses))
