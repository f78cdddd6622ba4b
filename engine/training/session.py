"""The handle by which an application owns its one training, and the thread behind it.

Importing this never imports torch: that happens on the thread, when the screen is already drawn.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from engine.training.events import EventHandler, StateChanged
from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.snapshot import SessionState, Snapshot
from engine.training.turns import AlwaysFree, Turn
from engine.training.worker import Keeper, Tools, Worker, nothing_yet

SNAPSHOT_INTERVAL = 0.1
"""Shortest time between two snapshots in seconds, while nothing but updates happens."""


def _ignore(event: StateChanged) -> None:
    pass


class TrainingSession:
    """The one training that an application owns; it implements `engine.training.events.Session`.

    Every method may be called from any thread, and all but `close` return at once. A command that
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
        turn: Turn | None = None,
    ) -> None:
        """`keep` saves a checkpoint: after an epoch, at a pause, and at the end of a training.

        `turn` says whether a training may compute; by default it always may.
        """
        self._on_event = on_event
        self._tools = Tools(load, keep, clock, snapshot_interval, turn or AlwaysFree())
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._worker: Worker | None = None
        self._threads: list[threading.Thread] = []

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; reading it never waits."""
        return self._snapshot

    def start(self, order: TrainingOrder) -> None:
        """Begin what is ordered; a training in progress is stopped first.

        Where the checkpoint to resume cannot be used, the training fails with a CheckpointError.
        """
        with self._lock:
            if self._worker:
                self._worker.control.stop()
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            worker = Worker(order, self._tools, self._publish)
            thread = threading.Thread(
                target=worker.run, args=(tuple(self._threads),), name="training", daemon=True
            )
            self._worker = worker
            self._threads.append(thread)
            self._swap(replace(nothing_yet(order), state=SessionState.LOADING))
            thread.start()

    def pause(self) -> None:
        """Wait before the next step."""
        if self._worker:
            self._worker.control.pause()

    def resume(self) -> None:
        """Let the training go on after a pause."""
        if self._worker:
            self._worker.control.resume()

    def step(self) -> None:
        """Make one update, then wait."""
        if self._worker:
            self._worker.control.step()

    def run_epoch(self) -> None:
        """Continue to the end of the epoch, then wait."""
        if self._worker:
            self._worker.control.run_epoch()

    def stop(self) -> None:
        """Ask the training to end; what it has learned so far stays in the snapshot."""
        if self._worker:
            self._worker.control.stop()

    def forget(self) -> None:
        """Show nothing again, as before the first training; does nothing while one is active."""
        with self._lock:
            if not self._snapshot.state.is_active:
                self._worker = None
                self._swap(Snapshot())

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next update on; raises SettingError where it is out of bounds."""
        worker = self._worker
        if worker:
            parameter = worker.order.recipe.hyperparameter("lr")
            worker.control.set_learning_rate(float(parameter.validate(value)))

    def close(self, timeout: float = 5.0) -> bool:
        """Stop and wait at most `timeout` seconds for the thread; return whether it ended."""
        self.stop()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _swap(self, snapshot: Snapshot) -> None:
        self._snapshot = replace(snapshot, revision=self._snapshot.revision + 1)

    def _publish(self, worker: Worker, snapshot: Snapshot, event: StateChanged | None) -> None:
        """Show `snapshot`, unless a new training has replaced the one that made it."""
        with self._lock:
            if self._worker is not worker:
                return
            self._swap(snapshot)
        if event:
            # An owner that is closing down may refuse events; the training must not fail for it.
            with contextlib.suppress(Exception):
                self._on_event(event)
