"""The thread that trains: one training, from loading its data to its end.

Importing this never imports torch: that happens on the thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from engine.broken import place_of
from engine.errors import UserError
from engine.language import _
from engine.refusals import reason
from engine.training import underway
from engine.training.control import Control
from engine.training.events import StateChanged
from engine.training.hyperparameters import SettingError
from engine.training.order import Loader, TrainingOrder
from engine.training.run_files import release
from engine.training.snapshot import Panels, SessionState, Snapshot
from engine.training.turns import AlwaysFree, Turn
from engine.training.unsaved import not_saved

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun

KEEP_INTERVAL = 2.0
"""Shortest time between two checkpoints in seconds: an epoch may be very short."""
LONGEST_UNKEPT = 10.0
"""Seconds after which a checkpoint is saved in the middle of a long epoch."""
HANDOVER_SECONDS = 5.0
"""How many seconds a new training waits for the one before it to end."""

_RECIPES = Path(__file__).parents[1] / "recipes"

Keeper: TypeAlias = "Callable[[TrainingRun], object]"


@dataclass(frozen=True, slots=True)
class Tools:
    """What every training of a session works with."""

    load: Loader
    keep: Keeper | None
    """Saves a checkpoint; it may raise OSError."""
    clock: Callable[[], float]
    """Seconds from an arbitrary start."""
    interval: float
    """Shortest time between two snapshots in seconds, while nothing but updates happens."""
    turn: Turn = field(default_factory=AlwaysFree)
    """Asked before anything is computed, and again after a pause."""


def nothing_yet(order: TrainingOrder) -> Snapshot:
    """What can be seen of a training before its data are loaded."""
    return Snapshot(
        recipe=order.recipe.name,
        settings=MappingProxyType(dict(order.settings)),
        epochs=int(order.settings["epochs"]),
    )


class NoTurnError(UserError):
    """As many trainings run as may."""


class Worker:
    """One training on its own thread, from loading to its end."""

    def __init__(
        self,
        order: TrainingOrder,
        tools: Tools,
        publish: Callable[[Worker, Snapshot, StateChanged | None], None],
    ) -> None:
        """`publish` gets each new snapshot, and an event if the state has changed."""
        self.order = order
        self.control = Control(order.paused)
        self._tools = tools
        self._send = publish
        self._clock = tools.clock
        self._run: TrainingRun | None = None
        self._panels = Panels()
        self._state = SessionState.IDLE
        self._published = 0.0
        self._kept_at = 0.0
        self._long_kept_at = 0.0
        """As `_kept_at`, but set at the first update where nothing has been kept yet."""
        self._kept_step = 0
        self._is_changed = False
        """Whether a setting was changed that is in no checkpoint yet."""
        self._note = ""
        """What the learner should know for as long as it is true."""
        self._renamed = ""
        """That the run has got another name, which stays true."""
        self._latest = nothing_yet(order)

    @property
    def _notes(self) -> str:
        return " ".join(filter(None, (self._renamed, self._note)))

    @property
    def _keeps(self) -> bool:
        """Whether the run has a name, a record and a checkpoint."""
        return self._tools.keep is not None and not self.order.trial

    def run(self, before: tuple[threading.Thread, ...]) -> None:
        """The whole work of the thread; `before` are earlier trainings, which end first."""
        try:
            self._publish(SessionState.LOADING)
            for thread in before:
                thread.join(HANDOVER_SECONDS)
            if refused := self._tools.turn.take():
                raise NoTurnError(refused)
            self._train()
        except Exception as error:
            self._keep_last(error)
            self._fail(error)
        finally:
            self._tools.turn.give_back()
            if self._run is not None and self._run.step == 0:
                release(self._run.name)

    def _train(self) -> None:
        if self.control.is_stopping:
            return self._publish(SessionState.STOPPED)
        from engine.training.begin import begin
        from engine.training.begun import note
        from engine.training.keeping import take
        from engine.training.loop import train

        # Without a keeper nothing is written, so no name is needed either.
        name = None if self._keeps else ""
        run = begin(
            self.order, self._clock, load_task=self._tools.load, name=name,
            film=not self.order.trial,
        )  # fmt: skip
        takes = self._keeps and not self.control.is_stopping
        if takes:
            take(run)  # one that another process trains leaves nothing of it here
            note(run)
        self._run = run
        self._kept_step, self._is_changed = self._run.step, self._run.is_changed
        if self.control.is_stopping:
            if takes:
                underway.end(run.recipe)  # whoever stopped it may have looked for its mark before
            return self._publish(SessionState.STOPPED)
        self._long_kept_at = self._clock()
        updates = train(self._run)
        while self._wait_for_turn(self._run):
            try:
                epoch = next(updates)
            except StopIteration:
                self._keep(self._run, is_over=True)
                return self._publish(SessionState.FINISHED)
            self.control.stepped(ended_epoch=epoch is not None)
            if epoch:
                if self._run.reel:
                    self._run.reel.take(epoch.epoch)
                if self._clock() - self._kept_at >= KEEP_INTERVAL:
                    self._keep(self._run)
                self._publish(SessionState.RUNNING, with_panels=True)
            elif self._clock() - self._published >= self._tools.interval:
                unkept = KEEP_INTERVAL if self._is_changed else LONGEST_UNKEPT
                if self._clock() - self._long_kept_at >= unkept:
                    self._keep(self._run)
                self._publish(SessionState.RUNNING)
        self._keep(self._run, is_over=True)
        return self._publish(SessionState.STOPPED)

    def _keep(self, run: TrainingRun, *, is_over: bool = False) -> None:
        """Save a checkpoint; if the disk refuses, the training continues without it."""
        if self._tools.keep is None or not self._keeps or run.step == 0:
            return
        if run.step == self._kept_step and not self._is_changed:
            return
        from engine.training.keeping import told_renamed

        self._kept_at = self._long_kept_at = self._clock()
        name = run.name
        try:
            self._tools.keep(run)
            self._kept_step, self._is_changed, self._note = run.step, False, ""
            self._renamed = (told_renamed(name, run.name) if name else "") or self._renamed
        except OSError as error:
            self._note = not_saved(run.name, error, is_over=is_over or run.epoch >= run.epochs)

    def _keep_last(self, error: Exception) -> None:
        """Save the last finite parameters of a training that diverged: these are its result."""
        if self._run is None:
            return
        from engine.training.divergence import DivergenceError
        from engine.training.keeping import can_be_kept

        if isinstance(error, DivergenceError) and can_be_kept(self._run):
            self._keep(self._run, is_over=True)

    def _wait_for_turn(self, run: TrainingRun) -> bool:
        """Wait until the next update may be made; return False if the training is to end."""
        finished = run.epoch == run.epochs
        while not self.control.is_stopping:
            learning_rate = self.control.take_learning_rate()
            if learning_rate is not None:
                self._change(run, learning_rate)
            wants = self.control.may_step() or finished
            refused = self._tools.turn.take() if wants and not finished else ""
            if wants and not refused:
                if not finished and self._state is not SessionState.RUNNING:
                    self._publish(SessionState.RUNNING)
                return True
            if refused:
                self.control.pause()
            self._keep(run)
            self._publish(SessionState.PAUSED, refused)
            self._tools.turn.give_back()
            self.control.wait()
        return finished

    def _change(self, run: TrainingRun, learning_rate: float) -> None:
        """Change the rate, so that no kill loses that: it is noted, or is soon in a checkpoint."""
        run.learning_rate = learning_rate
        self._is_changed = True
        if self._keeps:
            from engine.training.begun import note

            note(run)

    def _publish(
        self,
        state: SessionState,
        message: str = "",
        error: Exception | None = None,
        *,
        with_panels: bool = False,
    ) -> None:
        """Build a snapshot between two updates, and tell the owner if the state has changed."""
        changed = state is not self._state
        message = message or self._notes
        if self._run:
            from engine.training.observe import observe

            if changed or with_panels:
                self._run.collect()
                self._panels = self._run.task.panels()
            seen = observe(self._run, state, message=message, panels=self._panels)
            self._latest = _fingerprinted(seen, self._run)
        self._tell(replace(self._latest, state=state, message=message), error)

    def _tell(self, snapshot: Snapshot, error: Exception | None = None) -> None:
        changed = snapshot.state is not self._state
        self._state, self._latest = snapshot.state, snapshot
        self._published = self._clock()
        event = StateChanged(snapshot.state, snapshot.message, error) if changed else None
        self._send(self, snapshot, event)

    def _fail(self, error: Exception) -> None:
        message = " ".join(filter(None, (explain(error), self._notes)))
        try:
            self._publish(SessionState.FAILED, message, error)
        except Exception:
            # The model can no longer be looked at: the last snapshot must do.
            last = replace(self._latest, state=SessionState.FAILED, message=message)
            self._tell(last, error)


def _fingerprinted(snapshot: Snapshot, run: TrainingRun) -> Snapshot:
    """The snapshot with the sha256 of the data, and of the parameters if they are at rest."""
    from engine.training.checkpoint import parameters_sha256

    still = snapshot.state is not SessionState.RUNNING
    return replace(
        snapshot,
        data_sha256=run.task.data_sha256,
        parameters_sha256=parameters_sha256(run) if still else "",
    )


def explain(error: Exception) -> str:
    """What to tell the learner about an exception that ended a training: whole sentences."""
    from engine.training.divergence import DivergenceError

    if isinstance(error, (UserError, SettingError, DivergenceError)):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return _(
            "The training ended because the device has no memory left. Choose a smaller batch size"
            " or another device, and start again."
        )
    if isinstance(error, OSError) and error.filename is not None:
        text = _(
            "The training ended because {path} cannot be used: {reason}. Fix that, then start"
            " again."
        )
        return text.format(path=error.filename, reason=reason(error))
    return _(
        "The training ended because of an error in the program, {kind}: {text}. What was learned"
        " before is kept; you can start again."
    ).format(kind=type(error).__name__, text=_detail(error))


def _detail(error: Exception) -> str:
    """What an error says, and the file and the line of the recipe that raised it, if one did."""
    said = str(error) or _("no further details")
    place, line = place_of(error, lambda file: file.is_relative_to(_RECIPES), Path())
    if not place.name:
        return said
    return f"{said} ({place.relative_to(_RECIPES.parent).as_posix()}:{line})"
