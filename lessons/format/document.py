"""A lesson as data: steps made of blocks, all of them frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from engine.formulas.notation import Notation
from lessons.format.drawings import Drawing
from lessons.format.lesson_error import LessonError as LessonError
from lessons.judge.evidence import Mistake
from lessons.judge.questions import Question


class Style(StrEnum):
    """How a piece of running text is meant."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    MATH = "math"
    """The text is LaTeX, to be drawn on one line."""
    NUMBER = "number"
    """The text is a computed number; `target` names its check."""
    CLAIM = "claim"
    """The text belongs to a sentence that a program shows to be true; `target` names it."""
    LESSON = "lesson"
    """The text points to the lesson whose slug is `target`."""
    KEY = "key"
    """The text is a key as the program comes with it; `target` is the id of its binding."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of running text in one style."""

    text: str
    style: Style = Style.PLAIN
    target: str = ""
    line: int = field(default=0, compare=False)
    """For maths: its line in the file, counted from 1; 0 outside of one."""
    compute: Callable[[], float] | None = field(default=None, compare=False)
    """For a number: what computes it."""


Text: TypeAlias = tuple[Span, ...]
"""Running text: the pieces of one paragraph, list item or table cell."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text with inline formulas, or a remark."""

    text: Text
    quoted: bool = False
    """Whether it is set off from the rest (a Markdown quote): a remark."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a step."""

    text: Text


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, numbered from `start` or with bullets where `start` is None."""

    items: tuple[Text, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a row of headings and rows of cells."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class DisplayMath:
    """A formula on lines of its own; `latex` has no dollar signs."""

    latex: str
    line: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing made from the numbers of the lesson."""

    kind: str
    name: str
    """Its name in FIGURES of the lesson."""
    drawing: Drawing = field(compare=False)
    options: tuple[tuple[str, float], ...] = ()
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Text that is shown as it stands: commands, a directory tree, lines that nothing runs."""

    text: str


@dataclass(frozen=True, slots=True)
class DerivationLine:
    """One line of a derivation and the reason why it follows."""

    latex: str
    reason: Text
    shapes: tuple[tuple[str, str], ...] = ()
    """Pairs of a factor (LaTeX) and its shape (LaTeX)."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Derivation:
    """Lines that follow from each other; line i is proved by check i of the derivation `name`."""

    name: str
    lines: tuple[DerivationLine, ...]
    notation: Notation | None = field(default=None, compare=False)
    """What its symbols stand for, where it has a notation of its own."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One row of a computation: a chain of equal sides, and what is done there."""

    latex: str
    reason: Text = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class WithNumbers:
    """What derivations show with letters, computed once in numbers before them."""

    names: tuple[str, ...]
    """The derivations that it prepares; their notation, that of the first, is used."""
    rows: tuple[NumberRow, ...]
    """The first one gives the values that all others are computed from."""


@dataclass(frozen=True, slots=True)
class Predict:
    """A question that the learner answers before going on; `name` is that of its check."""

    name: str
    prompt: tuple[Text, ...]
    """The paragraphs of the question."""
    question: Question = field(compare=False)
    slug: str = ""
    """Slug of the lesson: its numbers may stand in what is said about an answer."""
    later: bool = False
    """Whether it is a prediction that is not judged at once: a lab or a training shows what
    happens, and the step after it comes back to what the learner said."""


@dataclass(frozen=True, slots=True)
class FindMistake:
    """A faulty program whose faulty line the learner names; `name` is that of its mistake."""

    name: str
    prompt: tuple[Text, ...]
    """The paragraphs that say what the program is for, and what is odd about it."""
    mistake: Mistake = field(compare=False)
    slug: str = ""
    """Slug of the lesson."""


@dataclass(frozen=True, slots=True)
class Code:
    """Source that really runs, shown by name; `runs` where it can be run to see its output."""

    target: str
    """`package.module:name`."""
    runs: bool
    caption: Text = ()
    varies: bool = False
    """Whether the output depends on the machine, the data sets on it, or the time."""


@dataclass(frozen=True, slots=True)
class Lab:
    """An interactive lab, found by name, with the options of its fence."""

    name: str
    options: tuple[tuple[str, str], ...] = ()
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class Training:
    """A training that can be opened from the lesson."""

    recipe: str
    options: tuple[tuple[str, str], ...] = ()
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class WriteExercise:
    """A function that the learner writes; `name` is that of its exercise."""

    name: str
    caption: Text = ()


Block: TypeAlias = (
    Paragraph
    | Heading
    | ItemList
    | Table
    | DisplayMath
    | Figure
    | Listing
    | Derivation
    | WithNumbers
    | Predict
    | FindMistake
    | Code
    | Lab
    | Training
    | WriteExercise
)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a lesson."""

    title: Text
    key: str
    """Its name in the learner's progress; unique in its lesson, the same in every language."""
    blocks: tuple[Block, ...]
    line: int
    scopes: tuple[str, ...] = ()
    """For each block, the name of the scope that its formulas are read in, or empty."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a symbol of a lesson stands for."""

    latex: str
    shape: str
    """LaTeX, such as `S_l \\times 1`, or empty for a plain number."""
    meaning: Text


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as its file has it, read but not proved."""

    slug: str
    title: str
    minutes: int
    needs: tuple[str, ...]
    goals: tuple[str, ...]
    """What the learner can do after it, each as the end of a sentence: "You can …"."""
    steps: tuple[Step, ...]
    symbols: tuple[Symbol, ...]
    path: Path
    picture: str = ""
    """The name of the figure that stands for the lesson in the contents; empty for none."""

    @property
    def chapter(self) -> str:
        """The slug of its chapter: the part before the stroke."""
        return self.slug.partition("/")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its steps, in order."""
        return tuple(step.key for step in self.steps)


def plain_text(text: Text) -> str:
    """The characters of `text`, without styles; maths stays LaTeX."""
    return "".join(span.text for span in text)
