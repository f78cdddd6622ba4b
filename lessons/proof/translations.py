"""Whether a translated lesson says what the English one says, as far as that can be computed.

Steps, blocks, formulas, computed numbers, claims, links, code and the structure of questions must
be the same; only the prose may differ. Inside a sentence, formulas may change their order. What a
formula, number or answer states is proved by the ordinary checks, run on the translated file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from engine.refusals import reason
from lessons.format.catalog import Catalog, translated_titles
from lessons.proof.units import Step, Unit, UnreadableError, read_units


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a translation is not what the English lesson is."""

    lesson: str
    path: Path
    line: int
    """Counted from 1; 0 where the whole file is meant."""
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem} {self.mend}"


def differences(slug: str, english: Path, translated: Path) -> Iterator[Difference]:
    """Where two files of the lesson `slug` differ in more than prose, in the order of the lines."""
    yield from _Comparison(slug, english, translated).found()


def title_differences(course: Path, language: str) -> Iterator[Difference]:
    """Translated titles of chapters and lessons that the course does not have."""
    path = course / f"contents.{language}.yaml"
    known = {entry.slug for entry in Catalog(course).entries()}
    known |= {chapter.slug for chapter in Catalog(course).chapters}
    for slug in translated_titles(course, language):
        if slug not in known:
            name = slug.rpartition("/")[2]
            lines = path.read_text("utf-8").splitlines()
            line = next((n for n, line in enumerate(lines, 1) if name in line), 1)
            mend = "Write its slug as in contents.yaml, or take the line out."
            yield Difference(slug, path, line, f"The contents have no {slug!r}.", mend)


class _Comparison:
    """One pass over a lesson and its translation."""

    def __init__(self, slug: str, english: Path, translated: Path) -> None:
        self.slug, self.english, self.translated = slug, english, translated

    def found(self) -> Iterator[Difference]:
        """Where the translation differs from the English file, block by block in its order."""
        try:
            before = read_units(self.english)
        except (UnreadableError, OSError) as error:
            yield self.difference(
                0, f"{self.english.name} cannot be read ({reason(error)}).", "Fix that."
            )
            return
        try:
            after = read_units(self.translated)
        except UnreadableError as error:
            yield self.difference(error.line, error.problem, error.mend)
            return
        except OSError as error:
            yield self.difference(0, f"It cannot be read ({reason(error)}).", "Make it readable.")
            return
        if len(before) == len(after):
            pairs: list[tuple[Step | None, Step | None]] = list(zip(before, after, strict=True))
        else:
            pairs = list(_aligned_steps(before, after))
        last = 1
        for one, other in pairs:
            if other is None:
                assert one is not None, "one of the two is there"
                yield self.difference(
                    last,
                    f"The step “{one.title}” is missing ({self.at(one.line)}).",
                    "Translate it here: the translation needs the same steps in the same order.",
                )
            elif one is None:
                yield self.difference(
                    other.line,
                    f"The English lesson has no step like “{other.title}”.",
                    "Take it out, or write it into the English lesson, too.",
                )
            else:
                last = other.line
                yield from self.units(one.units, other.units, other.line)

    def units(
        self, before: Sequence[Unit], after: Sequence[Unit], line: int
    ) -> Iterator[Difference]:
        """The differences inside of a step that begins in a line."""
        keys = [unit.what for unit in before], [unit.what for unit in after]
        for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
            if tag == "equal":
                for one, other in zip(before[a:b], after[c:d], strict=True):
                    line = other.line
                    yield from self.pair(one, other)
                continue
            for unit in before[a:b]:
                yield self.difference(
                    after[c].line if c < len(after) else line,
                    f"Here is missing: {unit.what} ({self.at(unit.line)}).",
                    "Translate it, in the order of the English lesson.",
                )
            for unit in after[c:d]:
                yield self.difference(
                    unit.line,
                    f"The English lesson does not have this here: {unit.what}.",
                    "Take it out, or put it where the English lesson has it.",
                )

    def pair(self, one: Unit, other: Unit) -> Iterator[Difference]:
        """The differences between two counterparts."""
        if one.fixed != other.fixed:
            yield self.difference(
                other.line,
                f"{_capital(one.what)} is not that of the English lesson ({self.at(one.line)}): "
                f"{_shortened(other.fixed)!r} for {_shortened(one.fixed)!r}.",
                "Copy it from there.",
            )
        missing, extra = one.bound - other.bound, other.bound - one.bound
        typed = one.typed - other.typed, other.typed - one.typed
        if not all(typed):  # what is a digit in one language may be a word in the other
            missing, extra = missing - typed[0], extra - typed[1]
        if missing or extra:
            said = []
            if missing:
                said.append(f"is missing: {_listed(missing)}")
            if extra:
                said.append(f"is not in the English lesson: {_listed(extra)}")
            yield self.difference(
                other.line,
                f"In {one.what} {'; '.join(said)} ({self.at(one.line)}).",
                "Keep formulas, numbers, links and code as they are there.",
            )

    def at(self, line: int) -> str:
        """A place in the English file."""
        return f"{self.english.name}:{line}"

    def difference(self, line: int, problem: str, mend: str) -> Difference:
        """A difference in the translated file."""
        return Difference(self.slug, self.translated, line, problem, mend)


def _aligned_steps(
    before: Sequence[Step], after: Sequence[Step]
) -> Iterator[tuple[Step | None, Step | None]]:
    """Steps beside their counterparts, None where there is none."""
    keys = [step.signature for step in before], [step.signature for step in after]
    for _tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        both = min(b - a, d - c)
        yield from zip(before[a : a + both], after[c : c + both], strict=True)
        yield from ((step, None) for step in before[a + both : b])
        yield from ((None, step) for step in after[c + both : d])


def _listed(marks: Counter[str]) -> str:
    return ", ".join(map(_shortened, marks.elements()))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
