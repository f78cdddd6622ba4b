"""Run both programs of a mistake: the faulty one must show its symptom, the right one must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lessons.format.source import load_source
from lessons.judge.evidence import Measure, Mistake, Version, evidence_of
from lessons.judge.lines import faults, faulty_lines, source_lines
from lessons.judge.mistakes import judge
from lessons.judge.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one check of a mistake."""

    name: str
    line: int
    """Of the program, from 1."""
    residual: float
    tolerance: float
    ok: bool
    """The residual of the faulty program must be too large."""
    place: str = ""
    """File and line, where something is wrong."""
    problem: str = ""


def prove_mistake(mistake: Mistake) -> Iterator[Proof]:
    """Check the faulty run, the repaired run, and what the grader says about each faulty line."""
    places = faults(mistake)
    for version in Version if places else ():  # the same program is measured alike
        seen = evidence_of(mistake, version).measure
        ok = seen.ok is (version is Version.REPAIRED)
        said = ("", "") if ok else (_place(mistake, version, 1), _wrong_measure(mistake, version))
        yield Proof(f"{mistake.name}/{version}", 1, seen.value, seen.bound, ok, *said)
    one_line = len(places) == 1 and places[0][1] == 1
    misjudged = [*_misjudged(mistake)] if one_line else [line for line, _count in places]
    wrong = len(misjudged) or int(not one_line)
    line = min(misjudged, default=1)
    said = (_place(mistake, Version.FAULTY, line), _unlike(mistake)) if wrong else ("", "")
    yield Proof(mistake.name, line, float(wrong), 0.0, not wrong, *said)


def _misjudged(mistake: Mistake) -> Iterator[int]:
    """The lines that the grader judges wrongly."""
    right = faulty_lines(mistake)
    for line in range(1, len(source_lines(mistake, Version.FAULTY)) + 1):
        wanted = Verdict.RIGHT if line in right else Verdict.WRONG
        if judge(mistake, line).verdict is not wanted:
            yield line


def _place(mistake: Mistake, version: Version, line: int) -> str:
    """File and line of a line of one of the programs."""
    source = load_source(mistake.target(version))
    return f"{source.path.name}:{source.first_line + line - 1}"


def _wrong_measure(mistake: Mistake, version: Version) -> str:
    """Why one of the two programs is not told apart by its measure."""
    seen: Measure = evidence_of(mistake, version).measure
    found = f"{seen.label} is {seen.value:.4g}"
    name = mistake.function(version)
    if version is Version.FAULTY:
        return (
            f"The measure does not show the fault of {name}: {found}, and up to {seen.bound:.4g} "
            "counts as right. Measure what the faulty line spoils, or lower the bound."
        )
    return (
        f"By its measure, {name} is wrong, too: {found}, above the bound {seen.bound:.4g}. "
        "Repair the program, or measure what only the faulty line spoils."
    )


def _unlike(mistake: Mistake) -> str:
    """What is wrong with the difference between the two programs."""
    faulty, right = (mistake.function(version) for version in (Version.FAULTY, Version.REPAIRED))
    places = faults(mistake)
    if not places:
        return f"{faulty} and {right} are the same. Put one fault into {faulty}."
    if len(places) > 1 or places[0][1] > 1:
        listed = ", ".join(
            str(line) if count == 1 else f"{line} to {line + count - 1}" for line, count in places
        )
        return (
            f"{faulty} and {right} differ in more than one line: {listed} of {faulty}. Learners "
            "look for one faulty line: leave one fault, and write the other lines alike."
        )
    return "The grader accepts a line that is right, or rejects the faulty one."
