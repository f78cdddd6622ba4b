"""Where a formula first gives inf, nan or 0: found by search, not known in advance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from engine.labs.stability import (
    FORMS,
    LARGEST_SCORE,
    PRECISIONS,
    Choice,
    Function,
    Kind,
    compute,
)

STEP = 0.5
"""Distance between the first places tried; between two that differ, bisection follows."""
CLOSE = 1e-6
"""How precisely a place is found."""

Look: TypeAlias = Callable[[Sequence[float]], "list[Kind | None]"]
"""What is broken at given values of the first score."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where one formula in one precision first gives each kind of broken result.

    The place is the first score; the others keep their distance from it. A kind that is missing
    does not occur within ±`LARGEST_SCORE`.
    """

    up: Mapping[Kind, float]
    down: Mapping[Kind, float]


def breaks(function: Function, choice: Choice) -> dict[tuple[str, str], Breaks]:
    """Where each form and precision of `function` first breaks, as the scores are pushed."""
    return {
        (form, precision): find_breaks(
            function, form, precision, choice.offsets, choice.index, choice.label
        )
        for form, precision in itertools.product(FORMS, PRECISIONS)
    }


@lru_cache(maxsize=512)
def find_breaks(
    function: Function,
    form: str,
    precision: str,
    offsets: tuple[float, ...],
    index: int,
    label: int,
) -> Breaks:
    """The search for one formula; `offsets` is how far each score is above the first."""

    def look(places: Sequence[float]) -> list[Kind | None]:
        scores = np.array(places)[:, None] + np.array(offsets)
        numbers = compute(function, form, precision, scores, index, label)
        found: list[Kind | None] = [None] * len(places)
        for kind, mask in (
            (Kind.ZERO, numbers == 0),
            (Kind.INF, np.isinf(numbers)),
            (Kind.NAN, np.isnan(numbers)),
        ):
            for place in np.flatnonzero(mask).tolist():
                found[place] = kind
        return found

    return Breaks(_first_of_each(look, 1.0), _first_of_each(look, -1.0))


def _first_of_each(look: Look, sign: float) -> dict[Kind, float]:
    """The first place of each kind on the way from 0, without 0, to `sign` · `LARGEST_SCORE`."""
    places = [sign * STEP * (k + 1) for k in range(int(LARGEST_SCORE / STEP))]
    found = look(places)
    changes = [(found[0], places[0])]
    pairs = zip(itertools.pairwise(places), itertools.pairwise(found), strict=True)
    for (left, right), (before, after) in pairs:
        if before is not after:
            changes += _changes(look, left, right, before, after)
    first: dict[Kind, float] = {}
    for kind, place in changes:
        if kind is not None:
            first.setdefault(kind, place)
    return first


def _changes(
    look: Look, left: float, right: float, before: Kind | None, after: Kind | None
) -> Iterator[tuple[Kind | None, float]]:
    """Every change between two places, in order: what it becomes, and from where on."""
    while before is not after:
        inner, outer, beyond = left, right, after
        while abs(outer - inner) > CLOSE:
            middle = (inner + outer) / 2
            (here,) = look([middle])
            if here is before:
                inner = middle
            else:
                outer, beyond = middle, here
        yield beyond, outer
        left, before = outer, beyond
