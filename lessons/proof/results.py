"""What the check of a lesson reports: one row for each thing that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was checked."""

    LINE = "line"
    NUMBERS = "numbers"
    """A row of a block that computes in numbers what a derivation shows in letters."""
    SHAPE = "shape"
    FORMULA = "formula"
    NUMBER = "number"
    ANSWER = "answer"
    SLIP = "slip"
    MISTAKE = "mistake"
    CLAIM = "claim"
    CODE = "code"
    """A program that readers can run."""
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class Result:
    """One check and what came of it."""

    lesson: str
    step: int
    """Counted from 1."""
    line: int
    """Counted from 1 within what `name` stands for."""
    name: str
    """Name of the derivation, number, question or mistake; a slip, or which of the two programs
    of a mistake, follows it after a stroke. Of a formula, its LaTeX."""
    kind: Kind
    residual: float
    """Of a slip and of a faulty program: how far from right, which must be above tolerance."""
    tolerance: float
    ok: bool
    how: str = ""
    """Of a derivation line `formula` or `program`; of a formula how it stands with it: `proved`,
    `definition`, `supposition`, `mention` or `unproved`."""
    place: str = ""
    """File and line, where they are known."""
    problem: str = ""
    """Why it could not be evaluated, where it could not."""
