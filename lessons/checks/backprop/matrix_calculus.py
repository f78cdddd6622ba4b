"""The questions of `backprop/matrix-calculus`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.formulas.notation import Notation
from engine.formulas.proving import holds, value_of
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.matrix_calculus.facts import COUNTING, NOTATION, SCOPES

ROW, COLUMN = 2, 3
ENTRY = f"X_{{{ROW}{COLUMN}}}"
SLOPE = rf"\frac{{\partial\, \mathrm{{tr}}(X^\top X)}}{{\partial {ENTRY}}}"
SHAPES = tuple(
    rf"$\partial f / \partial X : {shape}$"
    for shape in (r"q \times p", r"p \times q", r"q \times q")
)
TURNS = tuple(
    rf"$\mathrm{{tr}}(A\, dX\, B\, X) = \mathrm{{tr}}({turned})$"
    for turned in (r"A\, X\, B\, dX", r"B\, X\, A\, dX", r"B\, dX\, A\, X")
)


def _true_one(options: Sequence[str], notation: Notation) -> int:
    """Which of some formulas between dollar signs is true."""
    found = [holds(option.strip("$"), notation) for option in options]
    return found.index(True) if found.count(True) == 1 else -1


BOOK = CheckBook(
    "backprop",
    numbers={
        "matrix_entry_row": NumberCheck(lambda: ROW),
        "matrix_entry_column": NumberCheck(lambda: COLUMN),
    },
    predicts={
        "matrix_gradient_shape": ChoiceQuestion(
            options=(
                Option(
                    SHAPES[0],
                    r"$A : q \times p$ and $B : q \times p$. There is one derivative for each "
                    r"entry of $X$, and it stands where the entry stands.",
                ),
                Option(
                    SHAPES[1],
                    r"One derivative for each entry of $X$, at the same place.",
                    right=True,
                ),
                Option(
                    SHAPES[2],
                    r"$AXBX : q \times q$. Its trace is one number, and that number has "
                    r"one derivative for each entry of $X$.",
                ),
            ),
            proof=lambda: _true_one(SHAPES, NOTATION),
        ),
        "matrix_turn": ChoiceQuestion(
            options=(
                Option(
                    TURNS[0],
                    r"Here $X$ and $dX$ have changed places. The trace lets you take factors from "
                    "the front to the end, nothing else.",
                ),
                Option(
                    TURNS[1],
                    r"$A\,dX$ went from the front to the end: $\mathrm{tr}(UV) = \mathrm{tr}(VU)$ "
                    r"with $U = A\,dX$ and $V = BX$.",
                    right=True,
                ),
                Option(
                    TURNS[2],
                    r"Here $A$ and $B$ have changed places. The order round the circle must stay.",
                ),
            ),
            proof=lambda: _true_one(TURNS, SCOPES["matrix_turn"]),
        ),
        "matrix_entry": NumberQuestion(
            answer=lambda: value_of(SLOPE, COUNTING),
            explanation=rf"$2 {ENTRY} = 2 \cdot 6$.",
            slips=(
                Slip(
                    "no-two",
                    lambda: value_of(ENTRY, COUNTING),
                    f"That is ${ENTRY}$ itself. The square brings a factor 2.",
                    line=f"{SLOPE} = {ENTRY}",
                    right=f"{SLOPE} = 2 {ENTRY}",
                ),
                Slip(
                    "row-for-column",
                    lambda: value_of(f"2 X_{{{COLUMN}{ROW}}}", COUNTING),
                    "You exchanged row and column. The first index names the row.",
                    line=f"{SLOPE} = 2 X_{{{COLUMN}{ROW}}}",
                    right=f"{SLOPE} = 2 {ENTRY}",
                ),
                Slip(
                    "counted-from-0",
                    lambda: value_of(f"2 X_{{{ROW + 1}{COLUMN + 1}}}", COUNTING),
                    "You counted from 0, as code does. In formulas the first row is row 1.",
                    line=f"{SLOPE} = 2 X_{{{ROW + 1}{COLUMN + 1}}}",
                    right=f"{SLOPE} = 2 {ENTRY}",
                ),
            ),
            hints=Hints(
                idea="a sum of squares moves with one entry as that entry's own square does.",
                formula=f"${SLOPE} = 2 {ENTRY}$",
                numbers=rf"${SLOPE} = 2 \cdot 6$, with ${ENTRY} = 6$.",
            ),
        ),
    },
)
