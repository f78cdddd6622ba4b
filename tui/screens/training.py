"""A running training: settings, progress, charts, what the model has learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.offer import Offer
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState, Setting, Snapshot
from tui.background import after_refresh, in_background
from tui.messages import TrainingEvent
from tui.owner import TrainingOwner, training_owner
from tui.panes.diagnosis import DiagnosisPane
from tui.panes.runs import RunsPane
from tui.screens import training_keys
from tui.screens.export import ask_and_export
from tui.screens.training_devices import offer_devices
from tui.screens.training_guess import Guessing
from tui.screens.training_head import Head
from tui.screens.training_keys import Situation
from tui.screens.training_offer import Resumption
from tui.screens.training_orders import Orders
from tui.screens.training_pace import SHARE, Pace
from tui.screens.training_removal import ask_removal
from tui.screens.training_start import Beginning
from tui.screens.training_view import WIDE, View
from tui.screens.why_not import SaysWhyNot
from tui.themes import styled_once
from tui.widgets.clickable import KeyLine
from tui.widgets.diagnosis_line import DiagnosisLine
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.key_bar import KeyBar
from tui.widgets.pane_bar import PaneBar
from tui.widgets.training_panes import TrainingPanes
from tui.widgets.training_progress import TrainingProgress


class TrainingScreen(SaysWhyNot[None]):
    """Watch and control the training of one recipe; leaving the screen does not stop it."""

    CSS_PATH = "../styles/training.tcss"

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    BINDINGS = training_keys.BINDINGS

    def __init__(
        self, recipe_name: str, options: Mapping[str, str] | None = None, *, go_on: bool = False
    ) -> None:
        """`options` are initial settings by name; `go_on` resumes from the saved checkpoint.

        Raises SettingError for an unknown recipe or an unknown setting. An invalid value is shown
        with an explanation, and nothing starts until it is corrected.
        """
        super().__init__()
        self.recipe = find_recipe(recipe_name)
        self.form = HyperparameterForm(self.recipe, options, id="form")
        self.progress_row = TrainingProgress(id="progress")
        self.diagnosis_line = DiagnosisLine(DiagnosisPane.key(), id="diagnosis-line")
        self.panes = TrainingPanes(self.recipe, id="panes")
        self.pane_bar = PaneBar(_("⟨y|training.log⟩: log · ⟨m|training.view⟩: view"), id="pane-bar")
        self.view = View(self.panes, self.pane_bar)
        self.beginning = Beginning(self, recipe_name)
        self.resumption = Resumption(self.recipe, self.form)
        self.guessing = Guessing(self, self.recipe, self.form)
        self.head = Head(self, self.recipe, self.resumption, self.guessing)
        self.orders = Orders(self.recipe, self.form, self.beginning, self.resumption, self.guessing)
        self.pace = Pace(self, self.refresh_snapshot, SHARE)
        self._go_on_at_once = go_on
        self._keep_fields = bool(options)
        self._seen: tuple[int, str] | None = None
        self._latest = Snapshot()
        self._frozen: Snapshot | None = None
        self._resetting = False
        self._settings: dict[str, Setting] = {}
        self._can: tuple[object, ...] | None = None
        self._log = False

    @property
    def owner(self) -> TrainingOwner:
        """The application that owns the training."""
        return training_owner(self)

    def compose(self) -> ComposeResult:
        """Title, facts, settings, progress, panes."""
        self.view.fit(self.app.size.width)
        yield from self.head.compose()
        yield self.form
        yield KeyLine(id="message")
        yield self.diagnosis_line
        yield Static("", id="verdict", markup=False)
        yield self.progress_row
        yield self.pane_bar
        yield self.panes
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the current state, and start polling the training."""
        with styled_once(self):
            self._name_panes()
            self.guessing.tell()
            self.refresh_snapshot()
        self._look_for_checkpoint()
        offer_devices(self, self.form)
        self.pace.start(self.owner.refresh_rate)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was open."""
        self.refresh_snapshot()
        self.beginning.ask_for_data()

    def _look_for_checkpoint(self) -> None:
        """Look in the background for a training that can be resumed."""
        in_background(self, self.resumption.look, self._checkpoint_found, lambda _error: None)

    def _checkpoint_found(self, offer: Offer | str | None) -> None:
        self.resumption.offer = offer
        self._tell()
        self.refresh_bindings()
        if self._go_on_at_once:
            self._go_on_at_once = False
            self.action_go_on()

    def on_training_event(self, event: TrainingEvent) -> None:
        """Show a change of state at once; if the data was not found, ask where it is."""
        self.refresh_snapshot()
        self.view.pane.opened()
        state = event.change.state
        if not state.is_active:
            self._look_for_checkpoint()
        self._finish_reset()
        if state is SessionState.FAILED and self._latest.recipe:
            self.beginning.note_missing(event)
            if self.is_active:
                self.beginning.ask_for_data()

    def refresh_snapshot(self) -> None:
        """Take the latest snapshot and redraw what changed."""
        newest = self.owner.session.snapshot
        seen = (newest.revision, newest.recipe)
        if seen == self._seen:
            return
        self._seen = seen
        mine = newest.recipe == self.recipe.name
        self._latest = newest if mine else Snapshot()
        with styled_once(self):
            self.guessing.follow(self._latest)
            self._tell()
            self._follow_settings()
            self._show()

    def _tell(self) -> None:
        self.head.tell(self._latest)

    def _follow_settings(self) -> None:
        latest = self._latest
        self.form.set_locked(latest.state.is_active)
        settings = dict(latest.settings)
        if self.owner.race_status:
            self._settings = settings  # The fields keep what the learner chose for the race.
        wanted = latest.state.is_active or not self._keep_fields
        if settings and settings != self._settings and wanted:
            self._settings = settings
            self.form.show_settings(settings)

    def _show(self) -> None:
        """Draw the latest snapshot, or the one at which the display was frozen."""
        latest = self._latest
        self.head.name_state(latest, is_frozen=self._frozen is not None)
        shown = self._frozen or latest
        self._tell_facts()
        self.progress_row.show(shown)
        self.form.set_begun(latest.state is not SessionState.IDLE)
        self.diagnosis_line.show(shown)
        self.panes.show(shown, self._log)
        self._name_panes()
        can = (latest.state, self.form.is_valid, self._frozen is not None, latest.step > 0)
        if can != self._can:
            self._can = can
            self.refresh_bindings()
            self._offer()

    def _tell_facts(self) -> None:
        self.head.tell_facts(self._frozen or self._latest)

    def _offer(self) -> None:
        """Say how a training begins, while none has."""
        if self._latest.state is SessionState.IDLE:
            ways = training_keys.beginnings(self.active_bindings.values(), self.orders.can_race)
            shown = [(self.app.get_key_display(b), words, b.action) for b, words in ways]
            self.progress_row.offer(shown if self.form.is_valid else ())

    def on_hyperparameter_form_changed(self, event: HyperparameterForm.Changed) -> None:
        """The fields decide whether a training can start and how far one can be resumed."""
        self._tell()
        self.refresh_bindings()
        self._offer()

    def on_hyperparameter_form_live_changed(self, event: HyperparameterForm.LiveChanged) -> None:
        """Use the new learning rate from the next update on."""
        if event.name == LEARNING_RATE:
            self.owner.session.set_learning_rate(float(event.value))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what is not possible now."""
        if action == "pane":
            return True if self.panes[str(parameters[0])].applies(self._latest) else None
        return True if training_keys.can(action, self._situation) else None

    def why_not(self, action: str) -> str:
        """Why a key is greyed out."""
        return training_keys.why_not(action, self._situation)

    @property
    def _situation(self) -> Situation:
        return Situation(
            latest=self._latest,
            valid=self.form.is_valid,
            frozen=self._frozen is not None,
            can_go_on=self.resumption.is_possible,
            can_race=self.orders.can_race,
            has_views=self.view.has_views,
            other=self.beginning.other,
        )

    def action_start_or_pause(self) -> None:
        """Start, pause or resume, whichever applies."""
        session, state = self.owner.session, self._latest.state
        if state is SessionState.RUNNING:
            session.pause()
        elif state is SessionState.PAUSED:
            session.resume()
        else:
            self.beginning.ask_then(self._begin)
        self.refresh_snapshot()

    def action_one_step(self) -> None:
        """Make one update, then pause."""
        self._advance(self.owner.session.step)

    def action_one_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._advance(self.owner.session.run_epoch)

    def _advance(self, how: Callable[[], None]) -> None:
        def begin_and_advance() -> None:
            self._begin(paused=True)
            how()

        if self._latest.state is SessionState.IDLE:
            self.beginning.ask_then(begin_and_advance)
        else:
            how()
        self.refresh_snapshot()

    def action_stop(self) -> None:
        """End the training."""
        self.owner.session.stop()
        self.refresh_snapshot()

    def action_reset(self) -> None:
        """End the run, if it is still under way, and be as at the beginning."""
        self.beginning.ask_then(self._reset, yes=_("Reset"))

    def _reset(self) -> None:
        self._resetting = True
        self._finish_reset()

    def _finish_reset(self) -> None:
        """Clear the screen once the run that is reset has ended and is kept."""
        if not self._resetting:
            return
        if self.owner.session.snapshot.state.is_active:
            self.owner.session.stop()
            return
        self._resetting = False
        self._frozen = None
        self._settings = {}
        self.set_focus(None)
        self.owner.session.forget()
        self.refresh_snapshot()

    def action_guess(self) -> None:
        """Ask for a guess; it belongs to the next training that is started."""
        self.guessing.ask()

    def action_go_on(self) -> None:
        """Resume from the saved checkpoint."""
        if self.resumption.is_possible and not self._latest.state.is_active:
            self.beginning.ask_then(self._resume, loses=False)

    def _resume(self) -> None:
        order = self.orders.resumed(seen=self._latest.step > 0)
        if order is None:
            self._tell()
        self._start(order)

    def action_race(self, best: bool = False) -> None:
        """Train with each optimiser in turn, and compare; `best` finds their rates first."""
        self.beginning.ask_then(lambda: self.call_next(self._race, best))

    async def _race(self, best: bool) -> None:
        order = self.orders.race()
        if order is None:
            return
        self._frozen = None
        self.owner.start_race(order, best=best)
        self.view.enlarge(RunsPane.ID)
        await self._lay_out()
        self.set_focus(self.view.pane.target)
        self.refresh_snapshot()

    def action_export(self) -> None:
        """Ask for a folder and export the training to it."""
        ask_and_export(self.app, self._frozen or self._latest)

    def _begin(self, *, paused: bool = False) -> None:
        self._start(self.orders.new(paused=paused))

    def _start(self, order: TrainingOrder | None) -> None:
        """Start a training, unless the fields say that none can start."""
        if order is None:
            return
        self._frozen = None
        self._resetting = False
        self.set_focus(None)
        self.owner.start_training(order)
        self.refresh_snapshot()

    def action_freeze(self) -> None:
        """Freeze or unfreeze the display."""
        self._frozen = self._latest if self._frozen is None else None
        self._show()

    async def action_next_view(self) -> None:
        """Show another view in the open pane, or where it has only one, of the model."""
        self.view.next_view()
        await self._lay_out()
        self.set_focus(self.view.target_of_views)

    def on_runs_pane_removal_asked(self, event: RunsPane.RemovalAsked) -> None:
        """Remove a saved run after asking."""
        ask_removal(self, event, self.view.pane.opened)

    def action_toggle_log(self) -> None:
        """Switch the loss between a linear and a logarithmic scale."""
        self._log = not self._log
        self._show()
        if not self.panes.draw_losses:
            told = _("The loss has another scale now; pane ⟨1|training.pane_loss⟩ shows it.")
            self.notify(told, markup=False)

    def action_learning_rate(self, direction: int) -> None:
        """Move the learning rate to the next round value."""
        self.form.move_learning_rate(direction)

    async def action_pane(self, name: str) -> None:
        """Open a pane; on a wide screen, which shows several, enlarge it or shrink it again."""
        self.view.open(name)
        await self._lay_out()
        self.view.pane.opened()
        self.refresh_bindings()
        self.set_focus(self.view.pane.target)

    async def _lay_out(self) -> None:
        await self.view.lay_out()
        self._name_panes()

    async def on_resize(self, event: events.Resize) -> None:
        """A wide screen shows several panes; the row of names shows which of them are open."""
        await self.view.fit(event.size.width)
        after_refresh(self, self._name_panes)
        after_refresh(self, self._tell_facts)

    async def on_pane_bar_chosen(self, event: PaneBar.Chosen) -> None:
        """A click on a tab does what its key does."""
        await self.action_pane(self.panes.with_key(event.key).ID)

    def _name_panes(self) -> None:
        self.view.entitle(self._frozen or self._latest)

    def action_leave(self) -> None:
        """Leave the focused widget, else the screen."""
        if self.focused is not None:
            self.set_focus(None)
        else:
            self.action_back()

    def action_back(self) -> None:
        """Go back; training continues."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
