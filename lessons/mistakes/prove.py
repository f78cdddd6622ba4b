"""Run both programs of a mistake: the faulty one must show its symptom, the right one must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lessons.checks.verdicts import Verdict
from lessons.mistakes import evidence, mistakes
from lessons.mistakes.base import Mistake, Version
from lessons.mistakes.judge import judge
from lessons.mistakes.lines import faulty_lines, source_lines

Proof: TypeAlias = tuple[int, str, float, float, bool]
"""Line, name, residual, tolerance, ok; of the faulty program the residual must be too large."""


def prove_mistake(name: str) -> Iterator[Proof]:
    """The faulty run, the repaired run, and the faulty program line by line through the grader."""
    for version in Version:
        seen = evidence(name, version).measure
        as_claimed = seen.ok is (version is Version.REPAIRED)
        yield 1, f"{name}/{version}", seen.value, seen.bound, as_claimed
    misjudged = list(_misjudged(mistakes()[name]))
    yield min(misjudged, default=1), name, float(len(misjudged)), 0.0, not misjudged


def _misjudged(mistake: Mistake) -> Iterator[int]:
    """The lines that the grader gets wrong; where nothing differs, all of them."""
    right = faulty_lines(mistake)
    for line in range(1, len(source_lines(mistake, Version.FAULTY)) + 1):
        found = judge(mistake, line)
        wanted = Verdict.RIGHT if line in right else Verdict.WRONG
        if found.verdict is not wanted or not right:
            yield line
