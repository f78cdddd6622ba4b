"""Questions for the blanks of a faded example: answers, slips and hints from its own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.labs.fading import FadedExample
from engine.language import _
from engine.naming import join_names, latex_name
from engine.slips import Slip as NetworkSlip
from engine.slips import applies, slip_round
from engine.trace import Operation, Phase
from lessons.judge.network_slip_texts import EXPLANATIONS
from lessons.judge.network_slips import lines_of
from lessons.judge.numbers import near
from lessons.judge.questions import Hints, NumberQuestion, Slip

TOLERANCE = 5e-3
"""Relative: three digits are enough."""
_STEP_TOLERANCE = 2e-2
"""Of the step, for a new weight: its step is what was computed."""


@lru_cache(maxsize=256)
def blank_question(example: FadedExample, position: int) -> NumberQuestion:
    """The question that the operation at `position` leaves.

    No two of its slips, and no slip and the answer, are nearer to each other than the tolerance.
    """
    operation = example.operation(position)
    tolerance = _tolerance(example, operation)
    kept: list[Slip] = []
    taken = [operation.value]
    for slip in _slips(example, operation):
        value = slip.value()
        if not any(_clash(value, other, tolerance) for other in taken):
            kept.append(slip)
            taken.append(value)
    numbers = operation.substitution.split(" = ", 1)[1]
    return NumberQuestion(
        answer=lambda: operation.value,
        explanation=f"$\\displaystyle {operation.latex}$ = {_text(numbers)}",
        slips=tuple(kept),
        tolerance=tolerance,
        hints=Hints(
            idea=_text(_("it is made of {names}.").format(names=join_names(operation.depends_on))),
            formula=f"${operation.latex}$",
            numbers=_text(f"{operation.symbol} = {numbers}"),
        ),
    )


def _tolerance(example: FadedExample, operation: Operation) -> float:
    if operation.phase is not Phase.UPDATE:
        return TOLERANCE
    before = example.trace.givens[operation.symbol.rstrip("⁺")]
    return _STEP_TOLERANCE * abs(operation.value - before) / abs(operation.value)


def _clash(value: float, other: float, tolerance: float) -> bool:
    return near(value, other, 2 * tolerance) or near(other, value, 2 * tolerance)


def _slips(example: FadedExample, operation: Operation) -> Iterator[Slip]:
    """All mistakes that lead to another number in this operation."""
    yield from _own_slips(example, operation)
    hidden = 2 if operation.symbol.rstrip("⁺").endswith(("h2", "w3", "w4")) else 1
    for slip in NetworkSlip:
        if not applies(slip, example.problem):
            continue
        outputs = range(2) if slip is NetworkSlip.ONE_OUTPUT_ONLY else range(1)
        for output in outputs:
            made = slip_round(example.problem, slip, output).values()
            if operation.symbol in made:
                line, right = lines_of(slip, output, hidden)
                yield _slip(slip.value, made[operation.symbol], EXPLANATIONS[slip], line, right)


def _own_slips(example: FadedExample, operation: Operation) -> Iterator[Slip]:
    """Mistakes inside the one operation."""
    values, symbol = example.trace.values(), operation.symbol
    name = latex_name(symbol)
    if symbol.startswith("z_"):
        bias = next(part for part in operation.depends_on if part.startswith("b_"))
        yield _slip(
            "no-bias",
            operation.value - values[bias],
            _("That is the weighted sum alone. The bias is added to it."),
            f"{name} = w x + w' x'",
            f"{name} = w x + w' x' + b",
        )
    if symbol.startswith("out_"):
        yield _slip(
            "value-for-output",
            values[f"z_{symbol[4:]}"],
            _("That is what goes into the sigmoid. The output is what comes out of it."),
            f"{name} = z",
            rf"{name} = \sigma(z)",
        )
    if operation.phase is Phase.UPDATE:
        old = symbol.rstrip("⁺")
        before, gradient = values[old], values[f"∂E/∂{old}"]
        right = rf"{name} = {latex_name(old)} - \eta \, {latex_name(f'∂E/∂{old}')}"
        yield _slip(
            "uphill",
            before + example.problem.lr * gradient,
            _("That goes along the gradient, and the loss would grow. Subtract the step."),
            right.replace(" - ", " + "),
            right,
        )
        yield _slip(
            "no-learning-rate",
            before - gradient,
            _("The learning rate η is left out: the step is η times the gradient."),
            right.replace(r"\eta \, ", ""),
            right,
        )
        yield _slip(
            "no-step",
            before,
            _("That is the old value, or it has too few digits to show the step."),
            f"{name} = {latex_name(old)}",
            right,
        )


def _slip(name: str, value: float, diagnosis: str, line: str, right: str) -> Slip:
    return Slip(name, lambda: value, diagnosis, line, right)


def _text(text: str) -> str:
    """Plain text, as Markdown that shows it as it stands."""
    return text.replace("*", r"\*").replace("_", r"\_").replace("^", r"\^")
