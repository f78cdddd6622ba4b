"""Short programs of the lesson on logistic regression, and the data of its lab."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

HOURS: Array = np.array([1.0, 2.0, 2.5, 3.5, 4.0, 5.0, 6.0, 7.0])
"""How long each of eight learners studied."""
PASSED: Array = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
"""Whether they passed (1) or not (0). No threshold gets all eight right."""


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^{−z})."""
    return 1 / (1 + np.exp(-z))


def accuracy(w: float, b: float) -> float:
    """The fraction of samples whose side of the threshold is their class."""
    predicted = w * HOURS + b > 0
    return float(np.mean(predicted == (PASSED == 1)))


def cross_entropy(w: float, b: float) -> float:
    """The mean of ln(1 + e^z) − yz, which is −y ln ŷ − (1 − y) ln(1 − ŷ)."""
    z = w * HOURS + b
    return float(np.mean(np.logaddexp(0, z) - PASSED * z))


def gradient(w: float, b: float) -> tuple[float, float]:
    """∂L/∂w and ∂L/∂b of the cross entropy: the means of (ŷ − y)x and of ŷ − y."""
    error = sigmoid(w * HOURS + b) - PASSED
    return float(np.mean(error * HOURS)), float(np.mean(error))


def smooth_and_stepped() -> None:
    """Move w in small steps; print both measures."""
    print("   w   accuracy   cross entropy")
    for w in np.linspace(0.44, 0.56, 7):
        right, loss = accuracy(w, -2.0), cross_entropy(w, -2.0)
        print(f"{w:.2f}   {right:8.3f}   {loss:13.6f}")


def product_underflows() -> None:
    """Multiply many probabilities, and average their logarithms."""
    for m in (10, 500, 1000):
        p = np.full(m, 0.4)
        product, mean = np.prod(p), -np.log(p).mean()
        print(f"m = {m:4}   product {product:.3e}   mean {mean:.6f}")


def label_mix() -> None:
    """A sample of class 0, entered as 0 and as -1."""
    for z in (-4.0, 0.0, 4.0):
        for t in (0.0, -1.0):
            loss = np.log1p(np.exp(-t * z))
            slope = 0 - t / (1 + np.exp(t * z))
            print(f"z {z:2.0f}  t {t:2.0f}  loss {loss:.4f} slope {slope:.4f}")
