"""Right programs of the chapter on backpropagation."""

from __future__ import annotations

import numpy as np

from lessons.mistakes.parts import B1, B2, Array, Weights, sigmoid, sigmoid_slope


def loss_and_slopes(a: Array, y: Array) -> tuple[float, Array]:
    """Half the sum of the squared errors, and its slope for a."""
    e1, e2 = a - y
    loss = 0.5 * (e1**2 + e2**2)
    slopes = np.array([e1, e2])
    return float(loss), slopes


def hidden_deltas(delta3: Array, W2: Array, a2: Array) -> Array:
    """The deltas of the hidden units, from those of the outputs."""
    delta2 = np.zeros(len(a2))
    for i in range(len(a2)):
        for j in range(len(delta3)):
            delta2[i] += W2[i, j] * delta3[j]
        delta2[i] *= a2[i] * (1 - a2[i])
    return delta2


def batch_gradients(X: Array, Y: Array, W: Weights) -> Weights:
    """The gradients of the summed loss; each row is a sample."""
    W1, W2 = W
    A2 = sigmoid(X @ W1 + B1)
    A3 = sigmoid(A2 @ W2 + B2)
    D3 = (A3 - Y) * A3 * (1 - A3)
    D2 = (D3 @ W2.T) * A2 * (1 - A2)
    return X.T @ D2, A2.T @ D3


def gradients(x: Array, y: Array, W: Weights) -> Weights:
    """The gradients of half the squared error for both W."""
    W1, W2 = W
    z2 = W1.T @ x + B1
    a2 = sigmoid(z2)
    z3 = W2.T @ a2 + B2
    a3 = sigmoid(z3)
    delta3 = (a3 - y) * sigmoid_slope(z3)
    delta2 = (W2 @ delta3) * sigmoid_slope(z2)
    return np.outer(x, delta2), np.outer(a2, delta3)


def update(x: Array, y: Array, W: Weights, lr: float) -> Weights:
    """One update of both weight matrices."""
    W1, W2 = W
    a2 = sigmoid(W1.T @ x + B1)
    a3 = sigmoid(W2.T @ a2 + B2)
    delta3 = (a3 - y) * a3 * (1 - a3)
    delta2 = (W2 @ delta3) * a2 * (1 - a2)
    W2 = W2 - lr * np.outer(a2, delta3)
    W1 = W1 - lr * np.outer(x, delta2)
    return W1, W2
