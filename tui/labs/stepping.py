"""Where a learner stands in a network's rounds: pure state, no screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from engine.activations import BY_HAND, activation
from engine.errors import UserError
from engine.network import BiasMode
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem, drawn_problem, spread, worked_example

MOST_HIDDEN_LAYERS = 3
MOST_UNITS = 4
Placer: TypeAlias = Callable[[tuple[Operation, ...]], int]
"""Chooses one operation of a round."""
CYCLE = BY_HAND
"""The activation functions that the lab offers, in the order of its key."""


@lru_cache(maxsize=32)
def _trace(problem: Problem) -> Trace:
    return problem.trace()


@dataclass(frozen=True, slots=True)
class Stepping:
    """Rounds made so far and the operation that is shown. Every step gives a new one."""

    original: Problem
    """As the lab was opened."""
    rounds: tuple[Problem, ...]
    """One problem per round, the first with the starting weights."""
    losses: tuple[float, ...]
    """E at the beginning of every round."""
    position: int = 0
    """Index of the operation that is shown."""

    @property
    def problem(self) -> Problem:
        """The numbers of the current round."""
        return self.rounds[-1]

    @property
    def trace(self) -> Trace:
        """The current round, operation by operation."""
        return _trace(self.problem)

    @property
    def operation(self) -> Operation:
        """The operation that is shown."""
        return self.trace.operations[self.position]

    @property
    def round(self) -> int:
        """Updates made so far."""
        return len(self.rounds) - 1

    @property
    def last_position(self) -> int:
        """Index of the last operation of a round."""
        return len(self.trace.operations) - 1

    @property
    def can_go_back(self) -> bool:
        """Whether anything lies before."""
        return self.position > 0 or self.round > 0

    def at(self, position: int) -> Stepping:
        """The same round at another operation."""
        return replace(self, position=max(0, min(position, self.last_position)))

    def forward(self) -> Stepping:
        """One operation on; after the last one nothing happens."""
        return self.at(self.position + 1)

    def back(self) -> Stepping:
        """One operation back; before the first one, the end of the round before."""
        if self.position == 0 and self.round:
            return self._round_before(lambda operations: len(operations) - 1)
        return self.at(self.position - 1)

    def next_phase(self) -> Stepping:
        """The first operation of the next phase, or the last of all."""
        return self.at(self._phase_start(1) or self.last_position)

    def previous_phase(self) -> Stepping:
        """The start of this phase; standing there, the start of the one before."""
        start = self._phase_start(0) or 0
        if self.position > start:
            return self.at(start)
        if self.position == 0 and self.round:
            return self._round_before(
                lambda operations: [o.phase for o in operations].index(Phase.UPDATE)
            )
        return self.at(self._phase_start(-1) or 0)

    def at_phase(self, phase: Phase) -> Stepping:
        """The first operation of a phase."""
        phases = [operation.phase for operation in self.trace.operations]
        return self.at(phases.index(phase))

    def _phase_start(self, offset: int) -> int | None:
        """Where the phase `offset` phases away begins; None where there is none."""
        phases = [operation.phase for operation in self.trace.operations]
        order = list(Phase).index(self.operation.phase) + offset
        return phases.index(list(Phase)[order]) if 0 <= order < len(Phase) else None

    def _round_before(self, place: Placer) -> Stepping:
        before = replace(self, rounds=self.rounds[:-1], losses=self.losses[:-1])
        return before.at(place(before.trace.operations))

    def updated(self, times: int = 1) -> Stepping:
        """So many rounds on, at the first operation; raises UserError where E overflows."""
        rounds, losses = list(self.rounds), list(self.losses)
        for _ in range(times):
            rounds.append(rounds[-1].after(1))
            losses.append(_loss(rounds[-1]))
        return replace(self, rounds=tuple(rounds), losses=tuple(losses), position=0)._checked()

    def start_again(self) -> Stepping:
        """Back to the first operation of round 0, edited numbers kept."""
        return replace(self, rounds=self.rounds[:1], losses=self.losses[:1], position=0)

    def restored(self) -> Stepping:
        """As the lab was opened."""
        return begin(self.original)

    def with_problem(self, problem: Problem) -> Stepping:
        """Other numbers from here on: round 0, at the operation that corresponds to this one.

        Raises UserError where they cannot be computed with.
        """
        fresh = replace(begin(problem), original=self.original)._checked()
        symbols = [operation.symbol for operation in fresh.trace.operations]
        symbol = self.operation.symbol
        return fresh.at(symbols.index(symbol) if symbol in symbols else 0)

    def with_next_activation(self) -> Stepping:
        """The next activation function of the cycle, in all layers."""
        now = self.problem.activations[0]
        following = CYCLE[(CYCLE.index(now) + 1) % len(CYCLE)] if now in CYCLE else CYCLE[0]
        names = spread([following], len(self.problem.layers) - 1)
        return self.with_problem(replace(self.problem, activations=names))

    def with_next_bias_mode(self) -> Stepping:
        """The next bias mode."""
        modes = list(BiasMode)
        following = modes[(modes.index(self.problem.bias_mode) + 1) % len(modes)]
        return self.with_problem(self.problem.with_bias_mode(following))

    def _checked(self) -> Stepping:
        """Itself, once its trace has been computed."""
        self.trace  # noqa: B018 - raises where a number overflows
        return self


def begin(problem: Problem) -> Stepping:
    """Round 0 of a problem, at its first operation."""
    return Stepping(problem, (problem,), (_loss(problem),))


def from_options(options: Mapping[str, str]) -> Stepping:
    """The state that a lab opens with.

    `options` may hold `layers`, `activation`, `bias` and `phase`. Raises UserError where one of
    them cannot be used.
    """
    mode = _bias_mode(options.get("bias", BiasMode.PER_UNIT))
    layers, names = read_layers(f"{options.get('layers', '2,2,2')} {options.get('activation', '')}")
    stepping = begin(small_problem(layers, names or ("sigmoid",), mode))
    if "phase" in options:
        return stepping.at_phase(_phase(options["phase"]))
    return stepping


def small_problem(layers: tuple[int, ...], names: tuple[str, ...], mode: BiasMode) -> Problem:
    """The worked example where the widths are its own, and drawn numbers elsewhere."""
    problem = worked_example(mode)
    if layers != problem.layers:
        problem = drawn_problem(layers, ("sigmoid",), mode)
    return replace(problem, activations=spread(names, len(layers) - 1))


def read_layers(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Widths, and activation names where there are any: `2,3,2` or `2 3 2 tanh sigmoid`.

    Raises UserError where that is no network of this lab.
    """
    words = text.replace(",", " ").split()
    widths = tuple(int(word) for word in words if word.isdecimal())
    names = tuple(word for word in words if not word.isdecimal())
    if not 3 <= len(widths) <= MOST_HIDDEN_LAYERS + 2 or not all(
        1 <= width <= MOST_UNITS for width in widths
    ):
        raise UserError(
            f"The lab takes 1 to {MOST_HIDDEN_LAYERS} hidden layers, and 1 to {MOST_UNITS} units "
            "in each layer, inputs and outputs included: as in 2,3,2."
        )
    for name in names:
        activation(name)
    if len(names) not in (0, 1, len(widths) - 1):
        raise UserError(
            "Give one activation function for all layers, or one for each layer after the input: "
            f"here {len(widths) - 1}."
        )
    return widths, names


def _bias_mode(text: str) -> BiasMode:
    try:
        return BiasMode(text)
    except ValueError:
        raise UserError(
            f"There is no bias mode {text!r}. Choose one of {', '.join(BiasMode)}."
        ) from None


def _phase(text: str) -> Phase:
    try:
        return Phase(text)
    except ValueError:
        raise UserError(f"There is no phase {text!r}. Choose one of {', '.join(Phase)}.") from None


def _loss(problem: Problem) -> float:
    loss = problem.network().loss(problem.x, problem.target)
    if not math.isfinite(loss):
        raise UserError(
            "The loss is too large for a computer's numbers now. Choose a smaller learning rate."
        )
    return loss
