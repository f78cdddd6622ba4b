"""The background thread that trains, and the handle by which an application owns it.

Importing this never imports torch: that happens on the thread, while the screen is already there.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import UserError
from engine.recipes.base import SettingError
from engine.recipes.catalog import find_recipe
from engine.training.control import Control
from engine.training.events import EventHandler, StateChanged
from engine.training.snapshot import Panels, SessionState, Setting, Snapshot
from engine.training.task import Source, Task, load_task

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun

SNAPSHOT_INTERVAL = 0.1
"""Least seconds between two snapshots while nothing but updates happens."""
KEEP_INTERVAL = 2.0
"""Least seconds between two checkpoints while the training runs: an epoch may be very short."""
LONGEST_UNKEPT = 10.0
"""After so many seconds of a long epoch a checkpoint is saved in its middle."""
HANDOVER_SECONDS = 5.0
"""How long a new training waits for the one before it to end."""

Loader: TypeAlias = Callable[[str, Mapping[str, Setting], Source], Task]
Keeper: TypeAlias = "Callable[[TrainingRun], None]"


def _ignore(event: StateChanged) -> None:
    pass


class TrainingSession:
    """The one training that an application owns; it implements `engine.training.events.Session`.

    Every method may be called from any thread and returns at once, `close` apart. A command that
    makes no sense in the present state, such as a pause while nothing is trained, does nothing.
    """

    def __init__(
        self,
        on_event: EventHandler = _ignore,
        *,
        load: Loader = load_task,
        keep: Keeper | None = None,
        clock: Callable[[], float] = time.perf_counter,
        snapshot_interval: float = SNAPSHOT_INTERVAL,
    ) -> None:
        """`keep` saves a checkpoint: after an epoch, while paused, and where a training ends."""
        self._on_event = on_event
        self._load = load
        self._keep = keep
        self._clock = clock
        self._interval = snapshot_interval
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._worker: _Worker | None = None
        self._threads: list[threading.Thread] = []

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; reading it never waits."""
        return self._snapshot

    def start(
        self,
        recipe: str,
        settings: Mapping[str, Setting],
        *,
        device: str = "auto",
        data_dir: Path | None = None,
        allow_synthetic: bool = False,
        paused: bool = False,
        resume: bool = False,
    ) -> None:
        """Begin to train `recipe`; a training that is under way is stopped first.

        `allow_synthetic` takes the built-in glyph set instead of an image set; `paused` loads and
        waits before the first step; `resume` goes on from the checkpoint that is kept of the
        recipe, and fails with a CheckpointError where that is not possible. Raises SettingError,
        and changes nothing, for an unknown recipe or a setting that cannot be used.
        """
        checked = find_recipe(recipe).settings(settings)
        order = _Order(
            recipe,
            checked,
            Source(device, data_dir, allow_synthetic),
            self._load,
            self._keep,
            self._clock,
            resume,
        )
        with self._lock:
            if self._worker:
                self._worker.control.stop()
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            worker = _Worker(order, Control(paused), self._interval, self._publish)
            thread = threading.Thread(
                target=worker.run, args=(tuple(self._threads),), name="training", daemon=True
            )
            self._worker = worker
            self._threads.append(thread)
            self._swap(
                Snapshot(
                    state=SessionState.LOADING,
                    recipe=recipe,
                    settings=MappingProxyType(checked),
                    epochs=int(checked["epochs"]),
                )
            )
            thread.start()

    def pause(self) -> None:
        """Wait before the next step."""
        if self._worker:
            self._worker.control.pause()

    def resume(self) -> None:
        """Go on."""
        if self._worker:
            self._worker.control.resume()

    def step(self) -> None:
        """Make one update, then wait."""
        if self._worker:
            self._worker.control.step()

    def run_epoch(self) -> None:
        """Go on to the end of the epoch, then wait."""
        if self._worker:
            self._worker.control.run_epoch()

    def stop(self) -> None:
        """Ask the training to end; what is learned so far stays in the snapshot."""
        if self._worker:
            self._worker.control.stop()

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next update on; raises SettingError where it is out of bounds."""
        worker = self._worker
        if worker:
            parameter = find_recipe(worker.order.recipe).hyperparameter("lr")
            worker.control.set_learning_rate(float(parameter.validate(value)))

    def close(self, timeout: float = 5.0) -> bool:
        """Stop and wait at most `timeout` seconds for the thread; whether it ended."""
        self.stop()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _swap(self, snapshot: Snapshot) -> None:
        self._snapshot = replace(snapshot, revision=self._snapshot.revision + 1)

    def _publish(self, worker: _Worker, snapshot: Snapshot, event: StateChanged | None) -> None:
        """Show `snapshot`, unless the training that made it has been followed by another."""
        with self._lock:
            if self._worker is not worker:
                return
            self._swap(snapshot)
        if event:
            # An owner that is closing down may refuse events; the training is not to suffer.
            with contextlib.suppress(Exception):
                self._on_event(event)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be trained, and with what."""

    recipe: str
    settings: Mapping[str, Setting]
    source: Source
    load: Loader
    keep: Keeper | None
    clock: Callable[[], float]
    resume: bool


class _Worker:
    """One training on its own thread, from loading to its end."""

    def __init__(
        self,
        order: _Order,
        control: Control,
        interval: float,
        publish: Callable[[_Worker, Snapshot, StateChanged | None], None],
    ) -> None:
        self.order = order
        self.control = control
        self._interval = interval
        self._send = publish
        self._clock = order.clock
        self._run: TrainingRun | None = None
        self._panels = Panels()
        self._state = SessionState.IDLE
        self._published = 0.0
        self._kept_at = 0.0
        self._long_kept_at = 0.0
        """As `_kept_at`, but counted from the first update where nothing is kept yet."""
        self._kept_step = 0
        self._note = ""
        """What the learner is to know for as long as it lasts."""
        self._latest = Snapshot(
            recipe=order.recipe,
            settings=MappingProxyType(dict(order.settings)),
            epochs=int(order.settings["epochs"]),
        )

    def run(self, before: tuple[threading.Thread, ...]) -> None:
        """The thread's whole life; `before` are earlier trainings, which end first."""
        try:
            self._publish(SessionState.LOADING)
            for thread in before:
                thread.join(HANDOVER_SECONDS)
            self._train()
        except Exception as error:
            self._fail(error)

    def _train(self) -> None:
        if self.control.is_stopping:
            return self._publish(SessionState.STOPPED)
        from engine.training.loop import train

        self._run = self._load()
        if self.control.is_stopping:
            return self._publish(SessionState.STOPPED)
        self._long_kept_at = self._clock()
        updates = train(self._run)
        while self._wait_for_turn(self._run):
            try:
                epoch = next(updates)
            except StopIteration:
                self._keep(self._run)
                return self._publish(SessionState.FINISHED)
            self.control.stepped(ended_epoch=epoch is not None)
            if epoch:
                if self._clock() - self._kept_at >= KEEP_INTERVAL:
                    self._keep(self._run)
                self._publish(SessionState.RUNNING, with_panels=True)
            elif self._clock() - self._published >= self._interval:
                if self._clock() - self._long_kept_at >= LONGEST_UNKEPT:
                    self._keep(self._run)
                self._publish(SessionState.RUNNING)
        self._keep(self._run)
        return self._publish(SessionState.STOPPED)

    def _load(self) -> TrainingRun:
        """The run to train: a new one, or the one that the checkpoint holds."""
        from engine.training.checkpoint import checkpoint_path, load, restore
        from engine.training.loop import TrainingRun

        order = self.order
        checkpoint = load(checkpoint_path(order.recipe)) if order.resume else None
        source = order.source
        if checkpoint is not None and checkpoint.synthetic:
            source = replace(source, allow_synthetic=True)
        task = order.load(order.recipe, order.settings, source)
        run = TrainingRun(task, order.recipe, order.settings, order.clock)
        if checkpoint is not None:
            restore(run, checkpoint)
            run.is_kept = True
            self._kept_step = run.step
        return run

    def _keep(self, run: TrainingRun) -> None:
        """Save a checkpoint; a disk that refuses it costs the checkpoint, not the training."""
        if self.order.keep is None or run.step in (0, self._kept_step):
            return
        self._kept_at = self._long_kept_at = self._clock()
        self._kept_step = run.step
        try:
            self.order.keep(run)
            self._note = ""
        except OSError as error:
            self._note = (
                f"The checkpoint cannot be saved: {error}. The training goes on; make room or"
                " give write permission before the next epoch ends."
            )

    def _wait_for_turn(self, run: TrainingRun) -> bool:
        """Wait until the next update may be made; whether it may, or the training shall end."""
        finished = run.epoch == run.epochs
        while not self.control.is_stopping:
            learning_rate = self.control.take_learning_rate()
            if learning_rate is not None:
                run.learning_rate = learning_rate
            if self.control.may_step() or finished:
                if not finished and self._state is not SessionState.RUNNING:
                    self._publish(SessionState.RUNNING)
                return True
            self._keep(run)
            self._publish(SessionState.PAUSED)
            self.control.wait()
        return finished

    def _publish(
        self,
        state: SessionState,
        message: str = "",
        error: Exception | None = None,
        *,
        with_panels: bool = False,
    ) -> None:
        """Build a snapshot between two updates, and tell the owner where the state is another."""
        changed = state is not self._state
        message = message or self._note
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
        message = explain(error)
        try:
            self._publish(SessionState.FAILED, message, error)
        except Exception:
            # The model cannot be looked at any more: what was seen last has to do.
            last = replace(self._latest, state=SessionState.FAILED, message=message)
            self._tell(last, error)


def _fingerprinted(snapshot: Snapshot, run: TrainingRun) -> Snapshot:
    """The snapshot with sha256 of the data, and of the parameters where they stand still."""
    from engine.training.checkpoint import parameters_sha256

    still = snapshot.state is not SessionState.RUNNING
    return replace(
        snapshot,
        data_sha256=run.task.data_sha256,
        parameters_sha256=parameters_sha256(run) if still else "",
    )


def explain(error: Exception) -> str:
    """What to tell the learner about an exception that ended a training: whole sentences."""
    from engine.training.loop import DivergenceError

    if isinstance(error, (UserError, SettingError, DivergenceError)):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return (
            "The training ended because the device has no memory left. Choose a smaller batch"
            " size or another device, and start again."
        )
    text = str(error) or "no further words"
    return (
        f"The training ended because of a fault in the program, {type(error).__name__}: {text}."
        " What was learned before is kept; you can start again."
    )
