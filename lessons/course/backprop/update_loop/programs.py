"""The programs that `backprop/update-loop` shows and runs."""

from __future__ import annotations

import numpy as np


def five_steps() -> None:
    """Train the worked network and print the loss now and then."""
    x, y = np.array([0.05, 0.10]), np.array([0.01, 0.99])
    W1 = np.array([[0.15, 0.25], [0.20, 0.30]])
    W2 = np.array([[0.40, 0.50], [0.45, 0.55]])
    b1, b2, lr = 0.35, 0.60, 0.5

    for update in range(10_001):
        # 1. Forward.
        a2 = 1 / (1 + np.exp(-(W1.T @ x + b1)))
        a3 = 1 / (1 + np.exp(-(W2.T @ a2 + b2)))
        # 2. Loss.
        loss = 0.5 * np.sum((a3 - y) ** 2)
        if update in (0, 1, 10, 100, 1000, 10_000):
            print(f"after {update:>6} updates: {loss:.9f}")
        # 3. Gradients, all of them from the old weights.
        delta3 = (a3 - y) * a3 * (1 - a3)
        delta2 = (W2 @ delta3) * a2 * (1 - a2)
        dW1, dW2 = np.outer(x, delta2), np.outer(a2, delta3)
        # 4. Update; the biases stay as they are.
        W1 -= lr * dW1
        W2 -= lr * dW2
