"""Where the learner is in the rounds of a network: pure state, no screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from engine.activations import BY_HAND, activation
from engine.errors import UserError
from engine.language import _
from engine.network import BiasMode
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem, drawn_problem, spread, worked_example

MOST_HIDDEN_LAYERS = 3
MOST_UNITS = 8
Placer: TypeAlias = Callable[[tuple[Operation, ...]], int]
"""Chooses one operation of a round."""
CYCLE = BY_HAND
"""The activation functions that the lab offers, in the order of its key."""


@lru_cache(maxsize=32)
def _trace(problem: Problem) -> Trace:
    return problem.trace()


@dataclass(frozen=True, slots=True)
class Stepping:
    """The rounds made so far and the operation that is shown. Every step returns a new one."""

    original: Problem
    """The problem with which the lab was opened."""
    rounds: tuple[Problem, ...]
    """One problem per round, the first with the starting weights."""
    losses: tuple[float, ...]
    """E at the start of each round."""
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
        """Whether there is anything before."""
        return self.position > 0 or self.round > 0

    def at(self, position: int) -> Stepping:
        """The same round at another operation."""
        return replace(self, position=max(0, min(position, self.last_position)))

    def forward(self) -> Stepping:
        """The next operation; the last one stays."""
        return self.at(self.position + 1)

    def back(self) -> Stepping:
        """The previous operation; before the first one, the end of the previous round."""
        if self.position == 0 and self.round:
            return self._round_before(lambda operations: len(operations) - 1)
        return self.at(self.position - 1)

    def next_phase(self) -> Stepping:
        """The first operation of the next phase; in the last phase, its last operation."""
        return self.at(self._phase_start(1) or self.last_position)

    def previous_phase(self) -> Stepping:
        """The start of this phase; from there, the start of the previous one."""
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
        """Where the phase `offset` phases away starts; None where there is none."""
        phases = [operation.phase for operation in self.trace.operations]
        order = list(Phase).index(self.operation.phase) + offset
        return phases.index(list(Phase)[order]) if 0 <= order < len(Phase) else None

    def _round_before(self, place: Placer) -> Stepping:
        before = replace(self, rounds=self.rounds[:-1], losses=self.losses[:-1])
        return before.at(place(before.trace.operations))

    def updated(self, times: int = 1) -> Stepping:
        """`times` rounds later, at the first operation; raises UserError where E overflows."""
        rounds, losses = list(self.rounds), list(self.losses)
        for _unused in range(times):
            rounds.append(rounds[-1].after(1))
            losses.append(_loss(rounds[-1]))
        return replace(self, rounds=tuple(rounds), losses=tuple(losses), position=0)._checked()

    def start_again(self) -> Stepping:
        """The first operation of round 0, with edited numbers kept."""
        return replace(self, rounds=self.rounds[:1], losses=self.losses[:1], position=0)

    def restored(self) -> Stepping:
        """The state with which the lab was opened."""
        return begin(self.original)

    def with_problem(self, problem: Problem) -> Stepping:
        """Other numbers from here on: round 0, at the operation that corresponds to this one.

        Raises UserError where a number overflows.
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

    `options` may contain `layers`, `activation`, `bias` and `phase`. Raises UserError where one
    of them cannot be used.
    """
    mode = _bias_mode(options.get("bias", BiasMode.PER_UNIT))
    layers, names = read_layers(f"{options.get('layers', '2,2,2')} {options.get('activation', '')}")
    stepping = begin(small_problem(layers, names or ("sigmoid",), mode))
    if "phase" in options:
        return stepping.at_phase(_phase(options["phase"]))
    return stepping


def small_problem(layers: tuple[int, ...], names: tuple[str, ...], mode: BiasMode) -> Problem:
    """The worked example for its own widths; drawn numbers for others."""
    problem = worked_example(mode)
    if layers != problem.layers:
        problem = drawn_problem(layers, ("sigmoid",), mode)
    return replace(problem, activations=spread(names, len(layers) - 1))


def read_layers(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Widths, and activation names if there are any: `2,3,2` or `2 3 2 tanh sigmoid`.

    Raises UserError where the lab has no room for such a network.
    """
    words = text.replace(",", " ").split()
    widths = tuple(int(word) for word in words if word.isdecimal())
    names = tuple(word for word in words if not word.isdecimal())
    if not 3 <= len(widths) <= MOST_HIDDEN_LAYERS + 2 or not all(
        1 <= width <= MOST_UNITS for width in widths
    ):
        raise UserError(
            _(
                "The lab takes 1 to {layers} hidden layers, and 1 to {units} units in each layer, "
                "including inputs and outputs, as in 2,3,2."
            ).format(layers=MOST_HIDDEN_LAYERS, units=MOST_UNITS)
        )
    for name in names:
        activation(name)
    if len(names) not in (0, 1, len(widths) - 1):
        raise UserError(
            _(
                "Give one activation function for all layers, or one for each layer after the "
                "input: here {count}."
            ).format(count=len(widths) - 1)
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
            _("The loss is now too large for a 64-bit number. Choose a smaller learning rate.")
        )
    return loss
