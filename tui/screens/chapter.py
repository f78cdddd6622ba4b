"""How a chapter stands: what is shaky, and each lesson with its steps, questions and slips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias, cast

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from lessons.format.catalog import Chapter
from lessons.format.document import LessonError
from lessons.learner.export import counted
from lessons.learner.log import question_logs
from lessons.learner.report import LessonReport, QuestionReport, report
from tui.screens.chapter_rows import (
    about_lesson,
    about_question,
    heading_row,
    lesson_row,
    lessons_heading,
    question_row,
)
from tui.screens.confirm import ConfirmScreen
from tui.widgets.training_status import TrainingStatus

if TYPE_CHECKING:
    from tui.app import TutorApp

Row: TypeAlias = tuple[LessonReport, QuestionReport | None]
"""What a row of the list is about: a lesson, or one of its questions."""


class StandingList(OptionList):
    """The list itself; it names its key in the footer."""

    BINDINGS = [
        Binding(
            "enter", "select", "Open", id="standing.open",
            tooltip="Open the lesson where you left it, or at the marked question",
        )
    ]  # fmt: skip


class ChapterScreen(Screen[None]):
    """One chapter at a time; `enter` opens what is marked, `r` resets its lesson."""

    BINDINGS = [
        Binding("right,l", "turn(1)", "Next chapter", id="chapter.next", key_display="→",
                tooltip="The next chapter"),
        Binding("left,h", "turn(-1)", "Before", id="chapter.before", key_display="←",
                tooltip="The chapter before"),
        Binding("r", "reset", "Reset lesson", id="chapter.reset",
                tooltip="Make the marked lesson as new; asks first"),
        Binding("v", "app.review", "Review", id="chapter.review",
                tooltip="Answer the old questions that come back today"),
        Binding("j,down", "down", "Down", id="chapter.down", show=False, tooltip="Next row"),
        Binding("k,up", "up", "Up", id="chapter.up", show=False, tooltip="Row before"),
        Binding("q,escape,c,g", "app.pop_screen", "Back", id="chapter.back",
                tooltip="Back to where you came from"),
    ]  # fmt: skip

    def __init__(self, chapter: str) -> None:
        """`chapter` is the slug of the one that is shown first."""
        super().__init__()
        self._first = chapter
        self.place = 0
        """Which chapter is shown, counted from 0."""
        self._rows: dict[str, Row] = {}

    def compose(self) -> ComposeResult:
        """The chapter's line, the list, a line about the marked row."""
        yield Static("", id="place", markup=False)
        yield StandingList(id="standing", markup=False)
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield Footer(show_command_palette=False, compact=True)

    @property
    def tutor(self) -> TutorApp:
        """The application."""
        return cast("TutorApp", self.app)

    @property
    def standing(self) -> OptionList:
        """The list."""
        return self.query_one("#standing", OptionList)

    @property
    def chapter(self) -> Chapter:
        """The chapter that is shown."""
        return self.tutor.contents.chapters[self.place]

    @property
    def marked(self) -> Row | None:
        """What the marked row is about."""
        place = self.standing.highlighted
        name = None if place is None else self.standing.get_option_at_index(place).id
        return None if name is None else self._rows.get(name)

    @property
    def _row_width(self) -> int:
        return max(self.size.width - 3, 20)  # without padding and scrollbar

    def on_mount(self) -> None:
        """Show the wanted chapter."""
        self.show(self._first)
        self.standing.focus()

    def on_screen_resume(self) -> None:
        """Show what was answered meanwhile."""
        self.fill()

    def on_resize(self) -> None:
        """The rows depend on the width."""
        self.fill()

    def show(self, chapter: str) -> None:
        """Show the chapter with this slug."""
        self.place = [each.slug for each in self.tutor.contents.chapters].index(chapter)
        self.standing.clear_options()
        self.fill()

    def fill(self) -> None:
        """Fill the list anew; the mark stays on its row where that is still there."""
        standing = self.standing
        place = standing.highlighted
        marked = None if place is None else standing.get_option_at_index(place).id
        self._rows = {}
        lessons = list(self._lessons())
        standing.clear_options()
        standing.add_options([*self._shaky(), Option(lessons_heading(), disabled=True), *lessons])
        ids = [option.id for option in standing.options]
        kept = marked if marked and marked in ids else next(iter(filter(None, ids)), None)
        standing.highlighted = None if kept is None else ids.index(kept)
        if kept is not None and not any(ids[: ids.index(kept)]):
            standing.scroll_home(animate=False)  # so that the heading is seen, too
        self._show_place()
        self._describe()

    def _lessons(self) -> Iterator[Option]:
        logs = question_logs(self.tutor.progress.answers())
        for entry in self.chapter.entries:
            if not entry.is_written:
                yield Option(RichText(f" · {entry.title} · coming", style="dim"), disabled=True)
                continue
            try:
                found = report(self.tutor.contents.load(entry.slug), self.tutor.progress, logs)
            except LessonError as error:
                yield Option(RichText(f" ! {error}"), disabled=True)
                continue
            self._rows[entry.slug] = (found, None)
            yield Option(lesson_row(found, self._row_width), id=entry.slug)

    def _shaky(self) -> Iterator[Option]:
        shaky = [
            (lesson, question) for lesson, _ in self._rows.values() for question in lesson.shaky
        ]
        if not shaky:
            return
        yield Option(heading_row("Shaky: not right at the first try last time"), disabled=True)
        for lesson, question in shaky:
            name = f"{lesson.lesson.slug} {question.name}"
            self._rows[name] = (lesson, question)
            yield Option(question_row(lesson, question, self._row_width), id=name)
        yield Option("", disabled=True)

    def _show_place(self) -> None:
        lessons = [lesson for lesson, question in self._rows.values() if question is None]
        done = sum(lesson.done for lesson in lessons)
        shaky = sum(len(lesson.shaky) for lesson in lessons)
        left = f" {self.chapter.number}  {self.chapter.title}"
        right = (
            f"{done} of {counted(len(self.chapter.entries), 'lesson')} done"
            f" · {counted(shaky, 'shaky question')} · ? help "
        )
        self.query_one("#place", Static).update(left + right.rjust(self.size.width - len(left)))

    def _describe(self) -> None:
        about = ""
        if self.marked is not None:
            lesson, question = self.marked
            about = (
                about_question(lesson, question, self.tutor.progress.today)
                if question
                else about_lesson(lesson)
            )
        self.query_one("#about", Static).update(about)
        self.refresh_bindings()

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the marked row."""
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the marked lesson, at the marked question where it is one."""
        event.stop()
        if self.marked is not None:
            lesson, question = self.marked
            self.tutor.open_lesson(lesson.lesson.slug, question.step if question else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to reset in a new lesson, and no chapter beyond the ends."""
        if action == "reset":
            return True if self.marked and self.marked[0].state != "new" else None
        if action == "turn" and self.is_mounted:
            wanted = self.place + int(str(parameters[0]))
            return True if 0 <= wanted < len(self.tutor.contents.chapters) else None
        return True

    def action_turn(self, by: int) -> None:
        """Another chapter."""
        self.show(self.tutor.contents.chapters[self.place + by].slug)

    def action_reset(self) -> None:
        """Make the marked lesson as new, if the learner means it."""
        if self.marked is None:
            return
        lesson = self.marked[0].lesson

        def decided(yes: bool | None) -> None:
            if yes:
                self.tutor.progress.reset(lesson.slug)
                self.fill()

        question = (
            f"Reset “{lesson.title}”? It begins at its first step again, and its steps and "
            "questions count as new: none comes back for review. Your answers so far stay in "
            "the log that `dltutor progress` prints, marked as from before the reset."
        )
        self.app.push_screen(ConfirmScreen(question, yes="Reset the lesson", no="Keep it"), decided)

    def action_down(self) -> None:
        """Mark the next row."""
        self.standing.action_cursor_down()

    def action_up(self) -> None:
        """Mark the row before."""
        self.standing.action_cursor_up()
