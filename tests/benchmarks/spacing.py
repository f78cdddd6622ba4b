"""When a question comes back: 1-3-7-21 days against FSRS, on learners that are simulated.

Run by hand: `python -m tests.benchmarks.spacing`, with `fsrs` installed, which the program does not
need. No logs of real learners exist. So a learner is made who forgets by a power law,
R = (1 + t)^(-1/s), which is neither rule's own: `s` is the strength of one memory, in which
questions differ. An answer that was remembered makes it stronger, the more the nearer it was to be
forgotten; one that was not makes it weaker. Both rules see the answers alone. FSRS asks for the
recall that 1-3-7-21 reaches, so that the numbers of reviews can be compared.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import product
from typing import Any

from lessons.learner.log import Outcome, Round
from lessons.learner.review import RESTS, rest

DAYS = 365
QUESTIONS = 200
STRENGTHS = {"weak": 2.0, "middle": 6.0, "strong": 20.0, "mixed": 0.0}
"""The median strength of a fresh memory; `mixed` learners have questions of all three."""
SEEDS = range(2)


@dataclass
class Memory:
    """One question in the head of a simulated learner."""

    strength: float

    def recall(self, days: int) -> float:
        """The chance to remember after some days."""
        return float((1 + days) ** (-1 / self.strength))

    def asked(self, days: int, *, remembered: bool) -> None:
        """What an answer does to it."""
        chance = self.recall(days)
        self.strength *= 1 + 2.5 * (1 - chance) if remembered else 0.7
        self.strength = max(self.strength, 0.5)


Rule = Callable[[], Callable[[int, bool], int]]
"""Makes the schedule of one question: (day, remembered) to the days until it comes again."""


def fixed(*rests: int) -> Rule:
    """The rule of the program, with these rests; by default its own."""

    def make() -> Callable[[int, bool], int]:
        rounds: list[Round] = []

        def following(day: int, remembered: bool) -> int:
            outcome = Outcome.FIRST if remembered else Outcome.SHOWN
            rounds.append(Round(date(2026, 1, 1) + timedelta(day), outcome, 1, ()))
            if not rests:
                return rest(rounds)
            in_a_row = next(
                (n for n, r in enumerate(reversed(rounds)) if r.outcome is not Outcome.FIRST),
                len(rounds),
            )
            # A round that was not right starts again at the first rest, as in the program.
            stage = in_a_row if in_a_row == len(rounds) else in_a_row + 1
            return rests[min(max(stage, 1), len(rests)) - 1]

        return following

    return make


def fsrs_at(retention: float) -> Rule:
    """FSRS with its own parameters, aiming at a recall; in days, without steps inside of one."""
    fsrs: Any = import_module("fsrs")
    scheduler = fsrs.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def make() -> Callable[[int, bool], int]:
        card = [fsrs.Card()]

        def following(day: int, remembered: bool) -> int:
            rating = fsrs.Rating.Good if remembered else fsrs.Rating.Again
            now = start + timedelta(day)
            card[0], _log = scheduler.review_card(card[0], rating, now)
            return max(1, int((card[0].due - now).days))

        return following

    return make


def simulated(rule: Rule, strength: float, seed: int) -> tuple[float, float]:
    """Reviews of a question in a year, and its mean recall over the days of it."""
    chance = random.Random(seed)
    reviews, recalls = 0, []
    for number in range(QUESTIONS):
        median = strength or (2.0, 6.0, 20.0)[number % 3]
        memory = Memory(median * chance.lognormvariate(0, 0.5))
        schedule = rule()
        last, due = 0, schedule(0, chance.random() < 0.7)
        for day in range(1, DAYS):
            recalls.append(memory.recall(day - last))
            if day >= due:
                remembered = chance.random() < memory.recall(day - last)
                memory.asked(day - last, remembered=remembered)
                last, due = day, day + schedule(day, remembered)
                reviews += 1
    return reviews / QUESTIONS, statistics.fmean(recalls)


def measured(rule: Rule, strength: float) -> tuple[float, float]:
    """The means over the seeds."""
    found = [simulated(rule, strength, seed) for seed in SEEDS]
    return statistics.fmean(f[0] for f in found), statistics.fmean(f[1] for f in found)


def matched(strength: float, recall: float) -> tuple[float, float, float]:
    """FSRS at the retention with which it reaches a recall: that, its reviews and its recall."""
    low, high = 0.5, 0.985
    for _ in range(7):
        middle = (low + high) / 2
        reviews, found = measured(fsrs_at(middle), strength)
        low, high = (middle, high) if found < recall else (low, middle)
    return middle, reviews, found


def main() -> None:
    """Print the table."""
    print("| memories | rests | reviews | recall | FSRS at | reviews | recall | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for (name, strength), rests in product(STRENGTHS.items(), ((), (1, 3, 7, 21, 63))):
        reviews, recall = measured(fixed(*rests), strength)
        retention, other, reached = matched(strength, recall)
        days = "-".join(map(str, rests or RESTS))
        row = (days, f"{reviews:.1f}", f"{recall:.3f}", f"{retention:.2f}", f"{other:.1f}")
        print(f"| {name} | {' | '.join(row)} | {reached:.3f} | {other / reviews:.2f} |")


if __name__ == "__main__":
    main()
