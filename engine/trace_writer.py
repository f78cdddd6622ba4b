"""Writes a `Trace`: every operation of one round with its formula, numbers and value.

The values are those of `DenseNetwork`'s own arrays; nothing is computed twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from engine.activations import Array
from engine.naming import Names, factor_text, latex_name
from engine.network import LOSS, BiasMode, DenseNetwork
from engine.trace import Edge, Operation, Part, Phase, Trace, Unit

Form: TypeAlias = Callable[[Sequence[str]], str]
"""A formula with open places, filled in order with names or with numbers."""

_PLACE = re.compile(r"(@\d+@)")
"""Where a symbol stands in a formula."""

LATEX_TIMES = r"\,"
"""What separates two factors in LaTeX."""


def write_trace(
    network: DenseNetwork, x: Sequence[float] | Array, target: Sequence[float] | Array, lr: float
) -> Trace:
    """One round of `network` for the input `x` (S_0,) and the target (S_last,).

    `lr` is the learning rate η of the update.
    """
    x = np.asarray(x, dtype=np.float64)
    target = np.asarray(target, dtype=np.float64)
    passed = network.forward(x)
    backward = network.backward(passed, target)
    with np.errstate(over="ignore", invalid="ignore"):
        loss_per_output = LOSS.per_output(passed.output, target)
    names = Names(network.widths, network.bias_mode is BiasMode.SHARED)
    updated = network.updated(backward.gradients, lr)
    givens = dict(_givens(network, names, x, target, lr))
    trace = Trace(
        network=network, x=x, target=target, lr=lr, names=names, forward=passed,
        backward=backward, loss_per_output=loss_per_output, updated=updated,
        operations=(), givens=givens,
    )  # fmt: skip
    return trace.with_operations(_Writer(trace).write())


def _givens(
    network: DenseNetwork, names: Names, x: Array, target: Array, lr: float
) -> Iterator[tuple[str, float]]:
    yield from ((names.unit(0, i), float(value)) for i, value in enumerate(x))
    for layer, (W, b) in enumerate(zip(network.W, network.b, strict=True)):
        for (i, j), value in np.ndenumerate(W):
            yield names.weight(layer, i, j), float(value)
        for i, value in enumerate(b):
            yield names.bias(layer, i), float(value)
    yield from ((names.target(i), float(value)) for i, value in enumerate(target))
    yield "η", lr


class _Writer:
    """Writes the operations of one round in order, each formula once for names and numbers."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._network = trace.network
        self._names = trace.names
        self._values = dict(trace.givens)
        self._operations: list[Operation] = []

    def write(self) -> tuple[Operation, ...]:
        """All operations: forward, loss, backward, update."""
        last = len(self._network.W)
        for layer in range(1, last + 1):
            self._forward(layer)
        self._loss()
        for layer in range(last, 0, -1):
            self._deltas(layer)
            self._gradients(layer - 1)
        for matrix in range(last):
            self._update(matrix)
        return tuple(self._operations)

    def _add(
        self,
        phase: Phase,
        symbol: str,
        value: float,
        uses: Sequence[str],
        text: Form,
        latex: Form,
        unit: Unit | None = None,
        edges: Sequence[Edge] = (),
        depends_on: Sequence[str] | None = None,
    ) -> None:
        parts = self._parts(text, uses)
        numbers = "".join(part.number for part in parts)
        self._operations.append(
            Operation(
                phase=phase,
                symbol=symbol,
                formula=f"{symbol} = {text(uses)}",
                latex=f"{latex_name(symbol)} = {latex([latex_name(name) for name in uses])}",
                substitution=f"{symbol} = {numbers}",
                value=float(value),
                depends_on=tuple(dict.fromkeys(uses if depends_on is None else depends_on)),
                unit=unit,
                edges=tuple(edges),
                parts=parts,
            )
        )
        self._values[symbol] = float(value)

    def _parts(self, text: Form, uses: Sequence[str]) -> tuple[Part, ...]:
        """The formula cut at its symbols, each with its number."""
        factors = [factor_text(self._values[name]) for name in uses]
        written, at = text(factors), 0
        found: list[Part] = []
        for piece in _PLACE.split(text([f"@{place}@" for place in range(len(uses))])):
            if _PLACE.fullmatch(piece):
                place = int(piece.strip("@"))
                # Some forms need no brackets round a negative number.
                number = factors[place]
                if not written.startswith(number, at):
                    number = number.strip("()")
                found.append(Part(uses[place], number, True))
                at += len(number)
            elif piece:
                found.append(Part(piece, piece, False))
                at += len(piece)
        follows = found[1].text if len(found) > 1 else ""
        if found and found[0].is_symbol and not follows.startswith("²"):
            # A negative number that opens a formula needs none either.
            found[0] = Part(found[0].text, found[0].number.strip("()"), True)
        return tuple(found)

    def _forward(self, layer: int) -> None:
        names, f, passed = self._names, self._network.activations[layer - 1], self._trace.forward
        before = range(self._network.widths[layer - 1])
        for i in range(self._network.widths[layer]):
            terms = [(names.weight(layer - 1, i, j), names.out(layer - 1, j)) for j in before]
            self._add(
                Phase.FORWARD, names.z(layer, i), passed.z[layer - 1][i],
                [*(part for term in terms for part in term), names.bias(layer - 1, i)],
                lambda p: f"{_dot(p[:-1])} + {p[-1]}",
                lambda p: f"{_dot(p[:-1], LATEX_TIMES)} + {p[-1]}",
                (layer, i), [(layer - 1, i, j) for j in before],
            )  # fmt: skip
            self._add(
                Phase.FORWARD, names.out(layer, i), passed.a[layer][i], [names.z(layer, i)],
                lambda p: f.text(p[0]), lambda p: f.latex_of(p[0]), (layer, i),
            )  # fmt: skip

    def _loss(self) -> None:
        names, last = self._names, len(self._network.W)
        outputs = range(self._network.widths[-1])
        for i in outputs:
            self._add(
                Phase.LOSS, names.loss(i), self._trace.loss_per_output[i],
                [names.target(i), names.out(last, i)],
                lambda p: f"½·({p[0]} − {p[1]})²",
                lambda p: rf"\frac{{1}}{{2}}\,({p[0]} - {p[1]})^2", (last, i),
            )  # fmt: skip
        parts = [names.loss(i) for i in outputs]
        self._add(Phase.LOSS, "E", self._trace.loss, parts, " + ".join, " + ".join)

    def _deltas(self, layer: int) -> None:
        names, network, back = self._names, self._network, self._trace.backward
        f, is_last = network.activations[layer - 1], layer == len(network.W)
        for i in range(network.widths[layer]):
            unit = (layer, i)
            z, out = names.z(*unit), names.out(*unit)
            blame, slope = f"∂E/∂{out}", f"∂{out}/∂{z}"
            value = back.blames[layer - 1][i]
            if is_last:
                self._add(
                    Phase.BACKWARD, blame, value, [out, names.target(i)],
                    " − ".join, " - ".join, unit,
                )  # fmt: skip
            else:
                above = range(network.widths[layer + 1])
                terms = [(names.delta(layer + 1, k), names.weight(layer, k, i)) for k in above]
                self._add(
                    Phase.BACKWARD, blame, value, [part for term in terms for part in term],
                    _dot, lambda p: _dot(p, LATEX_TIMES), unit, [(layer, k, i) for k in above],
                )  # fmt: skip
            slope_text = f.derivative_text(z, out)
            used = [name for name in (z, out) if name in slope_text]
            self._add(
                Phase.BACKWARD, slope, back.slopes[layer - 1][i], [z, out],
                lambda p: f.derivative_text(p[0], p[1]),
                lambda p: f.derivative_latex_of(p[0], p[1]), unit, depends_on=used or [z],
            )  # fmt: skip
            self._add(
                Phase.BACKWARD, names.delta(*unit), back.deltas[layer - 1][i], [blame, slope],
                "·".join, LATEX_TIMES.join, unit,
            )  # fmt: skip

    def _gradients(self, matrix: int) -> None:
        names, gradients = self._names, self._trace.backward.gradients
        for (i, j), value in np.ndenumerate(gradients.W[matrix]):
            self._add(
                Phase.BACKWARD, f"∂E/∂{names.weight(matrix, i, j)}", value,
                [names.delta(matrix + 1, i), names.out(matrix, j)],
                "·".join, LATEX_TIMES.join, None, [(matrix, i, j)],
            )  # fmt: skip
        deltas = [names.delta(matrix + 1, i) for i in range(self._network.widths[matrix + 1])]
        shared = self._network.bias_mode is BiasMode.SHARED
        for i, value in enumerate(gradients.b[matrix]):
            self._add(
                Phase.BACKWARD, f"∂E/∂{names.bias(matrix, i)}", value,
                deltas if shared else [deltas[i]], " + ".join, " + ".join,
                None if shared else (matrix + 1, i),
            )  # fmt: skip

    def _update(self, matrix: int) -> None:
        names, updated = self._names, self._trace.updated
        for (i, j), value in np.ndenumerate(updated.W[matrix]):
            self._step(names.weight(matrix, i, j), value, None, [(matrix, i, j)])
        if self._network.bias_mode is BiasMode.FROZEN:
            return
        shared = self._network.bias_mode is BiasMode.SHARED
        for i, value in enumerate(updated.b[matrix]):
            self._step(names.bias(matrix, i), value, None if shared else (matrix + 1, i), [])

    def _step(self, name: str, value: float, unit: Unit | None, edges: Sequence[Edge]) -> None:
        self._add(
            Phase.UPDATE, f"{name}⁺", value, [name, "η", f"∂E/∂{name}"],
            lambda p: f"{p[0]} − {p[1]}·{p[2]}",
            lambda p: f"{p[0]} - {p[1]}{LATEX_TIMES}{p[2]}", unit, edges,
        )  # fmt: skip


def _dot(parts: Sequence[str], times: str = "·") -> str:
    """Products of neighbours, summed: a·b + c·d."""
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return " + ".join(f"{a}{times}{b}" for a, b in pairs)
