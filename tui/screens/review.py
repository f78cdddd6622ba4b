"""The review: earlier questions that are due, asked one by one outside their lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.language import _, plural
from lessons.format.catalog import Catalog
from lessons.format.document import (
    Block,
    Code,
    Derivation,
    DisplayMath,
    Figure,
    Heading,
    ItemList,
    Lesson,
    LessonError,
    Listing,
    Paragraph,
    Predict,
    Table,
    WithNumbers,
)
from lessons.learner.log import Round, question_logs
from lessons.learner.progress import Progress
from lessons.learner.report import find_question
from lessons.learner.review import due
from tui.background import after_refresh
from tui.math import cell_width
from tui.page.lesson import heading_pieces
from tui.page.lines import Ink, InkLine, at_ends, wrap
from tui.screens.lesson_fields import begins
from tui.screens.tutor_screen import TutorScreen
from tui.screens.why_not import SaysWhyNot
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines_view import LinesView
from tui.widgets.predict import PredictView
from tui.widgets.review_rail import Asked, ReviewRail
from tui.widgets.static_block import StaticBlock
from tui.widgets.training_status import TrainingStatus

if TYPE_CHECKING:
    from tui.app import TutorApp


_OFFERED = "review offered"
_TOLD = (Paragraph, Heading, ItemList, Table, DisplayMath, Figure, Listing, Derivation, WithNumbers,
         Code)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OldQuestion:
    """A question that is due, where it comes from, and when it was last asked."""

    lesson: Lesson
    step: int
    """Counted from 0."""
    block: Predict
    asked: str
    """The day on which it was last asked; empty if none was recorded."""
    rounds: tuple[Round, ...] = ()
    """How it went before."""

    @property
    def before(self) -> tuple[Block, ...]:
        """What its step says before the question, without labs, trainings and other questions."""
        blocks = self.lesson.steps[self.step].blocks
        told = blocks[: blocks.index(self.block)]
        return tuple(each for each in told if isinstance(each, _TOLD))


def due_questions(contents: Catalog, progress: Progress) -> list[OldQuestion]:
    """The questions that are due today; those whose lesson is gone or broken are left out."""
    found: dict[tuple[str, str], tuple[Lesson, int, Predict]] = {}

    def exists(slug: str, name: str) -> bool:
        try:
            question = find_question(contents, slug, name)
        except LessonError:
            return False
        if question is not None:
            found[slug, name] = question
        return question is not None

    logs = question_logs(progress.answers()).values()
    return [
        OldQuestion(
            *found[log.slug, log.name],
            log.latest.day.isoformat() if log.latest.day else "",
            log.rounds,
        )
        for log in due(logs, progress.today, exists)
    ]


def ask_again(app: TutorApp) -> None:
    """Open the review over the current screen; if nothing is due, say so."""
    if isinstance(app.screen, ReviewScreen):
        return
    questions = due_questions(app.contents, app.progress)
    if questions:
        app.push_screen(ReviewScreen(questions))
    else:
        app.notify(_("No questions are due for review today."), markup=False)


def offer(app: TutorApp) -> None:
    """On the first start of a day, ask what is due; never over another dialog."""
    today = app.progress.today.isoformat()
    if app.progress.setting(_OFFERED) == today:
        return
    questions = due_questions(app.contents, app.progress)
    if not questions:
        return
    app.progress.remember(_OFFERED, today)
    if isinstance(app.screen, ModalScreen):
        app.notify(
            _(
                "Questions are due for review today. Press ⟨v|home.review⟩ in the contents "
                "to answer them."
            ),
            markup=False,
        )
    else:
        app.push_screen(ReviewScreen(questions))


class Origin(LinesView):
    """Where a question comes from."""

    def __init__(self, question: OldQuestion) -> None:
        super().__init__(classes="origin")
        self.question = question

    def lines(self, width: int) -> list[InkLine]:
        """The lesson, the step, and the day on which it was last asked."""
        lesson, step = self.question.lesson, self.question.step
        where = f"{lesson.title} · " + _("step {step}").format(step=step + 1)
        if self.question.asked:
            where += " · " + _("last asked on {day}").format(day=self.question.asked)
        title = heading_pieces(lesson.steps[step].title)
        return [*wrap(title, width), *wrap([(where, Ink.QUIET)], width)]


class ReviewScreen(TutorScreen, SaysWhyNot[None]):
    """Asks `questions` one after the other; answers are saved like those in a lesson."""

    CSS_PATH = "../styles/review.tcss"

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (150, "-very-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (54, "-very-tall")]

    AUTO_FOCUS = ""  # the field would swallow the key that puts the review off

    BINDINGS = [
        Binding("enter", "enter", _("Answer"), id="review.enter",
                tooltip=_("Go to the answer field")),
        Binding("right,space,l", "next", _("Next"), id="review.next", key_display="→",
                tooltip=_("Go to the next question; after the last one, return to where you were")),
        Binding("left,h", "back", _("Back"), id="review.back", key_display="←",
                tooltip=_("Go to the previous question")),
        Binding("p,q", "put_off", _("Put off"), id="review.put_off",
                tooltip=_("Close the review; ⟨v|home.review⟩ in the contents opens it again")),
        Binding("o", "open", _("Open lesson"), id="review.open",
                tooltip=_("Open the lesson at the step of this question")),
        Binding("j,down", "scroll(1)", _("Scroll"), id="review.down", show=False,
                tooltip=_("Scroll down")),
        Binding("k,up", "scroll(-1)", _("Scroll up"), id="review.up", show=False,
                tooltip=_("Scroll up")),
        Binding("pagedown", "page(1)", _("Page down"), id="review.page_down", show=False,
                tooltip=_("Scroll a page down")),
        Binding("pageup", "page(-1)", _("Page up"), id="review.page_up", show=False,
                tooltip=_("Scroll a page up")),
        Binding("escape", "leave", _("Leave"), id="review.leave", show=False,
                tooltip=_("Return the focus to the review")),
    ]  # fmt: skip

    def __init__(self, questions: Sequence[OldQuestion]) -> None:
        super().__init__()
        self.questions = tuple(questions)
        self.place = 0
        """Which question is shown, counted from 0."""

    def compose(self) -> ComposeResult:
        """A line that shows the position, a page for each question, the keys."""
        yield Static("", id="place", markup=False)
        with Horizontal(id="review-body"):
            with VerticalScroll(id="review-page", can_focus=False):
                for question in self.questions:
                    with Vertical(classes="old-question"):
                        yield Origin(question)
                        for block in question.before:
                            yield StaticBlock(block)
                        yield PredictView(question.block, screen="review")
            with VerticalScroll(id="review-rail", can_focus=False):
                asked = (Asked(each.lesson, each.step, each.rounds) for each in self.questions)
                yield ReviewRail(tuple(asked), self.tutor.progress.today)
        yield TrainingStatus()
        yield KeyBar()

    @property
    def page(self) -> VerticalScroll:
        """The pane that holds the question."""
        return self.query_one("#review-page", VerticalScroll)

    @property
    def question_view(self) -> PredictView:
        """The question that is shown."""
        views: list[PredictView] = [*self.query(PredictView)]
        return views[self.place]

    def on_key(self, event: events.Key) -> None:
        """A character that is no key of the review begins the answer, as in a lesson."""
        view = self.question_view
        if self.focused is None and not view.chosen_from_rows and begins(self, event):
            event.stop()
            view.begin(event)

    def on_mount(self) -> None:
        """Ask the first question."""
        self.show(0)

    def show(self, place: int) -> None:
        """Ask the question at `place`, counted from 0."""
        self.place = place
        self.set_focus(None)
        for number, page in enumerate(self.query(".old-question")):
            page.display = number == place
        # What its step says comes before the question, and may fill the screen.
        after_refresh(self, self.page.scroll_end, animate=False)
        self.query_one(ReviewRail).show(place)
        view = self.question_view
        if view.chosen_from_rows and not view.is_settled:
            view.field.focus(scroll_visible=False)  # letters answer at once
        self._show_place()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The place line depends on the width."""
        self._show_place()

    def _show_place(self) -> None:
        where = _("question {number} of {count}").format(
            number=self.place + 1, count=len(self.questions)
        )
        lesson = self.questions[self.place].lesson.title
        left, right = " " + _("Review of earlier questions"), f"{where} "
        if cell_width(f"{left} · {lesson}  {right}") <= self.size.width:
            left += f" · {lesson}"
        self.query_one("#place", Static).update(at_ends(left, right, self.size.width))

    def on_predict_view_answered(self, message: PredictView.Answered) -> None:
        """Save the answer."""
        self.tutor.progress.answer(
            self.questions[self.place].lesson.slug,
            message.name,
            message.text,
            message.diagnosis.verdict,
            message.diagnosis.slip,
        )
        self.query_one(ReviewRail).answered(message.diagnosis.verdict)
        self._show_feedback()

    def on_review_rail_chosen(self, message: ReviewRail.Chosen) -> None:
        """Go to the question that was clicked."""
        self.show(message.place)

    def _show_feedback(self) -> None:
        """Scroll to the feedback, which is last on the page, once it is laid out."""
        after_refresh(self, self.page.scroll_end, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no question before the first one."""
        return None if action == "back" and self.place == 0 else True

    def why_not(self, action: str) -> str:
        """What there is instead."""
        told = _("This is the first question. ⟨→|review.next⟩: the next one")
        return told if len(self.questions) > 1 else _("This is the only question.")

    def action_enter(self) -> None:
        """Go to the answer field; say so where the question is answered."""
        if self.question_view.is_settled:
            if self.place + 1 < len(self.questions):
                told = _("This question is answered. ⟨→|review.next⟩: the next one")
            else:
                told = _("This question is answered. ⟨→|review.next⟩: close the review")
            self.tell(told)
        self.focus_next()
        self._show_feedback()

    def action_leave(self) -> None:
        """Return the focus to the review."""
        self.set_focus(None)

    def action_next(self) -> None:
        """Go to the next question; after the last one, close."""
        if self.place + 1 < len(self.questions):
            self.show(self.place + 1)
        else:
            self._close()

    def action_back(self) -> None:
        """Go to the previous question."""
        if self.place > 0:
            self.show(self.place - 1)

    def action_put_off(self) -> None:
        """Close before the end."""
        self._close()

    def _close(self) -> None:
        answered = sum(view.is_settled for view in self.query(PredictView))
        left = len(self.questions) - answered
        self.app.pop_screen()
        if left:
            text = plural(
                "{count} question is still open. Press ⟨v|home.review⟩ in the contents to "
                "return to it.",
                "{count} questions are still open. Press ⟨v|home.review⟩ in the contents to "
                "return to them.",
                left,
            )
            self.notify(text, markup=False)
        else:
            self.notify(_("That is all for today."), markup=False)

    def action_open(self) -> None:
        """Open the lesson of this question."""
        question = self.questions[self.place]
        self.tutor.open_lesson(question.lesson.slug, question.step)

    def action_scroll(self, direction: int) -> None:
        """Scroll by one line."""
        self.page.scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll by a page."""
        self.page.scroll_relative(y=direction * max(self.page.size.height - 2, 1), animate=False)
