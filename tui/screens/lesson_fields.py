"""How keys reach what a step holds: its questions, labs and cards, and back to the lesson."""

from __future__ import annotations

from textual import events
from textual.screen import Screen
from textual.widget import Widget

from engine.language import _
from tui.background import after_refresh, is_there
from tui.screens.step_screen import StepScreen
from tui.widgets.lines_view import LinesView
from tui.widgets.opening_card import OpeningCard
from tui.widgets.predict import PredictView
from tui.widgets.tab_hint import NamesTab, count_tabs
from tui.widgets.training_card import TrainingCard


def begins(screen: Screen[None], event: events.Key) -> bool:
    """Whether a key is a character that is no key of the screen, and so begins an answer."""
    if not event.is_printable or not event.character:
        return False
    return event.key not in {key for each in screen.active_bindings for key in each.split(",")}


class ReachesFields(StepScreen):
    """A screen whose keys begin, open and leave what stands in a step."""

    _answered: bool
    """Whether a question was answered since the step was opened."""

    async def action_next(self) -> None:
        """Go on; at the end of the lesson, to the next one."""
        raise NotImplementedError

    def _next_lesson(self) -> None:
        """Open the lesson that follows."""
        raise NotImplementedError

    def action_page(self, direction: int) -> None:
        """Scroll by one page."""
        raise NotImplementedError

    def _focus_options(self) -> None:
        """Let letters answer at once where the first open question is a choice."""
        for view in self.page.query(PredictView):
            if view.display and not view.is_settled:
                if view.chosen_from_rows:
                    view.field.focus(scroll_visible=False)
                return

    def action_enter(self) -> None:
        """Focus the first open question, lab or training; where all is answered, go on.

        A training comes as soon as what is asked before it is answered, if it is in sight.
        """
        if self.at_end:
            self._next_lesson()
            return
        questions = [view for view in self.page.query(PredictView) if view.display]
        waiting = [view for view in questions if not view.is_settled]
        if (training := self._next_training()) is not None:
            if self.page.region.contains_point(training.region.offset):
                training.action_open()
            else:
                training.scroll_visible(animate=False)
        elif waiting:
            waiting[0].begin()
        elif questions and self._answered:
            if self.page.scroll_offset.y < self.page.max_scroll_y:
                self.action_page(1)  # what has appeared below the answer comes first
            else:
                self.call_later(self.action_next)
        elif len(cards := self._cards()) == 1 and self._holds_only(cards[0]):
            cards[0].action_open()
        else:
            there, reached = self.focused, self.focus_next()
            if reached in (there, None):
                told = _("There is nothing to answer, open or run in this step.")
                self.notify(told, markup=False)
            elif isinstance(reached, NamesTab):
                reached.reached()

    def _next_training(self) -> TrainingCard | None:
        """The first training whose prediction is made or skipped, and which was not opened yet."""
        is_predicted = False
        for widget in self.page.children:
            if isinstance(widget, PredictView):
                if not widget.is_settled:
                    return None
                is_predicted = True
            elif isinstance(widget, TrainingCard) and is_predicted and not widget.was_opened:
                return widget if widget.display else None
        return None

    def _cards(self) -> list[OpeningCard]:
        """What this step opens on a screen of its own."""
        return [*self.page.query(OpeningCard)]

    def _holds_only(self, card: Widget) -> bool:
        """Whether there is nothing else in this step that could take the focus."""
        return all(
            widget is card or (isinstance(widget, LinesView) and not widget.can_focus)
            for widget in self.page.children
        )

    def on_key(self, event: events.Key) -> None:
        """A character that is no key of the lesson begins the answer to an open question."""
        if self.focused is not None or not begins(self, event):
            return
        for view in self.page.query(PredictView):
            if view.display and not view.is_settled and not view.chosen_from_rows:
                event.stop()
                view.begin(event)
                return

    def action_again(self) -> None:
        """Open the last settled question of the step for another answer."""
        settled = [v for v in self.page.query(PredictView) if v.display and v.is_settled]
        if settled:
            settled[-1].again()
        else:
            self.notify(_("No question of this step can be answered again."), markup=False)

    def tell_tabs(self) -> None:
        """What names `tab` says how often to press it, once all stands where it will stand."""
        after_refresh(self, self._tell_tabs)

    def _tell_tabs(self) -> None:
        if not all(part.is_mounted and is_there(part) for part in self.page.query(Widget)):
            return  # a step is built or left; the next one is told of once it stands
        count_tabs(self.focus_chain, self.focused)
        is_free = self.focused is None and self._next_training() is None
        for view in self.page.query(PredictView):
            waits = view.display and not view.is_settled
            view.tell_next(waits and is_free)
            is_free &= not waits

    def action_leave(self) -> None:
        """Return the focus to the lesson."""
        self.set_focus(None)
