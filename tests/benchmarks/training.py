"""How much slower a training is than a bare loop over tensors in memory.

Run it as `python -m tests.benchmarks.training [--recipe NAME]... [--threads N]... [--epochs N]
[--data-dir DIR] [--profile]`.

Both make the same updates from the same batches, and take turns, a fifth of an epoch at a time, so
that a machine that is busy with something else slows both alike. The ratio is the median over the
turns. `updates` counts the training alone; `epoch` everything that a training does: epoch 0, the
measurements after an epoch and the looks inside too. There are two bare loops: one gathers a batch
by `X[rows]`, as is usual, the other by `index_select`, which is faster on a CPU.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import torch
from torch import Tensor

from engine.recipes.catalog import find_recipe
from engine.recipes.images import ImageTask
from engine.training.begin import begin
from engine.training.loop import train
from engine.training.order import TrainingOrder
from engine.training.task import Source
from tests.benchmarks.bare import GATHERS, STEPS, bare_loop

TURNS = 5
"""Turns in one epoch."""


@dataclass
class Clocked:
    """Seconds of turns, by the clock and of the CPU."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, work: Callable[[], object]) -> None:
        """Do `work` and add its time."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)


def advance(updates: Iterator[object], count: int) -> Callable[[], None]:
    """Make so many updates."""

    def work() -> None:
        for _turn in range(count):
            next(updates, None)

    return work


def ratio(ours: list[float], bare: list[float]) -> float:
    """The median ratio over the turns."""
    return median(a / b for a, b in zip(ours, bare, strict=True))


def compare(recipe: str, threads: int, epochs: int, source: Source) -> str:
    """One row of the table."""
    settings = {"epochs": epochs + 1, "threads": threads}
    order = TrainingOrder(find_recipe(recipe), settings, source)
    run = begin(order, time.perf_counter, name="")
    task = run.task
    assert isinstance(task, ImageTask)
    X: Tensor = task.X
    torch.set_num_threads(threads)
    bare = {g: bare_loop(recipe, task, X, task.y, run.settings, g) for g in GATHERS}
    ours = train(run)
    turn = run.steps_per_epoch // TURNS
    clocks = {name: Clocked() for name in ("ours", *bare)}
    ends: list[float] = []
    for epoch in range(epochs + 1):
        if epoch == 1:  # the first one warms up
            clocks = {name: Clocked() for name in ("ours", *bare)}
        for number in range(TURNS):
            # The last turn of an epoch leaves its last update, after which the epoch is measured.
            count = turn if number < TURNS - 1 else run.steps_per_epoch - turn * (TURNS - 1) - 1
            for name, loop in bare.items():
                clocks[name].run(advance(loop, count))
            clocks["ours"].run(advance(ours, count))
        end = Clocked()
        end.run(advance(ours, 1))
        ends += end.cpu if epoch else []
        for loop in bare.values():
            next(loop)
    per_epoch = TURNS * median(clocks["ours"].cpu)
    cells = [f"{recipe:<17}{threads:>3}"]
    for name in bare:
        own, other = clocks["ours"], clocks[name]
        bare_epoch = TURNS * median(other.cpu)
        cells.append(
            f"{1e6 * median(other.cpu) / turn:8.0f} us{ratio(own.wall, other.wall):8.3f}"
            f"{ratio(own.cpu, other.cpu):8.3f}{(per_epoch + median(ends)) / bare_epoch:8.3f}"
        )
    return " |".join(cells)


def profile(recipe: str, source: Source) -> None:
    """Where the time of an epoch goes, by function."""
    order = TrainingOrder(find_recipe(recipe), {"epochs": 2}, source)
    updates = train(begin(order, time.perf_counter, name=""))
    while next(updates) is None:
        pass
    profiler = cProfile.Profile()
    profiler.enable()
    while next(updates) is None:
        pass
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(22)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", action="append", choices=tuple(STEPS))
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    source = Source(args.device, args.data_dir, allow_synthetic=args.data_dir is None)
    recipes = args.recipe or list(STEPS)
    if args.profile:
        for recipe in recipes:
            profile(recipe, source)
        return
    columns = f"{'us/update':>11}{'updates':>8}{'cpu':>8}{'epoch':>8}"
    print(f"{'':<20} | {'against X[rows]':>34} | {'against index_select':>34}")
    print(f"{'recipe':<13}threads | {columns[1:]} | {columns[1:]}")
    for recipe in recipes:
        for threads in args.threads or [1, 2]:
            print(compare(recipe, threads, args.epochs, source), flush=True)


if __name__ == "__main__":
    main()
