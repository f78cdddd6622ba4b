"""One operation of a network: its purpose, its formula, the numbers substituted, the result."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.activations import activation
from engine.language import _
from engine.naming import join_names, number_text
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem
from tui.math import MathSyntaxError, cell_width, draw
from tui.page.lines import Ink, InkLine, at_ends, wrap
from tui.page.prose import formula_rows
from tui.widgets.lines_view import LinesView
from tui.widgets.lines_window import LinesWindow
from tui.widgets.operation_formula import (
    aligned_formula,
    meaning_of_result,
    pretty,
    pretty_formula,
)

TALLEST_FORMULA = 5
"""Rows; a taller formula is shown on one line only."""
_BEFORE_OPERATOR = re.compile(r"(?= [+−=] )|(?<=·)")
PHASE_NAMES: Mapping[Phase, str] = {
    Phase.FORWARD: _("Forward"),
    Phase.LOSS: _("Loss"),
    Phase.BACKWARD: _("Backward"),
    Phase.UPDATE: _("Update"),
}
"""Headings of the phases."""


class OperationView(LinesView):
    """The current operation: what it is for, its formula over its numbers, the result."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Problem, Trace, int] | None = None
        self.is_tall = False
        """Whether there is room for a formula of several rows."""
        self.is_large = False
        """Whether there is room to say where the result goes."""

    def show(self, problem: Problem, trace: Trace, position: int) -> None:
        """Show the operation at `position` of `trace`, a round of `problem`."""
        self._shown = (problem, trace, position)
        self.relay()

    @property
    def title(self) -> str:
        """Its phase and its place in the round."""
        if self._shown is None:
            return ""
        _problem, trace, position = self._shown
        place = _("operation {number} of {count}").format(
            number=position + 1, count=len(trace.operations)
        )
        return f"{PHASE_NAMES[trace.operations[position].phase]} · {place}"

    def lines(self, width: int) -> list[InkLine]:
        """Purpose, formula, numbers, result."""
        if self._shown is None:
            return []
        problem, trace, position = self._shown
        operation = trace.operations[position]
        found: list[InkLine] = [
            *wrap([(purpose(operation, problem, trace), Ink.PLAIN)], width),
        ]
        if self.is_tall:
            found += [(), *_formula(operation, width)]
        found += aligned_formula(operation, width)
        lead = " " * (cell_width(pretty(operation.symbol)) + 1)
        result = (f"= {number_text(operation.value)}", meaning_of_result(operation.symbol))
        found.append(((lead, Ink.PLAIN), result))
        used = [pretty(o.symbol) for o in trace.operations if operation.symbol in o.depends_on]
        if self.is_large and used:
            text = _("It goes into {names}.").format(names=join_names(used))
            found += [(), *wrap([(text, Ink.QUIET)], width)]
        return found


def _formula(operation: Operation, width: int) -> list[InkLine]:
    """The formula in several rows, where one row does not say the same; then an empty row."""
    if not any(sign in operation.latex.partition("=")[2] for sign in (r"\frac", "^", "cases")):
        return []
    try:
        drawn = draw(operation.latex, width)
    except MathSyntaxError:
        return []
    rows = formula_rows(drawn, operation.latex)
    return [*rows, ()] if len(rows) <= TALLEST_FORMULA else []


def purpose(operation: Operation, problem: Problem, trace: Trace) -> str:
    """What an operation is for, in one sentence."""
    symbol, names = operation.symbol, trace.names
    if operation.phase is Phase.UPDATE:
        return _("The new {symbol}: the old value minus η times its gradient.").format(
            symbol=pretty(symbol.rstrip("⁺"))
        )
    if operation.unit is None or symbol.startswith("∂E/∂b"):
        return _purpose_of_parameter(operation, trace)
    layer, i = operation.unit
    unit = pretty(names.unit(layer, i))
    title = activation(problem.activations[layer - 1]).title
    is_output = layer == len(problem.layers) - 1
    if symbol == names.z(layer, i):
        text = (
            _("The weighted sum of output unit {unit}, plus its bias.")
            if is_output
            else _("The weighted sum of hidden unit {unit}, plus its bias.")
        )
        return text.format(unit=unit)
    if symbol == names.out(layer, i):
        text = (
            _("The output of output unit {unit}: {activation} of its weighted sum z.")
            if is_output
            else _("The output of hidden unit {unit}: {activation} of its weighted sum z.")
        )
        return text.format(unit=unit, activation=title)
    if symbol == names.delta(layer, i):
        return _("The delta of {unit}: how E changes with z, by the chain rule.").format(unit=unit)
    if symbol.startswith("E_"):
        return _("The contribution of output {unit} to the loss.").format(unit=unit)
    if symbol == f"∂E/∂{names.out(layer, i)}":
        if is_output:
            return _(
                "How E changes with the output of {unit}: the output minus its target."
            ).format(unit=unit)
        return _("How E changes with the output of {unit}: a sum over all units it feeds.").format(
            unit=unit
        )
    return _("How the output of {unit} changes with z: the slope of {activation} at z.").format(
        unit=unit, activation=title
    )


def _purpose_of_parameter(operation: Operation, trace: Trace) -> str:
    symbol = operation.symbol
    if symbol == "E":
        return _("The loss E: the sum of the contributions of all outputs.")
    if operation.edges:
        layer, i, j = operation.edges[0]
        into, source = pretty(trace.names.unit(layer + 1, i)), pretty(trace.names.unit(layer, j))
        text = (
            _("The gradient of {symbol}: the delta of {into} times input {source}.")
            if layer == 0
            else _("The gradient of {symbol}: the delta of {into} times the output of {source}.")
        )
        return text.format(symbol=pretty(symbol[4:]), into=into, source=source)
    if len(operation.depends_on) > 1:
        text = _("The gradient of {symbol}, which these units share: the sum of their deltas.")
    else:
        text = _("The gradient of {symbol}: the delta, for the input of a bias is always 1.")
    return text.format(symbol=pretty(symbol[4:]))


class OperationList(LinesWindow):
    """The operations of a round, as many as fit around the current one, which ▶ marks."""

    def __init__(self, *, id: str = "", classes: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(classes=classes)
        if id:
            self.id = id
        self._shown: tuple[Trace, int] | None = None

    def show(self, trace: Trace, position: int) -> None:
        """Show `trace` with the operation at `position` marked."""
        self._shown = (trace, position)
        self.relay()

    def all_lines(self, width: int) -> tuple[list[InkLine], int]:
        """The operations under a heading per phase; values only once they are computed."""
        if self._shown is None:
            return [], 0
        trace, position = self._shown
        found: list[InkLine] = []
        marked = 0
        phase = None
        for place, operation in enumerate(trace.operations):
            if operation.phase is not phase:
                phase = operation.phase
                found.append(((PHASE_NAMES[phase], Ink.HEADING),))
            value = number_text(operation.value) if place <= position else "·"
            lead = "▶ " if place == position else "  "
            ink = Ink.PLAIN if place < position else Ink.QUIET
            if place == position:
                ink = Ink.BACKWARD if phase is Phase.BACKWARD else Ink.NUMBER
            if place == position:
                marked = len(found)
            first, *rest = broken(
                pretty_formula(operation), max(8, width - len(value) - len(lead) - 1)
            )
            found.append(((at_ends(f"{lead}{first}", value, width), ink),))
            found += [((f"      {line}", ink),) for line in rest]
        return found, marked


def broken(formula: str, room: int) -> list[str]:
    """A formula in lines of at most `room` characters where it can be broken at its operators."""
    lines = [""]
    for piece in _BEFORE_OPERATOR.split(formula):
        if lines[-1] and cell_width(lines[-1] + piece) > (room if len(lines) == 1 else room - 4):
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines
