"""How screens are opened: lessons, trainings, exercises, the playground, chapters, help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.language import _
from engine.refusals import reason
from lessons.format.catalog import Catalog
from tui.background import hold, release
from tui.themes import ThemedApp

if TYPE_CHECKING:
    from engine.playground.points import Points
    from engine.playground.settings import Settings
    from lessons.format.document import Lesson


class ScreenOpener(ThemedApp[None]):
    """The part of the application that every screen may ask for another one.

    A screen is imported when it is first opened, so that the program starts quickly.
    """

    contents: Catalog
    """The chapters and lessons of the course."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._left_for: list[tuple[str, int]] = []
        """Where links were followed: lessons and steps, the latest last."""

    def follow(self, slug: str, from_slug: str, from_step: int) -> None:
        """Open a lesson that another one names, and remember the way back."""
        self._left_for.append((from_slug, from_step))
        self.open_lesson(slug)

    def return_from_link(self) -> None:
        """Go back to where the last link was followed."""
        if self._left_for:
            self.open_lesson(*self._left_for.pop())
        else:
            self.notify(_("There is nothing to return to: no link was followed."), markup=False)

    def open_lesson(self, slug: str, step: int | None = None) -> None:
        """Show a lesson over the contents, at `step` or where the learner left off."""
        from engine.errors import UserError
        from lessons.format.catalog import COURSE
        from lessons.proof.supervised import told_in
        from tui.screens.lesson import LessonScreen

        try:
            with told_in(self.contents.entry(slug).path or COURSE, streams=False):
                lesson = self.contents.load(slug)
        except UserError as error:
            self.notify(str(error), severity="error", timeout=12, markup=False)
            return
        while len(self.screen_stack) > 1:
            super().pop_screen()  # all of them, also where one of them asks for it
        hold(self)  # what it begins beside the screen may import PyTorch, and so delay it
        self.push_screen(LessonScreen(lesson, step))
        self.call_after_refresh(self.lesson_is_seen)

    def lesson_is_seen(self) -> None:
        """A lesson that was opened has been drawn: what waited for that begins."""
        release(self)

    def open_training(
        self, recipe: str, options: Mapping[str, str] | None = None, *, go_on: bool = False
    ) -> None:
        """Show the training screen of a recipe over the current one; `go_on` resumes it at once."""
        from tui.screens.training import TrainingScreen

        self.push_screen(TrainingScreen(recipe, options or {}, go_on=go_on))

    def open_playground(self, settings: Settings | None = None, read: Points | None = None) -> None:
        """Show the playground over the current screen; `read` are the points of a file."""
        from engine.errors import UserError
        from tui.screens.playground import PlaygroundScreen

        try:
            self.push_screen(PlaygroundScreen(settings, read))
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)

    def open_exercise(self, name: str) -> None:
        """Show an exercise over the current screen."""
        from lessons.exercises.catalog import find_exercise
        from tui.screens.exercise import ExerciseScreen

        try:
            self.push_screen(ExerciseScreen(find_exercise(name)))
        except OSError as error:
            told = _("Your file for the exercise cannot be created: {reason}.")
            self.notify(told.format(reason=reason(error)), severity="error", markup=False)

    def choose_exercise(self, lesson: Lesson | None = None) -> None:
        """Open an exercise of a lesson, or of the whole course; where there are several, ask."""
        from lessons.exercises.catalog import exercises, exercises_of
        from lessons.exercises.files import passed
        from tui.screens.choice import ChoiceScreen

        done = passed()
        found = exercises_of(lesson) if lesson else list(exercises().values())
        if not found:
            self.notify(
                _("This lesson has no exercise. ⟨x|home.exercises⟩ in the contents shows all."),
                markup=False,
            )
            return
        if len(found) == 1:
            self.open_exercise(found[0].name)
            return

        def chosen(name: str | None) -> None:
            if name is not None:
                self.open_exercise(name)

        rows = [
            (each.name, f"{'✓' if each.name in done else '○'} {each.text.title}") for each in found
        ]
        self.push_screen(ChoiceScreen(_("Write it yourself"), rows), chosen)

    def open_chapter(self, slug: str) -> None:
        """Show the progress in a chapter, over the current screen."""
        from tui.screens.chapter import ChapterScreen

        if isinstance(self.screen, ChapterScreen):
            self.screen.show(slug)
        else:
            self.push_screen(ChapterScreen(slug))

    def action_help(self) -> None:
        """Show the keys available here."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))
