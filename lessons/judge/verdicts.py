"""What the tutor says about an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LETTERS = "abcdefghij"
"""What options and items are called."""


class Verdict(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    SLIP = "slip"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    """It cannot be judged, and does not count as a try."""
    SHOWN = "shown"
    """The learner asked to see the answer, or had used up the hints."""
    SKIPPED = "skipped"
    """The learner went on without an answer."""

    NOTED = "noted"
    """A prediction: it is kept, and what happens is judged by the learner."""

    @property
    def settles(self) -> bool:
        """Whether the question is done with, for now."""
        return self in (Verdict.RIGHT, Verdict.SHOWN, Verdict.SKIPPED, Verdict.NOTED)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the learner is told about an answer."""

    verdict: Verdict
    message: str
    """Markdown with inline maths."""
    slip: str = ""
    """The id of the slip, where one explains the answer."""
    line: str = ""
    """LaTeX of the line where the slip enters, as the slip writes it; may be empty."""
    right: str = ""
    """LaTeX of that line as it should be; may be empty."""
    given: str = ""
    """The answer as it was read."""
    result: str = ""
    """The right answer, where it is known by now."""
    slip_name: str = ""
    """What the slip is called."""


def as_code(text: str) -> str:
    """What was typed, as Markdown code, so that nothing in it is taken for Markdown."""
    return f"`{text.strip().replace('`', chr(39))}`"


def as_text(text: str) -> str:
    """A sentence that may quote what was typed, as Markdown that shows it as it stands."""
    return re.sub(r"([\\`*_\[\]<>$!#&])", r"\\\1", text)
