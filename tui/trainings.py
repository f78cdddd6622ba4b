"""A record of all trainings: what is running, what is kept for comparison, what comes next."""

from __future__ import annotations

from engine.language import _
from engine.training import underway
from engine.training.events import StateChanged
from engine.training.order import TrainingOrder
from engine.training.runs import RunStore, is_worth_keeping, kept_run
from engine.training.snapshot import SessionState, Snapshot
from tui.race import Race


class Trainings:
    """Notified of every start and end on the screen's thread; never waits for the engine."""

    def __init__(self) -> None:
        self.runs = RunStore()
        self.race: Race | None = None
        self.keep_marks = False
        """Set when the program ends: the marks of running trainings then stay for later."""
        self.lost = ""
        """What to tell of a training that was interrupted before anything of it was saved."""
        self.removed: list[str] = []
        """Runs that made room for newer ones, and of which that has to be told."""
        self._is_trial = False
        """Whether nothing of the training under way is kept."""

    def begin(self, recipe: str, before: Snapshot, *, trial: bool = False) -> None:
        """A training of `recipe` starts; `before` is the last snapshot of the one it ends."""
        if before.state.is_active:
            self._keep(before)
            underway.end(before.recipe)
        self._is_trial = trial
        if not trial:
            underway.begin(recipe)  # the worker names the run when it knows which

    def change(self, change: StateChanged, now: Snapshot) -> TrainingOrder | None:
        """Record a change of state and the latest snapshot; returns a race's next training."""
        if now.state is not change.state or now.state.is_active or now.state is SessionState.IDLE:
            return None
        self._keep(now)
        if not self.keep_marks:
            underway.end(now.recipe)
        race = self.race
        if race is None or race.recipe != now.recipe:
            return None
        race.note(now)
        # A training that diverged early is back at its start, but has losses to show for it.
        measured = bool(now.step or now.losses.steps or now.losses.not_finite)
        following = race.next() if Race.goes_on(now.state, measured) else None
        if following is None:
            self.race = None
        return following

    def forget(self, recipe: str) -> None:
        """Do not offer to resume `recipe` at the next start."""
        underway.end(recipe)

    def cut_off(self) -> tuple[str, str] | None:
        """The training that was interrupted last, and what to ask about it; asked only once."""
        self.lost = ""
        for recipe in underway.cut_off():
            # Imported late: most starts find nothing and need not wait for NumPy.
            from engine.errors import UserError
            from engine.recipes.catalog import find_recipe
            from engine.training.archive import cut_short, told_of
            from engine.training.offer import look
            from tui.screens.training_offer import about, how_far

            underway.end(recipe)
            for run in cut_short(recipe)[:1]:
                self.lost = self.lost or told_of(run.run)
            try:
                title, offer = find_recipe(recipe).title, look(recipe)
            except UserError:
                continue  # The screen of the recipe says what is wrong with its checkpoint.
            if offer is not None and offer.is_unfinished:
                question = _(
                    "The training “{recipe}” was interrupted. It can resume from {update}"
                    " ({checkpoint}). Resume it now?"
                )
                return recipe, question.format(
                    recipe=title, update=how_far(offer), checkpoint=about(offer)
                )
        return None

    def _keep(self, snapshot: Snapshot) -> None:
        if is_worth_keeping(snapshot) and not self._is_trial:
            self.removed += self.runs.add(kept_run(snapshot))
