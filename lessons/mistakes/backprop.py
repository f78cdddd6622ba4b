"""Mistakes of the chapter on backpropagation, in NumPy, with the worked network."""

from __future__ import annotations

import numpy as np

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
from lessons.mistakes.parts import (
    B1,
    B2,
    WORKED_W,
    WORKED_X,
    WORKED_Y,
    Array,
    Weights,
    central_gradients,
    central_slopes,
    farthest,
    network_loss,
    sigmoid,
)

GRADIENT_BOUND = 1e-8
"""Central differences of these losses are good to about 1e-10."""
_FAR = "farthest from central differences"


def _loss_and_slopes(run: Program) -> Evidence:
    W1, W2 = WORKED_W
    a = sigmoid(sigmoid(WORKED_X @ W1 + B1) @ W2 + B2)
    loss, slopes = run(a, WORKED_Y)
    central = central_slopes(lambda moved: float(run(moved, WORKED_Y)[0]), a)
    facts = (
        Fact("loss E", numbers([loss], 9)),
        Fact("slopes returned", numbers(slopes)),
        Fact("slopes of E, central differences", numbers(central)),
    )
    return Evidence(Measure(_FAR, float(np.abs(slopes - central).max()), GRADIENT_BOUND), facts)


def _hidden_deltas(run: Program) -> Evidence:
    rng = np.random.default_rng(5)
    z2, W2, y = rng.normal(size=3), rng.normal(size=(3, 2)), rng.uniform(size=2)

    def loss(z: Array) -> float:
        return float(0.5 * ((sigmoid(sigmoid(z) @ W2) - y) ** 2).sum())

    a2 = sigmoid(z2)
    a3 = sigmoid(a2 @ W2)
    found = run((a3 - y) * a3 * (1 - a3), W2, a2)
    central = central_slopes(loss, z2)
    facts = (
        Fact("three hidden deltas", numbers(found, 4)),
        Fact("by central differences", numbers(central, 4)),
    )
    return Evidence(Measure(_FAR, float(np.abs(found - central).max()), GRADIENT_BOUND), facts)


def _batch_gradients(run: Program) -> Evidence:
    rng = np.random.default_rng(1)
    X, Y = rng.uniform(size=(5, 2)), rng.uniform(size=(5, 2))
    found = run(X, Y, WORKED_W)
    central = central_gradients(X, Y, WORKED_W)
    wider: Weights = (rng.normal(size=(2, 3)), rng.normal(size=(3, 2)))
    try:
        ended = "runs"
        run(X, Y, wider)
    except ValueError as error:
        ended = f"stops: {type(error).__name__}"
    facts = (
        Fact("shapes of dW1, dW2", f"{shape(found[0])}  {shape(found[1])}"),
        Fact("dW1 farthest", numbers([np.abs(found[0] - central[0]).max()], 2)),
        Fact("dW2 farthest", numbers([np.abs(found[1] - central[1]).max()], 2)),
        Fact("with 3 hidden units", ended),
    )
    return Evidence(Measure(_FAR, farthest(found, central), GRADIENT_BOUND), facts)


def _gradients(run: Program) -> Evidence:
    found = run(WORKED_X, WORKED_Y, WORKED_W)
    central = central_gradients(WORKED_X, WORKED_Y, WORKED_W)
    facts = (
        Fact("∂E/∂w1", numbers([found[0][0, 0]])),
        Fact("∂E/∂w1, central differences", numbers([central[0][0, 0]])),
        Fact("∂E/∂w5", numbers([found[1][0, 0]])),
        Fact("∂E/∂w5, central differences", numbers([central[1][0, 0]])),
    )
    return Evidence(Measure(_FAR, farthest(found, central), GRADIENT_BOUND), facts)


def _update(run: Program) -> Evidence:
    lr = 0.5
    W = WORKED_W
    first: Weights = run(WORKED_X, WORKED_Y, W, lr)
    steps = (W[0] - first[0]) / lr, (W[1] - first[1]) / lr
    central = central_gradients(WORKED_X, WORKED_Y, W)
    losses = [network_loss(WORKED_X, WORKED_Y, W)]
    for _ in range(150):
        W = run(WORKED_X, WORKED_Y, W, lr)
        losses.append(network_loss(WORKED_X, WORKED_Y, W))
    facts = (
        Fact("E after 1 update", numbers([losses[1]], 9)),
        Fact("step of W1 / lr, farthest", numbers([np.abs(steps[0] - central[0]).max()], 2)),
        Fact("step of W2 / lr, farthest", numbers([np.abs(steps[1] - central[1]).max()], 2)),
    )
    curve = curve_of(losses, "update", "loss")
    return Evidence(Measure(_FAR, farthest(steps, central), GRADIENT_BOUND), facts, curve)


MISTAKES = (
    Mistake(
        "half-precedence",
        "backprop:loss_and_slopes",
        _loss_and_slopes,
        "A product binds more tightly than a sum, so `0.5` halves the first square only. The "
        "second one counts twice. The slopes belong to the loss with brackets: half of the whole "
        "sum.",
        {
            "e1, e2 = a - y": "This line takes output less target, as the formula does.",
            "slopes =": (
                "$\\frac{d}{da} \\frac12 (a - y)^2 = a - y$: these are the right slopes of the "
                "loss that was meant."
            ),
            "return": "This line returns both as they are. The loss was wrong before.",
        },
        (
            "One slope agrees with central differences and one does not. Which part of the loss "
            "does that one come from?",
            "Put $e_1 = e_2 = 1$ into the loss by hand: it should be "
            "$\\frac12 (e_1^2 + e_2^2) = 1$.",
        ),
    ),
    Mistake(
        "one-output-only",
        "backprop:hidden_deltas",
        _hidden_deltas,
        "`=` throws away what the outputs before have added, so only the last one counts. A hidden "
        "unit acts on the loss through *every* output, and `+=` adds up the ways.",
        {
            "np.zeros": (
                "Sums begin at 0, and there is one delta for each hidden unit. This is right."
            ),
            "for i in": "Every hidden unit gets its turn. This is right.",
            "for j in": "Every output gets its turn. What is done with it?",
            "(1 - a2[i])": (
                "This is $\\sigma'(z_i)$, from the output of the unit. It stands behind the inner "
                "loop, so it is multiplied once. This is right."
            ),
        },
        (
            "The deltas have the right shape, and wrong values. Write down what the inner loop "
            "does for two outputs.",
            "The formula is $\\delta_i^{(2)} = \\left( \\sum_j \\delta_j^{(3)} W_{ji}^{(2)} "
            "\\right) \\sigma'(z_i^{(2)})$. Where does the program add?",
        ),
    ),
    Mistake(
        "row-for-column",
        "backprop:batch_gradients",
        _batch_gradients,
        "Row $i$ of `W2` holds the weights that *leave* hidden unit $i$. With samples as rows, the "
        "deltas go back through `W2.T`. A square matrix hides the slip: the shapes fit both ways. "
        "Try a shape that is not square.",
        {
            "A2 = sigmoid": (
                "Samples are rows, so this is `X @ W + b`. The values of the forward pass are "
                "right."
            ),
            "A3 = sigmoid": (
                "Samples are rows, so this is `X @ W + b`. The values of the forward pass are "
                "right."
            ),
            "D3 = (A3": (
                "The delta of an output is $\\delta = (a - y)\\, a (1 - a)$. This is right, and so "
                "is the gradient for `W2` that comes from it."
            ),
            "return": "Inputs transposed times deltas: shape and order are those of the weights. "
            "The gradient for `W2` is right, so look at what comes in for `W1`.",
        },
        (
            "The gradient for `W2` agrees, the one for `W1` does not. What does only `W1` depend "
            "on?",
            "With 3 hidden units the program stops. Write the shape of each factor beside it.",
        ),
    ),
    Mistake(
        "sigmoid-of-activation",
        "backprop:gradients",
        _gradients,
        "`sigmoid_slope` takes the *input* of a unit, and `a2` is its output: the sigmoid is "
        "applied twice. Give it `z2`, or write `a2 * (1 - a2)`. The result is a few percent off, "
        "which no glance at the loss would show.",
        {
            "z2 =": "These are the inputs of the hidden units: weights times inputs, plus bias.",
            "a2 = sigmoid": "These are the outputs of the hidden units, from their inputs.",
            "z3 =": "These are the inputs of the output units: they are computed from `a2`.",
            "a3 = sigmoid": "These are the outputs of the network.",
            "delta3 =": (
                "This is $\\delta_{o1} = (\\mathrm{out}_{o1} - t_{o1})\\, \\sigma'(z_{o1})$ and "
                "the same for o2: the slope is taken at the input. The gradients of w5 … w8 are "
                "right."
            ),
            "return": (
                "Input times delta is the gradient of a weight. The gradient of w5 agrees, so "
                "look at what comes in for w1."
            ),
        },
        (
            "w5 agrees with central differences and w1 does not. Which line do only w1 … w4 need?",
            "Compare what `sigmoid_slope` is given, here and there.",
        ),
    ),
    Mistake(
        "updated-weights-first",
        "backprop:update",
        _update,
        "All gradients belong to *one* point, the old weights. Here `W2` has moved already when "
        "`delta2` goes back through it. Compute both deltas first, then move both matrices.",
        {
            "a2 = sigmoid": (
                "The forward pass is right: the first loss of the curve is that of the worked "
                "network."
            ),
            "a3 = sigmoid": (
                "The forward pass is right: the first loss of the curve is that of the worked "
                "network."
            ),
            "delta3 =": (
                "The delta of an output is $\\delta = (a - y)\\, a (1 - a)$. The step of `W2` "
                "agrees."
            ),
            "W1 = W1": (
                "The learning rate times the outer product of input and delta: this is right if "
                "`delta2` is."
            ),
        },
        (
            "The loss falls nicely, so the curve is no proof. The step of `W2` is right and that "
            "of `W1` is not.",
            "Every line is right by itself. What about their order?",
        ),
    ),
)
