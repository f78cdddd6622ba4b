"""What a learner guesses before a training, beside what was measured, and what theory says.

Nothing here knows torch: a screen can ask for a guess before torch is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from engine.errors import UserError
from engine.language import _
from engine.naming import typed

if TYPE_CHECKING:
    from engine.training.snapshot import EpochMetrics

Why: TypeAlias = Literal["equal", "zero", "wide"]
"""Where the first loss comes from. `equal`: all classes start with the same probability. `zero`:
the model predicts about 0 at first. `wide`: the first weights are N(0, 1), and so the predictions
are far larger than the targets."""

NEAR = 0.1
"""A measured first loss this close to the theory, as a share of it, is said to agree with it."""


@dataclass(frozen=True, slots=True)
class Theory:
    """What the loss before the first update should be."""

    value: float
    why: Why
    classes: int = 0
    """How many classes there are, where `why` is `equal`."""

    def agrees(self, measured: float) -> bool:
        """Whether what was measured is near."""
        return abs(measured - self.value) <= NEAR * self.value


@dataclass(frozen=True, slots=True)
class Guess:
    """What the learner committed to before the first update; None where nothing was guessed."""

    first_loss: float | None = None
    """The mean loss before the first update."""
    accuracy: float | None = None
    """The accuracy on the test set after the last epoch, from 0 to 1."""
    final_loss: float | None = None
    """For a regression: the mean loss on the test set after the last epoch."""
    theory: Theory | None = None
    """Added when the training begins."""

    def __bool__(self) -> bool:
        """Whether anything was guessed."""
        return (self.first_loss, self.accuracy, self.final_loss) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One guess beside what was measured."""

    what: Literal["first_loss", "accuracy", "final_loss"]
    guessed: float
    measured: float


def compared(guess: Guess, measured: Sequence[EpochMetrics]) -> tuple[Comparison, ...]:
    """The guesses whose quantities have been measured."""
    found = []
    if measured and measured[0].epoch == 0 and guess.first_loss is not None:
        first = measured[0]
        loss = first.test_loss if first.train_loss is None else first.train_loss
        found.append(Comparison("first_loss", guess.first_loss, loss))
    if measured and measured[-1].epoch:
        last = measured[-1]
        if guess.accuracy is not None and last.test_accuracy is not None:
            found.append(Comparison("accuracy", guess.accuracy, last.test_accuracy))
        if guess.final_loss is not None:
            found.append(Comparison("final_loss", guess.final_loss, last.test_loss))
    return tuple(found)


def equal_classes(classes: int) -> Theory:
    """A classifier with small weights gives each of K classes 1/K, so the loss is ln K."""
    return Theory(math.log(classes), "equal", classes)


def parse_loss(text: str) -> float:
    """A guess of a loss; raises UserError with a sentence that says what to do."""
    value = _number(text)
    if value is None or value < 0:
        raise UserError(
            _(
                "The guess of a loss must be a number from 0 upwards, such as 2.3, not {text!r}."
            ).format(text=text.strip())
        )
    return value


def parse_accuracy(text: str) -> float:
    """A guess of an accuracy, `0.85` or `85 %`; raises UserError."""
    words = text.strip()
    value = _number(words.removesuffix("%"))
    if value is not None and words.endswith("%"):
        value /= 100
    if value is None or not 0 <= value <= 1:
        raise UserError(
            _(
                "The guess of the accuracy must be a number from 0 to 1, such as 0.85, or from"
                " 0 % to 100 %, such as 85 %; it is {text!r}."
            ).format(text=words)
        )
    return value


def _number(text: str) -> float | None:
    try:
        value = float(typed(text.strip()))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def as_stored(guess: Guess) -> dict[str, object] | None:
    """For records and checkpoints; None where nothing was guessed."""
    return asdict(guess) if guess else None


def guess_of(stored: Mapping[str, Any] | None) -> Guess:
    """What `as_stored` gave; raises KeyError, TypeError or ValueError otherwise."""
    if stored is None:
        return Guess()
    theory = stored["theory"]
    guess = Guess(**{**stored, "theory": Theory(**theory) if theory else None})
    numbers = [guess.first_loss, guess.accuracy, guess.final_loss]
    if guess.theory:
        numbers += [guess.theory.value, guess.theory.classes]
        if guess.theory.why not in get_args(Why):
            raise ValueError("an unknown theory")
    if not all(one is None or math.isfinite(one) for one in numbers):
        raise ValueError("a guess is not a finite number")
    return guess


def as_json(guess: Guess, measured: Sequence[EpochMetrics]) -> dict[str, object] | None:
    """For scripts: each guess, what was measured (None so far), and the theory; None without one.

    `{"first_loss": {"guess": 2.3, "measured": 2.31, "theory": 2.303}, "accuracy": …}`
    """
    if not guess:
        return None
    found = {one.what: one.measured for one in compared(guess, measured)}
    told: dict[str, dict[str, object]] = {
        name: {"guess": value, "measured": found.get(name)}
        for name in ("first_loss", "accuracy", "final_loss")
        if (value := getattr(guess, name)) is not None
    }
    if "first_loss" in told and guess.theory:
        told["first_loss"]["theory"] = guess.theory.value
    return dict(told)
