"""A whole lesson as lines of text; interactive parts are described in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.language import _, plural
from engine.recipes.catalog import find_recipe
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
    Table,
    Text,
    WithNumbers,
    WriteExercise,
)
from tui.page import blocks
from tui.page.derivation import derivation
from tui.page.lines import Ink, InkLine, Piece, plain, wrap
from tui.page.mistake import mistake_lines
from tui.page.number_rows import number_rows
from tui.page.predict import question
from tui.page.prose import pieces


def lesson_lines(
    lesson: Lesson,
    width: int,
    draw: Callable[[Block, int], list[InkLine]] | None = None,
) -> Iterator[InkLine]:
    """The lines of a lesson, none wider than `width`; blocks are drawn by `block_lines`."""
    draw = draw or block_lines
    yield from wrap([(lesson.title, Ink.HEADING)], width)
    yield plain("═" * width, Ink.QUIET)
    about = " · ".join([lesson.slug, *about_parts(lesson)])
    yield from wrap([(about, Ink.QUIET)], width)
    for number, step in enumerate(lesson.steps, start=1):
        yield ()
        count: Piece = (f"{number}/{len(lesson.steps)} ", Ink.QUIET)
        yield from wrap([count, *heading_pieces(step.title)], width)
        yield plain("─" * width, Ink.QUIET)
        for place, block in enumerate(step.blocks):
            if place:
                yield ()
            yield from draw(block, width)


def about_parts(lesson: Lesson) -> list[str]:
    """How long a lesson takes, and the lessons it builds on."""
    parts = [plural("about {count} minute", "about {count} minutes", lesson.minutes)]
    if lesson.needs:
        parts.append(_("builds on {lessons}").format(lessons=", ".join(lesson.needs)))
    return parts


def heading_pieces(text: Text) -> list[Piece]:
    """Running text as a heading."""
    return [(part, Ink.HEADING if ink is Ink.PLAIN else ink) for part, ink in pieces(text)]


def block_lines(block: Block, width: int) -> list[InkLine]:
    """One block as lines, for plain text."""
    match block:
        case Paragraph():
            return blocks.paragraph(block, width)
        case Heading():
            return blocks.heading(block, width)
        case ItemList():
            return blocks.item_list(block, width)
        case Table():
            return blocks.table(block, width)
        case DisplayMath():
            return blocks.display_math(block, width)
        case Figure():
            return blocks.figure(block, width)
        case Listing():
            return blocks.listing(block, width)
        case Derivation():
            return derivation(block, width)
        case WithNumbers():
            return number_rows(block, width)
        case Predict():
            return question(block, width)
        case FindMistake():
            return mistake_lines(block, width)
        case Code():
            lines = _caption(block.caption, width)
            return [*lines, *blocks.source(block.target, width)]
        case Lab():
            lines = _caption(block.caption, width)
            note = _("[ lab {name}: open the lesson to use it ]").format(name=block.name)
            return [*lines, plain(note, Ink.QUIET)]
        case WriteExercise():
            lines = _caption(block.caption, width)
            exercise = find_exercise(block.name)
            note = _("[ write it yourself: {title}; {command} ]").format(
                title=exercise.text.title, command=f"dltutor exercise start {block.name}"
            )
            return [*lines, *wrap([(note, Ink.QUIET)], width)]
        case _:
            title = find_recipe(block.recipe).title
            given = "".join(f" --{name.replace('_', '-')} {value}" for name, value in block.options)
            lines = _caption(block.caption, width)
            note = _("[ training: {title}; or: {command} ]").format(
                title=title, command=f"dltutor train {block.recipe}{given}"
            )
            return [*lines, *wrap([(note, Ink.QUIET)], width)]


def _caption(text: Text, width: int) -> list[InkLine]:
    return wrap(pieces(text), width) if text else []
