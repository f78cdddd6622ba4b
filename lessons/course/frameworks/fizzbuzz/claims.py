"""Programs that show sentences of `frameworks/fizzbuzz` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from lessons.course.frameworks.fizzbuzz.facts import DIGITS, _entropy, _tested_last
from lessons.proof.claims import Claim


def never_fizzbuzz() -> bool:
    """The classes of 1 to 1023, tested for 3, 5 and 15 in this order: 3 is not among them."""
    return {_tested_last(i) for i in range(1, 2**DIGITS)} == {0.0, 1.0, 2.0}


def no_single_digit() -> bool:
    """The share of multiples of 3 among numbers with a digit 0, and 1: all within 0.33 to 0.34."""
    from engine.recipes.fizzbuzz import TRAIN_NUMBERS, binary_encode

    def share(k: int, digit: int) -> float:
        chosen = [i for i in TRAIN_NUMBERS if binary_encode(i, DIGITS)[k] == digit]
        return sum(i % 3 == 0 for i in chosen) / len(chosen)

    found = [share(k, digit) for k in range(DIGITS) for digit in (0, 1)]
    return all(0.33 < one < 0.34 for one in found)


def loss_of_scores() -> bool:
    """CrossEntropyLoss of scores, beside minus the logarithm of their softmax."""
    import torch

    from engine.recipes.fizzbuzz import loss_fn

    scores = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    y = torch.tensor([0, 3, 1, 2, 0])
    by_hand = -scores.softmax(dim=1)[range(5), y].log().mean()
    return torch.allclose(loss_fn(scores, y), by_hand)


@lru_cache(maxsize=1)
def _first_epochs() -> dict[int, tuple[float, int, bool]]:
    """Loss, right answers of 100, and whether only the number is said: before, and after epochs."""
    import torch

    from engine.recipes.fizzbuzz import (
        TEST_NUMBERS,
        TRAIN_NUMBERS,
        loss_fn,
        make_model,
        numbers_to_tensors,
        train_step,
    )
    from lessons.course.frameworks.fizzbuzz.programs import SEED

    X, y = numbers_to_tensors(TRAIN_NUMBERS)
    test_X, test_y = numbers_to_tensors(TEST_NUMBERS)
    model = make_model(torch.Generator().manual_seed(SEED))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    found = {}
    for epoch in range(151):
        if epoch in (0, 1, 50, 150):
            with torch.no_grad():
                said = model(test_X).argmax(dim=1)
                loss = loss_fn(model(X), y).item()
            found[epoch] = loss, int((said == test_y).sum()), not bool(said.any())
        for batch in zip(X.split(128), y.split(128), strict=True):
            train_step(model, optimizer, *batch)
    return found


def score_waits() -> bool:
    """The default start after 1, 50 and 150 epochs: the loss falls, and the score is the same."""
    found = _first_epochs()
    (one, score, _), (fifty, _, _), (later, _, _) = (found[epoch] for epoch in (1, 50, 150))
    return one > fifty > later and {found[epoch][1] for epoch in (1, 50, 150)} == {score}


def frequencies_first() -> bool:
    """After 50 epochs: the loss is within one per cent of the entropy; only the number is said."""
    loss, _, only_numbers = _first_epochs()[50]
    return only_numbers and math.isclose(loss, _entropy(), rel_tol=0.01)


def frequencies_lower() -> bool:
    """The entropy of the classes, beside the loss at the start."""
    return _entropy() < _first_epochs()[0][0]


CLAIMS: Mapping[str, Claim] = {
    "never-fizzbuzz": never_fizzbuzz,
    "no-single-digit": no_single_digit,
    "loss-of-scores": loss_of_scores,
    "score-waits": score_waits,
    "frequencies-first": frequencies_first,
    "frequencies-lower": frequencies_lower,
}
