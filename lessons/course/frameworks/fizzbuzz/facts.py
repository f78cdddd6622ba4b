"""What the formulas of `frameworks/fizzbuzz` speak of: the digits and counts of the recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from engine.formulas.draws import integer
from engine.formulas.notation import Notation
from engine.formulas.values import Value, whole
from engine.formulas.world import World
from engine.recipes.catalog import find_recipe
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape

DIGITS = 10


FIRST, LAST = 101, 1023
"""The numbers that are learned from."""


PLAYED = 100
"""It plays from 1 to this number."""


def _remainder(divisor: int) -> Callable[..., int]:
    """What remains of the argument of a function, which is called u in its head."""
    return lambda world, *_: whole(world.bound["u"]) % divisor


def _digit(world: World, k: int) -> int:
    from engine.recipes.fizzbuzz import binary_encode

    return binary_encode(whole(world.value(("i", (), None))), DIGITS)[k]


def _multiples(divisor: int) -> Callable[..., int]:
    """How many numbers of the game are multiples."""

    def count(*_: Any) -> int:
        from engine.recipes.fizzbuzz import TEST_NUMBERS

        return sum(i % divisor == 0 for i in TEST_NUMBERS)

    return count


def _left_over(*_: Any) -> int:
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return sum(fizz_buzz_encode(i) == 0 for i in TEST_NUMBERS)


def _features(*_: Any) -> Value:
    import torch

    from engine.recipes.fizzbuzz import TRAIN_NUMBERS, numbers_to_tensors

    return numbers_to_tensors(TRAIN_NUMBERS)[0].to(torch.float64)


def _gained(*_: Any) -> float:
    """What a network that always says the number has right beyond saying the number."""
    score = _left_over() / PLAYED
    return score - _left_over() / PLAYED


def _by_heart(seen: bool) -> Callable[..., float]:
    """The share of right answers of a table of all training numbers; elsewhere it says 0."""

    def share(*_: Any) -> float:
        from engine.recipes.fizzbuzz import TEST_NUMBERS, TRAIN_NUMBERS, fizz_buzz_encode

        table = {i: fizz_buzz_encode(i) for i in TRAIN_NUMBERS}
        numbers = TRAIN_NUMBERS if seen else TEST_NUMBERS
        return sum(table.get(i, 0) == fizz_buzz_encode(i) for i in numbers) / len(numbers)

    return share


def _setting(name: str) -> Callable[..., int]:
    def value(*_: Any) -> int:
        from engine.recipes.catalog import find_recipe

        return int(find_recipe("fizzbuzz").settings({})[name])

    return value


def _batches(*_: Any) -> int:
    return -(-(LAST - FIRST + 1) // _setting("batch_size")())


NOTATION = (
    Notation()
    .drawn("i", make=integer(1, 2**DIGITS - 1))
    .computed("d_k", _digit, over="k")
    .computed("r_3(u)", _remainder(3))
    .computed("r_5(u)", _remainder(5))
    .computed("r_{15}(u)", _remainder(15))
    .computed("n", _left_over)
    .computed("n_3", _multiples(3))
    .computed("n_5", _multiples(5))
    .computed("n_{15}", _multiples(15))
    .computed("X", _features)
    .computed(r"\text{gained}", _gained)
    .computed(r"\text{right where learned}", _by_heart(seen=True))
    .computed(r"\text{right elsewhere}", _by_heart(seen=False))
    .computed(r"\text{batches}", _batches)
    .computed(r"\text{epochs}", _setting("epochs"))
    .fixed(r"\text{numbers}", LAST - FIRST + 1)
    .defined(r"\text{updates} = \text{batches} \cdot \text{epochs}", "")
    .index("k", str(DIGITS), start=0)
)


SCOPES = {"fizz_shape": NOTATION.fixed("n", LAST - FIRST + 1)}


ASKED = 45


def _tested_last(i: int) -> float:
    """The class where 3 and 5 are asked for before 15."""
    for divisor, number_class in ((3, 1), (5, 2), (15, 3)):
        if i % divisor == 0:
            return float(number_class)
    return 0.0


def _right_class(i: int) -> float:
    from engine.recipes.fizzbuzz import fizz_buzz_encode

    return float(fizz_buzz_encode(i))


def _count(number_class: int) -> float:
    """How many of the numbers to play on have this class."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return float(sum(fizz_buzz_encode(i) == number_class for i in TEST_NUMBERS))


def _count_multiples(divisor: int) -> int:
    from engine.recipes.fizzbuzz import TEST_NUMBERS

    return sum(i % divisor == 0 for i in TEST_NUMBERS)


def _train_shape() -> tuple[int, ...]:
    from engine.recipes.fizzbuzz import TRAIN_NUMBERS, numbers_to_tensors

    return tuple(numbers_to_tensors(TRAIN_NUMBERS)[0].shape)


def _table_by_heart() -> int:
    """Score a table of the training numbers: 0 where it also plays well, 1 where it does not."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, TRAIN_NUMBERS, fizz_buzz_encode

    table = {i: fizz_buzz_encode(i) for i in TRAIN_NUMBERS}
    trained = sum(table.get(i, 0) == fizz_buzz_encode(i) for i in TRAIN_NUMBERS)
    played = sum(table.get(i, 0) == fizz_buzz_encode(i) for i in TEST_NUMBERS)
    assert trained == len(TRAIN_NUMBERS)
    return 1 if played == _count(0) else 0


def _settings() -> tuple[int, int]:
    """Batch size and epochs of the recipe."""
    settings = find_recipe("fizzbuzz").settings({})
    return int(settings["batch_size"]), int(settings["epochs"])


def _updates() -> float:
    """Updates of a whole training: batches of the recipe's own data, times epochs."""
    batch_size, epochs = _settings()
    return float(-(-_train_shape()[0] // batch_size) * epochs)


def _frequencies_only() -> int:
    """Score the best answer that ignores its input, and the loss that it reaches."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    best = int(np.bincount(_classes()).argmax())
    score = sum(fizz_buzz_encode(i) == best for i in TEST_NUMBERS)
    return 1 if score == _count(0) and _entropy() < np.log(4) else 0


def _first_of(number_class: int) -> int:
    """The first number of a class: the number whose multiples it holds."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return next(i for i in TEST_NUMBERS if fizz_buzz_encode(i) == number_class)


def _units() -> int:
    from engine.recipes.fizzbuzz import NUM_HIDDEN

    return NUM_HIDDEN


def _classes() -> list[int]:
    """The classes of the training numbers."""
    from engine.recipes.fizzbuzz import TRAIN_NUMBERS, fizz_buzz_encode

    return [fizz_buzz_encode(i) for i in TRAIN_NUMBERS]


def _entropy() -> float:
    """The least mean loss of a network that gives every number the same probabilities."""
    classes = np.bincount(_classes(), minlength=4)
    share = classes / classes.sum()
    return -float(share @ np.log(share))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "fizz_asked": lambda: ASKED,
    "fizz_batch": lambda: _settings()[0],
    "fizz_changes": lambda: sum(one != other for one, other in pairwise(_classes())),
    "fizz_digits": lambda: DIGITS,
    "fizz_entropy": _entropy,
    "fizz_epochs": lambda: _settings()[1],
    "fizz_fifteen": lambda: _first_of(3),
    "fizz_first": lambda: FIRST,
    "fizz_five": lambda: _first_of(2),
    "fizz_last": lambda: LAST,
    "fizz_per_epoch": lambda: _updates() / _settings()[1],
    "fizz_played": lambda: PLAYED,
    "fizz_possible": lambda: (_units() + 1) * 3,
    "fizz_rest": lambda: _train_shape()[0] % _settings()[0],
    "fizz_seed": lambda: int(find_recipe("fizzbuzz").settings({})["seed"]),
    "fizz_three": lambda: _first_of(1),
    "fizz_trained": lambda: _train_shape()[0],
    "fizz_units": _units,
    "fizz_whole": lambda: _train_shape()[0] // _settings()[0],
}


def _train_score_waits() -> int:
    """When the score first moves: within 50 epochs, or not within 150, as the claim says."""
    from lessons.course.frameworks.fizzbuzz.claims import score_waits

    return 2 if score_waits() else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "fizz_tested_last": Number(
        lambda: _tested_last(ASKED),
        slips={
            "first-rule": lambda: _right_class(ASKED),
            "mixed-rules": lambda: 2.0,
        },
        tolerance=0,
    ),
    "fizz_number_count": Number(
        lambda: _count(0),
        slips={
            "counted-twice": lambda: float(PLAYED - _count_multiples(3) - _count_multiples(5)),
            "one-rule": lambda: float(PLAYED - _count_multiples(3)),
            "other-rule": lambda: float(PLAYED - _count_multiples(5)),
            "both-only": lambda: float(PLAYED - _count_multiples(15)),
            "taken-away-thrice": lambda: float(
                PLAYED - _count_multiples(3) - _count_multiples(5) - _count_multiples(15)
            ),
        },
        tolerance=0,
    ),
    "fizz_weight": Fill(NOTATION),
    "fizz_shape": Shape(
        _train_shape,
        slips={
            "fence-post": lambda: (LAST - FIRST, DIGITS),
            "test-included": lambda: (LAST, DIGITS),
            "wrong-way": lambda: _train_shape()[::-1],
            "scores-for-digits": lambda: (_train_shape()[0], 4),
        },
    ),
    "fizz_why_unseen": Choice(_table_by_heart),
    "fizz_updates": Number(
        _updates,
        slips={
            "last-batch": lambda: float(_train_shape()[0] // _settings()[0] * _settings()[1]),
            "samples-for-updates": lambda: float(_train_shape()[0] * _settings()[1]),
            "epochs-for-updates": lambda: float(_settings()[1]),
            "one-epoch": lambda: _updates() / _settings()[1],
            "batch-size": lambda: float(_settings()[0] * _settings()[1]),
        },
        tolerance=0,
    ),
    "fizz_better": Choice(_frequencies_only),
    "train_score_waits": Choice(_train_score_waits),
}
