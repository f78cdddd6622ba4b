"""The programs that `linear/from-scratch` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.linear import synthetic_data


def look_at_data() -> None:
    """Print three samples, and what the labels would be without noise."""
    generator = torch.Generator().manual_seed(0)
    w, b = torch.tensor([2.0, 3.4]), 4.2
    X, y = synthetic_data(w, b, 1000, generator)
    print("X", tuple(X.shape), " y", tuple(y.shape))
    for features, label in zip(X[:3], y[:3], strict=True):
        x1, x2 = features.tolist()
        exact = 2.0 * x1 + 3.4 * x2 + b
        print(f"x = ({x1:+.4f}, {x2:+.4f})  y = {label:+.4f}  without noise {exact:+.4f}")
