"""What the formulas of `frameworks/fizzbuzz` speak of: the digits and counts of the recipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formulas.draws import integer
from engine.formulas.notation import Notation
from engine.formulas.values import Value, whole
from engine.formulas.world import World

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
