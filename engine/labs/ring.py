"""A ring all-reduce: workers in a circle add up their arrays, part by part, turn by turn.

First each part goes round once and collects a sum; then the finished sums go round once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sent:
    """One part on its way to the next worker."""

    source: int
    target: int
    part: int
    adds: bool
    """Whether the receiver adds it to its own part; otherwise it keeps it in place of its own."""


@dataclass(frozen=True, eq=False)
class Ring:
    """All turns of an all-reduce."""

    parts: tuple[slice, ...]
    """Which numbers belong to each part: as many parts as workers."""
    turns: tuple[tuple[Sent, ...], ...]
    """What is sent in each turn, by every worker at the same time."""
    states: tuple[Array, ...]
    """(workers, numbers): what each worker holds at the start and after each turn."""

    def numbers_sent(self, turns: int) -> int:
        """How many numbers all workers together have sent in the first turns."""
        count = 0
        for sent in (each for turn in self.turns[:turns] for each in turn):
            part = self.parts[sent.part]
            count += part.stop - part.start
        return count


def parts_of(count: int, workers: int) -> tuple[slice, ...]:
    """`count` numbers cut into one part for each worker, as equal as possible."""
    sizes = [count // workers + (part < count % workers) for part in range(workers)]
    ends = list(accumulate(sizes))
    return tuple(slice(end - size, end) for end, size in zip(ends, sizes, strict=True))


def turns_of(workers: int) -> tuple[tuple[Sent, ...], ...]:
    """Who sends which part in each of the 2(N − 1) turns."""
    found = []
    for turn in range(2 * (workers - 1)):
        adds = turn < workers - 1
        # A worker passes on what it has received in the turn before.
        shift = turn if adds else turn - workers
        found.append(
            tuple(
                Sent(worker, (worker + 1) % workers, (worker - shift) % workers, adds)
                for worker in range(workers)
            )
        )
    return tuple(found)


def summed(arrays: Sequence[Array] | Array) -> Ring:
    """All turns for arrays of one length; after them every worker holds the same sum."""
    now = np.array(arrays, dtype=np.float64)
    workers, count = now.shape
    parts, turns, states = parts_of(count, workers), turns_of(workers), [now]
    for turn in turns:
        after = now.copy()
        for sent in turn:
            part = parts[sent.part]
            kept = now[sent.target, part] if sent.adds else 0.0
            after[sent.target, part] = now[sent.source, part] + kept
        states.append(after)
        now = after
    return Ring(parts, turns, tuple(states))
