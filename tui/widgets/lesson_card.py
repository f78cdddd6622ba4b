"""A card about one lesson: what it teaches, how long it takes, how far the learner is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.message import Message

from engine.language import _, plural
from lessons.format.catalog import Chapter
from lessons.format.outline import Outline
from tui.figures.registry import draw
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, Piece, line_width, plain, wrap
from tui.widgets.bars import progress_bar
from tui.widgets.side_card import SideCard

if TYPE_CHECKING:
    from lessons.format.document import Text
    from lessons.format.drawings import Drawing

_BAR = 24
PICTURE = (38, 8)
"""Columns and rows of a picture at most."""
LARGE_PICTURE = (64, 14)
"""The same on a screen of at least `TALL` rows."""
TALL = 50


_FRAME = 4
"""Rows of the frame of a card, and of the air in it."""


class Standing(NamedTuple):
    """How far the learner is with a lesson."""

    done: bool = False
    step: int | None = None
    """Where to go on, counted from 0; None if the lesson was never opened."""
    next_up: tuple[Piece, ...] = ()
    """The title of that step."""
    due: int = 0
    """Questions that wait for a review."""


class LessonCard(SideCard):
    """Says what a lesson is about and where to go on; a click opens it."""

    FILLS = True

    class Chosen(Message):
        """The card was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Outline | None = None
        self._title = ""
        self._chapter: Chapter | None = None
        self._standing = Standing()
        self._titles: dict[str, str] = {}
        self._trouble = ""
        self._picture: Drawing | None = None
        self._steps: Sequence[Text] = ()
        self._room = PICTURE
        """The columns and rows that the picture was last given."""

    def picture(self, drawing: Drawing | None) -> None:
        """Show a small drawing above the goals, or none."""
        if drawing is not self._picture:
            self._picture = drawing
            self.relay()

    @property
    def names_steps(self) -> bool:
        """Whether the screen is so tall that the titles of the steps may have room."""
        return self.screen.size.height >= TALL

    def steps(self, titles: Sequence[Text]) -> None:
        """Name the steps of the lesson below the rest, where all of them have room."""
        if titles != self._steps:
            self._steps = titles
            self.relay()

    def show(
        self,
        title: str,
        lesson: Outline,
        chapter: Chapter,
        standing: Standing,
        titles: dict[str, str],
    ) -> None:
        """Show a lesson; `titles` are those of the lessons it builds on, by slug."""
        self._title, self._lesson, self._chapter = title, lesson, chapter
        self._standing, self._titles, self._trouble = standing, titles, ""
        self.border_title = f"{chapter.number}  {chapter.title}"
        self.relay()

    def say(self, trouble: str) -> None:
        """Say why there is nothing to show."""
        self._lesson, self._trouble = None, trouble
        self.border_title = ""
        self.relay()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the picture anew where the screen now lets it be larger, or no longer does."""
        if self._picture is not None and self._room != self._most:
            self.relay()

    @property
    def _most(self) -> tuple[int, int]:
        return LARGE_PICTURE if self.screen.size.height >= TALL else PICTURE

    def on_click(self, event: events.Click) -> None:
        """Open the lesson."""
        event.stop()
        if self._lesson is not None:
            self.post_message(self.Chosen())

    def lines(self, width: int) -> list[InkLine]:
        if self._lesson is None:
            return wrap([(self._trouble, Ink.PLAIN)], width)
        lesson = self._lesson
        lines = wrap([(self._title, Ink.HEADING)], width)
        if self._picture is not None:
            columns, rows = self._room = self._most
            lines += [(), *draw(self._picture, min(width, columns), rows)[:rows]]
        if lesson.goals:
            lines += [(), plain(_("After it you can"), Ink.QUIET)]
            for goal in lesson.goals:
                lines += wrap([("• ", Ink.LESSON_MARK), (goal, Ink.PLAIN)], width, 0, 2)
        # A line breaks between two facts, after the dot.
        facts = "\xa0· ".join(fact.replace(" ", "\xa0") for fact in _facts(lesson))
        lines += [(), *wrap([(facts, Ink.QUIET)], width)]
        needs = ", ".join(self._titles.get(need, need) for need in lesson.needs)
        if needs:
            text = _("builds on {lessons}").format(lessons=needs)
            lines += wrap([(text, Ink.QUIET)], width)
        lines += self._progress(lesson, width)
        return [*lines, *self._named_steps(width, self.rows - _FRAME - len(lines))]

    def _named_steps(self, width: int, room: int) -> list[InkLine]:
        """The titles of the steps, with signs for what was seen; empty where not all have room."""
        if not self._steps or not self.names_steps:
            return []
        # They load the document, which a short card does not.
        from tui.page.step_titles import step_title, titles_heading

        standing, last = self._standing, len(self._steps)
        here = last if standing.done else -1 if standing.step is None else standing.step
        lines = [(), *titles_heading(width)[2:]]
        for place, title in enumerate(self._steps):
            lines += step_title(title, place, here, width)
        return lines if len(lines) <= room else []

    def _progress(self, lesson: Outline, width: int) -> list[InkLine]:
        standing, count = self._standing, len(lesson.keys)
        lines: list[InkLine] = []
        if standing.done:
            share, text, action = 1.0, _("done"), _("Read it again")
        elif standing.step is None:
            share, text, action = 0.0, "", _("Start")
        else:
            share = standing.step / count
            text = _("step {step} of {count}").format(step=standing.step + 1, count=count)
            action = _("Continue")
        if text:
            done, rest = progress_bar(share, min(_BAR, width - 20))
            lines.append(((done, Ink.GOOD), (rest, Ink.QUIET), (f"  {text}", Ink.QUIET)))
        if standing.step is not None and not standing.done:
            next_up = [(_("next: "), Ink.QUIET), *[(t, Ink.PLAIN) for t, _ink in standing.next_up]]
            lines += wrap(next_up, width)
        if standing.due:
            due = plural(
                "{count} question is due: press ⟨v|home.review⟩",
                "{count} questions are due: press ⟨v|home.review⟩",
                standing.due,
            )
            lines += wrap([("! ", Ink.WARN), *hint_pieces(due, Ink.WARN)], width, 0, 2)
        button: InkLine = (
            (f" {action} ", Ink.BUTTON),
            *hint_pieces(" ⟨enter|contents.open⟩"),
        )
        begin: list[InkLine] = [(), *lines] if lines else []
        return [*begin, (), button] if line_width(button) <= width else begin


def _facts(lesson: Outline) -> list[str]:
    """Its size in words: minutes, steps, questions, labs, trainings."""
    parts = [
        plural("about {count} minute", "about {count} minutes", lesson.minutes),
        plural("{count} step", "{count} steps", len(lesson.keys)),
    ]
    if lesson.questions:
        questions = len(lesson.questions)
        parts.append(plural("{count} question", "{count} questions", questions))
    if lesson.labs:
        parts.append(plural("{count} lab", "{count} labs", lesson.labs))
    if lesson.trainings:
        parts.append(plural("{count} training", "{count} trainings", lesson.trainings))
    return parts
