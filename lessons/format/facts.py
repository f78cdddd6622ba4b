"""The facts of a lesson: its notation, numbers and answers, in the module beside its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from engine.formulas.notation import Notation
from lessons.judge.evidence import MistakeValues
from lessons.judge.values import Number, QuestionValues, ways


@dataclass(frozen=True)
class Facts:
    """What the text of a lesson speaks of; all names are local to the lesson."""

    notation: Notation
    scopes: Mapping[str, Notation] = field(default_factory=dict)
    """By the name of a derivation, a question, a mistake, or of a `scope` fence."""
    numbers: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    """What computes the numbers that the text names."""
    questions: Mapping[str, QuestionValues] = field(default_factory=dict)
    mistakes: Mapping[str, MistakeValues] = field(default_factory=dict)

    def scope(self, *names: str) -> Notation:
        """The notation of the first name that has one of its own; else the lesson's."""
        for name in names:
            if name in self.scopes:
                return self.scopes[name]
        return self.notation

    def number(self, name: str) -> Callable[[], float] | None:
        """What computes the number that a text names; None where nothing does.

        A question's name stands for its answer, `question/slip` for what the slip leads to.
        """
        if name in self.numbers:
            return self.numbers[name]
        question, _, slip = name.partition("/")
        values = self.questions.get(question)
        if not isinstance(values, Number):
            return None
        if not slip:
            return values.answer
        return ways(values.slips[slip])[0] if slip in values.slips else None


def package_of(slug: str) -> str:
    """The package of a lesson: `lessons.course.CHAPTER.LESSON`."""
    chapter, _, lesson = slug.replace("-", "_").partition("/")
    return f"lessons.course.{chapter}.{lesson}"


@lru_cache(maxsize=64)
def facts_of(slug: str) -> Facts:
    """The facts of a lesson; without a module they are empty."""
    module = _module(slug, "facts")
    mistakes = _module(slug, "mistakes")
    return Facts(
        notation=getattr(module, "NOTATION", None) or Notation(),
        scopes=getattr(module, "SCOPES", {}),
        numbers=getattr(module, "NUMBERS", {}),
        questions=getattr(module, "QUESTIONS", {}),
        mistakes=getattr(mistakes, "MISTAKES", {}),
    )


def _module(slug: str, name: str) -> ModuleType | None:
    package = package_of(slug)
    if "/" not in slug:
        return None
    for part in (package.rpartition(".")[0], package, f"{package}.{name}"):
        if find_spec(part) is None:
            return None
    return import_module(f"{package}.{name}")
