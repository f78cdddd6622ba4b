"""The keys of the training screen, and when each of them is available."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import ActiveBinding, Binding, BindingType

from engine.language import _
from engine.recipes.catalog import recipes
from engine.training.snapshot import SessionState, Snapshot
from tui.panes.registry import panes
from tui.race import optimiser_of
from tui.screens.training_start import other_training

BINDINGS: list[BindingType] = [
    Binding("s", "start_or_pause", _("Start/pause"), id="training.start",
            tooltip=_("Start, pause or resume training")),
    Binding("n", "one_step", _("Step"), id="training.step",
            tooltip=_("Make one update, then pause")),
    Binding("full_stop", "one_epoch", _("Epoch"), id="training.epoch", key_display=".",
            tooltip=_("Train to the end of the epoch, then pause")),
    Binding("x", "stop", _("Stop"), id="training.stop",
            tooltip=_("End the training; its results stay on the screen")),
    Binding("r", "reset", _("Reset"), id="training.reset",
            tooltip=_("End the run and clear the screen: all settings can be changed again")),
    Binding("g", "go_on", _("Resume"), id="training.go_on", show=False,
            tooltip=_("Resume from the saved checkpoint of this recipe")),
    Binding("o", "race", _("Race"), id="training.race", show=False,
            tooltip=_("Train once with each optimiser, one after the other, and compare the runs")),
    Binding("b", "race(True)", _("Race at best rates"), id="training.race_best", show=False,
            tooltip=_("Find each optimiser's best rate by short trials, then race with 3 seeds")),
    Binding("p", "guess", _("Guess"), id="training.guess", show=False,
            tooltip=_("Guess the first loss and the result before the training starts")),
    Binding("e", "export", _("Export"), id="training.export",
            tooltip=_("Write measurements, settings and a picture of the screen to files")),
    Binding("f", "freeze", _("Freeze"), id="training.freeze",
            tooltip=_("Freeze the display while training continues; press again to unfreeze it")),
    Binding("y", "toggle_log", _("Log scale"), id="training.log", show=False,
            tooltip=_("Switch the loss between a logarithmic and a linear scale")),
    *(
        Binding(pane.KEY, f"pane({pane.ID!r})", pane.TITLE, id=f"training.pane_{pane.ID}",
                show=False, tooltip=pane.TIP)
        for pane in panes()
    ),
    Binding("m", "next_view", _("Other view"), id="training.view", show=False,
            tooltip=_("Show another view of the model, or compare runs by another measure")),
    Binding("plus,equals_sign", "learning_rate(1)", _("Larger steps"), id="training.faster",
            key_display="+", show=False, tooltip=_("Raise the learning rate")),
    Binding("minus", "learning_rate(-1)", _("Smaller steps"), id="training.slower", key_display="-",
            show=False, tooltip=_("Lower the learning rate")),
    Binding("q", "back", _("Back"), id="training.back", tooltip=_("Go back; training continues")),
    Binding("escape", "leave", _("Leave"), id="training.leave", show=False,
            tooltip=_("Leave the field or table; otherwise leave the screen")),
]  # fmt: skip


def beginnings(active: Iterable[ActiveBinding], can_race: bool) -> list[tuple[Binding, str]]:
    """The keys that begin a training, as they are set now, each with what it does."""
    words = {
        "training.start": _("Start training"),
        "training.step": _("one update"),
        "training.epoch": _("one epoch"),
    }
    if can_race:
        words["training.race"] = _("race the optimisers")
    found = {each.binding.id: each.binding for each in active}
    return [(found[name], text) for name, text in words.items() if name in found]


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which keys are available."""

    latest: Snapshot
    valid: bool
    """Whether every field holds a valid value."""
    frozen: bool
    can_go_on: bool
    """Whether there is a checkpoint with epochs left to train."""
    can_race: bool
    """Whether the recipe offers several optimisers."""
    has_views: bool
    """Whether the open pane or the model has more than one view."""
    other: str = ""
    """The recipe that is training, if it is not that of the screen."""


def can(action: str, now: Situation) -> bool:
    """Whether `action` is possible now."""
    state = now.latest.state
    idle = state is SessionState.IDLE
    loading = state is SessionState.LOADING
    under_way = state in (SessionState.RUNNING, SessionState.PAUSED)
    answers = {
        "start_or_pause": under_way or (now.valid and not loading),
        "one_step": state is SessionState.PAUSED or (idle and now.valid),
        "one_epoch": under_way or (idle and now.valid),
        "stop": state.is_active,
        "reset": not idle and not loading,
        "go_on": now.can_go_on and not state.is_active,
        "race": now.can_race and now.valid and not loading,
        "guess": not state.is_active,
        "export": now.latest.step > 0,
        "next_view": now.has_views,
        "freeze": not idle or now.frozen,
    }
    return answers.get(action, True)


def why_not(action: str, now: Situation) -> str:
    """Why `action`, which is not possible now, is not, and what to do instead."""
    state = now.latest.state
    if action == "race" and not now.can_race:
        told = _("This recipe has no choice of optimisers. These have one: {recipes}.")
        return told.format(recipes=", ".join(one.name for one in recipes() if optimiser_of(one)))
    if action == "pane":
        return _(
            "That pane has nothing to show so far: only a recipe that classifies images fills it, "
            "after its first epoch."
        )
    if action == "next_view":
        return _("There is no other view here. The row of panes names the keys of the others.")
    if state is SessionState.LOADING:
        return _("The data is still being loaded. Wait, or press ⟨x|training.stop⟩ to end it.")
    if action == "go_on":
        return _why_not_resume(state)
    if action == "guess":
        return _(
            "Guesses are made before a training starts. ⟨r|training.reset⟩ ends this one; then "
            "⟨p|training.guess⟩ takes a guess."
        )
    if action in ("stop", "freeze") and now.other:
        return other_training(now.other)
    if action in ("stop", "freeze"):
        return _("Nothing is being trained. ⟨s|training.start⟩: start")
    if action == "export":
        return _("There is nothing to export yet: no update has been made. Train first.")
    if action == "reset":
        return _("Nothing has been trained yet. ⟨s|training.start⟩: start")
    if state is SessionState.RUNNING and action == "one_step":
        return _("Pause with ⟨s|training.start⟩ first.")
    if not now.valid:
        return ""  # The form says what is wrong.
    return _("This training has ended. ⟨s|training.start⟩: start over")


def _why_not_resume(state: SessionState) -> str:
    """Why no checkpoint can be resumed."""
    if state is SessionState.PAUSED:
        return _("This training is paused. ⟨s|training.start⟩: go on with it")
    if state.is_active:
        return _(
            "A training is under way. ⟨x|training.stop⟩ ends it; then ⟨g|training.go_on⟩ "
            "resumes it."
        )
    if state is SessionState.FINISHED:
        return _(
            "This training has all its epochs. For more, raise “epochs”; then "
            "⟨g|training.go_on⟩ goes on."
        )
    return _("There is no checkpoint with epochs left to train. ⟨s|training.start⟩: start")
