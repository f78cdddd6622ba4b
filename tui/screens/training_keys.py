"""The keys of the training screen, and when each of them has something to do."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from engine.training.snapshot import SessionState, Snapshot

BINDINGS: list[BindingType] = [
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
    Binding("g", "go_on", "Go on", id="training.go_on", show=False,
            tooltip="Go on from the checkpoint that is kept of this recipe, bit by bit"),
    Binding("o", "race", "Race", id="training.race", show=False,
            tooltip="Train once with each optimiser, one after the other, and compare them"),
    Binding("e", "export", "Export", id="training.export",
            tooltip="Write measurements, settings and a picture of the screen to files"),
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
    Binding("5", "pane(4)", "Gradients", id="training.pane_gradients", show=False,
            tooltip="The length of each layer's gradient after every epoch"),
    Binding("6", "pane(5)", "Runs", id="training.pane_runs", show=False,
            tooltip="Compare the runs that are kept: space shows or hides, d removes"),
    Binding("m", "next_view", "Other view", id="training.view", show=False,
            tooltip="Another view of the model; of runs, another measure to compare them by"),
    Binding("plus,equals_sign", "learning_rate(1)", "Larger steps", id="training.faster",
            key_display="+", show=False, tooltip="The next larger learning rate"),
    Binding("minus", "learning_rate(-1)", "Smaller steps", id="training.slower",
            key_display="-", show=False, tooltip="The next smaller learning rate"),
    Binding("q", "back", "Back", id="training.back",
            tooltip="Leave the screen; the training goes on"),
    Binding("escape", "leave", "Leave", id="training.leave", show=False,
            tooltip="Leave the field or the table; else leave the screen"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which keys answer."""

    latest: Snapshot
    valid: bool
    """Whether every field holds a usable value."""
    frozen: bool
    can_go_on: bool
    """Whether a checkpoint waits that epochs are left of."""
    can_race: bool
    """Whether the recipe has a choice of optimisers."""
    compares: bool
    """Whether the pane of runs is open."""
    has_views: bool
    """Whether the model shows anything of itself."""


def can(action: str, now: Situation) -> bool:
    """Whether `action` has something to do."""
    state = now.latest.state
    idle = state is SessionState.IDLE
    loading = state is SessionState.LOADING
    under_way = state in (SessionState.RUNNING, SessionState.PAUSED)
    answers = {
        "start_or_pause": under_way or (now.valid and not loading),
        "one_step": state is SessionState.PAUSED or (idle and now.valid),
        "one_epoch": under_way or (idle and now.valid),
        "stop": state.is_active,
        "reset": not idle and not loading and now.valid,
        "go_on": now.can_go_on and not state.is_active,
        "race": now.can_race and now.valid and not loading,
        "export": now.latest.step > 0,
        "next_view": now.compares or now.has_views,
        "freeze": not idle or now.frozen,
    }
    return answers.get(action, True)
