"""The programs that `functions/regression-losses` shows and runs."""

from __future__ import annotations

import torch
from torch.nn import functional


def regression_losses() -> None:
    """Print the losses for numbers by PyTorch."""
    y = torch.tensor([3.0, 5.0, 2.5])
    y_hat = torch.tensor([4.5, 5.0, 2.0])
    print(f"MAE       {functional.l1_loss(y_hat, y):.4f}")
    print(f"MSE       {functional.mse_loss(y_hat, y):.4f}")
    print(f"smooth L1 {functional.smooth_l1_loss(y_hat, y):.4f}")
    zero = torch.tensor(0.0)
    for e in torch.tensor([0.5, 3.0, 10.0]):
        smooth = functional.smooth_l1_loss(e, zero, beta=2.0)
        huber = functional.huber_loss(e, zero, delta=2.0)
        print(f"e = {e:4}  smooth L1 {smooth:.4f}  Huber {huber:.4f}")
