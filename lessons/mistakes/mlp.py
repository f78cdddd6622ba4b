"""Mistakes of the chapter on multilayer perceptrons."""

from __future__ import annotations

from lessons.mistakes.base import (
    Evidence,
    Fact,
    Measure,
    Mistake,
    Program,
    curve_of,
    numbers,
)


def _scores(run: Program) -> Evidence:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    made = torch.Generator().manual_seed(3)
    y = torch.arange(80) % 2.0
    X = torch.randn(80, 2, generator=made) + (2 * y[:, None] - 1) * 1.5
    shapes: tuple[tuple[int, ...], ...] = (2, 8), (8,), (8, 1), (1,)
    params = [0.5 * torch.randn(shape, generator=made) for shape in shapes]
    for param in params:
        param.requires_grad_()
    optimizer = torch.optim.SGD(params, lr=0.5)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        loss = binary_cross_entropy_with_logits(run(X, params), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    Z = run(X, params).detach()
    P = torch.sigmoid(Z)
    facts = (
        Fact("lowest score", numbers([Z.min().item()], 3)),
        Fact("scores that are exactly 0", f"{int((Z == 0).sum())} of {len(Z)}"),
        Fact("lowest probability of class 1", numbers([P.min().item()], 3)),
        Fact("samples of class 0", str(int((y == 0).sum()))),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.15), facts, curve_of(losses, "update", "loss")
    )


def _learn_xor(run: Program) -> Evidence:
    import torch

    losses, W1 = run(torch.Generator().manual_seed(1))
    different = torch.unique(W1.round(decimals=5), dim=1).shape[1]
    facts = (
        Fact("weights into hidden unit 1", numbers(W1[:, 0].tolist(), 4)),
        Fact("weights into hidden unit 2", numbers(W1[:, 1].tolist(), 4)),
        Fact("different units", f"{different} of {W1.shape[1]}"),
        Fact("first loss", numbers(losses[:1], 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.1), facts, curve_of(losses, "update", "loss")
    )


MISTAKES = (
    Mistake(
        "relu-on-logits",
        "mlp:scores",
        _scores,
        "A score below 0 speaks *against* class 1. The second ReLU cuts all of them off to 0, so "
        "no probability of class 1 is below ½; and where the score is 0, no gradient comes back. "
        "The last layer of a classifier hands out its scores as they are.",
        {
            "W1, B1": "This line only gives names to the parameters.",
            "A = torch.relu": (
                "A function that is not linear stands behind the *hidden* layer. This is right."
            ),
            "return": (
                "One column becomes one axis, so that scores and labels have the same shape. This "
                "is right."
            ),
        },
        (
            "The model is sure of class 1 and never of class 0. Which scores would speak for "
            "class 0?",
            "Which line lets no score below 0 through?",
        ),
    ),
    Mistake(
        "xor-symmetry",
        "mlp:learn_xor",
        _learn_xor,
        "All hidden units start with the same weights, so they compute the same, get the same "
        "gradient and stay equal for ever: four units are worth one. Random weights make them "
        "differ from the start. Zeros would be no better.",
        {
            "shapes = ": (
                "Two inputs, four hidden units, one output: these are the shapes of W1, B1, W2 "
                "and B2."
            ),
            "requires_grad_": "Four leaves that ask for gradients. This is right.",
            "torch.optim.SGD": (
                "The optimizer is given all four. The other program learns with the same learning "
                "rate."
            ),
            "for _ in": "200 updates are enough for the right program.",
            "zero_grad": "Old gradients are taken away before new ones come. This is right.",
            "hidden = ": (
                "The hidden layer has tanh, which is not linear. XOR can be computed by this "
                "network."
            ),
            "z = hidden": (
                "The output is a score, without an activation: that is what the loss wants."
            ),
            "loss = binary": (
                "This loss takes scores and applies the sigmoid itself. This is right."
            ),
            "loss.backward()": "backward() is called on the fresh loss. This is right.",
            "optimizer.step()": "step() comes after backward(), as it must.",
            "losses.append": "This line keeps the loss as a plain number. It changes nothing.",
            "return": "This line hands out what was computed.",
        },
        (
            "Compare the weights into the hidden units. How many units are there in truth?",
            "The units are treated alike by every line of the loop. Where could they begin to "
            "differ?",
        ),
    ),
)
