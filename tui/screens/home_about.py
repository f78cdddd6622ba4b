"""What the contents say about the selected lesson: on a card, or in one line where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.widgets import Static

from engine.language import _, plural
from lessons.format.catalog import Chapter
from lessons.format.lesson_error import LessonError
from lessons.learner.progress import LessonProgress
from tui.background import after_refresh, in_background
from tui.screens.tutor_screen import TutorScreen
from tui.widgets.lesson_card import LessonCard, Standing

if TYPE_CHECKING:
    from lessons.format.document import Text
    from lessons.format.drawings import Drawing
    from tui.page.lines import Piece


class About:
    """Fills the card and the line of a screen."""

    def __init__(self, screen: TutorScreen) -> None:
        self._screen = screen
        self._slug: str | None = None
        self._pictures: dict[str, Drawing | None] = {}
        self._steps: dict[str, tuple[Text, ...]] = {}
        """The titles of the steps, by slug, of the lessons that were read for them."""

    def describe(self, slug: str | None, progress: LessonProgress, due: int) -> None:
        """Say what a lesson is about, how far the learner is, and what is `due`; None is none."""
        self._slug = slug
        card, about = self._card, self._screen.query_one("#about", Static)
        card.display = slug is not None  # or an empty frame would stand beside a search
        if slug is None:
            card.say("")
            about.update("")
            return
        contents = self._screen.tutor.contents
        try:
            lesson = contents.outline(slug)
        except LessonError as error:
            card.say(str(error))
            about.update(str(error))
            return
        step = progress.place(lesson.keys) if progress.opened else None
        next_up = () if step is None or progress.done else self._step_title(slug, step)
        standing = Standing(progress.done, step, next_up, due)
        titles = {need: contents.entry(need).title for need in lesson.needs}
        card.show(contents.entry(slug).title, lesson, self._chapter(slug), standing, titles)
        self._show_picture(slug, lesson.picture)
        self._show_steps(slug)
        parts = [
            plural("about {count} minute", "about {count} minutes", lesson.minutes),
            plural("{count} step", "{count} steps", len(lesson.keys)),
        ]
        line = " · ".join(parts)
        if lesson.needs:
            line = self._with_needs(line, list(titles.values()))
        about.update(line)

    def _with_needs(self, begun: str, titles: Sequence[str]) -> str:
        """The line about a lesson with those that it builds on, as many as there is room for."""
        for count in range(len(titles), 0, -1):
            named = [*titles[:count], *(["…"] if count < len(titles) else [])]
            line = f"{begun} · " + _("builds on {lessons}").format(lessons=", ".join(named))
            if cell_len(line) + 2 <= self._screen.size.width:
                break
        return line

    @property
    def _card(self) -> LessonCard:
        return self._screen.query_one(LessonCard)

    def _show_picture(self, slug: str, name: str) -> None:
        """Show the figure of a lesson on the card once it is made: its facts take a moment."""
        if not name or slug in self._pictures:
            self._card.picture(self._pictures.get(slug))
            return
        self._card.picture(None)

        def make() -> Drawing:
            from lessons.format.figures import drawing_of

            return drawing_of(slug, name)

        def made(drawing: Drawing | None) -> None:
            self._pictures[slug] = drawing
            if self._slug == slug:
                self._card.picture(drawing)

        def failed(_error: Exception) -> None:
            made(None)  # the lesson says what is wrong when it is opened

        # Later: what makes it loads NumPy, and would take from the first frame.
        screen = self._screen
        after_refresh(screen, lambda: in_background(screen, make, made, failed))

    def _show_steps(self, slug: str) -> None:
        """Name the steps of a lesson on a card that has room for them, once it is read."""
        if slug in self._steps or not self._card.names_steps:
            self._card.steps(self._steps.get(slug, ()))
            return
        self._card.steps(())
        contents = self._screen.tutor.contents

        def read() -> tuple[Text, ...]:
            return tuple(step.title for step in contents.load(slug).steps)

        def done(titles: tuple[Text, ...]) -> None:
            self._steps[slug] = titles
            if self._slug == slug:
                self._card.steps(titles)

        def failed(_error: Exception) -> None:
            done(())  # the lesson says what is wrong when it is opened

        screen = self._screen
        after_refresh(screen, lambda: in_background(screen, read, done, failed))

    def _step_title(self, slug: str, step: int) -> tuple[Piece, ...]:
        """The title of a step, which may hold formulas; empty where the lesson is broken."""
        from tui.page.lesson import heading_pieces

        try:
            contents = self._screen.tutor.contents
            return tuple(heading_pieces(contents.load(slug).steps[step].title))
        except LessonError:
            return ()

    def _chapter(self, slug: str) -> Chapter:
        contents = self._screen.tutor.contents
        wanted = contents.entry(slug).chapter
        return next(each for each in contents.chapters if each.slug == wanted)
