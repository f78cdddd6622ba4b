"""A round of learning as a figure: what is known after an operation, and what moves in it."""

from __future__ import annotations

from engine.trace import Operation, Phase, Trace, Unit
from tui.figures.network_parts import EdgeFigure, NetworkFigure, Pulse, UnitFigure, UnitValue
from tui.page.lines import Ink

_PULSES = {
    Phase.FORWARD: Pulse.FORWARD,
    Phase.LOSS: Pulse.FORWARD,
    Phase.BACKWARD: Pulse.BACKWARD,
    Phase.UPDATE: Pulse.UPDATE,
}


def network_figure(trace: Trace, position: int) -> NetworkFigure:
    """The network after the operation at `position`: what comes later is not known yet."""
    return _Reader(trace, position).figure()


class _Reader:
    def __init__(self, trace: Trace, position: int) -> None:
        self.trace, self.names = trace, trace.names
        self.widths = trace.network.widths
        self.now: Operation = trace.operations[position]
        done = trace.operations[: position + 1]
        self.known = trace.givens | {operation.symbol: operation.value for operation in done}
        self.pulse = _PULSES[self.now.phase]

    def figure(self) -> NetworkFigure:
        layers = tuple(
            tuple(self._unit((layer, i)) for i in range(units))
            for layer, units in enumerate(self.widths)
        )
        edges = {
            (layer, i, j): self._edge(layer, i, j)
            for layer in range(len(self.widths) - 1)
            for i in range(self.widths[layer + 1])
            for j in range(self.widths[layer])
        }
        return NetworkFigure(layers, edges)

    def _edge(self, layer: int, i: int, j: int) -> EdgeFigure:
        name = self._newest(self.names.weight(layer, i, j))
        moves = (layer, i, j) in self.now.edges
        return EdgeFigure(name, self.known[name], self.pulse if moves else Pulse.NONE)

    def _newest(self, name: str) -> str:
        return f"{name}⁺" if f"{name}⁺" in self.known else name

    def _unit(self, unit: Unit) -> UnitFigure:
        layer, i = unit
        name = self.names.unit(*unit)
        if layer == 0:
            value = self._value("", name, Ink.INPUT)
            return UnitFigure(name, (value,), is_used=name in self.now.depends_on)
        out, delta = self.names.out(*unit), self.names.delta(*unit)
        values = (
            self._value("z", self.names.z(*unit), Ink.COMPUTED),
            self._value("out", out, Ink.COMPUTED),
            self._value("δ", delta, Ink.DELTA),
        )
        target = None
        if layer == len(self.widths) - 1:
            target = self._value("t", self.names.target(i), Ink.PLAIN)
        symbol = self._newest(self.names.bias(layer - 1, i))
        bias = self._value("b⁺" if symbol.endswith("⁺") else "b", symbol, Ink.WEIGHT)
        is_here = self.now.unit == unit
        used = {out, delta, self.names.z(*unit)} & {*self.now.depends_on}
        pulse = self.pulse if is_here else Pulse.NONE
        return UnitFigure(name, values, 1, target, bias, pulse, bool(used))

    def _value(self, label: str, symbol: str, ink: Ink) -> UnitValue:
        return UnitValue(label, self.known.get(symbol), ink, symbol == self.now.symbol)
