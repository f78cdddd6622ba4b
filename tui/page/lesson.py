"""A whole lesson as lines of text; what the screens bring to life is said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.recipes.catalog import find_recipe
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
    Paragraph,
    Predict,
    Table,
    Text,
)
from tui.page import blocks
from tui.page.derivation import derivation
from tui.page.lines import Ink, InkLine, Piece, plain, wrap
from tui.page.mistake import mistake_lines
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
    about = f"{lesson.slug} · about {lesson.minutes} minutes"
    if lesson.needs:
        about += f" · builds on {', '.join(lesson.needs)}"
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


def heading_pieces(text: Text) -> list[Piece]:
    """Running text as a heading."""
    return [(part, Ink.HEADING if ink is Ink.PLAIN else ink) for part, ink in pieces(text)]


def block_lines(block: Block, width: int) -> list[InkLine]:
    """One block as lines, as plain text shows it."""
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
        case Derivation():
            return derivation(block, width)
        case Predict():
            return question(block, width)
        case FindMistake():
            return mistake_lines(block, width)
        case Code():
            lines = _caption(block.caption, width)
            return [*lines, *blocks.source(block.target, width)]
        case Lab():
            lines = _caption(block.caption, width)
            return [*lines, plain(f"[ lab {block.name}: open the lesson to work it ]", Ink.QUIET)]
        case _:
            title = find_recipe(block.recipe).title
            given = "".join(f" --{name.replace('_', '-')} {value}" for name, value in block.options)
            lines = _caption(block.caption, width)
            return [
                *lines,
                *wrap(
                    [
                        (
                            f"[ training: {title}; or: dltutor train {block.recipe}{given} ]",
                            Ink.QUIET,
                        )
                    ],
                    width,
                ),
            ]


def _caption(text: Text, width: int) -> list[InkLine]:
    return wrap(pieces(text), width) if text else []
