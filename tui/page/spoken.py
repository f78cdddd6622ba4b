"""A lesson in words on single lines: for screen readers, Braille displays and pipes.

No formula is drawn over several rows, no table has boxes, and no colour or place says anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from engine.language import _
from lessons.exercises.catalog import find_exercise
from lessons.format.document import (
    Block,
    Code,
    Derivation,
    DisplayMath,
    Figure,
    FindMistake,
    Heading,
    ItemList,
    Lab,
    Lesson,
    Listing,
    Paragraph,
    Predict,
    Style,
    Table,
    Text,
    Training,
    WithNumbers,
    WriteExercise,
)
from lessons.format.parser import running_text
from lessons.format.source import load_source
from lessons.judge.evidence import Version
from lessons.judge.lines import source_lines
from lessons.judge.questions import ChoiceQuestion, FillQuestion, OrderQuestion
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict
from tui.figures.registry import words as figure_words
from tui.math import inline, line_text
from tui.page.lines import GLUE
from tui.page.prose import pieces


class Formulas(StrEnum):
    """How formulas are written."""

    LINE = "line"
    """On one line, with the signs of mathematics: `∂E/∂w₁`."""
    LATEX = "latex"
    """As LaTeX: `\\frac{\\partial E}{\\partial w_1}`."""


LEADS = {
    Verdict.RIGHT: _("Right."),
    Verdict.SLIP: _("Not yet."),
    Verdict.WRONG: _("Not yet."),
    Verdict.UNREADABLE: _("I cannot read that."),
    Verdict.SHOWN: _("Shown."),
    Verdict.SKIPPED: _("Skipped."),
    Verdict.NOTED: _("Noted."),
}


def maths(latex: str, how: Formulas) -> str:
    """A formula on one line."""
    return latex.strip() if how is Formulas.LATEX else line_text(inline(latex)).strip()


def words(text: Text, how: Formulas) -> str:
    """Running text on one line."""
    found = []
    for span in text:
        if span.style is Style.MATH and how is Formulas.LATEX:
            found.append(f"${span.text}$")
        else:
            found.extend(part for part, _ink in pieces((span,)))
    return " ".join("".join(found).replace(GLUE, " ").split())


def said(markdown: str, slug: str, how: Formulas) -> str:
    """A text that stands outside of a lesson, such as feedback, on one line."""
    return words(running_text(markdown, slug), how)


def block_words(block: Block, how: Formulas) -> Iterator[str]:
    """A block as lines of words."""
    match block:
        case Paragraph() | Heading():
            yield words(block.text, how)
        case ItemList():
            for place, item in enumerate(block.items):
                mark = "-" if block.start is None else f"{block.start + place}."
                yield f"{mark} {words(item, how)}"
        case Table():
            heads = [words(cell, how) for cell in block.header]
            for row in block.rows:
                cells = [words(cell, how) for cell in row]
                yield "; ".join(f"{h}: {c}" if h else c for h, c in zip(heads, cells, strict=True))
        case DisplayMath():
            yield maths(block.latex, how)
        case Derivation():
            for number, line in enumerate(block.lines, start=1):
                why = words(line.reason, how)
                yield f"{number}. {maths(line.latex, how)}" + (f" ({why})" if why else "")
        case WithNumbers():
            yield _("With numbers")
            for computed in block.rows:
                why = words(computed.reason, how)
                yield maths(computed.latex, how) + (f" ({why})" if why else "")
        case Code():
            if block.caption:
                yield words(block.caption, how)
            yield from load_source(block.target).text.rstrip("\n").split("\n")
        case Predict() | FindMistake():
            yield from question_words(block, how)
        case Lab() | Training():
            if block.caption:
                yield words(block.caption, how)
            yield _("There is a lab or a training here: the screens show it.")
        case WriteExercise():
            if block.caption:
                yield words(block.caption, how)
            yield _("Write it yourself: {title}. Begin with {command}").format(
                title=find_exercise(block.name).text.title,
                command=f"dltutor exercise start {block.name}",
            )
        case Figure():
            yield _("Figure. {words}").format(
                words=figure_words(block.drawing, dict(block.options))
            )
            if block.caption:
                yield words(block.caption, how)
        case Listing():
            yield from block.text.split("\n")


def question_words(
    block: Predict | FindMistake, how: Formulas, order: Sequence[int] = ()
) -> Iterator[str]:
    """A question: its text, then what there is to choose from, by letter or by number of line.

    `order` holds the index of the option at each place; by default that of the file.
    """
    for text in block.prompt:
        yield words(text, how)
    if isinstance(block, FindMistake):
        for number, line in enumerate(source_lines(block.mistake, Version.FAULTY), start=1):
            yield f"{number:>2} {line}"
        return
    question, slug = block.question, block.slug
    offered: list[str] = []
    match question:
        case ChoiceQuestion(options):
            shown = order or range(len(options))
            offered = [said(options[place].text, slug, how) for place in shown]
        case OrderQuestion(items):
            offered = [said(items[place], slug, how) for place in question.shown()]
        case FillQuestion():
            yield maths(question.formula, how)
            shown = order or range(len(question.factors))
            offered = [maths(question.factors[place].latex, how) for place in shown]
    for letter, option in zip(LETTERS, offered, strict=False):
        yield f"{letter}) {option}"


def diagnosis_words(diagnosis: Diagnosis, slug: str, how: Formulas) -> Iterator[str]:
    """What is said about an answer."""
    lead = LEADS[diagnosis.verdict]
    if diagnosis.slip:
        lead = _("Not yet: {slip}.").format(slip=diagnosis.slip_name)
    yield f"{lead} {said(diagnosis.message, slug, how)}"
    if diagnosis.line and diagnosis.right:
        yield _("With the slip: {line}").format(line=maths(diagnosis.line, how))
        yield _("As it should be: {line}").format(line=maths(diagnosis.right, how))


def numbers_markdown(block: WithNumbers) -> str:
    """The rows of a block of numbers as LaTeX, with their reasons."""
    found = []
    for row in block.rows:
        why = words(row.reason, Formulas.LATEX)
        found.append(f"$${row.latex}$$" + (f" ({why})" if why else ""))
    return "\n".join(found)


def step_markdown(lesson: Lesson, step: int) -> str:
    """A step as Markdown: words, formulas as LaTeX, code in fences; numbers are computed."""
    how = Formulas.LATEX
    parts = [f"## {words(lesson.steps[step].title, how)}"]
    for block in lesson.steps[step].blocks:
        match block:
            case DisplayMath():
                parts.append(f"$${block.latex.strip()}$$")
            case Derivation():
                rows = [f"$${line.latex}$$ ({words(line.reason, how)})" for line in block.lines]
                parts.append("\n".join(rows))
            case WithNumbers():
                parts.append(numbers_markdown(block))
            case Code():
                source = load_source(block.target).text.rstrip("\n")
                parts.append(f"```python\n{source}\n```")
            case Listing():
                parts.append(f"```\n{block.text}\n```")
            case _:
                parts.append("\n".join(block_words(block, how)))
    return "\n\n".join(parts)
