"""What the formulas of `backprop/matrix-calculus` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import holds, value_of
from lessons.judge.values import Choice, Number, QuestionValues

DRAWN = (4, 3, 2)
"""Samples, features and units of the layer that is drawn."""

NOTATION = (
    Notation()
    .drawn("l", make=integer(1, 3))
    .size("m", low=2)
    .size("S_l", over="l", low=2)
    .defined("p = m")
    .defined("q = S_l")
    .drawn("X", r"p \times q")
    .drawn("A", r"q \times p")
    .drawn("B", r"q \times p")
    .drawn("U", r"p \times q")
    .drawn("V", r"q \times p")
    .drawn("S", r"p \times p")
    .defined(r"f = \mathrm{tr}(A X B X)", "")
    .defined(r"G = \frac{\partial f}{\partial X}", r"p \times q")
    .defined(r"M = G^\top", r"q \times p")
    .drawn("W", r"S_l \times S_{l+1}", normal(0.6))
    .drawn("Y", r"m \times S_{l+1}", uniform(0.1, 0.9))
    .entrywise(r"\sigma", "sigmoid")
    .defined("Z = X W", r"m \times S_{l+1}")
    .defined(r"L = \frac12 \| \sigma(Z) - Y \|^2", "")
    .defined(r"D = \frac{\partial L}{\partial Z}", r"m \times S_{l+1}")
    .index("i j k r s")
    .with_moving("X", "U", "V", "S")
)
"""In the last steps X is a batch of p = m samples with q = S_l features; the loss is made of Z by
targets Y, and stands for any."""


ENTRIES = tuple(tuple(range(start, start + 4)) for start in (0, 4, 8))


COUNTING = NOTATION.fixed("p", 3).fixed("q", 4).fixed("X", ENTRIES)
"""X holds 0 … 11, row by row."""


SCOPES = {
    # A sum over four indices: small matrices keep it short.
    "trace_by_indices": NOTATION.computed("p", lambda world: 2 + world.index % 2).computed(
        "q", lambda world: 3 - world.index % 2
    ),
    "differential/numbers": NOTATION,
    # A function that is no polynomial stands for any.
    "differential": NOTATION.defined(r"f = \mathrm{tr}(A X B X) + \mathrm{tr}(A \sin(X))", ""),
    "matrix_turn": NOTATION.defined(r"U = A\, dX").defined("V = B X").with_moving("X"),
    "counting": COUNTING,
    "matrix_entry": COUNTING,
    "weights_move": NOTATION.with_moving("W"),
}


SHAPES = tuple(
    rf"$\partial f / \partial X : {shape}$"
    for shape in (r"q \times p", r"p \times q", r"q \times q")
)


def _true_one(options: Sequence[str], notation: Notation) -> int:
    """Which of some formulas between dollar signs is true."""
    found = [holds(option.strip("$"), notation) for option in options]
    return found.index(True) if found.count(True) == 1 else -1


TURNS = tuple(
    rf"$\mathrm{{tr}}(A\, dX\, B\, X) = \mathrm{{tr}}({turned})$"
    for turned in (r"A\, X\, B\, dX", r"B\, X\, A\, dX", r"B\, dX\, A\, X")
)


ROW, COLUMN = 2, 3


ENTRY = f"X_{{{ROW}{COLUMN}}}"


SLOPE = rf"\frac{{\partial\, \mathrm{{tr}}(X^\top X)}}{{\partial {ENTRY}}}"


NUMBERS: Mapping[str, Callable[[], float]] = {
    "matrix_entry_column": lambda: COLUMN,
    "matrix_entry_row": lambda: ROW,
}


def _lab_trace_shape() -> int:
    """The shape of the gradient of tr(A X) for X with 2 rows and 3 columns, among the options."""
    import torch

    A, X = torch.ones(3, 2), torch.ones(2, 3, requires_grad=True)
    torch.trace(A @ X).backward()
    assert X.grad is not None
    return [X.shape, A.shape, (A @ X).shape].index(X.grad.shape)


QUESTIONS: Mapping[str, QuestionValues] = {
    "matrix_gradient_shape": Choice(lambda: _true_one(SHAPES, NOTATION)),
    "matrix_turn": Choice(lambda: _true_one(TURNS, SCOPES["matrix_turn"])),
    "matrix_entry": Number(
        lambda: value_of(SLOPE, COUNTING),
        slips={
            "no-two": lambda: value_of(ENTRY, COUNTING),
            "row-for-column": lambda: value_of(f"2 X_{{{COLUMN}{ROW}}}", COUNTING),
            "counted-from-0": lambda: value_of(f"2 X_{{{ROW + 1}{COLUMN + 1}}}", COUNTING),
            "neighbour": (
                lambda: value_of(f"2 X_{{{ROW + 1}{COLUMN}}}", COUNTING),
                lambda: value_of(f"2 X_{{{ROW}{COLUMN + 1}}}", COUNTING),
                lambda: value_of(f"2 X_{{{ROW}{COLUMN - 1}}}", COUNTING),
                lambda: value_of(f"2 X_{{{ROW - 1}{COLUMN}}}", COUNTING),
            ),
            "square-for-slope": lambda: value_of(f"{ENTRY}^2", COUNTING),
            "product-entry": lambda: value_of(f"(X^\\top X)_{{{ROW}{COLUMN}}}", COUNTING),
        },
        exact=True,
    ),
    "lab_trace_shape": Choice(_lab_trace_shape),
}
