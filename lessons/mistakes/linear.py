"""Mistakes of the chapter on linear regression."""

from __future__ import annotations

import numpy as np

from lessons.course.linear.from_scratch.facts import (
    FIT_RATE,
    FIT_UPDATES,
    FITTED,
    NOISE,
    REPORTED,
    REPORTED_BATCHES,
)
from lessons.mistakes.base import (
    Evidence,
    Fact,
    Measure,
    Mistake,
    Program,
    curve_of,
    numbers,
    shape,
)
from lessons.mistakes.parts import Array

TRUE_W = np.array([2.0, -3.4])


def _data(n: int, noise: float) -> tuple[Array, Array]:
    """n samples of y = Xw + ε with two features."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 2))
    return X, X @ TRUE_W + noise * rng.normal(size=n)


def _fit(run: Program) -> Evidence:
    import torch

    X, y = (torch.tensor(part, dtype=torch.float32) for part in _data(FITTED, NOISE))
    losses, error = run(X, y)
    facts = (
        Fact("shapes of X and y", f"{shape(X)}  {shape(y)}"),
        Fact("shape of the error", shape(error)),
        Fact("numbers in it", str(error.numel())),
        Fact("half the variance of y", numbers([y.var(correction=0).item() / 2], 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.01), facts, curve_of(losses, "update", "loss")
    )


def _descend(run: Program) -> Evidence:
    X, y = _data(FITTED, NOISE)
    lr = FIT_RATE
    gradient = -X.T @ y / len(y)  # at w = 0
    step = run(X, y, lr, 1)
    real = float(np.linalg.norm(step) / np.linalg.norm(gradient))
    losses = [float(0.5 * ((X @ run(X, y, lr, k) - y) ** 2).mean()) for k in range(FIT_UPDATES + 1)]
    facts = (
        Fact("learning rate asked for", numbers([lr])),
        Fact("first step / slope of the mean", numbers([real])),
        Fact(f"w after {FIT_UPDATES} updates", numbers(run(X, y, lr, FIT_UPDATES), 4)),
        Fact("w of the data", numbers(TRUE_W, 4)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.01), facts, curve_of(losses, "update", "loss")
    )


def _loss_of_epochs(run: Program) -> Evidence:
    X, y = _data(REPORTED, 1.0)
    reported = run(X, y, 30)
    late = np.array(reported[-20:])
    facts = (
        Fact("samples, batches an epoch", f"{len(y)}, {REPORTED_BATCHES}"),
        Fact("loss of the last three epochs", numbers(reported[-3:], 3)),
    )
    measure = Measure("spread of the last 20 epochs", float(late.std()), 0.05)
    return Evidence(measure, facts, curve_of(reported, "epoch", "loss"))


MISTAKES = (
    Mistake(
        "broadcast-n-by-n",
        "linear:fit",
        _fit,
        "`y_hat` is a column and `y` has one axis only, so `y_hat - y` pairs *every* prediction "
        "with *every* label. The best that such a loss can learn is the mean of all labels. Give "
        "both the same shape before you subtract.",
        {
            "w = torch.zeros": (
                "One weight for each feature, as a column. Then `X @ w` is a column, too."
            ),
            "torch.optim.SGD": (
                "The optimiser is given the weights. The other program learns with the same "
                "learning rate."
            ),
            "for _ in": "[60](number:long_fit) updates are enough for the right program.",
            "zero_grad": "Old gradients are taken away before new ones come. This is right.",
            "y_hat = X @ w": "One prediction for each sample, as a column. This is right.",
            "loss = (": (
                "Half the mean of the squared errors: right if there is one error for each sample."
            ),
            "loss.backward()": "backward() is called on the fresh loss. This is right.",
            "optimizer.step()": "step() comes after backward(), as it must.",
            "losses.append": "This line keeps the loss as a plain number. It changes nothing.",
            "return": "This line hands out what was computed.",
        },
        (
            "[50](number:fitted) samples, and far more errors. Which line makes them?",
            "Write the shape of each tensor beside its line.",
        ),
    ),
    Mistake(
        "divide-twice",
        "linear:descend",
        _descend,
        "The gradient is that of the *mean* already. Dividing the step by the number of samples "
        "again makes the learning rate [50](number:fitted) times smaller than it says. Divide "
        "once: in the loss or "
        "in the update.",
        {
            "w = np.zeros": "This model has one minimum only, so it may start from zero.",
            "for _ in": "As many updates as are asked for.",
            "error = ": (
                "Prediction less label, one a sample. Both have one axis only. This is right."
            ),
            "gradient = ": (
                "The slope of half the mean squared error: "
                "$\\nabla L = \\frac1n X^\\top (X \\mathbf{w} - \\mathbf{y})$. This is right."
            ),
            "return": "This line hands out the weights.",
        },
        (
            "The loss falls, but far too slowly. Compare the learning rate with the first step.",
            "How often is something divided by `len(y)`?",
        ),
    ),
    Mistake(
        "last-batch-loss",
        "linear:loss_of_epochs",
        _loss_of_epochs,
        "`loss` is that of the batch that happened to come last: [10](number:reported_batch) "
        "samples of [200](number:reported). Its figure "
        "jumps from epoch to epoch although the training is quiet. Add up the losses of all "
        "batches, and divide by the number of samples.",
        {
            "rng = ": "A fixed seed, so that two runs agree. This is right.",
            "w = np.zeros": "This model has one minimum only, so it may start from zero.",
            "reported = []": "An empty list: one figure an epoch will come.",
            "for _ in": "Every epoch looks at all samples once.",
            "total = 0.0": "A running sum that begins anew with each epoch. Is it used?",
            "for batch in": (
                "All samples in a new random order, split into [20](number:reported_batches) "
                "batches. This is right."
            ),
            "error = ": "Prediction less label for the samples of the batch. This is right.",
            "loss = 0.5": "Half the squared error of each sample of the batch. This is right.",
            "total += ": "The losses of this batch are added to the running sum. This is right.",
            "w = w -": (
                "One step against the gradient of the mean over the batch. The training itself is "
                "right."
            ),
            "return reported": "This line hands out the figures.",
        },
        (
            "The training is right. Only the figure that is reported is not.",
            "Which samples does the reported figure speak of?",
        ),
    ),
)
