"""What the command palette offers beside Textual's own commands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

if TYPE_CHECKING:
    from tui.app import TutorApp


def commands(app: TutorApp) -> Iterator[SystemCommand]:
    """Every chapter, every written lesson, every recipe, and what belongs to the whole program."""
    yield SystemCommand(
        "Formulas: plain or full signs",
        "For fonts that lack the pieces of tall sums and brackets",
        app.toggle_signs,
    )
    yield SystemCommand("Review old questions", "Those that come back today", app.action_review)
    for chapter in app.contents.chapters:
        yield SystemCommand(
            f"Chapter: {chapter.title}",
            "What is done and what is shaky",
            partial(app.open_chapter, chapter.slug),
        )
    for entry in app.contents.entries():
        if entry.is_written:
            yield SystemCommand(
                f"Lesson: {entry.title}", entry.slug, partial(app.open_lesson, entry.slug)
            )
    from engine.recipes.catalog import recipes
    from lessons.format.recipe_lessons import lesson_of

    for recipe in recipes():
        yield SystemCommand(
            f"Train: {recipe.title}",
            lesson_of(recipe.name, app.contents) or "No lesson trains it yet",
            partial(app.open_training, recipe.name),
        )
