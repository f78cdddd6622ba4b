"""Mistakes of the chapter on activations and losses."""

from __future__ import annotations

import numpy as np

from lessons.course.functions.classification_losses.facts import FILE_LABELS, SCORES
from lessons.course.functions.regression_losses.facts import (
    HUBER_AGREES,
    HUBER_JUMPS,
    HUBER_OUTSIDE,
)
from lessons.course.functions.stability.facts import TANH_RIGHT_AT, TANH_WRONG_AT
from lessons.mistakes.base import (
    Curve,
    Evidence,
    Fact,
    Measure,
    Mistake,
    Program,
    curve_of,
    numbers,
)
from lessons.mistakes.parts import Array, central_slopes


def _relu_gradient(run: Program) -> Evidence:
    import torch

    rng = np.random.default_rng(3)
    # Whole numbers, so that some sums are exactly 0.
    X, W = (rng.integers(-2, 3, size=shape).astype(np.float64) for shape in ((6, 3), (3, 4)))
    G = rng.normal(size=(6, 4))
    found = run(X, W, G)
    leaf = torch.tensor(W, requires_grad=True)
    torch.relu(torch.tensor(X) @ leaf).backward(torch.tensor(G))
    assert leaf.grad is not None
    off = np.abs(found - leaf.grad.numpy())
    Z = X @ W
    facts = (
        Fact(
            "sums Z below 0, at 0, above 0", f"{(Z < 0).sum()}, {(Z == 0).sum()}, {(Z > 0).sum()}"
        ),
        Fact("entries that disagree", f"{int((off > 1e-9).sum())} of {off.size}"),
        Fact(
            "units without a 0 agree",
            "yes" if (off[:, (Z != 0).all(axis=0)] < 1e-9).all() else "no",
        ),
    )
    return Evidence(Measure("farthest from autograd", float(off.max()), 1e-9), facts)


def _softmax_slopes(run: Program) -> Evidence:
    import torch

    scores = np.linspace(-6.0, 6.0, 61)
    rest = torch.tensor([0.5, -0.5], dtype=torch.float64)
    Z = torch.stack([torch.cat([torch.tensor([score]), rest]) for score in scores])
    slopes = run(Z).numpy()

    def first(values: Array) -> float:
        return float((np.exp(values) / (np.exp(values) + np.exp([0.5, -0.5]).sum())).sum())

    central = central_slopes(first, scores)
    facts = (
        Fact("slope at the score 0", f"{slopes[30]:.4f}"),
        Fact("by central differences", f"{central[30]:.4f}"),
        Fact("largest slope of all 61", f"{np.abs(slopes).max():.4f}"),
    )
    measure = Measure(
        "farthest from central differences", float(np.abs(slopes - central).max()), 1e-8
    )
    curve = Curve(tuple(scores), tuple(map(float, slopes)), "score", "slope", y_limits=(0, 0.3))
    return Evidence(measure, facts, curve)


def _tanh(run: Program) -> Evidence:
    z = np.linspace(-600.0, 600.0, 121)
    places = (-1.0, TANH_RIGHT_AT, TANH_WRONG_AT, -TANH_WRONG_AT)
    with np.errstate(over="ignore", invalid="ignore"):
        values = run(z)
        shown = [float(run(np.array([at]))[0]) for at in places]
    facts = tuple(
        Fact(f"tanh({numbers([at])})", numbers([value]))
        for at, value in zip(places, shown, strict=True)
    )
    # nan is never below a bound, as it should be.
    measure = Measure("farthest from NumPy's tanh", float(np.abs(values - np.tanh(z)).max()), 1e-12)
    curve = Curve(tuple(z), tuple(float(value) for value in values), "z", "tanh z")
    return Evidence(measure, facts, curve)


def _huber(run: Program) -> Evidence:
    import torch

    delta = HUBER_JUMPS
    error = np.linspace(-4.0, 4.0, 81)
    values = run(error, delta)
    right = torch.nn.functional.huber_loss(
        torch.tensor(error), torch.zeros(81), reduction="none", delta=delta
    ).numpy()
    just = run(np.array([1.0, delta - 1e-6, delta + 1e-6, HUBER_OUTSIDE]), delta)
    facts = (
        Fact("at the error 1", numbers(just[:1])),
        Fact(f"just inside {delta:g}, just outside", numbers(just[1:3], 4)),
        Fact(f"at the error {HUBER_OUTSIDE:g}", numbers(just[3:])),
        Fact(f"with δ = {HUBER_AGREES:g}, farthest", numbers([_huber_gap(run)], 2)),
    )
    measure = Measure(
        "farthest from PyTorch's huber_loss", float(np.abs(values - right).max()), 1e-9
    )
    curve = Curve(tuple(error), tuple(float(value) for value in values), "error", "loss")
    return Evidence(measure, facts, curve)


def _huber_gap(run: Program) -> float:
    """How far the program is from PyTorch's Huber loss where both parts fit."""
    import torch

    error = np.linspace(-4.0, 4.0, 81)
    right = torch.nn.functional.huber_loss(
        torch.tensor(error), torch.zeros(81), reduction="none", delta=HUBER_AGREES
    )
    return float(np.abs(run(error, HUBER_AGREES) - right.numpy()).max())


def _mean_cross_entropy(run: Program) -> Evidence:
    import torch

    Z = np.array(SCORES)
    labels = list(FILE_LABELS)
    loss = run(Z, labels)
    classes = torch.tensor(labels) - 1
    right = torch.nn.functional.cross_entropy(torch.tensor(Z), classes).item()
    try:
        third = numbers([run(Z[:1], [3])])
    except IndexError as error:
        third = f"stops: {type(error).__name__}"
    facts = (
        Fact("labels in the file", ", ".join(map(str, labels))),
        Fact("mean loss", numbers([loss], 7)),
        Fact("scores of sample 1", numbers(Z[0])),
        Fact("loss of sample 1", numbers([run(Z[:1], labels[:1])], 7)),
        Fact("a sample with the label 3", third),
    )
    return Evidence(Measure("distance from PyTorch's loss", abs(loss - right), 1e-9), facts)


def _train_classes(run: Program) -> Evidence:
    import torch

    made = torch.Generator().manual_seed(0)
    y = torch.arange(100) % 10
    X = torch.nn.functional.one_hot(y, 10) + 0.2 * torch.randn(100, 10, generator=made)
    losses, output = run(X, y)
    right = int(torch.eq(output.argmax(dim=1), y).sum())
    facts = (
        Fact("first loss", numbers(losses[:1], 5)),
        Fact("accuracy at the end", numbers([right / len(y)], 3)),
        Fact("lowest and highest output", numbers([output.min().item(), output.max().item()], 3)),
    )
    return Evidence(
        Measure("the loss at the end", losses[-1], 0.2), facts, curve_of(losses, "update", "loss")
    )


MISTAKES = (
    Mistake(
        "relu-at-zero",
        "functions:relu_gradient",
        _relu_gradient,
        "At $z = 0$ ReLU has no derivative, and autograd takes 0. The mask `Z < 0` lets the "
        "gradient through there. `Z <= 0` agrees with autograd everywhere. Sums are exactly 0 "
        "more often than you would think: pixels without ink, weights that start at 0.",
        {
            "Z = X @ W": (
                "These are the inputs of the ReLU units, and they are needed again on the way back."
            ),
            "G.copy()": "A copy, so that the gradient that came in stays as it is. This is right.",
            "return": "Inputs transposed times what comes back: shape and order are those of `W`.",
        },
        (
            "Some units agree with autograd. What is special about the sums of those that do not?",
            "Which gradient does the unit get whose sum is exactly 0?",
        ),
    ),
    Mistake(
        "softmax-sum-gradient",
        "functions:softmax_slopes",
        _softmax_slopes,
        "Each row of probabilities adds up to 1 whatever the scores are, so the sum of *all* of "
        "them has the slope 0. Ask for the slope of what you want to see: the first probability "
        "of each row, `P[:, 0]`. Rows do not touch each other, so they may be added up.",
        {
            "Z.clone()": (
                "A fresh leaf, so that the caller's scores stay as they are. This is right."
            ),
            "torch.softmax": "Each row gets its own sum, by `dim=1`. The probabilities are right.",
            "return": (
                "Column 0 belongs to the first score of each row. This is the column that was "
                "asked for."
            ),
        },
        (
            "A line at 0: something does not move at all. What is it that autograd is asked about?",
            "What do the probabilities of one row add up to, before and after a score moves?",
        ),
    ),
    Mistake(
        "tanh-overflow",
        "functions:tanh",
        _tanh,
        "For a very negative $z$, $e^{-2z}$ is larger than any float64. Then the fraction is "
        "infinity over infinity, which is nan. Take the exponential of $-2|z|$, which is at most "
        "1, and give the sign back at the end.",
        {
            "size = ": (
                "This is the formula $\\tanh z = \\frac{1 - e^{-2z}}{1 + e^{-2z}}$, if `e` is a "
                "number that fits."
            ),
            "np.where": (
                "This line gives back the sign of $z$, and changes nothing where it is right "
                "already."
            ),
        },
        (
            "It is right at [−300](number:tanh_right_at) and not at [−400](number:tanh_wrong_at). "
            "Which number has become too large in between?",
            "Which of the lines computes a number that grows without end?",
        ),
    ),
    Mistake(
        "smoothl1-is-huber",
        "functions:huber",
        _huber,
        "$\\frac12 e^2 / \\delta$ is the parabola of *smooth L1*. Huber's is $\\frac12 e^2$. "
        "Smooth L1 is Huber divided by $\\delta$, so the parts of one do not fit those of the "
        "other, except where $\\suppose{\\delta = \\num{huber_agrees}{1}}$.",
        {
            "size = ": (
                "The loss is the same on both sides of 0, so it may work with the size of the "
                "error."
            ),
            "line = ": (
                "Outside, Huber is $\\delta (|e| - \\frac12 \\delta)$: slope $\\delta$. At the "
                "error [3](number:huber_outside) the value is right."
            ),
            "np.where": "Inside $\\delta$ the parabola, outside the line. This is right.",
        },
        (
            "The curve jumps where the two parts should meet. Which part is at the wrong height?",
            "At $|e| = \\delta$ the line has the height "
            "$\\delta (|e| - \\frac12 \\delta) = \\frac12 \\delta^2$. Put $\\delta$ into the "
            "parabola.",
        ),
    ),
    Mistake(
        "off-by-one-labels",
        "functions:mean_cross_entropy",
        _mean_cross_entropy,
        "Indices count from 0. The label 1 of the file means the first class, and picked the "
        "second score. Take 1 away where the file is read. The program complains only when the "
        "last class comes up: its label points behind the end.",
        {
            "rows = ": (
                "One row number for each sample: together with `y` it picks one score a row."
            ),
            "Z = Z -": (
                "Taking away the largest score of each row changes no probability, and no "
                "exponential overflows."
            ),
            "log_sums =": (
                "The logarithm of the sum of the exponentials, one for each row. This is right."
            ),
            "return": (
                "Log-sum-exp less the score of the class is the loss of a sample. Is it the score "
                "of the class?"
            ),
        },
        (
            "The loss of sample 1 belongs to another of its three scores. To which one?",
            "Which index does a label of 3 stand for, in a row of three?",
        ),
    ),
    Mistake(
        "probabilities-as-logits",
        "functions:classify",
        _train_classes,
        "`cross_entropy` applies softmax itself. It took the probabilities for scores, and scores "
        "between 0 and 1 can never make it sure: with ten classes the loss stays above "
        "[1.4612](number:double_softmax_floor). Give it the scores as they are.",
        {
            "W = torch.zeros": "This model has one minimum only, so it may start from 0.",
            "torch.optim.SGD": (
                "The optimiser is given the weights. The other program learns with the same "
                "learning rate."
            ),
            "for _ in": "100 updates are enough for the right program.",
            "zero_grad": "Old gradients are taken away before new ones come. This is right.",
            "loss = cross": (
                "Output first, then the labels as whole numbers: this is how the function wants "
                "them. What does it take the output for?"
            ),
            "loss.backward()": "backward() is called on the fresh loss. This is right.",
            "optimizer.step()": "step() comes after backward(), as it must.",
            "losses.append": "This line keeps the loss as a plain number. It changes nothing.",
        },
        (
            "The accuracy is nearly perfect and the loss high. What limits how sure the model may "
            "be?",
            "Look at the lowest and the highest output. What are they, and what does "
            "`cross_entropy` want?",
        ),
    ),
)
