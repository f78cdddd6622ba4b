"""Progress in a chapter: shaky questions, then each lesson with its steps, questions and slips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.language import _, plural
from lessons.format.catalog import Chapter
from lessons.format.document import LessonError
from lessons.learner.log import Answer, question_logs
from lessons.learner.report import LessonReport, QuestionReport, report
from tui.background import after_refresh
from tui.page.lines import at_ends
from tui.page.standing import Card, lesson_card, question_card
from tui.screens.chapter_rows import (
    about_lesson,
    about_question,
    coming_row,
    heading_row,
    lesson_bar_row,
    lesson_row,
    lessons_heading,
    question_row,
    question_short_row,
    trouble_row,
)
from tui.screens.confirm import ConfirmScreen
from tui.screens.tutor_screen import TutorScreen
from tui.screens.why_not import SaysWhyNot
from tui.widgets.key_bar import KeyBar
from tui.widgets.row import InkedList
from tui.widgets.standing_card import StandingCard
from tui.widgets.training_status import TrainingStatus

WIDE = 120
"""The columns from which on a card beside the list says more about the selected row."""
WIDEST = 84
"""The columns of the list beside a card at most; the style sheet has them, too."""

Row: TypeAlias = tuple[LessonReport, QuestionReport | None]
"""What a row of the list is about: a lesson, or one of its questions."""


class StandingList(InkedList):
    """The list itself; it shows its key in the footer."""

    BINDINGS = [
        Binding("enter", "select", _("Open"), id="standing.open",
                tooltip=_("Open the lesson where you left off, or at the selected question"))
    ]  # fmt: skip


class ChapterScreen(TutorScreen, SaysWhyNot[None]):
    """One chapter at a time; `enter` opens the selected row, `r` resets its lesson."""

    CSS_PATH = "../styles/chapter.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    BINDINGS = [
        Binding("right,l", "turn(1)", _("Next chapter"), id="chapter.next", key_display="→",
                tooltip=_("Go to the next chapter")),
        Binding("left,h", "turn(-1)", _("Prev"), id="chapter.before", key_display="←",
                tooltip=_("Go to the previous chapter")),
        Binding("r", "reset", _("Reset lesson"), id="chapter.reset",
                tooltip=_("Reset the selected lesson; asks first")),
        Binding("v", "app.review", _("Review"), id="chapter.review",
                tooltip=_("Answer the questions that are due today")),
        Binding("j,down", "down", _("Down"), id="chapter.down", show=False, tooltip=_("Next row")),
        Binding("k,up", "up", _("Up"), id="chapter.up", show=False, tooltip=_("Previous row")),
        Binding("q,escape,c,g", "app.pop_screen", _("Back"), id="chapter.back",
                tooltip=_("Return to where you came from")),
    ]  # fmt: skip

    def __init__(self, chapter: str) -> None:
        """`chapter` is the slug of the one to show first."""
        super().__init__()
        self._first = chapter
        self.place = 0
        """Which chapter is shown, counted from 0."""
        self._rows: dict[str, Row] = {}
        self._answers: list[Answer] = []
        """The learner's log when the list was filled."""
        self._filled_for = 0
        """The width of the rows that the list has."""

    def compose(self) -> ComposeResult:
        """The chapter's line, the list, and a card or a line about the selected row."""
        yield Static("", id="place", markup=False)
        with Horizontal(id="middle"):
            yield StandingList(id="standing", markup=False)
            with VerticalScroll(id="card-pane", can_focus=False):
                yield StandingCard()
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield KeyBar()

    @property
    def standing(self) -> StandingList:
        """The list."""
        return self.query_one("#standing", StandingList)

    @property
    def chapter(self) -> Chapter:
        """The chapter that is shown."""
        return self.tutor.contents.chapters[self.place]

    @property
    def marked(self) -> Row | None:
        """What the selected row is about."""
        place = self.standing.highlighted
        name = None if place is None else self.standing.get_option_at_index(place).id
        return None if name is None else self._rows.get(name)

    @property
    def _row_width(self) -> int:
        room = self.standing.outer_size.width
        if not room:  # before the first layout, as the style sheet will have it
            width = self.app.size.width
            room = min(WIDEST, width * 55 // 100) if self._has_card else width
        return max(room - 4, 20)  # without padding, scrollbar and a column of air

    @property
    def _has_card(self) -> bool:
        return self.app.size.width >= WIDE

    def on_mount(self) -> None:
        """Show the first chapter."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._renew())
        self.set_class(self._has_card, "-wide")  # not only with the second picture
        self._open(self._first)
        self.standing.focus()

    def on_screen_resume(self) -> None:
        """Show what was answered in the meantime."""
        self.fill()

    def _renew(self) -> None:
        """Fill the list in the colours of the theme; later if it is hidden."""
        if self.is_current:
            self.fill()

    def on_resize(self) -> None:
        """The rows depend on the width, once it is theirs."""
        after_refresh(self, self._fit)

    def _fit(self) -> None:
        if self.is_mounted and self._row_width != self._filled_for:
            self.fill()
        else:
            self._show_place()

    def show(self, chapter: str) -> None:
        """Show the chapter with this slug; at once, or when the screen comes up."""
        if self.is_mounted:
            self._open(chapter)
        else:  # after a double click on what opens it
            self._first = chapter

    def _open(self, chapter: str) -> None:
        self.place = [each.slug for each in self.tutor.contents.chapters].index(chapter)
        self.standing.clear_options()
        self.fill()

    def fill(self) -> None:
        """Refill the list; the selected row stays selected if it still exists."""
        standing = self.standing
        place = standing.highlighted
        marked = None if place is None else standing.get_option_at_index(place).id
        self._rows = {}
        self._filled_for = width = self._row_width
        lessons = list(self._lessons(width))
        heading = Option(lessons_heading(width, with_card=self._has_card), disabled=True)
        standing.clear_options()
        standing.add_options([*self._shaky(width), heading, *lessons])
        ids = [option.id for option in standing.options]
        kept = marked if marked and marked in ids else next(iter(filter(None, ids)), None)
        standing.highlighted = None if kept is None else ids.index(kept)
        if kept is not None and not any(ids[: ids.index(kept)]):
            standing.scroll_home(animate=False)  # so that the heading is visible too
        self._show_place()
        self._describe()

    def _lessons(self, width: int) -> Iterator[Option]:
        self._answers = answers = self.tutor.progress.answers()
        logs, inks = question_logs(answers), self.standing.inks
        drawn = lesson_bar_row if self._has_card else lesson_row
        for entry in self.chapter.entries:
            if not entry.is_written:
                yield Option(coming_row(entry.title, inks), disabled=True)
                continue
            try:
                lesson = self.tutor.contents.load(entry.slug)
                found = report(lesson, self.tutor.progress, logs, answers)
            except LessonError as error:
                yield Option(trouble_row(str(error), width, inks), disabled=True)
                continue
            self._rows[entry.slug] = (found, None)
            yield Option(drawn(found, width, inks), id=entry.slug)

    def _shaky(self, width: int) -> Iterator[Option]:
        shaky = [
            (lesson, question)
            for lesson, _question in self._rows.values()
            for question in lesson.shaky
        ]
        if not shaky:
            return
        inks = self.standing.inks
        drawn = question_short_row if self._has_card else question_row
        yield Option(heading_row(_("Shaky: not right on the first try last time")), disabled=True)
        for lesson, question in shaky:
            name = f"{lesson.lesson.slug} {question.name}"
            self._rows[name] = (lesson, question)
            yield Option(drawn(lesson, question, width, inks), id=name)
        yield Option("", disabled=True)

    def _show_place(self) -> None:
        lessons = [lesson for lesson, question in self._rows.values() if question is None]
        done = sum(lesson.done for lesson in lessons)
        shaky = sum(len(lesson.shaky) for lesson in lessons)
        lessons_done = _("{done} of {lessons} done").format(
            done=done,
            lessons=plural("{count} lesson", "{count} lessons", len(self.chapter.entries)),
        )
        shaky_ones = plural("{count} shaky question", "{count} shaky questions", shaky)
        left = f" {self.chapter.number}  {self.chapter.title}"
        right = f"{lessons_done} · {shaky_ones} "
        self.query_one("#place", Static).update(at_ends(left, right, self.size.width))

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
        self._show_card()
        self.refresh_bindings()

    def _show_card(self) -> None:
        """Say more about the selected row, where there is room for a card."""
        card = self.query_one(StandingCard)
        if self.marked is None or not self._has_card:
            card.show("", None)
            return
        lesson, question = self.marked
        today, answers = self.tutor.progress.today, self._answers

        def make(width: int) -> Card:
            if question is None:
                return lesson_card(lesson, today, width)
            return question_card(lesson, question, answers, today, width)

        card.show(f"{self.chapter.number}  {self.chapter.title}", make)
        self.query_one("#card-pane").scroll_home(animate=False)

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the selected row."""
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the selected lesson, or the selected question in its lesson."""
        event.stop()
        if self.marked is not None:
            lesson, question = self.marked
            self.tutor.open_lesson(lesson.lesson.slug, question.step if question else None)

    def on_standing_card_chosen(self, message: StandingCard.Chosen) -> None:
        """A click on the card opens what it is about, and one on a step that step."""
        if self.marked is not None:
            lesson, question = self.marked
            step = question.step if question and message.step is None else message.step
            self.tutor.open_lesson(lesson.lesson.slug, step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A new lesson has nothing to reset, and there is no chapter beyond the first and last."""
        if action == "reset":
            return True if self.marked and self.marked[0].state != "new" else None
        if action == "turn" and self.is_mounted:
            wanted = self.place + int(str(parameters[0]))
            return True if 0 <= wanted < len(self.tutor.contents.chapters) else None
        return True

    def why_not(self, action: str) -> str:
        """What there is instead."""
        if action == "reset" and self.marked is None:
            return _("No lesson is selected, so there is nothing to reset. ↑ ↓: select one")
        if action == "reset":
            return _("Nothing of this lesson has been seen yet. ⟨enter|standing.open⟩: open it")
        if self.place:
            return _("This is the last chapter. ⟨←|chapter.before⟩: the one before")
        return _("This is the first chapter. ⟨→|chapter.next⟩: the next one")

    def action_turn(self, by: int) -> None:
        """Another chapter."""
        self.show(self.tutor.contents.chapters[self.place + by].slug)

    def action_reset(self) -> None:
        """Reset the selected lesson after asking."""
        if self.marked is None:
            return
        lesson = self.marked[0].lesson

        def decided(yes: bool | None) -> None:
            if yes:
                self.tutor.progress.reset(lesson.slug)
                self.tutor.forget_labs(lesson.slug)
                self.fill()

        question = _(
            "Reset “{lesson}”? It starts again at its first step, and its steps and questions "
            "count as new: none comes back for review. Your answers so far stay in the log that "
            "`dltutor progress --json` prints, marked as given before the reset."
        ).format(lesson=lesson.title)
        self.app.push_screen(
            ConfirmScreen(question, yes=_("Reset the lesson"), no=_("Keep it")), decided
        )

    def action_down(self) -> None:
        """Select the next row."""
        self.standing.action_cursor_down()

    def action_up(self) -> None:
        """Select the previous row."""
        self.standing.action_cursor_up()
