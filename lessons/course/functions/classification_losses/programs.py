"""The programs that `functions/classification-losses` shows and runs."""

from __future__ import annotations

import torch
from torch.nn import functional


def classification_losses() -> None:
    """Print the losses for classes by PyTorch."""
    y = torch.tensor([1.0, 0.0, 1.0])
    y_hat = torch.tensor([0.1, 0.2, 0.7])
    bce = functional.binary_cross_entropy(y_hat, y)
    print(f"BCE           {bce:.6f}")
    z = torch.tensor([[0.5, 0.3, 0.2], [0.3, 0.6, 0.1]])
    for t in (torch.tensor([0, 1]), torch.tensor([1, 2])):
        ce = functional.cross_entropy(z, t)
        nll = functional.nll_loss(torch.log_softmax(z, dim=1), t)
        print(f"labels {t.tolist()} CE {ce:.6f}, by nll_loss {nll:.6f}")
