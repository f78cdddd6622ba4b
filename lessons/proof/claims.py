"""The claims of a lesson: sentences in its text that a program of its own shows to be true.

`[softplus of −200 is 0.0 in float32](claim:softplus-float32)` names an entry of CLAIMS in the
lesson's `claims.py`: a function that computes what the sentence says, and returns whether it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module

from engine.broken import STOPS
from lessons.format.document import Style, Text
from lessons.format.facts import module_path, package_of
from lessons.format.trouble import in_file

Claim = Callable[[], bool]
"""Computes what a sentence says, on a fixed seed; the first line of its docstring says what."""


def claims_of(slug: str) -> Mapping[str, Claim]:
    """The claims of a lesson by their names; without `claims.py` there are none.

    Raises:
        LessonError: the module cannot be imported.
    """
    path = module_path(slug, "claims")
    if path is None:
        return {}
    try:
        module = import_module(f"{package_of(slug)}.claims")
    except STOPS as error:
        raise in_file(error, path.parent, path) from error
    found: Mapping[str, Claim] = module.CLAIMS
    return found


def claimed(texts: Sequence[Text]) -> Iterator[str]:
    """The names of the claims that some texts make, each once, in their order."""
    names = (span.target for text in texts for span in text if span.style is Style.CLAIM)
    yield from dict.fromkeys(names)


def problem_of(claim: Claim | None) -> str:
    """Why a claim does not stand; empty where it does."""
    if claim is None:
        return "No claim has this name. Write it into CLAIMS of claims.py."
    said = (claim.__doc__ or "").partition("\n")[0]
    if not said:
        return "Its function has no docstring. Say there what is computed."
    try:
        return "" if claim() else f"Not so: {said}"
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return f"It cannot be computed: {error}"
