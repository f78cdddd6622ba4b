"""The worked example with blanks: newly drawn numbers, and which operations are left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np

from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem, worked_example

LAST_SEED = 999_999


class Level(IntEnum):
    """How much the learner has to fill in."""

    ONE = 1
    """One operation of the round."""
    TWO_A_PHASE = 2
    """Two operations of each phase."""
    ALL = 3
    """Every operation; the formulas are left out too."""


@dataclass(frozen=True)
class FadedExample:
    """A round of the 2-2-2 network with blanks; the same seed and level give the same one."""

    seed: int
    level: Level
    problem: Problem
    blanks: tuple[int, ...]
    """Indices of the operations that are left out, in the order of the round."""

    @cached_property
    def trace(self) -> Trace:
        """The round itself."""
        return self.problem.trace()

    def operation(self, position: int) -> Operation:
        """The operation at a position of the round."""
        return self.trace.operations[position]


def faded_example(seed: int, level: Level) -> FadedExample:
    """The worked network with numbers drawn from `seed` and the blanks of `level`.

    Raises ValueError for a negative seed.
    """
    if seed < 0:
        raise ValueError(f"a seed must be at least 0, not {seed}")
    rng = np.random.default_rng(seed)
    problem = _drawn(rng)
    phases = [operation.phase for operation in problem.trace().operations]
    return FadedExample(seed, level, problem, _blanks(phases, level, rng))


def next_seed(seed: int) -> int:
    """Another seed, determined by `seed`."""
    return int(np.random.default_rng(seed).integers(LAST_SEED + 1))


def _drawn(rng: np.random.Generator) -> Problem:
    """The worked example with numbers of two decimals, which are easy to use by hand."""

    def steps(low: float, high: float, count: int) -> tuple[float, ...]:
        """Distinct multiples of 0.05."""
        places = rng.permutation(np.arange(round(low * 20), round(high * 20) + 1))[:count]
        return tuple(round(int(place) / 20, 2) for place in places)

    weights, (b1, b2) = steps(0.10, 0.90, 8), steps(0.20, 0.70, 2)
    x1, x2 = steps(0.05, 0.95, 2)
    low, high = steps(0.05, 0.25, 1)[0], steps(0.75, 0.95, 1)[0]
    target = (low, high) if rng.random() < 0.5 else (high, low)
    return replace(
        worked_example(),
        x=(x1, x2),
        target=target,
        W=(
            ((weights[0], weights[1]), (weights[2], weights[3])),
            ((weights[4], weights[5]), (weights[6], weights[7])),
        ),
        b=((b1, b1), (b2, b2)),
        lr=float(rng.choice([0.1, 0.25, 0.5])),
    )


def _blanks(phases: list[Phase], level: Level, rng: np.random.Generator) -> tuple[int, ...]:
    if level is Level.ALL:
        return tuple(range(len(phases)))
    if level is Level.ONE:
        # Not in the update, where every operation has the same form.
        places = [place for place, phase in enumerate(phases) if phase is not Phase.UPDATE]
        return (int(rng.choice(places)),)
    found: list[int] = []
    for phase in Phase:
        places = [place for place, other in enumerate(phases) if other is phase]
        found.extend(int(place) for place in rng.choice(places, size=2, replace=False))
    return tuple(sorted(found))
