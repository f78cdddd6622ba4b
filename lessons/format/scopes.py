"""Which notation the formulas of a block are read with."""

from __future__ import annotations

from engine.formulas.notation import Notation
from lessons.format.document import Block, Derivation, FindMistake, Lesson, Predict
from lessons.format.facts import facts_of


def notation_of(lesson: Lesson, step: int, block: Block) -> Notation:
    """What the formulas of a block speak of; `step` counts from 0.

    A derivation, question or mistake may have a scope of its own name; else it has that of the
    place where it stands, and else that of the lesson.
    """
    found = lesson.steps[step]
    names = [block.name] if isinstance(block, Derivation | Predict | FindMistake) else []
    if block in found.blocks and found.scopes:
        names.append(found.scopes[found.blocks.index(block)])
    return facts_of(lesson.slug).scope(*names)
