"""What a mistake is: a faulty program beside a right one, and what running them shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeAlias

from engine.field_types import misfit
from lessons.format.lesson_error import LessonError
from lessons.judge.kinds import kind_of

Program: TypeAlias = Callable[..., Any]
"""One of the two programs, found by name: only its evidence knows what it takes and returns."""


class Version(StrEnum):
    """Which of the two programs."""

    FAULTY = "faulty"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a run shows: a shape, a number, how it ended."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What a run draws, point by point; values that are not finite leave gaps."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    x_label: str
    y_label: str
    x_limits: tuple[float, float] | None = None
    """What the axis spans; by default all of `xs`, even where a value cannot be drawn."""
    y_limits: tuple[float, float] | None = None
    """What the axis spans; by default what the values do."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The number that tells the two programs apart: at most `bound` where the program is right."""

    label: str
    value: float
    bound: float

    @property
    def ok(self) -> bool:
        """Whether the program is right by this measure; nan is not."""
        return self.value <= self.bound


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is seen of one run."""

    measure: Measure
    facts: tuple[Fact, ...] = ()
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class MistakeValues:
    """The two programs of a mistake, `faulty_NAME` beside `NAME`, and what running them shows."""

    program: str
    """NAME."""
    evidence: Callable[[Program], Evidence]
    """Runs one of the programs and looks at it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two programs that differ in the faulty line, and what is said about it."""

    name: str
    """The id of the slip."""
    title: str
    """What the slip is called."""
    module: str
    """The module that holds both programs."""
    program: str
    """The name of the right one; the faulty one is called `faulty_` before it."""
    explanation: str
    """What the faulty line does, and what the right one does. Markdown with inline maths."""
    feedback: Mapping[str, str] = field(default_factory=dict)
    """For lines that are right: a piece of the line, and what the line does right."""
    hints: tuple[str, ...] = ()
    """One more after each wrong answer, from the symptom to the place."""

    def function(self, version: Version) -> str:
        """The name of one of the functions."""
        return f"faulty_{self.program}" if version is Version.FAULTY else self.program

    def target(self, version: Version) -> str:
        """`package.module:function` of one of the programs."""
        return f"{self.module}:{self.function(version)}"


@lru_cache(maxsize=128)
def _evidence(name: str, module: str, function: str) -> Evidence:
    loaded = import_module(module)
    values: MistakeValues = loaded.MISTAKES[name]
    code = getattr(values.evidence, "__code__", None)
    path, line = (code.co_filename, code.co_firstlineno) if code else (loaded.__file__, 1)
    mend = "Return Evidence(Measure(…), facts)."
    try:
        found: object = values.evidence(getattr(loaded, function))
    except TypeError as error:
        if error.__traceback__ is None or error.__traceback__.tb_next is not None:
            raise  # one of its lines has run: the error has a line of its own
        problem = f"What measures {name!r} cannot be called: {error}."
        mend = "Write a function that takes one of the two programs."
        raise LessonError(str(path), line, problem, mend) from None
    if not isinstance(found, Evidence):
        problem = f"What is measured for {name!r} is {kind_of(found)}, and not an Evidence."
        raise LessonError(str(path), line, problem, mend)
    if problem := misfit(found):
        raise LessonError(str(path), line, f"What is measured for {name!r} is wrong.", problem)
    return found


def evidence_of(mistake: Mistake, version: Version) -> Evidence:
    """Run one of the two programs and look at it; each runs once, as it is seeded."""
    return _evidence(mistake.name, mistake.module, mistake.function(version))


def curve_of(values: Sequence[float], x_label: str, y_label: str) -> Curve:
    """A curve over 0, 1, 2, …: losses, one an update."""
    xs = tuple(float(place) for place in range(len(values)))
    return Curve(xs, tuple(float(value) for value in values), x_label, y_label)


def numbers(values: Iterable[float], digits: int = 6) -> str:
    """Numbers as facts show them, `digits` significant ones each: `0.25  −1.5e−8`."""
    written = "  ".join(f"{float(value):.{digits}g}" for value in values)
    return re.sub(r"e([+-])0*", r"e\1", written).replace("-", "−").replace("e+", "e")


def shape(values: object) -> str:
    """The shape of an array or tensor: `(2, 3)`."""
    return str(tuple(getattr(values, "shape", ())))
