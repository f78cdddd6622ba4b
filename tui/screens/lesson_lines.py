"""What a lesson does when the learner gives the lines of a derivation: ask, log, count."""

from __future__ import annotations

from lessons.derive.tasks import asked
from lessons.learner.derivations import finish_round, log_name, rounds_of
from lessons.learner.seed import seed_of
from tui.screens.step_screen import StepScreen
from tui.widgets.derivation import DerivationView
from tui.widgets.faded import FadedView


class AsksLines(StepScreen):
    """A screen with the derivations of a step, each of which can be given by the learner."""

    def _arrange(self) -> None:
        """Show what is to be shown."""
        raise NotImplementedError

    async def on_derivation_view_wanted(self, message: DerivationView.Wanted) -> None:
        """Ask the lines of a derivation."""
        await self._ask_lines(message.view)

    async def _ask_lines(self, view: DerivationView) -> None:
        slug, progress = self.lesson.slug, self.tutor.progress
        rounds = rounds_of(progress, slug, view.block.name)
        found = asked(self.lesson, self.step, view.block, seed_of(progress), rounds)
        await view.begin(found, slug)
        self._arrange()

    def on_faded_view_shown(self, message: FadedView.Shown) -> None:
        """Cover or show a line."""
        for view in self.page.query(DerivationView):
            if view.card is message.view:
                view.ask(message, message.view.asked)
        message.view.come_into_view()

    def on_faded_view_answered(self, message: FadedView.Answered) -> None:
        """Save what was answered about a line."""
        found = message.diagnosis
        name = log_name(message.derivation, message.task.line)
        self.tutor.progress.answer(self.lesson.slug, name, message.text, found.verdict, found.slip)

    def on_faded_view_finished(self, message: FadedView.Finished) -> None:
        """Count the round."""
        finish_round(self.tutor.progress, self.lesson.slug, message.derivation, message.verdicts)

    async def on_faded_view_closed(self, message: FadedView.Closed) -> None:
        """Go back to reading, or begin another round."""
        for view in self.page.query(DerivationView):
            if view.card is message.view:
                await view.end()
                if message.again:
                    await self._ask_lines(view)
