"""The gradients of the stepped network, in three ways; torch's are asked for on its own thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual.widget import Widget

from engine.gradients import GradientRow, gradient_rows, units_at_kink
from engine.language import _
from engine.network import DenseNetwork, Gradients
from engine.worked_example import Problem
from tui.background import in_background
from tui.labs.base import reason
from tui.labs.stepping import Stepping
from tui.widgets.gradient_table import GradientState, marked_parameter

Autograd: TypeAlias = Callable[[DenseNetwork, Sequence[float], Sequence[float]], Gradients]


class ThreeWays:
    """By hand and by differences at once, by autograd as soon as torch has answered."""

    def __init__(self, lab: Widget, autograd: Autograd, changed: Callable[[], None]) -> None:
        """`changed` is called on the lab's thread when torch has answered, or cannot."""
        self._lab, self._autograd, self._changed = lab, autograd, changed
        self._answers: dict[Problem, Gradients] = {}
        self._asked: Problem | None = None
        self._error = ""
        self._compared: tuple[Problem, tuple[GradientRow, ...], tuple[str, ...]] | None = None

    def state(self, stepping: Stepping) -> GradientState:
        """What the table shows at an operation; asks torch where it has not been asked."""
        problem, trace = stepping.problem, stepping.trace
        if self._compared is None or self._compared[0] != problem:
            rows = gradient_rows(trace.network, problem.x, problem.target)
            kinks = units_at_kink(trace.network, problem.x)
            names = tuple(trace.names.z(*unit) for unit in kinks)
            self._compared = (problem, rows, names)
        rows, kinks_named = self._compared[1:]
        answer = self._answers.get(problem)
        if answer is not None:
            found = answer.flat()
            rows = tuple(r.with_autograd(float(v)) for r, v in zip(rows, found, strict=True))
        else:
            self._ask(problem)
        symbols = [row.symbol for row in rows]
        marked = marked_parameter(stepping.operation.symbol, symbols)
        done = trace.operations[: stepping.position + 1]
        known = frozenset(marked_parameter(operation.symbol, symbols) for operation in done)
        return GradientState(rows, marked, self._error, kinks_named, known)

    def _ask(self, problem: Problem) -> None:
        """Compute torch's gradients for the shown numbers, one request at a time."""
        if self._asked is not None or self._error:
            return
        self._asked = problem
        in_background(
            self._lab,
            lambda: self._autograd(problem.network(), problem.x, problem.target),
            lambda found: self._answered(problem, found),
            self._not_answered,
        )

    def _answered(self, asked: Problem, found: Gradients) -> None:
        """Show what torch found; it is asked again where the numbers have changed meanwhile."""
        self._asked = None
        self._answers = {asked: found}
        self._changed()

    def _not_answered(self, error: Exception) -> None:
        self._asked = None
        self._error = _("Autograd is not available: torch reports {reason}.").format(
            reason=repr(reason(error))
        )
        self._changed()
