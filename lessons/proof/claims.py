"""The claims of a lesson: sentences in its text that a program of its own shows to be true.

`[softplus of −200 is 0.0 in float32](claim:softplus-float32)` names an entry of CLAIMS in the
lesson's `claims.py`: a function that computes what the sentence says, and returns whether it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from lessons.format.document import Style, Text
from lessons.format.facts import lesson_module
from lessons.format.tables import table

Claim = Callable[[], bool]
"""Computes what a sentence says, on a fixed seed; the first line of its docstring says what."""


def claims_of(slug: str) -> Mapping[str, Claim]:
    """The claims of a lesson by their names; without `claims.py` there are none.

    Raises:
        LessonError: the module cannot be imported.
    """
    return table(
        lesson_module(slug, "claims"),
        "CLAIMS",
        "claim",
        'Write CLAIMS = {"name": function}, where the function returns whether it holds.',
        callable,
    )


def claimed(texts: Sequence[Text]) -> Iterator[str]:
    """The names of the claims that some texts make, each once, in their order."""
    names = (span.target for text in texts for span in text if span.style is Style.CLAIM)
    yield from dict.fromkeys(names)


def problem_of(claim: Claim | None) -> str:
    """Why a claim does not stand; empty where it does. Passes on what its function raises."""
    if claim is None:
        return "No claim has this name. Write it into CLAIMS of claims.py."
    said = (claim.__doc__ or "").partition("\n")[0]
    if not said:
        return "Its function has no docstring. Say there what is computed."
    holds = claim()
    if holds is None:
        return "Its function returns nothing. Return whether it holds."
    return "" if holds else f"Not so: {said}"
