"""One operation of a network: its purpose, its formula, the numbers substituted, the result."""

from __future__ import annotations

from collections.abc import Mapping

from engine.activations import activation
from engine.language import _
from engine.naming import number_text
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem
from tui.math import MathSyntaxError, draw
from tui.page.lines import Ink, InkLine, wrap
from tui.page.prose import math_line
from tui.widgets.lines_view import LinesView

INDENT = 2
TALLEST_FORMULA = 4
"""Rows; a taller formula is shown on one line instead, as plain text."""
PHASE_NAMES: Mapping[Phase, str] = {
    Phase.FORWARD: _("Forward"),
    Phase.LOSS: _("Loss"),
    Phase.BACKWARD: _("Backward"),
    Phase.UPDATE: _("Update"),
}
"""Headings of the phases."""


class OperationView(LinesView):
    """The current operation."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Problem, Trace, int] | None = None

    def show(self, problem: Problem, trace: Trace, position: int) -> None:
        """Show the operation at `position` of `trace`, a round of `problem`."""
        self._shown = (problem, trace, position)
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """Heading, purpose, formula, numbers, result."""
        if self._shown is None:
            return []
        problem, trace, position = self._shown
        operation = trace.operations[position]
        place = _("operation {number} of {count}").format(
            number=position + 1, count=len(trace.operations)
        )
        found: list[InkLine] = [
            ((f"{PHASE_NAMES[operation.phase]} ", Ink.HEADING), (place, Ink.QUIET)),
            *wrap([(purpose(operation, problem, trace), Ink.PLAIN)], width),
        ]
        found += _formula(operation, width)
        numbers = operation.substitution.split(" = ", 1)[1]
        result = number_text(operation.value)
        if numbers != result:
            found += wrap([(f"= {numbers}", Ink.PLAIN)], width, INDENT, INDENT + 2)
        found.append(((" " * INDENT, Ink.PLAIN), (f"= {result}", Ink.NUMBER)))
        return found


def _formula(operation: Operation, width: int) -> list[InkLine]:
    try:
        drawn = draw(operation.latex, width - INDENT)
    except MathSyntaxError:
        drawn = ()
    if not 0 < len(drawn) <= TALLEST_FORMULA:
        return wrap([(operation.formula, Ink.MATH)], width, INDENT, INDENT + 2)
    return [((" " * INDENT, Ink.PLAIN), *math_line(line)) for line in drawn]


def purpose(operation: Operation, problem: Problem, trace: Trace) -> str:
    """What an operation is for, in one sentence."""
    symbol, names = operation.symbol, trace.names
    if operation.phase is Phase.UPDATE:
        return _("The new {symbol}: the old value minus η times its gradient.").format(
            symbol=symbol.rstrip("⁺")
        )
    if operation.unit is None or symbol.startswith("∂E/∂b"):
        return _purpose_of_parameter(operation, trace)
    layer, i = operation.unit
    unit = names.unit(layer, i)
    title = activation(problem.activations[layer - 1]).title
    is_output = layer == len(problem.layers) - 1
    if symbol == names.z(layer, i):
        return _("The input z of {unit}: the weighted sum of its inputs, plus the bias.").format(
            unit=unit
        )
    if symbol == names.out(layer, i):
        return _("The output of {unit}: {activation} of its input z.").format(
            unit=unit, activation=title
        )
    if symbol == names.delta(layer, i):
        return _("The delta of {unit}: how E changes with its input z, by the chain rule.").format(
            unit=unit
        )
    if symbol.startswith("E_"):
        return _("The contribution of output {unit} to the loss.").format(unit=unit)
    if symbol == f"∂E/∂{names.out(layer, i)}":
        if is_output:
            return _(
                "How E changes with the output of {unit}: the output minus its target."
            ).format(unit=unit)
        return _(
            "How E changes with the output of {unit}: the sum over every unit it feeds."
        ).format(unit=unit)
    return _(
        "How the output of {unit} changes with its input z: the slope of {activation} at z."
    ).format(unit=unit, activation=title)


def _purpose_of_parameter(operation: Operation, trace: Trace) -> str:
    symbol = operation.symbol
    if symbol == "E":
        return _("The loss E: the sum of the contributions of all outputs.")
    if operation.edges:
        layer, i, j = operation.edges[0]
        into, source = trace.names.unit(layer + 1, i), trace.names.unit(layer, j)
        text = (
            _("The gradient of {symbol}: the delta of {into} times input {source}.")
            if layer == 0
            else _("The gradient of {symbol}: the delta of {into} times the output of {source}.")
        )
        return text.format(symbol=symbol[4:], into=into, source=source)
    if len(operation.depends_on) > 1:
        text = _("The gradient of {symbol}, which these units share: the sum of their deltas.")
    else:
        text = _(
            "The gradient of {symbol}: the delta, as a bias is a weight whose input is always 1."
        )
    return text.format(symbol=symbol[4:])


class OperationList(LinesView):
    """All operations of a round; ▶ marks the current one."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Trace, int] | None = None

    def show(self, trace: Trace, position: int) -> None:
        """Show `trace` with the operation at `position` marked."""
        self._shown = (trace, position)
        self.relay()

    @property
    def marked_row(self) -> int:
        """The row of the marked operation."""
        if self._shown is None:
            return 0
        trace, position = self._shown
        return position + list(Phase).index(trace.operations[position].phase) + 1

    def lines(self, width: int) -> list[InkLine]:
        """One line per operation, with a heading per phase; values only once they are computed."""
        if self._shown is None:
            return []
        trace, position = self._shown
        found: list[InkLine] = []
        phase = None
        for place, operation in enumerate(trace.operations):
            if operation.phase is not phase:
                phase = operation.phase
                found.append(((PHASE_NAMES[phase], Ink.HEADING),))
            value = number_text(operation.value) if place <= position else "·"
            room = max(4, width - len(value) - 3)
            formula = operation.formula
            if len(formula) > room:
                formula = formula[: room - 1] + "…"
            lead = "▶ " if place == position else "  "
            ink = Ink.NUMBER if place == position else Ink.PLAIN if place < position else Ink.QUIET
            gap = " " * (width - len(lead) - len(formula) - len(value))
            found.append(((f"{lead}{formula}{gap}{value}", ink),))
        return found
