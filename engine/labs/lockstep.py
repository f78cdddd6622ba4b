"""What the lockstep lab compares: its options, and versions stepped by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from engine.errors import UserError
from engine.naming import count_of
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from engine.training.lockstep import (
    Lockstep,
    LockstepStep,
    Precision,
    Slip,
    common_orders,
    load_lockstep,
)
from engine.training.task import Source

RECIPES: tuple[str, ...] = ("two-layer-numpy", "two-layer-tensors")
"""Compared where the lesson names no others."""
STEPS = 100
MOST_STEPS = 2000
MOST_VERSIONS = 6
"""One colour each; more do not fit side by side."""


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names without the words that all of them begin with.

    two-layer-nn and two-layer-optim give nn and optim.
    """
    words = [name.split("-") for name in names]
    shared = 0
    while all(len(w) > shared + 1 and w[shared] == words[0][shared] for w in words):
        shared += 1
    return tuple("-".join(w[shared:]) for w in words)


def read_options(options: Mapping[str, str]) -> tuple[tuple[str, ...], int]:
    """The recipes and the number of steps; raises UserError."""
    names = tuple(filter(None, options.get("recipes", ",".join(RECIPES)).split(",")))
    if not 2 <= len(set(names)) == len(names) <= MOST_VERSIONS:
        raise UserError(f"This lab compares 2 to {MOST_VERSIONS} different recipes.")
    for name in names:
        try:
            find_recipe(name)
        except SettingError as error:
            raise UserError(str(error)) from None
    text = options.get("steps", str(STEPS))
    steps = count_of(text)
    if not 1 <= steps <= MOST_STEPS:
        raise UserError(f"This lab makes 1 to {MOST_STEPS} steps, not {text!r}.")
    return names, steps


class Runner:
    """The versions, loaded once and stepped by one thread at a time."""

    def __init__(self, names: Sequence[str], data_dir: Path | None, precision: Precision) -> None:
        self._names = names
        self._precision = precision
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._lockstep: Lockstep | None = None
        self._steps: Iterator[LockstepStep] = iter(())

    def advance(
        self, count: int, slips: Mapping[str, Slip], *, anew: bool
    ) -> tuple[list[LockstepStep], dict[str, Slip]]:
        """Make at most `count` more steps, stopping after the first at which the versions part.

        Returns the steps and the slips that are still active. `anew` goes back to the start first.
        Imports torch and loads the data the first time. Raises UserError.
        """
        with self._lock:
            if self._lockstep is None:
                source = Source("cpu", self._data_dir)
                recipes = [find_recipe(name) for name in self._names]
                orders = common_orders(recipes, {}, source)
                self._lockstep = load_lockstep(orders, self._precision)
                self._steps = self._lockstep.run()
            elif anew:
                self._lockstep.restart()
                self._steps = self._lockstep.run()
            self._lockstep.slips = dict(slips)
            made: list[LockstepStep] = []
            for step in islice(self._steps, count):
                made.append(step)
                if step.first_apart is step:
                    break
            return made, dict(self._lockstep.slips)
