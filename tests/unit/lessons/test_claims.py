"""Claims: sentences that a program of their lesson shows to be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.format.document import Paragraph, Style
from lessons.format.parser import parse_lesson
from lessons.proof import run
from lessons.proof.claims import Claim
from lessons.proof.results import Kind
from lessons.proof.run import run_lesson
from tests.cases import for_each

TEXT = """---
minutes: 5
---
## A step
A sum is fine. [Two and `two` make **four**](claim:sum), and [more
of it](claim:more).
"""


def holds() -> bool:
    """Two and two."""
    return 2 + 2 == 4


def fails() -> bool:
    """Two and two, badly."""
    return 2 + 2 == 5


def breaks() -> bool:
    """Something that cannot be computed."""
    raise ValueError("no such thing")


def unsaid() -> bool:
    return True


def silent() -> bool:
    """Nothing at all."""
    return None  # type: ignore[return-value]


def problems(programs: dict[str, Claim], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(run, "claims_of", lambda slug: programs)
    lesson = parse_lesson(TEXT, Path("lesson.en.md"), "linear/nowhere", "Nowhere")
    rows = [row for row in run_lesson(lesson) if row.kind is Kind.CLAIM]
    assert all(row.ok == (not row.problem) for row in rows)
    return {row.name: row.problem for row in rows}


def test_a_claim_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems({"sum": holds, "more": holds}, monkeypatch) == {"sum": "", "more": ""}


@for_each(
    ("programs", "name", "problem"),
    [
        ({"sum": fails, "more": holds}, "sum", "Not so: Two and two, badly."),
        (
            {"sum": breaks, "more": holds},
            "sum",
            "stops with ValueError: no such",
        ),
        ({"sum": unsaid, "more": holds}, "sum", "has no docstring"),
        ({"sum": silent, "more": holds}, "sum", "Its function returns nothing."),
        ({"more": holds}, "sum", "No claim has this name"),
        ({"sum": holds, "more": holds, "third": holds}, "third", "No sentence of the lesson"),
    ],
)
def test_what_does_not_stand_is_told(
    programs: dict[str, Claim], name: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problem in problems(programs, monkeypatch)[name]


def test_a_claim_that_is_named_wrongly_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems({"summ": holds, "more": holds}, monkeypatch).keys() == {"sum", "more"}


def test_a_claim_is_read_as_plain_text() -> None:
    lesson = parse_lesson(TEXT, Path("lesson.en.md"), "linear/nowhere", "Nowhere")
    (paragraph,) = lesson.steps[0].blocks
    assert isinstance(paragraph, Paragraph)
    spans = paragraph.text
    assert "".join(span.text for span in spans) == (
        "A sum is fine. Two and two make four, and more of it."
    )
    assert [span.target for span in spans if span.style is Style.CLAIM] == [
        "sum", "sum", "more", "more", "more",
    ]  # fmt: skip
