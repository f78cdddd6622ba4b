"""The programs that `classification/softmax-from-scratch` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.softmax import softmax


def whole_matrix_softmax() -> None:
    """Print softmax by rows beside a division by the sum of the whole batch."""
    scores = torch.tensor([[1.0, 2.0, 3.0], [4.0, 0.0, 2.0]])
    by_rows = softmax(scores)
    by_batch = scores.exp() / scores.exp().sum()
    print("by rows: ", by_rows.numpy().round(3).tolist(), " sums", by_rows.sum(dim=1).tolist())
    print("by batch:", by_batch.numpy().round(3).tolist(), " sum", by_batch.sum().item())
    print("best class by rows: ", by_rows.argmax(dim=1).tolist())
    print("best class by batch:", by_batch.argmax(dim=1).tolist())


def indexing() -> None:
    """Take from each row the probability of its label."""
    y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    y = torch.tensor([0, 2])
    picked = y_hat[torch.arange(2), y]
    print("picked:", picked.tolist())
    print("losses:", (-picked.log()).tolist())
