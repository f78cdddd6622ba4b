"""The checks of `frameworks/fizzbuzz`: the digits, the counts and the rules of the game."""

from __future__ import annotations

import numpy as np

from engine.formulas.notation import Notation
from engine.recipes.catalog import find_recipe
from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Draw,
    Factor,
    FillQuestion,
    Hints,
    Line,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)

DIGITS = 10
POWERS: Array = np.array([2.0**k for k in range(DIGITS)])
SIGNS: Array = np.array([(-1.0) ** k for k in range(DIGITS)])


# --- the digits ---------------------------------------------------------------------------


def _numbers(rng: np.random.Generator) -> Draw:
    """Fifty numbers of ten binary digits, and their digits as the recipe makes them, (50, 10)."""
    from engine.recipes.fizzbuzz import binary_encode

    i = rng.integers(1, 2**DIGITS, size=50)
    digits = [binary_encode(int(one), DIGITS) for one in i]
    return Draw(i=i, d=np.array(digits, dtype=np.float64))


def _remainder(counts: Array, d: Draw) -> Array:
    """The remainder by 3 of the digits, each counted by its own factor."""
    return np.asarray((d.d @ counts) % 3)


REMAINDER = DerivationCheck(
    draw=_numbers,
    left=lambda d: np.asarray(d.i % 3, dtype=np.float64),
    lines=(
        Line(
            value=lambda d: _remainder(POWERS, d),
            # The digits read from the other end.
            wrong=(lambda d: _remainder(POWERS[::-1], d),),
        ),
        Line(
            value=lambda d: _remainder(SIGNS, d),
            # The rule for decimal digits; the signs turned round.
            wrong=(lambda d: _remainder(np.ones(DIGITS), d), lambda d: _remainder(-SIGNS, d)),
        ),
    ),
)


# --- the game -----------------------------------------------------------------------------


def _count(number_class: int) -> float:
    """How many of the numbers to play on have this class."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return float(sum(fizz_buzz_encode(i) == number_class for i in TEST_NUMBERS))


def _tested_last(i: int) -> float:
    """The class where 3 and 5 are asked for before 15."""
    for divisor, number_class in ((3, 1), (5, 2), (15, 3)):
        if i % divisor == 0:
            return float(number_class)
    return 0.0


def _right_class(i: int) -> float:
    from engine.recipes.fizzbuzz import fizz_buzz_encode

    return float(fizz_buzz_encode(i))


def _train_shape() -> tuple[int, ...]:
    from engine.recipes.fizzbuzz import TRAIN_NUMBERS, numbers_to_tensors

    return tuple(numbers_to_tensors(TRAIN_NUMBERS)[0].shape)


def _settings() -> tuple[int, int]:
    """Batch size and epochs of the recipe."""
    settings = find_recipe("fizzbuzz").settings({})
    return int(settings["batch_size"]), int(settings["epochs"])


def _updates() -> float:
    """Updates of a whole training: batches of the recipe's own data, times epochs."""
    batch_size, epochs = _settings()
    return float(-(-_train_shape()[0] // batch_size) * epochs)


def _table_by_heart() -> int:
    """Score a table of the training numbers: 0 where it also plays well, 1 where it does not."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, TRAIN_NUMBERS, fizz_buzz_encode

    table = {i: fizz_buzz_encode(i) for i in TRAIN_NUMBERS}
    trained = sum(table.get(i, 0) == fizz_buzz_encode(i) for i in TRAIN_NUMBERS)
    played = sum(table.get(i, 0) == fizz_buzz_encode(i) for i in TEST_NUMBERS)
    assert trained == len(TRAIN_NUMBERS)
    return 1 if played == _count(0) else 0


def _frequencies_only() -> int:
    """Score the best answer that ignores its input, and the loss that it reaches."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, TRAIN_NUMBERS, fizz_buzz_encode

    classes = np.bincount([fizz_buzz_encode(i) for i in TRAIN_NUMBERS], minlength=4)
    share = classes / classes.sum()
    loss = -float(share @ np.log(share))
    best = int(classes.argmax())
    score = sum(fizz_buzz_encode(i) == best for i in TEST_NUMBERS)
    return 1 if score == 53 and loss < np.log(4) else 0


_LEFT_OVER = "n = 100 - 33 - 20 + 6"
_UPDATES = r"\text{updates} = \text{batches} \cdot \text{epochs}"

BOOK = CheckBook(
    "frameworks",
    derivations={"fizz_remainder": REMAINDER},
    predicts={
        "fizz_tested_last": NumberQuestion(
            answer=lambda: _tested_last(45),
            explanation="45 is a multiple of 3, so the first question is answered with yes, and "
            "the others are never asked. No number would ever become fizzbuzz. That is why "
            "`fizz_buzz_encode` asks for 15 first.",
            tolerance=0,
            slips=(
                Slip(
                    "first-rule",
                    lambda: _right_class(45),
                    "That is the right class, but this program does not get that far: it returns "
                    "at the first question that is answered with yes.",
                    line=r"r_{15}(45) = 0 \;\Rightarrow\; 3",
                    right=r"r_3(45) = 0 \;\Rightarrow\; 1",
                ),
                Slip(
                    "mixed-rules",
                    lambda: 2.0,
                    "45 is a multiple of 5 as well, but the question for 3 comes before that.",
                    line=r"r_5(45) = 0 \;\Rightarrow\; 2",
                    right=r"r_3(45) = 0 \;\Rightarrow\; 1",
                ),
            ),
            hints=Hints(
                idea="go through the questions in their order, and stop at the first yes.",
                formula=r"$r_3(45)$ is asked for first, then $r_5(45)$.",
                numbers="45 = 3 · 15, so the first question is answered with yes.",
            ),
        ),
        "fizz_number_count": NumberQuestion(
            answer=lambda: _count(0),
            explanation="33 are multiples of 3 and 20 of 5, but 6 of them are both and were taken "
            "away twice: 100 − 33 − 20 + 6.",
            tolerance=0,
            slips=(
                Slip(
                    "counted-twice",
                    lambda: 100.0 - 33 - 20,
                    "The multiples of 15 are among those of 3 *and* among those of 5. You took "
                    "them away twice.",
                    line="n = 100 - 33 - 20",
                    right=_LEFT_OVER,
                ),
                Slip(
                    "one-rule",
                    lambda: 100.0 - 33,
                    "That leaves out the multiples of 3 only.",
                    line="n = 100 - 33",
                    right=_LEFT_OVER,
                ),
                Slip(
                    "taken-away-thrice",
                    lambda: 100.0 - 33 - 20 - 6,
                    "The multiples of 15 were taken away a third time. They are among the others "
                    "already, twice: put them back once.",
                    line="n = 100 - 33 - 20 - 6",
                    right=_LEFT_OVER,
                ),
            ),
            hints=Hints(
                idea="take away the multiples of 3 and those of 5. Which ones went twice?",
                formula=r"$n = 100 - n_3 - n_5 + n_{15}$",
                numbers="100 − 33 − 20 + 6",
            ),
        ),
        "fizz_weight": FillQuestion(
            formula=r"r_3(i) = r_3\left( \sum_{k} \square \, d_k \right)",
            factors=(
                Factor(
                    "1",
                    "That is the digit sum. It works for *decimal* digits, as 10 leaves 1. In "
                    "binary a digit counts $2^k$, and 2 does not leave 1.",
                    slip="digit-sum",
                ),
                Factor(
                    r"(-1)^k",
                    "2 is one less than 3, so it counts like $-1$; and $2^k$ like $(-1)^k$.",
                ),
                Factor(
                    r"k",
                    "$k$ is the place of the digit. What it counts is $2^k$.",
                ),
            ),
            notation=Notation(),
        ),
        "fizz_shape": ShapeQuestion(
            shape=_train_shape,
            explanation="From 101 to 1023 there are 1023 − 100 numbers, and each has ten digits.",
            slips=(
                ShapeSlip(
                    "fence-post",
                    lambda: (1023 - 101, DIGITS),
                    "1023 − 101 leaves out one end. Both 101 and 1023 belong to it.",
                    line="n = 1023 - 101",
                    right="n = 1023 - 101 + 1",
                ),
                ShapeSlip(
                    "test-included",
                    lambda: (1023, DIGITS),
                    "The numbers from 1 to 100 are kept for the game.",
                    line="n = 1023",
                    right="n = 1023 - 100",
                ),
                ShapeSlip(
                    "wrong-way",
                    lambda: _train_shape()[::-1],
                    "A row is a number here, and a column is a digit.",
                    line=r"X : 10 \times n",
                    right=r"X : n \times 10",
                ),
            ),
            hints=Hints(
                idea="count the numbers, both ends included, and the digits of one.",
                formula=r"$n \times 10$",
                numbers="1023 − 100 rows, with 10 digits in each.",
            ),
        ),
        "fizz_why_unseen": ChoiceQuestion(
            options=(
                Option(
                    "A good score there would prove that the rule was found.",
                    "A table that knows all training numbers by heart is right at each of them, "
                    "and at 1 to 100 it can only guess.",
                    slip="tested-where-trained",
                    line=r"\text{right where trained} \Rightarrow \text{rule found}",
                    right_line=r"\text{right where not trained} \Rightarrow \text{rule found}",
                ),
                Option(
                    "A table learned by heart would score as well as the rule.",
                    "Only numbers that it has never seen tell the rule from a table.",
                    right=True,
                ),
                Option(
                    "The training numbers are too large for the game.",
                    "The rule is the same for all numbers, and ten digits hold all of them.",
                ),
            ),
            proof=_table_by_heart,
        ),
        "fizz_updates": NumberQuestion(
            answer=_updates,
            explanation="Seven whole batches and one of 27 numbers make 8 updates an epoch.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: float(_train_shape()[0] // _settings()[0] * _settings()[1]),
                    "That leaves out the last batch of each epoch. It is smaller, but it makes an "
                    "update as well.",
                    line=r"\text{batches} = 7",
                    right=r"\text{batches} = 7 + 1",
                ),
                Slip(
                    "samples-for-updates",
                    lambda: float(_train_shape()[0] * _settings()[1]),
                    "That is how often a number is looked at. One update looks at a whole batch.",
                    line=r"\text{updates} = \text{numbers} \cdot \text{epochs}",
                    right=_UPDATES,
                ),
                Slip(
                    "epochs-for-updates",
                    lambda: float(_settings()[1]),
                    "That is the number of epochs. Each epoch makes an update for every batch.",
                    line=r"\text{updates} = \text{epochs}",
                    right=_UPDATES,
                ),
            ),
            hints=Hints(
                idea="how many batches has one epoch, the last one included?",
                formula=f"${_UPDATES}$",
                numbers="(7 + 1) · 10 000",
            ),
        ),
        "fizz_better": ChoiceQuestion(
            options=(
                Option(
                    "More than half of the rule.",
                    "53 is what you get for always saying the number, without any rule.",
                    slip="not-weighted",
                    line=r"53 / 100 \text{ beside } 1/4",
                    right_line=r"53 / 100 \text{ beside } 53 / 100",
                ),
                Option(
                    "Perhaps only how frequent the classes are.",
                    "To give each answer the probability that it has lowers the loss, without "
                    "looking at a single digit.",
                    right=True,
                ),
                Option(
                    "Nothing at all: then the loss could not be smaller.",
                    "The other way round: the loss *is* smaller, so something was learned. It "
                    "falls as soon as the network gives frequent classes a high probability.",
                ),
            ),
            proof=_frequencies_only,
        ),
    },
)
