"""Change the lines of a lesson's derivations, one mistake at a time; see what is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from zlib import crc32

from engine.formulas.bench import bench_for
from engine.formulas.mutants import Outcome, judge, mutants
from engine.formulas.statements import read_lines
from lessons.format.document import Derivation, Lesson
from lessons.format.scopes import notation_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A mutant of a derivation line, and whether it was noticed."""

    lesson: str
    derivation: str
    line: int
    """Counted from 1."""
    kind: str
    part: str
    """LaTeX of the changed part."""
    outcome: Outcome


def lesson_mutants(lesson: Lesson, share: float = 1.0, seed: int = 0) -> Iterator[Changed]:
    """Judge the mutants of all derivation lines, or a seeded share of them."""
    for place, step in enumerate(lesson.steps):
        for block in step.blocks:
            if isinstance(block, Derivation):
                yield from _derivation(lesson, place, block, share, seed)


def _derivation(
    lesson: Lesson, step: int, block: Derivation, share: float, seed: int
) -> Iterator[Changed]:
    notation = notation_of(lesson, step, block)
    lines = read_lines([line.latex for line in block.lines], notation)
    bench = bench_for(lines, notation, block.name)
    random = Random(crc32(f"{lesson.slug} {block.name} {seed}".encode()))
    for number, statements in enumerate(lines):
        for place, statement in enumerate(statements):
            for mutant in mutants(statement):
                if random.random() >= share:
                    continue
                outcome = judge(mutant, lines, number, place, bench)
                part = statement.latex[slice(*mutant.span)]
                yield Changed(lesson.slug, block.name, number + 1, mutant.kind, part, outcome)
