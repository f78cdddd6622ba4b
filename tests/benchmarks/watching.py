"""What watching a training costs: the bare loop, the loop with snapshots, and the whole session.

Run it as `python -m tests.benchmarks.watching [--recipe NAME] [--epochs N] [--data-dir DIR]`. The
three ways take turns within one run, and the medians are compared, so that a machine that is busy
with something else slows all of them alike.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from engine.recipes.catalog import find_recipe
from engine.training.begin import begin
from engine.training.events import StateChanged
from engine.training.loop import TrainingRun, train
from engine.training.observe import observe
from engine.training.order import TrainingOrder
from engine.training.session import SNAPSHOT_INTERVAL, TrainingSession
from engine.training.snapshot import SessionState
from engine.training.task import Source, Task

ROUNDS = 5


def bare(run: TrainingRun) -> int:
    """Nobody looks."""
    for _ in train(run):
        pass
    return 0


def watched(run: TrainingRun) -> int:
    """A snapshot each interval, and a gallery each epoch; the number of snapshots."""
    panels = run.task.panels()
    last, snapshots = time.perf_counter(), 0
    for metrics in train(run):
        if metrics:
            panels = run.task.panels()
        if metrics or time.perf_counter() - last >= SNAPSHOT_INTERVAL:
            observe(run, SessionState.RUNNING, panels=panels)
            last, snapshots = time.perf_counter(), snapshots + 1
    return snapshots


def in_a_session(run: TrainingRun) -> int:
    """On the background thread, as under the screens; the number of snapshots."""
    ended = threading.Event()

    def listen(event: StateChanged) -> None:
        if not event.state.is_active:
            ended.set()

    def load(*args: object) -> Task:
        return run.task

    session = TrainingSession(listen, load=load)
    session.start(TrainingOrder(find_recipe(run.recipe), run.settings))
    ended.wait()
    session.close()
    if session.snapshot.state is not SessionState.FINISHED:
        raise SystemExit(session.snapshot.message)
    return session.snapshot.revision


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="softmax")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    args = parser.parse_args()
    source = Source(args.device, args.data_dir, allow_synthetic=args.data_dir is None)
    order = TrainingOrder(find_recipe(args.recipe), {"epochs": args.epochs}, source)
    ways: dict[str, Callable[[TrainingRun], int]] = {
        "bare loop": bare,
        "loop with snapshots": watched,
        "session on a thread": in_a_session,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    snapshots = dict.fromkeys(ways, 0)
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            run = begin(order, time.perf_counter)
            started = time.perf_counter()
            snapshots[name] = way(run)
            if number:  # the first round warms up
                seconds[name].append(time.perf_counter() - started)
    updates = run.total_steps
    task = run.task
    print(f"{args.recipe}: {task.dataset}, {task.train_samples} samples, {args.epochs} epochs")
    reference = median(seconds["bare loop"])
    for name, times in seconds.items():
        typical = median(times)
        print(
            f"{name:<20} {typical / args.epochs:7.3f} s an epoch  {1e6 * typical / updates:6.0f}"
            f" us an update  {snapshots[name]:4} snapshots  ratio {typical / reference:.3f}"
        )


if __name__ == "__main__":
    main()
