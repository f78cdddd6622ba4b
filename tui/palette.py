"""What the command palette offers beside Textual's own commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hits, SearchIcon
from textual.system_commands import SystemCommandsProvider

from engine.language import SETTING, VARIABLE, _, language, languages, name_of

if TYPE_CHECKING:
    from tui.app import TutorApp


_ABOVE = 5
"""Rows above the list: a margin, and the field with its border."""


class Palette(CommandPalette):
    """Textual's palette in the middle, for keys that come before its list is laid out as well."""

    DEFAULT_CSS = """
    Palette > Vertical {
        width: 88;
        max-width: 100%;
        margin-top: 2;
        background: $surface;
        &:dark { background: $surface; }
    }
    Palette #--input { border: round $primary; }
    Palette #--input.--list-visible { border-bottom: round $primary; }
    Palette SearchIcon { margin: 0 0 0 1; color: $accent; }
    Palette CommandInput, Palette CommandInput:focus { border: none; height: 1; }
    Palette CommandList, Palette CommandList:focus {
        border: round $primary;  /* where no ground sets it off from what is below */
        border-top: none;
        background: $surface;
        scrollbar-size-vertical: 1;
    }
    """

    def on_mount(self, event: events.Mount) -> None:
        """A sign that every font has, in the place of a picture.

        Nothing is done where the palette was left before it came up: Textual would ask for the
        screen below it, and there may be none any more.
        """
        if self not in self.app.screen_stack:
            event.prevent_default()
            return
        self.query_one(SearchIcon).icon = "❯"
        self.on_resize()

    def on_resize(self) -> None:
        """Some 70 percent of the screen for the list, without half an entry at its end.

        An entry has two rows, and below the list is a border.
        """
        height = self.app.size.height
        rows = height * 7 // 10
        if rows % 2 == 0:
            rows += 1 if _ABOVE + rows < height else -1
        for found in self.query(CommandList):
            found.styles.max_height = rows

    def _action_command_list(self, action: str) -> None:
        try:
            super()._action_command_list(action)
        except KeyError:  # paging asks where the options stand; they have no place yet
            self.call_after_refresh(super()._action_command_list, action)


class Offered(SystemCommandsProvider):
    """Offers the commands; before anything is typed, in their own order."""

    async def discover(self) -> Hits:
        """What belongs to the whole program comes first, then lessons."""
        for name, told, callback, discover in self.app.get_system_commands(self.screen):
            if discover:
                yield DiscoveryHit(name, callback, help=told)


def commands(app: TutorApp) -> Iterator[SystemCommand]:
    """What belongs to the whole program, every written lesson, chapter, exercise and recipe."""
    yield SystemCommand(_("Help"), _("Show the keys available here"), app.action_help)
    yield SystemCommand(_("Review old questions"), _("Those that are due today"), app.action_review)
    yield SystemCommand(
        _("Playground"), _("Train a small network on points, and watch it"), app.open_playground
    )
    yield SystemCommand(
        _("Theme"),
        _("Dark, light, high contrast, or the terminal's own colours"),
        app.action_change_theme,
    )
    yield SystemCommand(
        _("Formulas: plain or full signs"),
        _("For fonts that lack the pieces of tall sums and brackets"),
        app.toggle_signs,
    )
    for code in languages():
        if code != language():
            yield SystemCommand(
                _("Language: {language}").format(language=name_of(code)),
                _("From the next start of dltutor"),
                partial(choose_language, app, code),
            )
    yield SystemCommand(
        _("Screenshot"),
        _("Save a picture of the screen (SVG)"),
        # Not before the palette has gone.
        lambda: app.set_timer(0.1, app.deliver_screenshot),
    )
    yield SystemCommand(
        _("Quit"), _("Quit dltutor; asks first while a model is training"), app.action_request_quit
    )
    for entry in app.contents.entries():
        if entry.is_written:
            yield SystemCommand(
                _("Lesson: {title}").format(title=entry.title),
                entry.slug,
                partial(app.open_lesson, entry.slug),
            )
    for chapter in app.contents.chapters:
        yield SystemCommand(
            _("Chapter: {title}").format(title=chapter.title),
            _("What is done and what is shaky"),
            partial(app.open_chapter, chapter.slug),
        )
    from lessons.exercises.catalog import exercises

    for exercise in exercises().values():
        yield SystemCommand(
            _("Exercise: {title}").format(title=exercise.text.title),
            exercise.name,
            partial(app.open_exercise, exercise.name),
        )
    from engine.recipes.catalog import recipes
    from lessons.format.recipe_lessons import lesson_of

    for recipe in recipes():
        yield SystemCommand(
            _("Train: {title}").format(title=recipe.title),
            lesson_of(recipe.name, app.contents) or _("No lesson trains it yet"),
            partial(app.open_training, recipe.name),
        )


def choose_language(app: TutorApp, code: str) -> None:
    """Remember the language for the next start: texts that modules hold cannot change before."""
    app.progress.remember(SETTING, code)
    said = _("dltutor will use this language from the next start: {language}.")
    if os.environ.get(VARIABLE):
        said += " " + _("But ${variable} is set, and comes first.")
    app.notify(said.format(language=name_of(code), variable=VARIABLE), markup=False)
