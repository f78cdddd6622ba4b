"""The notation that applies to the formulas of a block."""

from __future__ import annotations

from engine.formulas.notation import Notation
from lessons.format.document import Block, Derivation, FindMistake, Lesson, Predict, WithNumbers
from lessons.format.facts import facts_of


def notation_of(lesson: Lesson, step: int, block: Block) -> Notation:
    """The notation for the formulas of a block; `step` counts from 0.

    A derivation, question or mistake uses the scope that has its name, if there is one; a block of
    numbers that of the derivation it prepares, or NAME/numbers. Otherwise the scope at this point
    of the step applies, or else the notation of the lesson.
    """
    found = lesson.steps[step]
    names = [block.name] if isinstance(block, Derivation | Predict | FindMistake) else []
    if isinstance(block, WithNumbers):
        names += [f"{block.names[0]}/numbers", block.names[0]]
    if block in found.blocks and found.scopes:
        names.append(found.scopes[found.blocks.index(block)])
    return facts_of(lesson.slug).scope(*names)
