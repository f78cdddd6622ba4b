"""The programs that `classification/logistic` shows and runs."""

from __future__ import annotations

import numpy as np

from engine.labs.accuracy_threshold import accuracy, cross_entropy

UNDERFLOW_PROBABILITY = 0.4


def product_underflows() -> None:
    """Multiply many probabilities, and average their logarithms."""
    for m in (10, 500, 1000):
        p = np.full(m, UNDERFLOW_PROBABILITY)
        product, mean = np.prod(p), -np.log(p).mean()
        print(f"m = {m:4}   product {product:.3e}   mean {mean:.6f}")


def label_mix() -> None:
    """A sample of class 0, entered as 0 and as -1."""
    for z in (-4.0, 0.0, 4.0):
        for t in (0.0, -1.0):
            loss = np.log1p(np.exp(-t * z))
            slope = 0 - t / (1 + np.exp(t * z))
            print(f"z {z:2.0f}  t {t:2.0f}  loss {loss:.4f} slope {slope:.4f}")


def smooth_and_stepped() -> None:
    """Move w in small steps; print both measures."""
    print("   w   accuracy   cross entropy")
    for w in np.linspace(0.44, 0.56, 7):
        right, loss = accuracy(w, -2.0), cross_entropy(w, -2.0)
        print(f"{w:.2f}   {right:8.3f}   {loss:13.6f}")
