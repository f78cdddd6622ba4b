"""Where the two programs of a mistake differ, found by comparing their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from lessons.format.source import load_source
from lessons.judge.evidence import Mistake, Version


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of the comparison: `sign` is `−` where only the faulty program has it, `+` where
    only the right one has it, else a blank."""

    sign: str
    number: int
    """Counted from 1 within its own program."""
    text: str


def source_lines(mistake: Mistake, version: Version) -> tuple[str, ...]:
    """The lines of one program."""
    text = load_source(mistake.target(version)).text
    # Both are shown under one name, so that only the faulty line differs.
    return tuple(text.replace("def faulty_", "def ", 1).splitlines())


def _operations(faulty: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[int, int, int, int]]:
    """What is replaced: lines from … to of the faulty program by lines from … to of the right."""
    matcher = SequenceMatcher(None, faulty, right, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def faulty_lines(mistake: Mistake) -> frozenset[int]:
    """The numbers, from 1, of the lines that answer the question.

    They are the lines that the right program does not have. Where it has the same line at another
    place, the lines that it moved across answer as well: what is wrong is their order. Where the
    right program only adds a line, both neighbours of the gap answer.
    """
    faulty = source_lines(mistake, Version.FAULTY)
    right = source_lines(mistake, Version.REPAIRED)
    operations = _operations(faulty, right)
    gone = {at for first, last, _, _ in operations for at in range(first, last)}
    if not gone:
        gaps = [first for first, *_ in operations]
        return frozenset(number for gap in gaps for number in (gap, gap + 1))
    added = {right[at]: first for first, _, c, d in operations for at in range(c, d)}
    found = set(gone)
    for at in gone:
        if faulty[at] in added:
            place = added[faulty[at]]
            found.update(range(min(at, place), max(at + 1, place)))
    return frozenset(at + 1 for at in found)


def faults(mistake: Mistake) -> list[tuple[int, int]]:
    """The places in which the programs differ: the first line, from 1, and how many lines.

    A missing line counts as one, and so does a line that stands in another place, or one step
    further in.
    """
    faulty = source_lines(mistake, Version.FAULTY)
    right = source_lines(mistake, Version.REPAIRED)
    operations = _operations(faulty, right)
    if len(operations) == 2:
        gone = [faulty[at].strip() for a, b, _, _ in operations for at in range(a, b)]
        come = [right[at].strip() for _, _, c, d in operations for at in range(c, d)]
        if len(gone) == 1 and gone == come:
            return [(a + 1, 1) for a, b, _, _ in operations if b > a]
    return [(a + 1, max(1, b - a)) for a, b, _, _ in operations]


def compared(mistake: Mistake) -> Iterator[ChangedLine]:
    """Both programs as one text: what goes (−) before what comes in its place (+)."""
    faulty = source_lines(mistake, Version.FAULTY)
    right = source_lines(mistake, Version.REPAIRED)
    at = there = 0
    for first, last, new_first, new_last in _operations(faulty, right):
        while at < first:
            yield ChangedLine(" ", at + 1, faulty[at])
            at, there = at + 1, there + 1
        for number in range(first, last):
            yield ChangedLine("−", number + 1, faulty[number])
        for number in range(new_first, new_last):
            yield ChangedLine("+", number + 1, right[number])
        at, there = last, new_last
    for number in range(at, len(faulty)):
        yield ChangedLine(" ", number + 1, faulty[number])
