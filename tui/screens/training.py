"""A running training: settings, progress, charts, what the model has learned."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from engine.devices import passed_over
from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.guess import Guess
from engine.training.hyperparameters import SettingError
from engine.training.offer import Offer
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState, Setting, Snapshot
from engine.training.task import Source
from tui.background import in_background
from tui.key_names import keyed
from tui.messages import TrainingEvent
from tui.owner import TrainingOwner, training_owner
from tui.panes.base import Pane
from tui.panes.diagnosis import DiagnosisPane
from tui.panes.loss import LossPane
from tui.panes.model import ModelPane
from tui.panes.runs import RunsPane
from tui.race import optimiser_of
from tui.screens import training_keys
from tui.screens.confirm import ConfirmScreen
from tui.screens.export import ask_and_export
from tui.screens.training_guess import Guessing
from tui.screens.training_keys import Situation
from tui.screens.training_offer import Resumption
from tui.screens.training_pace import SHARE, Pace
from tui.screens.training_start import Beginning, other_training
from tui.themes import styled_once
from tui.widgets.chart_raster import get_ready
from tui.widgets.diagnosis_line import DiagnosisLine
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.key_bar import KeyBar
from tui.widgets.pane_bar import PaneBar
from tui.widgets.training_panes import TrainingPanes
from tui.widgets.training_progress import TrainingProgress
from tui.widgets.training_status import STATE_NAMES, STATE_SIGNS, facts

WIDE = 110
"""Columns from which on several panes stand beside each other."""


class TrainingScreen(Screen[None]):
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
        self.pane_bar = PaneBar(_("y:log m:view"), id="pane-bar")
        self.beginning = Beginning(self, recipe_name)
        self.resumption = Resumption(self.recipe, self.form)
        self.guessing = Guessing(self, self.recipe, self.form)
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
        self._pane = LossPane.ID
        self._zoomed = False
        self._wide = False

    @property
    def owner(self) -> TrainingOwner:
        """The application that owns the training."""
        return training_owner(self)

    def compose(self) -> ComposeResult:
        """Title, facts, settings, progress, panes."""
        with Horizontal(id="head"):
            yield Static(self.recipe.title, id="title", markup=False)
            yield Static("", id="state", markup=False)
        yield Static("", id="facts", markup=False)
        yield self.form
        yield Static("", id="message", markup=False)
        yield self.diagnosis_line
        yield Static("", id="verdict", markup=False)
        yield self.progress_row
        yield self.pane_bar
        yield self.panes
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the current state, and start polling the training."""
        with styled_once(self):
            self._open_pane()
            self.guessing.tell()
            self.refresh_snapshot()
        self._look_for_checkpoint()
        in_background(self, self._look_for_devices, self._devices_found, self._nothing_found)
        self.pace.start(self.owner.refresh_rate)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was open."""
        self.refresh_snapshot()
        self.beginning.ask_for_data()

    def _look_for_devices(self) -> tuple[Sequence[str], str]:
        """On another thread: the names of the devices, and which GPUs `auto` leaves out."""
        get_ready()
        names = self.owner.device_names()
        return names, passed_over() if "torch" in sys.modules else ""

    def _devices_found(self, found: tuple[Sequence[str], str]) -> None:
        names, left_out = found
        self.form.set_devices(names)
        if left_out:
            self.owner.notify(left_out, severity="warning", timeout=12, markup=False)

    def _nothing_found(self, error: Exception) -> None:
        """A broken installation is reported when a training starts."""

    def _look_for_checkpoint(self) -> None:
        """Look in the background for a training that can be resumed."""
        in_background(self, self.resumption.look, self._checkpoint_found, self._nothing_found)

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
        self._open.opened()
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
        """Show a sentence above the panes: an error, another training, or a checkpoint."""
        newest, latest = self.owner.session.snapshot, self._latest
        text = latest.message
        if newest.recipe != self.recipe.name and newest.state.is_active:
            text = other_training(newest.recipe)
        elif not text and latest.state.is_active:
            text = self.owner.race_status
        elif not latest.state.is_active:
            text = " ".join(part for part in (text, self.resumption.sentence) if part)
        self._update("#message", text)
        self.query_one("#message").display = bool(text)
        said = self.guessing.sentence(latest)
        self._update("#verdict", said)
        self.query_one("#verdict").display = bool(said)

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
        state = f"{STATE_SIGNS[latest.state]} {STATE_NAMES[latest.state]}"
        for label in ("#state", "#message"):
            self.query_one(label).set_classes(f"-{latest.state.value}")
        if self._frozen is not None:
            state += " · " + keyed(_("display frozen, ⟨f|training.freeze⟩: unfreeze"))
        self._update("#state", state)
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
        room = self.query_one("#facts").content_size.width or self.size.width
        self._update("#facts", facts(self._frozen or self._latest, room))

    def _offer(self) -> None:
        """Say how a training begins, while none has."""
        if self._latest.state is SessionState.IDLE:
            ways = training_keys.beginnings(self.active_bindings.values(), self._can_race)
            shown = [(self.app.get_key_display(b), words, b.action) for b, words in ways]
            self.progress_row.offer(shown if self.form.is_valid else ())

    @property
    def _can_race(self) -> bool:
        return optimiser_of(self.recipe) is not None

    def _update(self, selector: str, text: str) -> None:
        label = self.query_one(selector, Static)
        if label.content != text:
            label.update(text)

    def on_hyperparameter_form_changed(self, event: HyperparameterForm.Changed) -> None:
        """The fields decide whether a training can start and how far one can be resumed."""
        self._tell()
        self.refresh_bindings()
        self._offer()

    def on_hyperparameter_form_live_changed(self, event: HyperparameterForm.LiveChanged) -> None:
        """Use the new learning rate from the next update on."""
        if event.name == LEARNING_RATE:
            self.owner.session.set_learning_rate(float(event.value))

    @property
    def _open(self) -> Pane:
        """The pane that was opened last."""
        return self.panes[self._pane]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what is not possible now."""
        if action == "pane":
            return True if self.panes[str(parameters[0])].applies(self._latest) else None
        situation = Situation(
            latest=self._latest,
            valid=self.form.is_valid,
            frozen=self._frozen is not None,
            can_go_on=self.resumption.is_possible,
            can_race=self._can_race,
            has_views=self._open.has_views or self.panes.of(ModelPane).has_views,
        )
        return True if training_keys.can(action, situation) else None

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
        settings = self.resumption.settings(seen=self._latest.step > 0)
        if settings is None:
            self._tell()
        else:
            offer = self.resumption.offer
            self._start(settings, resume=True, run=offer.run if isinstance(offer, Offer) else "")

    def action_race(self, best: bool = False) -> None:
        """Train with each optimiser in turn, and compare; `best` finds their rates first."""
        self.beginning.ask_then(lambda: self._race(best))

    def _race(self, best: bool) -> None:
        try:
            values = self.form.values()
        except SettingError:
            return  # The form says what is wrong.
        self._frozen = None
        self.owner.start_race(TrainingOrder(self.recipe, values, self._source), best=best)
        self._pane, self._zoomed = RunsPane.ID, self._wide
        self._open_pane()
        self.set_focus(self._open.target)
        self.refresh_snapshot()

    @property
    def _source(self) -> Source:
        """The device and the source of the data, as chosen now."""
        return Source(self.form.device, self.owner.data_dir, self.beginning.synthetic)

    def action_export(self) -> None:
        """Ask for a folder and export the training to it."""
        ask_and_export(self.app, self._frozen or self._latest)

    def _begin(self, *, paused: bool = False) -> None:
        try:
            values = self.form.values()
        except SettingError:
            return  # The form says what is wrong.
        self._start(values, paused=paused)

    def _start(
        self,
        values: Mapping[str, Setting],
        *,
        paused: bool = False,
        resume: bool = False,
        run: str = "",
    ) -> None:
        self._frozen = None
        self._resetting = False
        self.set_focus(None)
        self.owner.start_training(
            TrainingOrder(
                self.recipe,
                values,
                self._source,
                paused=paused,
                resume=resume,
                run=run,
                guess=Guess() if resume else self.guessing.guess,
            )
        )
        self.refresh_snapshot()

    def action_freeze(self) -> None:
        """Freeze or unfreeze the display."""
        self._frozen = self._latest if self._frozen is None else None
        self._show()

    def action_next_view(self) -> None:
        """Show another view in the open pane, or where it has only one, of the model."""
        model = self.panes.of(ModelPane)
        if self._open.has_views:
            self._open.next_view()
        elif self.panes_all_seen:
            model.next_view()
        elif self._open is not model:
            self._pane = ModelPane.ID
        self._open_pane()
        self.set_focus(model.target if self.panes_all_seen else self._open.target)

    def on_runs_pane_removal_asked(self, event: RunsPane.RemovalAsked) -> None:
        """Remove a saved run after asking."""

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.owner.runs.remove(event.run)
                self._open.opened()

        self.app.push_screen(ConfirmScreen(event.question, yes=_("Remove"), no=_("Keep")), answered)

    @property
    def panes_all_seen(self) -> bool:
        """Whether all panes are visible: the terminal is wide, and none is enlarged."""
        return self._wide and not self._zoomed

    def action_toggle_log(self) -> None:
        """Switch the loss between a linear and a logarithmic scale."""
        self._log = not self._log
        self._show()

    def action_learning_rate(self, direction: int) -> None:
        """Move the learning rate to the next round value."""
        self.form.move_learning_rate(direction)

    def action_pane(self, name: str) -> None:
        """Open a pane; on a wide screen, which shows several, enlarge it or shrink it again."""
        wide = self._wide
        self._zoomed = wide and not (self._zoomed and self._pane == name)
        self._pane = name
        if wide and not self._zoomed and not self._open.BESIDE:
            self._pane = LossPane.ID  # a wide screen has no room for the others next to these
        self._open_pane()
        self._open.opened()
        self.refresh_bindings()
        self.set_focus(self._open.target)

    def _open_pane(self) -> None:
        self.panes.open(self._pane, beside=self.panes_all_seen)
        self._name_panes()

    def on_resize(self, event: events.Resize) -> None:
        """A wide screen shows several panes; the row of names shows which of them are open."""
        self._wide = event.size.width >= WIDE
        if self._wide and not self._open.BESIDE:
            self._zoomed = True  # else the pane that was open would be gone
        self.panes.open(self._pane, beside=self.panes_all_seen)
        self.call_after_refresh(self._name_panes)
        self.call_after_refresh(self._tell_facts)

    def on_pane_bar_chosen(self, event: PaneBar.Chosen) -> None:
        """A click on a tab does what its key does."""
        self.action_pane(self.panes.with_key(event.key).ID)

    def _name_panes(self) -> None:
        alone = not self.panes_all_seen
        self.panes.entitle(several=not alone)
        shown = self._frozen or self._latest
        self.pane_bar.show(self.panes.labels(shown), self._open.key() if alone else None)

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
