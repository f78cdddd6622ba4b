"""One operation of a network: what it is for, its formula, the numbers put in, the result."""

from __future__ import annotations

from engine.activations import activation
from engine.naming import number_text
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem
from tui.math import MathSyntaxError, draw
from tui.page.lines import Ink, InkLine, wrap
from tui.page.prose import math_line
from tui.widgets.lines_view import LinesView

INDENT = 2
TALLEST_FORMULA = 4
"""A taller formula is shown on one line instead, as plain text."""


class OperationView(LinesView):
    """The operation that the learner stands at."""

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
        place = f"operation {position + 1} of {len(trace.operations)}"
        found: list[InkLine] = [
            ((f"{operation.phase.capitalize()} ", Ink.HEADING), (place, Ink.QUIET)),
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
        return (
            f"The new {symbol.rstrip('⁺')}: one step against its gradient, η times as long as it."
        )
    if operation.unit is None or symbol.startswith("∂E/∂b"):
        return _purpose_of_parameter(operation, trace)
    layer, i = operation.unit
    unit = names.unit(layer, i)
    title = activation(problem.activations[layer - 1]).title
    is_output = layer == len(problem.layers) - 1
    if symbol == names.z(layer, i):
        return f"The input of {unit}: each weight times what comes through it, plus the bias."
    if symbol == names.out(layer, i):
        return f"The output of {unit}: its input z sent through {title}."
    if symbol == names.delta(layer, i):
        return f"The delta of {unit}: how E moves with its input z; two links of a chain."
    if symbol.startswith("E_"):
        return f"The part of the loss that output {unit} makes."
    if symbol == f"∂E/∂{names.out(layer, i)}":
        if is_output:
            return f"How E moves with the output of {unit}: the difference to its target."
        return f"How E moves with the output of {unit}: the sum over every unit it feeds."
    return f"How the output of {unit} moves with its input z: the slope of {title} there."


def _purpose_of_parameter(operation: Operation, trace: Trace) -> str:
    symbol = operation.symbol
    if symbol == "E":
        return "The loss E: the parts of all outputs together."
    if operation.edges:
        layer, i, j = operation.edges[0]
        into, source = trace.names.unit(layer + 1, i), trace.names.unit(layer, j)
        came = f"input {source}" if layer == 0 else f"the output of {source}"
        return f"The gradient of {symbol[4:]}: the delta of {into} times {came}."
    if len(operation.depends_on) > 1:
        return f"The gradient of {symbol[4:]}, which these units share: the sum of their deltas."
    return f"The gradient of {symbol[4:]}: a bias is a weight whose input is always 1."


class OperationList(LinesView):
    """All operations of a round, the one that is shown marked with ▶."""

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
        """One line an operation under a heading a phase; values only as far as they are known."""
        if self._shown is None:
            return []
        trace, position = self._shown
        found: list[InkLine] = []
        phase = None
        for place, operation in enumerate(trace.operations):
            if operation.phase is not phase:
                phase = operation.phase
                found.append(((phase.capitalize(), Ink.HEADING),))
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
