"""What the formulas of a lesson speak of: the facts module beside it, found by its slug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from engine.formulas.notation import Notation
from lessons.document import Block, Derivation, FindMistake, Lesson, Predict


@dataclass(frozen=True)
class Facts:
    """The notation of a lesson, and that of the places where symbols have other values."""

    notation: Notation
    scopes: Mapping[str, Notation] = field(default_factory=dict)
    """By the name of a derivation, a question, a mistake, or of a `scope` fence."""

    def scope(self, *names: str) -> Notation:
        """The notation of the first name that has one of its own; else the lesson's."""
        for name in names:
            if name in self.scopes:
                return self.scopes[name]
        return self.notation


def module_of(slug: str) -> str:
    """The module with the facts of a lesson: `lessons.course.CHAPTER.LESSON.facts`."""
    chapter, _, lesson = slug.replace("-", "_").partition("/")
    return f"lessons.course.{chapter}.{lesson}.facts"


@lru_cache(maxsize=64)
def facts_of(slug: str) -> Facts | None:
    """The facts of a lesson; None where it has none."""
    name = module_of(slug)
    package = name.rpartition(".")[0]
    for part in (package.rpartition(".")[0], package, name):
        if find_spec(part) is None:
            return None
    module = import_module(name)
    return Facts(module.NOTATION, getattr(module, "SCOPES", {}))


def notation_of(lesson: Lesson, step: int, block: Block) -> Notation:
    """What the formulas of a block speak of; `step` counts from 0.

    A derivation, question or mistake may have a scope of its own name; else it has that of the
    place where it stands, and else that of the lesson.
    """
    facts = facts_of(lesson.slug)
    if facts is None:
        return Notation()
    found = lesson.steps[step]
    names = [block.name] if isinstance(block, Derivation | Predict | FindMistake) else []
    if block in found.blocks and found.scopes:
        names.append(found.scopes[found.blocks.index(block)])
    return facts.scope(*names)
