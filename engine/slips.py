"""Common mistakes in one round of the worked network, each carried through as it would be made.

`slip_round` gives every number that a slip leads to, so that `diagnose` can recognise a wrong
answer. Only `right_round` is correct.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from engine.activations import Array
from engine.errors import UserError
from engine.language import _
from engine.naming import Names
from engine.network import LOSS, BiasMode, DenseNetwork, ForwardPass, Gradients
from engine.worked_example import Problem


class Slip(StrEnum):
    """A common mistake in one round of the worked network, by its id."""

    HALF_PRECEDENCE = "half-precedence"
    SIGMOID_OF_ACTIVATION = "sigmoid-of-activation"
    UPDATED_WEIGHTS_FIRST = "updated-weights-first"
    ROW_FOR_COLUMN = "row-for-column"
    NO_DERIVATIVE = "no-derivative"
    SIGN = "sign"
    NO_HALF = "no-half"
    ONE_OUTPUT_ONLY = "one-output-only"


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """The numbers of one round, right or not; shapes as in `engine.network`."""

    forward: ForwardPass
    loss_per_output: Array
    loss: float
    blames: tuple[Array, ...]
    """∂E/∂a, one array per layer after the input."""
    deltas: tuple[Array, ...]
    gradients: Gradients
    updated: DenseNetwork
    loss_after: float
    """The same loss after the update, computed in the same way, right or not."""

    def values(self) -> dict[str, float]:
        """Its numbers by their symbols, as in a `Trace`; `E⁺` is the loss after the update."""
        network = self.updated
        names = Names(network.widths, network.bias_mode is BiasMode.SHARED)
        last = len(network.W)
        found = {"E": self.loss, "E⁺": self.loss_after}
        for i, value in enumerate(self.loss_per_output):
            found[names.loss(i)] = float(value)
        for layer in range(1, last + 1):
            for i in range(network.widths[layer]):
                found[f"∂E/∂{names.out(layer, i)}"] = float(self.blames[layer - 1][i])
                found[names.delta(layer, i)] = float(self.deltas[layer - 1][i])
        for layer in range(last):
            for (i, j), value in np.ndenumerate(self.gradients.W[layer]):
                weight = names.weight(layer, i, j)
                found[f"∂E/∂{weight}"] = float(value)
                found[f"{weight}⁺"] = float(network.W[layer][i, j])
            for i, value in enumerate(self.gradients.b[layer]):
                bias = names.bias(layer, i)
                found[f"∂E/∂{bias}"] = float(value)
                if network.bias_mode is not BiasMode.FROZEN:
                    found[f"{bias}⁺"] = float(network.b[layer][i])
        return found


def applies(slip: Slip, problem: Problem) -> bool:
    """Whether the slip can be made in this network."""
    hidden = problem.layers[1:-1]
    if slip is Slip.ROW_FOR_COLUMN:
        # The transposed matrix fits only where it is square.
        above = problem.layers[2:]
        return bool(hidden) and all(a == b for a, b in zip(hidden, above, strict=True))
    if slip in (Slip.SIGMOID_OF_ACTIVATION, Slip.UPDATED_WEIGHTS_FIRST):
        return bool(hidden)
    if slip is Slip.ONE_OUTPUT_ONLY:
        return bool(hidden) and problem.layers[-1] > 1
    if slip is Slip.HALF_PRECEDENCE:
        return problem.layers[-1] > 1
    return True


def right_round(problem: Problem) -> Round:
    """One round without a slip."""
    return _Mistake(problem, None).round()


def slip_round(problem: Problem, slip: Slip, output: int = 0) -> Round:
    """One round with `slip`; `output` is the one that one-output-only uses.

    Raises UserError where the slip cannot be made in this network.
    """
    _check_applies(slip, problem)
    return _Mistake(problem, slip, output).round()


def _check_applies(slip: Slip, problem: Problem) -> None:
    if not applies(slip, problem):
        raise UserError(
            _(
                "The mistake {slip} cannot be made in a {layers} network. Choose another network."
            ).format(slip=slip, layers="-".join(map(str, problem.layers)))
        )


def slip_updates(problem: Problem, slip: Slip, updates: int) -> Problem:
    """The problem after `updates` updates, each of them with `slip`.

    Raises UserError where the slip cannot be made in this network, or the updates diverge.
    """
    _check_applies(slip, problem)
    mistake, network = _Mistake(problem, slip), problem.network()
    for _unused in range(updates):
        *_parts, gradients = mistake.backward(network)
        network = network.updated(gradients, problem.lr)
    return problem.with_network(network)


def diagnose(
    problem: Problem, symbol: str, answer: float, near: Callable[[float, float], bool]
) -> tuple[Slip, ...]:
    """The slips that lead to `answer` for `symbol`; none where it is right or no slip explains it.

    `near(answer, number)` says whether the two count as the same.
    """
    right = right_round(problem).values()
    if symbol not in right or near(answer, right[symbol]):
        return ()
    return tuple(
        slip
        for slip in Slip
        if applies(slip, problem)
        and any(near(answer, made.values()[symbol]) for made in _variants(problem, slip))
    )


def _variants(problem: Problem, slip: Slip) -> Sequence[Round]:
    if slip is Slip.ONE_OUTPUT_ONLY:
        return [slip_round(problem, slip, output) for output in range(problem.layers[-1])]
    return [slip_round(problem, slip)]


_Passes: TypeAlias = tuple[ForwardPass, tuple[Array, ...], tuple[Array, ...], Gradients]
"""Forward pass, ∂E/∂a, δ, and the gradients."""


@dataclass(frozen=True, slots=True)
class _Mistake:
    """One round with at most one slip, written out next to the right formulas."""

    problem: Problem
    slip: Slip | None
    output: int = 0

    def round(self) -> Round:
        network = self.problem.network()
        passed, blames, deltas, gradients = self.backward(network)
        updated = network.updated(gradients, self.problem.lr)
        losses = self._losses(passed.output)
        return Round(
            forward=passed,
            loss_per_output=losses,
            loss=float(losses.sum()),
            blames=blames,
            deltas=deltas,
            gradients=gradients,
            updated=updated,
            loss_after=float(self._losses(updated.forward(self.problem.x).output).sum()),
        )

    def backward(self, network: DenseNetwork) -> _Passes:
        """Forward and back through `network`, the problem's own or a later one."""
        passed = network.forward(self.problem.x)
        blames, deltas = self._backward(network, passed)
        return passed, blames, deltas, network.gradients(passed, deltas)

    def _factors(self) -> Array:
        """What the loss of each output is multiplied by: 1 where the ½ is in its place."""
        factors = np.ones(self.problem.layers[-1])
        if self.slip is Slip.HALF_PRECEDENCE:
            factors[1:] = 2
        if self.slip is Slip.NO_HALF:
            factors[:] = 2
        return factors

    def _losses(self, output: Array) -> Array:
        return LOSS.per_output(output, np.array(self.problem.target)) * self._factors()

    def _backward(
        self, network: DenseNetwork, passed: ForwardPass
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        blame = LOSS.derivative(passed.output, np.array(self.problem.target)) * self._factors()
        if self.slip is Slip.SIGN:
            blame = -blame
        blames = [blame]
        deltas = [blame * self._slope(network, passed, len(network.W))]
        for layer in range(len(network.W) - 1, 0, -1):
            blame = self._blame(network, passed, layer, deltas[0])
            blames.insert(0, blame)
            deltas.insert(0, blame * self._slope(network, passed, layer))
        return tuple(blames), tuple(deltas)

    def _slope(self, network: DenseNetwork, passed: ForwardPass, layer: int) -> Array:
        f = network.activations[layer - 1]
        if self.slip is Slip.NO_DERIVATIVE:
            return np.ones_like(passed.a[layer])
        if self.slip is Slip.SIGMOID_OF_ACTIVATION and layer < len(network.W):
            return f.derivative(passed.a[layer])
        return f.derivative(passed.z[layer - 1])

    def _blame(self, network: DenseNetwork, passed: ForwardPass, layer: int, above: Array) -> Array:
        """∂E/∂a of a hidden layer from the deltas of the layer above."""
        W = network.W[layer]
        if self.slip is Slip.ROW_FOR_COLUMN:
            return W @ above
        if self.slip is Slip.UPDATED_WEIGHTS_FIRST:
            W = W - self.problem.lr * np.outer(above, passed.a[layer])
        if self.slip is Slip.ONE_OUTPUT_ONLY and layer == len(network.W) - 1:
            above = np.where(np.arange(above.size) == self.output, above, 0.0)
        return W.T @ above
