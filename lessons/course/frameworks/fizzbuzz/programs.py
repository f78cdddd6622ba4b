"""The programs that `frameworks/fizzbuzz` shows and runs."""

from __future__ import annotations

from collections import Counter

import torch

from engine.recipes.fizzbuzz import (
    CLASSES,
    NUM_DIGITS,
    TEST_NUMBERS,
    TRAIN_NUMBERS,
    answers,
    binary_encode,
    fizz_buzz_decode,
    fizz_buzz_encode,
    loss_fn,
    make_model,
    numbers_to_tensors,
    train_step,
)


def play() -> None:
    """Say the right words from 1 to 20."""
    classes = {i: fizz_buzz_encode(i) for i in range(1, 21)}
    print(" ".join(fizz_buzz_decode(i, k) for i, k in classes.items()))


def count_classes() -> None:
    """Count each class, among the numbers of the game and the others."""
    print("class        1 to 100        101 to 1023")
    played = Counter(fizz_buzz_encode(i) for i in TEST_NUMBERS)
    trained = Counter(fizz_buzz_encode(i) for i in TRAIN_NUMBERS)
    for k, name in enumerate(CLASSES):
        print(
            f"{name:10} {played[k]:4} {played[k] / played.total():8.1%}"
            f"   {trained[k]:9} {trained[k] / trained.total():8.1%}"
        )


def show_digits() -> None:
    """Print some numbers as the network sees them."""
    counts = [2**k for k in range(NUM_DIGITS)]
    print("digit counts " + " ".join(f"{count:4}" for count in counts))
    for i in (6, 15, 100, 1023):
        digits = binary_encode(i, NUM_DIGITS)
        print(f"{i:12} " + " ".join(f"{digit:4}" for digit in digits))


SEED = 3


EPOCHS = (1, 50, 150, 300)


def first_epochs() -> None:
    """Train for a short while, and print how the network plays."""
    X, y = numbers_to_tensors(TRAIN_NUMBERS)
    test_X, test_y = numbers_to_tensors(TEST_NUMBERS)
    model = make_model(torch.Generator().manual_seed(SEED))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(1, EPOCHS[-1] + 1):
        for batch in zip(X.split(128), y.split(128), strict=True):
            train_step(model, optimizer, *batch)
        if epoch in EPOCHS:
            with torch.no_grad():
                loss = loss_fn(model(X), y)
                right = (model(test_X).argmax(dim=1) == test_y).sum()
            print(f"epoch {epoch:3}  loss {loss:.4f}  right {right} of 100")
    print(" ".join(answers(model, test_X, TEST_NUMBERS)[:20]))
