"""One round of a network: as an object for scripts, and as lines of text for a reader."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.activations import Array, activation
from engine.errors import UserError
from engine.gradients import (
    autograd_gradients,
    central_gradients,
    gradient_rows,
    max_abs_difference,
)
from engine.language import _, plural
from engine.naming import number_text
from engine.network import BiasMode, Gradients
from engine.trace import Operation, Phase, Trace
from engine.worked_example import Problem

if TYPE_CHECKING:
    from engine.problem_file import Json

BIAS_TEXT = {
    BiasMode.FROZEN: _("biases frozen"),
    BiasMode.PER_UNIT: _("one bias per unit"),
    BiasMode.SHARED: _("one bias per layer, shared by its units"),
}
"""What each bias mode means, in words."""

PHASE_TITLES = {
    Phase.FORWARD: _("Forward: from the input to the outputs"),
    Phase.LOSS: _("Loss: how wrong the outputs are"),
    Phase.BACKWARD: _("Backward: how the loss changes with each number"),
    Phase.UPDATE: _("Update: each parameter takes a step against its gradient"),
}


def loss_after(problem: Problem, trace: Trace) -> float:
    """E after the update of `trace`; raises UserError where it overflows."""
    loss = trace.updated.loss(problem.x, problem.target)
    if not math.isfinite(loss):
        raise UserError(
            _(
                "After one more update, the loss is too large for a 64-bit number. The learning "
                "rate {rate} is too large for this network: try a smaller one."
            ).format(rate=f"{problem.lr:g}")
        )
    return loss


def trace_json(problem: Problem) -> dict[str, Json]:
    """The object of `dltutor trace --json`. Imports torch."""
    trace = problem.trace()
    after = loss_after(problem, trace)
    network, x, target = trace.network, trace.x, trace.target
    manual = trace.backward.gradients
    autograd = autograd_gradients(network, x, target)
    central = central_gradients(network, x, target).gradients
    same = len(set(problem.activations)) == 1
    return {
        "layers": list(problem.layers),
        "activation": problem.activations[0] if same else list(problem.activations),
        "x": list(problem.x),
        "target": list(problem.target),
        "lr": problem.lr,
        "bias_mode": str(problem.bias_mode),
        "forward": {"z": _nested(trace.forward.z), "a": _nested(trace.forward.a[1:])},
        "loss": {"per_output": trace.loss_per_output.tolist(), "total": trace.loss},
        "deltas": _nested(trace.backward.deltas),
        "gradients": {
            "manual": _parameters(manual.W, manual.b),
            "autograd": _parameters(autograd.W, autograd.b),
            "central": _parameters(central.W, central.b),
        },
        "max_abs_difference": {
            "manual_autograd": max_abs_difference(manual, autograd),
            "manual_central": max_abs_difference(manual, central),
        },
        "updated": _parameters(trace.updated.W, trace.updated.b),
        "loss_after": after,
        "operations": [_operation(operation) for operation in trace.operations],
    }


def _nested(arrays: Sequence[Array]) -> list[Json]:
    return [array.tolist() for array in arrays]


def _parameters(W: Sequence[Array], b: Sequence[Array]) -> dict[str, Json]:
    return {"W": _nested(W), "b": _nested(b)}


def _operation(operation: Operation) -> Json:
    return {
        "phase": str(operation.phase),
        "symbol": operation.symbol,
        "formula": operation.formula,
        "substitution": operation.substitution,
        "value": operation.value,
        "depends_on": list(operation.depends_on),
    }


def trace_lines(problem: Problem, updates: int = 0) -> Iterator[str]:
    """The same round for a reader; `updates` is how many were made before it. Imports torch."""
    trace = problem.trace()
    after = loss_after(problem, trace)
    autograd = autograd_gradients(trace.network, trace.x, trace.target)
    yield from _heading(problem, updates)
    for phase, operations in itertools.groupby(trace.operations, lambda item: item.phase):
        yield ""
        yield PHASE_TITLES[phase]
        for operation in operations:
            yield from _operation_lines(operation)
    yield ""
    yield _("Gradients, three ways")
    yield from _gradient_lines(problem, trace, autograd)
    yield ""
    yield _("E was {before}; after the update it is {after}.").format(
        before=number_text(trace.loss), after=number_text(after)
    )


def _heading(problem: Problem, updates: int) -> Iterator[str]:
    titles = [activation(name).title for name in problem.activations]
    shown = titles[0] if len(set(titles)) == 1 else ", ".join(titles)
    made = (
        plural("after {count} update", "after {count} updates", updates)
        if updates
        else _("before the first update")
    )
    yield _("A {layers} network: {activation}, {biases}, learning rate {rate}, {when}.").format(
        layers="-".join(map(str, problem.layers)),
        activation=shown,
        biases=BIAS_TEXT[problem.bias_mode],
        rate=number_text(problem.lr),
        when=made,
    )
    yield f"x = ({', '.join(map(number_text, problem.x))})"
    yield f"target = ({', '.join(map(number_text, problem.target))})"


def _operation_lines(operation: Operation) -> Iterator[str]:
    left, right = operation.formula.split(" = ", 1)
    numbers = operation.substitution.split(" = ", 1)[1]
    value = number_text(operation.value)
    yield f"  {left} = {right}"
    if numbers != value:
        yield f"  {' ' * len(left)} = {numbers}"
    yield f"  {' ' * len(left)} = {value}"


def _gradient_lines(problem: Problem, trace: Trace, autograd: Gradients) -> Iterator[str]:
    columns = (
        _("by hand"),
        _("autograd"),
        _("central"),
        _("|hand−autograd|"),
        _("|hand−central|"),
    )
    yield "  " + " ".join([f"{'':<8}", *(f"{title:>15}" for title in columns)])
    for row in gradient_rows(trace.network, problem.x, problem.target, autograd):
        if row.autograd is None:
            continue
        numbers = (number_text(v).rjust(15) for v in (row.manual, row.autograd, row.central))
        apart = (abs(row.manual - row.autograd), abs(row.manual - row.central))
        shown = (number_text(float(f"{value:.1e}")).rjust(15) for value in apart)
        agrees = row.autograd_agrees and row.central_agrees
        verdict = _("agree") if agrees else _("differ")
        yield "  " + " ".join([f"∂E/∂{row.symbol:<4}", *numbers, *shown, f" {verdict}"])
