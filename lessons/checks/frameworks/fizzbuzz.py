"""The checks of `frameworks/fizzbuzz`: the digits, the counts and the rules of the game."""

from __future__ import annotations

import numpy as np

from engine.recipes.catalog import find_recipe
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.frameworks.fizzbuzz.facts import DIGITS, FIRST, LAST, NOTATION, PLAYED

ASKED = 45


# --- the game -----------------------------------------------------------------------------


def _count(number_class: int) -> float:
    """How many of the numbers to play on have this class."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return float(sum(fizz_buzz_encode(i) == number_class for i in TEST_NUMBERS))


def _first_of(number_class: int) -> int:
    """The first number of a class: the number whose multiples it holds."""
    from engine.recipes.fizzbuzz import TEST_NUMBERS, fizz_buzz_encode

    return next(i for i in TEST_NUMBERS if fizz_buzz_encode(i) == number_class)


def _multiples(divisor: int) -> int:
    from engine.recipes.fizzbuzz import TEST_NUMBERS

    return sum(i % divisor == 0 for i in TEST_NUMBERS)


def _units() -> int:
    from engine.recipes.fizzbuzz import NUM_HIDDEN

    return NUM_HIDDEN


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


def _asked(number_class: int, remainder: str) -> str:
    """What the first question leads to, as LaTeX."""
    return (
        rf"\begin{{cases}} {number_class} & {remainder}({ASKED}) = 0 \\ "
        r"0 & \text{otherwise} \end{cases}"
    )


_LEFT_OVER = "n = 100 - 33 - 20 + 6"
_UPDATES = r"\text{updates} = \text{batches} \cdot \text{epochs}"

BOOK = CheckBook(
    "frameworks",
    numbers={
        "fizz_asked": NumberCheck(lambda: ASKED),
        "fizz_three": NumberCheck(lambda: _first_of(1)),
        "fizz_five": NumberCheck(lambda: _first_of(2)),
        "fizz_fifteen": NumberCheck(lambda: _first_of(3)),
        "fizz_played": NumberCheck(lambda: PLAYED),
        "fizz_first": NumberCheck(lambda: FIRST),
        "fizz_last": NumberCheck(lambda: LAST),
        "fizz_trained": NumberCheck(lambda: _train_shape()[0]),
        "fizz_digits": NumberCheck(lambda: DIGITS),
        "fizz_units": NumberCheck(_units),
        "fizz_batch": NumberCheck(lambda: _settings()[0]),
        "fizz_epochs": NumberCheck(lambda: _settings()[1]),
        "fizz_seed": NumberCheck(lambda: int(find_recipe("fizzbuzz").settings({})["seed"])),
        "fizz_threes": NumberCheck(lambda: _multiples(3)),
        "fizz_fives": NumberCheck(lambda: _multiples(5)),
        "fizz_fifteens": NumberCheck(lambda: _multiples(15)),
        "fizz_rest": NumberCheck(lambda: _train_shape()[0] % _settings()[0]),
        "fizz_per_epoch": NumberCheck(lambda: _updates() / _settings()[1]),
        "fizz_whole": NumberCheck(lambda: _train_shape()[0] // _settings()[0]),
    },
    predicts={
        "fizz_tested_last": NumberQuestion(
            answer=lambda: _tested_last(ASKED),
            explanation="[45](number:fizz_asked) is a multiple of 3, so the first question is "
            "answered with yes, and "
            "the others are never asked. No number would ever become fizzbuzz. That is why "
            "`fizz_buzz_encode` asks for 15 first.",
            tolerance=0,
            slips=(
                Slip(
                    "first-rule",
                    lambda: _right_class(ASKED),
                    "That is the right class, but this program does not get that far: it returns "
                    "at the first question that is answered with yes.",
                    line=_asked(3, "r_{15}"),
                    right=_asked(1, "r_3"),
                ),
                Slip(
                    "mixed-rules",
                    lambda: 2.0,
                    "[45](number:fizz_asked) is a multiple of 5 as well, but the question for 3 "
                    "comes before that.",
                    line=_asked(2, "r_5"),
                    right=_asked(1, "r_3"),
                ),
            ),
            hints=Hints(
                idea="go through the questions in their order, and stop at the first yes.",
                formula=r"whether $r_3(i)$ is 0 is asked first, then whether $r_5(i)$ is.",
                numbers=r"$r_3(45) = 0$, so the first question is answered with yes.",
            ),
        ),
        "fizz_number_count": NumberQuestion(
            answer=lambda: _count(0),
            explanation="$n_3 = 33$ are multiples of 3 and $n_5 = 20$ of 5, but $n_{15} = 6$ of "
            "them are "
            "both and were taken away twice: $n = 100 - 33 - 20 + 6$.",
            tolerance=0,
            slips=(
                Slip(
                    "counted-twice",
                    lambda: float(PLAYED - _multiples(3) - _multiples(5)),
                    "The multiples of 15 are among those of 3 *and* among those of 5. You took "
                    "them away twice.",
                    line="n = 100 - 33 - 20",
                    right=_LEFT_OVER,
                ),
                Slip(
                    "one-rule",
                    lambda: float(PLAYED - _multiples(3)),
                    "That leaves out the multiples of 3 only.",
                    line="n = 100 - 33",
                    right=_LEFT_OVER,
                ),
                Slip(
                    "taken-away-thrice",
                    lambda: float(PLAYED - _multiples(3) - _multiples(5) - _multiples(15)),
                    "The multiples of 15 were taken away a third time. They are among the others "
                    "already, twice: put them back once.",
                    line="n = 100 - 33 - 20 - 6",
                    right=_LEFT_OVER,
                ),
            ),
            hints=Hints(
                idea="take away the multiples of 3 and those of 5. Which ones went twice?",
                formula=r"$n = 100 - n_3 - n_5 + n_{15}$",
                numbers="$n = 100 - 33 - 20 + 6$",
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
            notation=NOTATION,
        ),
        "fizz_shape": ShapeQuestion(
            shape=_train_shape,
            explanation="From [101](number:fizz_first) to [1023](number:fizz_last) there are "
            "$n = 1023 - 100$ numbers, and each has ten digits.",
            slips=(
                ShapeSlip(
                    "fence-post",
                    lambda: (LAST - FIRST, DIGITS),
                    "$n - 1 = 1023 - 101$ leaves out one end. Both [101](number:fizz_first) and "
                    "[1023](number:fizz_last) belong to it.",
                    line=r"X : (1023 - 101) \times 10",
                    right=r"X : (1023 - 101 + 1) \times 10",
                ),
                ShapeSlip(
                    "test-included",
                    lambda: (LAST, DIGITS),
                    "The numbers from 1 to [100](number:fizz_played) are kept for the game.",
                    line=r"X : 1023 \times 10",
                    right=r"X : (1023 - 100) \times 10",
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
                formula=r"$X : n \times 10$",
                numbers="$n = 1023 - 100$ rows, with [10](number:fizz_digits) digits in each.",
            ),
        ),
        "fizz_why_unseen": ChoiceQuestion(
            options=(
                Option(
                    "A good score there would prove that the rule was found.",
                    "A table that knows all training numbers by heart is right at each of them, "
                    "and at 1 to [100](number:fizz_played) it can only guess.",
                    slip="tested-where-trained",
                    line=r"\text{right where learned} = \text{right elsewhere}",
                    right_line=r"\text{right where learned} \ne \text{right elsewhere}",
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
            explanation="[7](number:fizz_whole) whole batches and one of [27](number:fizz_rest) "
            "numbers make "
            "[8](number:fizz_per_epoch) updates an epoch.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: float(_train_shape()[0] // _settings()[0] * _settings()[1]),
                    "That leaves out the last batch of each epoch. It is smaller, but it makes an "
                    "update as well.",
                    line=r"\text{updates} = 7 \cdot \text{epochs}",
                    right=r"\text{updates} = (7 + 1) \cdot \text{epochs}",
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
                numbers=r"$\text{updates} = (7 + 1) \cdot 10\,000$",
            ),
        ),
        "fizz_better": ChoiceQuestion(
            options=(
                Option(
                    "More than half of the rule.",
                    "[53](number:fizz_number_count) is what you get for always saying the number, "
                    "without any rule.",
                    slip="not-weighted",
                    line=r"\text{gained} = \frac{53}{100} - \frac14",
                    right_line=r"\text{gained} = \frac{53}{100} - \frac{53}{100}",
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
