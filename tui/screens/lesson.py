"""A lesson, walked step by step."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from engine.language import _
from lessons.format.document import Figure, Lab, Lesson
from lessons.judge.verdicts import Verdict
from lessons.learner.report import log_name, report
from tui.background import after_refresh
from tui.math import cell_width
from tui.page.lines import at_ends, cut
from tui.page.still import holds_figures
from tui.screens.ahead import Ahead, of_step
from tui.screens.lesson_fields import ReachesFields
from tui.screens.lesson_lines import AsksLines
from tui.screens.lesson_step import step_widgets
from tui.screens.lesson_ways import LeadsElsewhere
from tui.screens.looking_back import looking_back_blocks
from tui.screens.why_not import SaysWhyNot
from tui.scrolled import Scrolled
from tui.widgets.derivation import DerivationView
from tui.widgets.exercise_card import ExerciseCard
from tui.widgets.figure_view import FigureView
from tui.widgets.foot import Foot
from tui.widgets.footed_page import FootedPage
from tui.widgets.key_bar import KeyBar
from tui.widgets.mistake import MistakeView
from tui.widgets.predict import PredictView
from tui.widgets.rail import Rail
from tui.widgets.recap import Recap
from tui.widgets.step_links import StepLinks
from tui.widgets.training_card import TrainingCard
from tui.widgets.training_status import TrainingStatus

RAIL = 36
"""Columns of the rail where there are few."""
ROOMY = 150
"""Columns from which the rail takes all that the page does not need."""
VERY_WIDE = 180
"""Columns from which a lab has a rail beside it, too."""
_PAGE = 98
"""Columns of the page, with air at both sides of its words."""
_FEW_BLOCKS = 7
"""Blocks of a step, with its title, that have air between them on a large screen."""
_AROUND_RAIL = 6
"""Border, padding and scrollbar of the rail."""
_AROUND_PAGE, _BARS = 4, 2
"""Columns of padding beside the page, and the rows above and below it."""


class LessonScreen(AsksLines, ReachesFields, LeadsElsewhere, SaysWhyNot[None]):
    """One step at a time, back and forth; the position is saved."""

    CSS_PATH = "../styles/lesson.tcss"

    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (120, "-wide"),
        (ROOMY, "-roomy"),
        (180, "-very-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (44, "-tall"), (54, "-very-tall")]
    AUTO_FOCUS = ""  # a field that takes the focus by itself would swallow the keys of the lesson

    BINDINGS = [
        Binding("right,space,l", "next", _("Next"), id="lesson.next", key_display="→",
                tooltip=_("Go to the next step")),
        Binding("left,h", "back", _("Back"), id="lesson.back", key_display="←",
                tooltip=_("Go to the previous step")),
        Binding("j,down", "scroll(1)", _("Scroll"), id="lesson.down", show=False,
                tooltip=_("Scroll down")),
        Binding("k,up", "scroll(-1)", _("Scroll up"), id="lesson.up", show=False,
                tooltip=_("Scroll up")),
        Binding("pagedown", "page(1)", _("Page down"), id="lesson.page_down", show=False,
                tooltip=_("Scroll a page down")),
        Binding("pageup", "page(-1)", _("Page up"), id="lesson.page_up", show=False,
                tooltip=_("Scroll a page up")),
        Binding("enter", "enter", _("Enter"), id="lesson.enter", show=False,
                tooltip=_("Go to the question, lab or training of this step")),
        Binding("a", "again", _("Answer again"), id="lesson.again", show=False,
                tooltip=_("Open the answered question of this step for another answer")),
        Binding("escape", "leave", _("Leave"), id="lesson.leave", show=False,
                tooltip=_("Return the focus to the lesson")),
        Binding("g", "contents", _("Contents"), id="lesson.contents",
                tooltip=_("Show all chapters and lessons")),
        Binding("c", "chapter", _("Chapter"), id="lesson.chapter", show=False,
                tooltip=_("Show your progress in this chapter")),
        Binding("i", "symbols", _("Symbols"), id="lesson.symbols",
                tooltip=_("Look up the symbols of this lesson")),
        Binding("o", "follow", _("Open link"), id="lesson.follow", show=False,
                tooltip=_("Open the lesson that this step names")),
        Binding("backspace", "return", _("Return"), id="lesson.return", show=False,
                tooltip=_("Return to where you followed a link")),
        Binding("x", "exercise", _("Exercise"), id="lesson.exercise", show=False,
                tooltip=_("Write a function of this lesson yourself")),
        Binding("y", "copy", _("Copy"), id="lesson.copy", show=False,
                tooltip=_("Copy this step: words, and formulas as LaTeX")),
        Binding("slash", "find", _("Find"), id="lesson.find", show=False,
                tooltip=_("Search titles, text, formulas, symbols and slips")),
        Binding("q", "app.request_quit", _("Quit"), id="lesson.quit", tooltip=_("Quit dltutor")),
    ]  # fmt: skip

    def __init__(self, lesson: Lesson, step: int | None = None) -> None:
        """Open at `step`, counted from 0, or where the learner left off."""
        super().__init__()
        self.lesson = lesson
        self._wanted = step
        self.step = 0
        self._skipped: set[str] = set()
        self._scrolled = Scrolled()
        self._ahead = Ahead(self)
        self._shows_all = False
        """Whether what follows an open question is shown, because it was skipped."""
        self._answered = False
        """Whether a question was answered since the step was opened."""
        self.at_end = False
        """Whether the card at the end of the lesson is shown."""

    def compose(self) -> ComposeResult:
        """The header, the step, the state of a training, the keys."""
        yield Static("", id="place", markup=False)
        with Horizontal(id="lesson-body"):
            yield FootedPage()
            with VerticalScroll(id="rail-pane", can_focus=False):
                yield Rail()
        yield TrainingStatus()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Open at the right step."""
        self.watch(self, "focused", self.tell_tabs, init=False)
        kept = self.tutor.progress.get(self.lesson.slug).place(self.lesson.keys)
        await self.show_step(kept if self._wanted is None else self._wanted)

    async def show_step(self, step: int) -> None:
        """Show one step, counted from 0; a number out of range becomes the nearest step."""
        self.step = max(0, min(step, len(self.lesson.steps) - 1))
        self.at_end = self._answered = self._shows_all = False
        self.tutor.progress.visit(self.lesson.slug, self.step, self.lesson.keys)
        self.set_focus(None)
        with self.app.batch_update():
            await self.page.remove_children()
            await self.page.mount(*step_widgets(self.tutor, self.lesson, self.step))
            self.page.scroll_home(animate=False)
            self._scrolled = Scrolled()
            self._show_place()
            wide = any(isinstance(block, Lab) for block in self.lesson.steps[self.step].blocks)
            self.page.set_class(wide, "-with-lab")
            self.page.set_class(not wide and len(self.page.children) <= _FEW_BLOCKS, "-airy")
            self.set_class(wide, "-lab-step")
            self.remove_class("-at-end")
            self._arrange()
            self.query_one(Foot).show(self.lesson, self.step)
        derivations = [view for view in self.page.query(DerivationView) if view.display]
        if derivations:
            # Its keys clash with none, and revealing a line comes first.
            derivations[0].focus(scroll_visible=False)
        else:
            self._focus_options()
        self.refresh_bindings()
        # Once the step is seen: it may import PyTorch, which delays what is drawn meanwhile.
        after_refresh(self, self._ahead.want, of_step(self.lesson, self.step))

    def on_resize(self) -> None:
        """The place line depends on the width, and so does where a figure stands."""
        self._show_place()
        self._arrange()
        # Textual calls this before it lays out the page, which may leave less to scroll.
        self._scrolled.note(self.page.scroll_offset.y)
        after_refresh(self, self._scroll_back)

    def _scroll_back(self) -> None:
        """After a window that had room for all, what was read is in sight again."""
        if not self.query("#lesson-page"):
            return  # the screen was left meanwhile
        self.page.scroll_to(y=self._scrolled.wanted, animate=False, immediate=True)
        self._scrolled.done(self.page.scroll_offset.y)

    def _show_place(self) -> None:
        count = len(self.lesson.steps)
        dots = "".join(
            "●"
            if place == self.step and not self.at_end
            else "•"
            if place < self.step + self.at_end
            else "·"
            for place in range(count)
        )
        left = f" {self.lesson.title}"
        where = _("step {step} of {count}").format(step=self.step + 1, count=count)
        if self.at_end:
            where = _("end")
        right = f"{where} "
        if cell_width(dots) + cell_width(right) + 2 < self.size.width * 3 // 4:
            right = f"{dots}  {right}"
        room = self.size.width - cell_width(right) - 1
        if room > 0:
            left = cut(left, room)
        self.query_one("#place", Static).update(at_ends(left, right, self.size.width))

    def on_predict_view_answered(self, message: PredictView.Answered) -> None:
        """Save the answer."""
        self.tutor.progress.answer(
            self.lesson.slug,
            message.name,
            message.text,
            message.diagnosis.verdict,
            message.diagnosis.slip,
        )
        self._answered = True
        self._arrange()
        self.refresh_bindings()
        training = self._next_training()
        if training is not None and message.diagnosis.verdict is Verdict.NOTED:
            after_refresh(self, training.scroll_visible, animate=False)

    def on_mistake_view_answered(self, message: MistakeView.Answered) -> None:
        """Save the line that was chosen."""
        self.tutor.progress.answer(
            self.lesson.slug,
            log_name(message.block),
            message.text,
            message.diagnosis.verdict,
            message.diagnosis.slip,
        )

    def _arrange(self) -> None:
        """Show the step down to its first open question; the rest appears after an answer.

        Figures stand at the top of the rail, where there is one that is wide enough for them; in a
        short step beside a narrow one, they stay on the page, where they are larger.
        """
        rail = self._rail_width()
        self.query_one("#rail-pane").styles.width = rail or RAIL
        step, page = self.lesson.steps[self.step], self.size - (rail + _AROUND_PAGE, _BARS)
        stay = rail == RAIL and holds_figures(step, page.width, page.height)
        room = 0 if stay else max(0, rail - _AROUND_RAIL)
        beside: list[Figure] = []
        is_open = False
        for widget in self.page.children:
            shown = self._shows_all or not is_open
            is_open = is_open or (isinstance(widget, PredictView) and not widget.is_settled)
            if shown and isinstance(widget, FigureView) and widget.fits(room):
                beside.append(widget.block)
                shown = False
            widget.display = shown
        self.query_one(Rail).show(self.lesson, self.step, beside)
        self.tell_tabs()

    def _rail_width(self) -> int:
        """The columns of the rail: what the page does not need; 0 where there is no rail."""
        is_lab_step, width = self.has_class("-lab-step"), self.size.width
        if is_lab_step:
            return RAIL if width >= VERY_WIDE else 0
        if width >= ROOMY:
            return min(92, width - _PAGE)
        return RAIL if width >= 120 else 0

    def _skip(self) -> bool:
        """Skip the open questions in view; returns whether more of the step appears."""
        before = {widget for widget in self.page.children if widget.display}
        for view in self.page.query(PredictView):
            if view.display and not view.is_settled and view.block.name not in self._skipped:
                self._skipped.add(view.block.name)
                view.skip()
                if view.block.later and view.has_focus_within:
                    self.set_focus(None)  # enter opens what it was about
        was_whole, self._shows_all = self._shows_all, True
        self._arrange()
        appeared = [w for w in self.page.children if w.display and w not in before]
        if appeared:
            after_refresh(self, appeared[0].scroll_visible, animate=False, top=True)
        return bool(appeared) and not was_whole

    def on_training_card_opened(self, message: TrainingCard.Opened) -> None:
        """Open the training of a card."""
        self.tutor.open_training(message.block.recipe, dict(message.block.options))

    async def action_next(self) -> None:
        """The rest of this step, else the next step, else the recap, else the next lesson."""
        if self.at_end:
            self._next_lesson()
        elif self._skip():
            return
        elif self.step + 1 < len(self.lesson.steps):
            await self.show_step(self.step + 1)
        else:
            await self.show_recap()

    async def show_recap(self) -> None:
        """Show the card at the end of the lesson in place of a step."""
        from tui.screens.review import due_questions

        self.at_end = True
        self.set_focus(None)
        following = self.tutor.contents.neighbour(self.lesson.slug, 1)
        found = report(self.lesson, self.tutor.progress)
        due = len(due_questions(self.tutor.contents, self.tutor.progress))
        with self.app.batch_update():
            await self.page.remove_children()
            await self.page.mount(
                *looking_back_blocks(self.tutor, self.lesson, self.step),
                Recap(found, following.title if following else "", due),
            )
            self.page.remove_class("-with-lab", "-airy")
            self.remove_class("-lab-step")
            self.add_class("-at-end")
            self.page.scroll_home(animate=False)
            self._scrolled = Scrolled()
            self._show_place()
        self.refresh_bindings()

    async def on_step_links_chosen(self, message: StepLinks.Chosen) -> None:
        """A click on the title of a step goes there, or to the end of the lesson."""
        if message.step < len(self.lesson.steps):
            await self.show_step(message.step)
        else:
            await self.show_recap()

    def on_recap_chosen(self) -> None:
        """A click on the recap goes on, too."""
        self._next_lesson()

    def _next_lesson(self) -> None:
        following = self.tutor.contents.neighbour(self.lesson.slug, 1)
        if following is None:
            self.notify(_("That was the last lesson. Press ⟨g|lesson.contents⟩ for the contents."))
        else:
            self.tutor.open_lesson(following.slug)

    async def action_back(self) -> None:
        """Go to the previous step; does nothing at the first one."""
        if self.at_end:
            await self.show_step(self.step)
        elif self.step > 0:
            await self.show_step(self.step - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no step before the first one."""
        if action == "back" and self.step == 0 and not self.at_end:
            return None
        return True

    def why_not(self, action: str) -> str:
        """What there is instead."""
        return _(
            "This is the first step. ⟨→|lesson.next⟩: next step · ⟨g|lesson.contents⟩: contents"
        )

    def action_scroll(self, direction: int) -> None:
        """Scroll by one line."""
        self.page.scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll by one page."""
        self.page.scroll_relative(y=direction * (self.page.size.height - 2), animate=False)

    def on_exercise_card_opened(self, message: ExerciseCard.Opened) -> None:
        """Open the exercise of a card."""
        self.tutor.open_exercise(message.exercise)

    def on_screen_resume(self) -> None:
        """Whoever comes back sees how the file stands now, or how the training went."""
        for card in self._cards():
            card.relay()
