"""What a learner is asked about the line of a derivation: its reason, the line, or a factor of it.

Which lines are asked grows from round to round: one in three, two in three, all of them. What is
asked is drawn from the learner's seed, the derivation and the round, so that a round is the same
after a restart, and another one the next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from random import Random

from engine.formulas.bench import DRAWS
from engine.formulas.written import Edit, Gap, edits, enclosed, gaps
from lessons.derive.proving import ERRORS, Lines, last_side
from lessons.derive.reasons import Reason, reasons_of, wrong_reasons
from lessons.format.document import Derivation, Lesson, Style, Text, plain_text
from lessons.format.key_marks import key_mark
from lessons.format.scopes import notation_of
from lessons.judge.verdicts import as_text

LEVELS = 3
MOST_OPTIONS = 3
"""Lines to choose from, with the true one."""
_TYPED_LENGTH = 90
"""LaTeX characters of the longest line that is asked to be typed."""


class Kind(StrEnum):
    """What is asked about a line."""

    REASON = "reason"
    CHOOSE = "line"
    """The line is chosen among false ones."""
    TYPE = "typed"
    """The line is typed."""
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Task:
    """One question about a line."""

    line: int
    """Counted from 0."""
    kind: Kind
    options: tuple[str, ...] = ()
    """Markdown of what there is to choose from, in the order shown; empty where it is typed."""
    right: int = -1
    """The place of the right option."""
    kinds: tuple[str, ...] = ()
    """For each option the kind of mistake in it, or where its reason stands; empty for the right
    one."""
    gap: Gap | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether it is answered by choosing."""
        return bool(self.options)


@dataclass(frozen=True)
class Asked:
    """A derivation of a lesson that is asked in a round."""

    lesson: Lesson
    lines: Lines
    pool: tuple[Reason, ...]
    seed: str
    round: int
    """Counted from 0: the rounds that were finished before."""

    @property
    def block(self) -> Derivation:
        """The derivation that is asked, as the lesson has it."""
        return self.lines.block

    @property
    def level(self) -> int:
        """1, 2 or 3: how many of three lines are asked."""
        return min(self.round + 1, LEVELS)

    def random(self, *more: object) -> Random:
        """Chance that is the same for this learner, derivation and round."""
        words = (self.seed, self.lesson.slug, self.block.name, self.round, *more)
        digest = hashlib.sha256("|".join(map(str, words)).encode()).digest()
        return Random(int.from_bytes(digest[:8], "big"))

    @property
    def _own(self) -> str:
        """What tells this learner's derivation from others, in every round."""
        return f"{self.seed}|{self.lesson.slug}|{self.block.name}"

    def asked_lines(self) -> tuple[int, ...]:
        """The lines of this round, counted from 0."""
        places = list(range(len(self.block.lines)))
        Random(self._own).shuffle(places)
        return tuple(sorted(places[: ceil(len(places) * self.level / LEVELS)]))

    def tasks(self) -> tuple[Task, ...]:
        """One task for each line of this round that one can be made for; the kinds take turns."""
        found = []
        turn = Random(f"{self._own} turn").randrange(3) + self.round
        for line in self.asked_lines():
            kinds = self.kinds(line)
            for offset in range(len(kinds)):
                task = self.task(line, kinds[(turn + offset) % len(kinds)])
                if task is not None:
                    found.append(task)
                    break
            turn += 1
        return tuple(found)

    def kinds(self, line: int) -> tuple[Kind, ...]:
        """What can be asked about a line at this level."""
        typed = self.level > 1 and self.can_be_typed(line)
        return (Kind.REASON, Kind.TYPE if typed else Kind.CHOOSE, Kind.FACTOR)

    def can_be_typed(self, line: int) -> bool:
        """Whether a line is one chain of relations, and short enough."""
        latex = self.lines.latex(line)
        statements = self.lines.read[line]
        if len(latex) > _TYPED_LENGTH or r"\begin" in latex or last_side(statements) is None:
            return False
        return not statements[0].follows and len(statements[0].chains[0].relations) == 1

    def beginning(self, line: int) -> str:
        """What stands before the last side of a line: a left side, if it has one, and `=`."""
        side = self.lines.side(line)
        if side is None:
            return rf"{self.lines.latex(line).partition('=')[0]} ="
        return self.lines.latex(line)[: enclosed(self.lines.latex(line), side.span)[0]]

    def task(self, line: int, kind: Kind) -> Task | None:
        """A question of a kind about a line; None where none can be asked."""
        match kind:
            case Kind.REASON:
                return self._reason(line)
            case Kind.CHOOSE:
                return self._choose(line)
            case Kind.TYPE:
                return Task(line, kind) if self.can_be_typed(line) else None
            case Kind.FACTOR:
                return self._factor(line)

    def _reason(self, line: int) -> Task | None:
        own = self.block.lines[line]
        random = self.random(line, "reason")
        wrong = wrong_reasons(self.block, line, self.pool, random)
        if len(wrong) < 2 or not plain_text(own.reason).strip():
            return None
        options = [(markdown(own.reason), "")]
        options += [(markdown(each.text), _place_of(each, self.block)) for each in wrong]
        return _shuffled(Task(line, Kind.REASON), options, random)

    def _choose(self, line: int) -> Task | None:
        random = self.random(line, "choose")
        wrong: list[Edit] = []
        for edit in spread(self.changes(line), random):
            if len(wrong) == MOST_OPTIONS - 1:
                break
            known = {_unspaced(self.lines.latex(line)), *(_unspaced(e.latex) for e in wrong)}
            if _unspaced(edit.latex) not in known and self.lines.is_refused(line, edit.latex):
                wrong.append(edit)
        if not wrong:
            return None
        options = [(f"${self.lines.latex(line)}$", "")]
        options += [(f"${edit.latex.strip()}$", edit.kind) for edit in wrong]
        return _shuffled(Task(line, Kind.CHOOSE), options, random)

    def changes(self, line: int) -> list[Edit]:
        """Every written change of a line, whether it is wrong or not."""
        return [edit for statement in self.lines.read[line] for edit in edits(statement)]

    def _factor(self, line: int) -> Task | None:
        found = [gap for statement in self.lines.read[line] for gap in gaps(statement)]
        self.random(line, "factor").shuffle(found)
        for gap in sorted(found, key=lambda gap: gap.factor.strip().isdecimal()):
            if _is_in_cases(gap.factor):
                continue  # nobody would type part of a table of cases
            if self.fits(line, gap, gap.factor) and self.lines.is_refused(
                line, gap.filled(self.lines.latex(line), "1 + 2")
            ):
                return Task(line, Kind.FACTOR, gap=gap)
        return None

    def fits(self, line: int, gap: Gap, factor: str) -> bool:
        """Whether a line holds with a factor in its gap."""
        try:
            changed = self.lines.other(gap.filled(self.lines.latex(line), factor))
            return self.lines.proof(line, changed, DRAWS).ok
        except ERRORS:
            return False


def asked(lesson: Lesson, step: int, block: Derivation, seed: str, round_number: int) -> Asked:
    """A derivation in the step of a lesson (counted from 0), for a learner and a round."""
    lines = Lines(block, notation_of(lesson, step, block))
    return Asked(lesson, lines, tuple(reasons_of(lesson)), seed, round_number)


def _is_in_cases(latex: str) -> bool:
    return any(mark in latex for mark in ("&", r"\begin", r"\end", r"\\"))


def spread(changes: Sequence[Edit], random: Random) -> list[Edit]:
    """Changes in a seeded order, in which each kind comes once before any comes again."""
    by_kind: dict[str, list[Edit]] = {}
    for edit in changes:
        by_kind.setdefault(edit.kind, []).append(edit)
    for each in by_kind.values():
        random.shuffle(each)
    kinds = list(by_kind)
    random.shuffle(kinds)
    longest = max(map(len, by_kind.values()), default=0)
    return [by_kind[kind][n] for n in range(longest) for kind in kinds if n < len(by_kind[kind])]


_MARKS = {Style.MATH: "$", Style.CODE: "`"}


def markdown(text: Text) -> str:
    """Running text as Markdown with inline maths."""
    return "".join(
        key_mark(span.text, span.target)
        if span.style is Style.KEY
        else f"{_MARKS[span.style]}{span.text.strip()}{_MARKS[span.style]}"
        if span.style in _MARKS
        else as_text(span.text)
        for span in text
    )


def _place_of(reason: Reason, block: Derivation) -> str:
    return f"{reason.line}" if reason.derivation == block.name else f"${reason.latex}$"


def _shuffled(task: Task, options: list[tuple[str, str]], random: Random) -> Task:
    order = list(range(len(options)))
    random.shuffle(order)
    return Task(
        task.line,
        task.kind,
        tuple(options[place][0] for place in order),
        order.index(0),
        tuple(options[place][1] for place in order),
    )


def _unspaced(latex: str) -> str:
    return latex.replace(" ", "").replace(r"\,", "")
