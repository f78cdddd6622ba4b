"""A training as it runs: settings, progress, charts, what the model knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer, Static

from engine.recipes.base import SettingError
from engine.recipes.catalog import find_recipe
from engine.training.snapshot import SessionState, Setting, Snapshot
from tui.messages import TrainingEvent
from tui.owner import TrainingOwner, training_owner
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import ChoiceKind, DataChoice, DataChoiceScreen, MissingData
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.numbers import thousands
from tui.widgets.pane_bar import PaneBar
from tui.widgets.training_panes import TrainingPanes
from tui.widgets.training_progress import TrainingProgress
from tui.widgets.training_status import STATE_SIGNS

_AGAIN = "Begin again? What the model has learned is lost."


def facts(snapshot: Snapshot) -> str:
    """Device and data set in one line; what the program made itself is called synthetic."""
    if not snapshot.device:
        return "device and data are found at the start"
    data = snapshot.dataset
    if snapshot.synthetic and "synthetic" not in data.lower():
        data += " (synthetic)"
    counts = f"{thousands(snapshot.train_samples)} samples to train on"
    if snapshot.test_samples:
        counts += f", {thousands(snapshot.test_samples)} to test"
    return f"device {snapshot.device} · data {data} · {counts}"


class TrainingScreen(Screen[None]):
    """Watch and steer the training of one recipe; leaving the screen does not stop it."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]

    BINDINGS = [
        Binding("s", "start_or_pause", "Start/pause", id="training.start",
                tooltip="Start, pause or go on with the training"),
        Binding("n", "one_step", "Step", id="training.step",
                tooltip="Make one update, then wait"),
        Binding("full_stop", "one_epoch", "Epoch", id="training.epoch", key_display=".",
                tooltip="Go on to the end of the epoch, then wait"),
        Binding("x", "stop", "Stop", id="training.stop",
                tooltip="End the training; what is learned stays on the screen"),
        Binding("r", "reset", "Reset", id="training.reset",
                tooltip="Back to the beginning, with the settings in the fields"),
        Binding("f", "freeze", "Freeze", id="training.freeze",
                tooltip="Hold the display still while the training goes on; again: let it go"),
        Binding("y", "toggle_log", "Log scale", id="training.log", show=False,
                tooltip="Loss on a logarithmic scale, or on a plain one"),
        Binding("1", "pane(0)", "Loss", id="training.pane_loss", show=False,
                tooltip="The loss of every step"),
        Binding("2", "pane(1)", "Per epoch", id="training.pane_epoch", show=False,
                tooltip="What was measured after every epoch, as a chart"),
        Binding("3", "pane(2)", "Model", id="training.pane_model", show=False,
                tooltip="What the model has learned; arrows scroll"),
        Binding("4", "pane(3)", "Epochs", id="training.pane_table", show=False,
                tooltip="What was measured after every epoch, as a table; arrows scroll"),
        Binding("m", "next_view", "Model view", id="training.view", show=False,
                tooltip="Predictions, confusion matrix or weights of a classifier"),
        Binding("plus,equals_sign", "learning_rate(1)", "Larger steps", id="training.faster",
                key_display="+", show=False, tooltip="The next larger learning rate"),
        Binding("minus", "learning_rate(-1)", "Smaller steps", id="training.slower",
                key_display="-", show=False, tooltip="The next smaller learning rate"),
        Binding("q", "back", "Back", id="training.back",
                tooltip="Leave the screen; the training goes on"),
        Binding("escape", "leave", "Leave", id="training.leave", show=False,
                tooltip="Leave the field or the table; else leave the screen"),
    ]  # fmt: skip

    def __init__(self, recipe_name: str, options: Mapping[str, str] | None = None) -> None:
        """`options` are settings to begin with, by name.

        Raises SettingError for an unknown recipe or an unknown setting; a value that cannot be
        used is shown with a sentence, and nothing starts until it is mended.
        """
        super().__init__()
        self.recipe = find_recipe(recipe_name)
        self.form = HyperparameterForm(self.recipe, options, id="form")
        self.progress_row = TrainingProgress(id="progress")
        self.panes = TrainingPanes(id="panes")
        self.pane_bar = PaneBar(" y: log scale   m: model view", id="pane-bar")
        self._keep_fields = bool(options)
        self._seen: tuple[int, str] | None = None
        self._latest = Snapshot()
        self._frozen: Snapshot | None = None
        self._settings: dict[str, Setting] = {}
        self._can: tuple[SessionState, bool, bool] | None = None
        self._log = False
        self._pane = 0
        self._zoomed = False
        self._synthetic = False
        self._missing: MissingData | None = None
        self._begin_again: Callable[[], None] = self._begin

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
        yield self.progress_row
        yield self.pane_bar
        yield self.panes
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what there is, and begin to look at the training."""
        self._open_pane()
        self.refresh_snapshot()
        if self.owner.refresh_rate > 0:
            self.set_interval(1 / self.owner.refresh_rate, self._tick)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was in front."""
        self.refresh_snapshot()
        self._ask_for_data()

    def _tick(self) -> None:
        if self.is_active:
            self.refresh_snapshot()

    def on_training_event(self, event: TrainingEvent) -> None:
        """Show a change of state at once; ask where the data is when it was not found."""
        self.refresh_snapshot()
        error = event.change.error
        failed = event.change.state is SessionState.FAILED
        if failed and isinstance(error, MissingData) and self._latest.recipe:
            self._missing = error
            if self.is_active:
                self._ask_for_data()

    def refresh_snapshot(self) -> None:
        """Take the latest snapshot and redraw what differs."""
        newest = self.owner.session.snapshot
        seen = (newest.revision, newest.recipe)
        if seen == self._seen:
            return
        self._seen = seen
        mine = newest.recipe == self.recipe.name
        self._latest = newest if mine else Snapshot()
        message = newest.message
        if not mine:
            message = ""
            if newest.state.is_active:
                message = f"The recipe {newest.recipe!r} is being trained. Starting here ends it."
        self._show_message(message)
        self._follow_settings()
        self._show()

    def _follow_settings(self) -> None:
        latest = self._latest
        self.form.set_locked(latest.state.is_active)
        settings = dict(latest.settings)
        wanted = latest.state.is_active or not self._keep_fields
        if settings and settings != self._settings and wanted:
            self._settings = settings
            self.form.show_settings(settings)

    def _show(self) -> None:
        """Draw the latest snapshot, or the one that the display was frozen at."""
        latest = self._latest
        state = f"{STATE_SIGNS[latest.state]} {latest.state.value}"
        if self._frozen is not None:
            state += " · display frozen, f: go on"
        self._update("#state", state)
        shown = self._frozen or latest
        self._update("#facts", facts(shown))
        self.progress_row.show(shown)
        self.panes.show(shown, self._log)
        self._name_panes()
        can = (latest.state, self.form.is_valid, self._frozen is not None)
        if can != self._can:
            self._can = can
            self.refresh_bindings()

    def _update(self, selector: str, text: str) -> None:
        label = self.query_one(selector, Static)
        if label.content != text:
            label.update(text)

    def _show_message(self, text: str) -> None:
        self._update("#message", text)
        self.query_one("#message").display = bool(text)

    def on_hyperparameter_form_changed(self, event: HyperparameterForm.Changed) -> None:
        """Starting depends on the fields."""
        self.refresh_bindings()

    def on_hyperparameter_form_live_changed(self, event: HyperparameterForm.LiveChanged) -> None:
        """Use another learning rate from the next update on."""
        if event.name == LEARNING_RATE:
            self.owner.session.set_learning_rate(float(event.value))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        state, valid = self._latest.state, self.form.is_valid
        idle = state is SessionState.IDLE
        loading = state is SessionState.LOADING
        can = True
        if action == "start_or_pause":
            can = state in (SessionState.RUNNING, SessionState.PAUSED) or (valid and not loading)
        elif action == "one_step":
            can = state is SessionState.PAUSED or (idle and valid)
        elif action == "one_epoch":
            can = state in (SessionState.RUNNING, SessionState.PAUSED) or (idle and valid)
        elif action == "stop":
            can = state.is_active
        elif action == "reset":
            can = not idle and not loading and valid
        elif action == "next_view":
            can = bool(self._latest.gallery)
        elif action == "freeze":
            can = not idle or self._frozen is not None
        return True if can else None

    def action_start_or_pause(self) -> None:
        """Start, pause or go on, whichever fits."""
        session, state = self.owner.session, self._latest.state
        if state is SessionState.RUNNING:
            session.pause()
        elif state is SessionState.PAUSED:
            session.resume()
        else:
            self._ask_then(self._begin)
        self.refresh_snapshot()

    def action_one_step(self) -> None:
        """Make one update, then wait."""
        self._advance(self.owner.session.step)

    def action_one_epoch(self) -> None:
        """Go on to the end of the epoch, then wait."""
        self._advance(self.owner.session.run_epoch)

    def _advance(self, how: Callable[[], None]) -> None:
        def begin_and_advance() -> None:
            self._begin(paused=True)
            how()

        if self._latest.state is SessionState.IDLE:
            self._ask_then(begin_and_advance)
        else:
            how()
        self.refresh_snapshot()

    def action_stop(self) -> None:
        """End the training."""
        self.owner.session.stop()
        self.refresh_snapshot()

    def action_reset(self) -> None:
        """Begin with a fresh model, waiting before the first step."""
        self._ask_then(lambda: self._begin(paused=True))

    def _ask_then(self, begin: Callable[[], None]) -> None:
        """Call `begin`; ask first where that ends a training or drops what was learned."""
        newest = self.owner.session.snapshot
        other = newest.recipe != self.recipe.name
        self._begin_again = begin
        if other and newest.state.is_active:
            question = f"The recipe {newest.recipe!r} is being trained. Starting here ends it."
        elif not other and newest.step:
            question = _AGAIN
        else:
            begin()
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                begin()

        self.app.push_screen(ConfirmScreen(question, yes="Begin", no="Keep"), answered)

    def _begin(self, *, paused: bool = False) -> None:
        try:
            values = self.form.values()
        except SettingError:
            return  # The form says what is wrong.
        self._frozen = None
        self.set_focus(None)
        self.owner.start_training(
            self.recipe.name, values, allow_synthetic=self._synthetic, paused=paused
        )
        self.refresh_snapshot()

    def _ask_for_data(self) -> None:
        if self._missing is not None:
            missing, self._missing = self._missing, None
            self.app.push_screen(DataChoiceScreen(missing), self._data_chosen)

    def _data_chosen(self, choice: DataChoice | None) -> None:
        if choice is None:
            return
        if choice.kind is ChoiceKind.FOLDER:
            self.owner.data_dir = choice.folder
        self._synthetic = choice.kind is ChoiceKind.SYNTHETIC
        self._begin_again()

    def action_freeze(self) -> None:
        """Hold the display still, or let it follow again."""
        self._frozen = self._latest if self._frozen is None else None
        self._show()

    def action_next_view(self) -> None:
        """Predictions, confusion matrix, weights; opens the pane where only one is seen."""
        if self._pane == 2 or self.panes_all_seen:
            self.panes.next_view()
        else:
            self._pane = 2
        self._open_pane()
        self.set_focus(self.panes.pane_focus(2))

    @property
    def panes_all_seen(self) -> bool:
        """Whether the terminal is wide enough for all panes, and none is enlarged."""
        return self.has_class("-wide") and not self._zoomed

    def action_toggle_log(self) -> None:
        """Change the scale of the loss."""
        self._log = not self._log
        self._show()

    def action_learning_rate(self, direction: int) -> None:
        """Move the learning rate to the next round value."""
        self.form.move_learning_rate(direction)

    def action_pane(self, index: int) -> None:
        """Open a pane; on a wide screen, where all are seen, make it large or small again."""
        wide = self.has_class("-wide")
        self._zoomed = wide and not (self._zoomed and self._pane == index)
        self._pane = index
        self._open_pane()
        self.set_focus(self.panes.pane_focus(index))

    def _open_pane(self) -> None:
        self.set_class(self._zoomed, "-zoomed")
        for index, pane in enumerate(self.panes.query(".pane")):
            pane.set_class(index == self._pane, "-active")
        self._name_panes()

    def on_resize(self) -> None:
        """One pane or all: the row of names says which."""
        self.call_after_refresh(self._name_panes)

    def _name_panes(self) -> None:
        alone = self._zoomed or not self.has_class("-wide")
        self.pane_bar.show(self.panes.names(), self._pane if alone else None)

    def action_leave(self) -> None:
        """Leave what is focused, else the screen."""
        if self.focused is not None:
            self.set_focus(None)
        else:
            self.action_back()

    def action_back(self) -> None:
        """Go back; the training goes on."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
