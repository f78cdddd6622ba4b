"""Training samples that stay bytes give the batches that numbers give, bit for bit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from engine.recipes.images import in_parts, to_numbers
from engine.recipes.plumbing import converted, gathered
from engine.recipes.softmax import flatten
from engine.training.digest import sha256_of

IMAGES = torch.arange(300 * 28 * 28).remainder(251).to(torch.uint8).reshape(300, 28, 28)
LABELS = torch.arange(300) % 10


@pytest.mark.parametrize("features", [flatten, to_numbers])
def test_the_same_batches(features: Callable[[Tensor], Tensor]) -> None:
    rows = torch.randperm(300, generator=torch.Generator().manual_seed(1)).split(64)
    made = list(converted(IMAGES, LABELS, rows, features))  # kept, so none may overwrite another
    usual = list(gathered(features(IMAGES), LABELS, rows))
    assert [len(y) for _, y in made] == [64, 64, 64, 64, 44]
    for (X, y), (X_usual, y_usual) in zip(made, usual, strict=True):
        assert torch.equal(X, X_usual)
        assert torch.equal(y, y_usual)


def test_converting_in_parts_changes_nothing() -> None:
    many = IMAGES.repeat(8, 1, 1)  # more than one part
    assert torch.equal(in_parts(flatten, many, torch.device("cpu")), flatten(many))


def test_the_fingerprint_leaves_the_tensors_alone() -> None:
    before = IMAGES.clone()
    assert sha256_of({"images": IMAGES}) == sha256_of({"images": before})
    assert torch.equal(IMAGES, before)
