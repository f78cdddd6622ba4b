"""Mistakes of training loops in PyTorch."""

from __future__ import annotations

from dataclasses import replace

from lessons.mistakes.base import (
    Evidence,
    Fact,
    Measure,
    Mistake,
    Program,
    curve_of,
    numbers,
)

LR = 0.2
UPDATES = 40
_FIT = "the loss at the end"


def _training(run: Program) -> Evidence:
    import torch

    made = torch.Generator().manual_seed(0)
    X = torch.randn(64, 2, generator=made)
    y = X @ torch.tensor([2.0, -3.4])
    losses: list[float] = []
    ended = f"after {UPDATES} updates"
    try:
        losses.extend(run(X, y, LR))
    except RuntimeError as error:
        ended = f"stops: {error}"
    facts = (
        Fact("the run ends", ended),
        Fact("losses computed", f"{len(losses)} of {UPDATES}"),
        Fact("lowest loss", numbers([min(losses)], 4)),
        Fact("highest loss after 5 updates", numbers([max(losses[5:], default=losses[-1])], 4)),
    )
    # A program that stops half-way has no loss at the end.
    end = losses[-1] if len(losses) == UPDATES else float("nan")
    curve = replace(curve_of(losses, "update", "loss"), x_limits=(0, UPDATES))
    return Evidence(Measure(_FIT, end, 0.01), facts, curve)


def _stale(run: Program) -> Evidence:
    seen = _training(run)
    return replace(seen, facts=seen.facts[2:])


def _by_hand(run: Program) -> Evidence:
    seen = _training(run)
    return replace(seen, facts=seen.facts[:2])


MISTAKES = (
    Mistake(
        "stale-grad",
        "pytorch:train",
        _stale,
        "`backward()` *adds* to what is there. Cleared once before the loop, the gradient of each "
        "update holds those of all updates before, like a ball that rolls through the valley and "
        "up the other side. `zero_grad()` belongs into the loop.",
        {
            "w = torch.zeros": "A leaf that asks for gradients: this is what backward() needs.",
            "torch.optim.SGD": (
                "The optimiser is given the leaf and the learning rate. This is right."
            ),
            "for _ in": "The loop is right. What belongs into it?",
            "loss = (": ("Half the mean of the squared errors, one error a sample. This is right."),
            "yield": "This line hands out the loss as a plain number. It changes nothing.",
            "loss.backward()": (
                "backward() is called once an update, on the fresh loss. That is right. It adds "
                "to what is there; who takes the old away?"
            ),
            "optimizer.step()": "step() comes after backward(), as it must.",
        },
        (
            "The loss rises again after it has fallen. What would make a step longer than the "
            "slope is?",
            "What does `w.grad` hold after the second `backward()`?",
        ),
    ),
    Mistake(
        "rebind-leaf",
        "pytorch:by_hand",
        _by_hand,
        "`w = w - …` makes a *new* tensor, computed from the old one, and gives it the name. It "
        "is no leaf, so `backward()` leaves no gradient there. Move the leaf in place, inside "
        "`torch.no_grad()`.",
        {
            "w = torch.zeros": "A leaf that asks for gradients: the first update works.",
            "for _ in": "The loop is right.",
            "w.grad = None": (
                "The old gradient is taken away before backward() adds the new one. This is right."
            ),
            "loss = (": ("Half the mean of the squared errors, one error a sample. This is right."),
            "yield": "This line hands out the loss as a plain number. It changes nothing.",
            "loss.backward()": (
                "backward() is called on the fresh loss. It fills the gradients of *leaves*. Is "
                "there one?"
            ),
        },
        (
            "The first update works, the second stops. What has changed between them?",
            "Ask after each line: is `w` a leaf, a tensor that was not computed from others?",
        ),
    ),
)
