"""Run both programs of a mistake: the faulty one must show its symptom, the right one must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lessons.judge.evidence import Mistake, Version, evidence_of
from lessons.judge.lines import faulty_lines, source_lines
from lessons.judge.mistakes import judge
from lessons.judge.verdicts import Verdict

Proof: TypeAlias = tuple[int, str, float, float, bool]
"""Line, name, residual, tolerance, ok; the residual of the faulty program must be too large."""


def prove_mistake(mistake: Mistake) -> Iterator[Proof]:
    """Check the faulty run, the repaired run, and what the grader says about each faulty line."""
    for version in Version:
        seen = evidence_of(mistake, version).measure
        as_claimed = seen.ok is (version is Version.REPAIRED)
        yield 1, f"{mistake.name}/{version}", seen.value, seen.bound, as_claimed
    misjudged = list(_misjudged(mistake))
    yield min(misjudged, default=1), mistake.name, float(len(misjudged)), 0.0, not misjudged


def _misjudged(mistake: Mistake) -> Iterator[int]:
    """The lines that the grader judges wrongly; all of them if the programs do not differ."""
    right = faulty_lines(mistake)
    lines = range(1, len(source_lines(mistake, Version.FAULTY)) + 1)
    if not right:
        yield from lines
        return
    for line in lines:
        found = judge(mistake, line)
        wanted = Verdict.RIGHT if line in right else Verdict.WRONG
        if found.verdict is not wanted:
            yield line
