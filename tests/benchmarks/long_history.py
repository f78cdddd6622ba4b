"""A training of 10⁶ updates: the memory of its history, and the time that a redraw takes.

Run by hand: `python -m tests.benchmarks.long_history [UPDATES]`. Both must not depend on the number
of updates: memory stays below a few megabytes, and a redraw of the loss chart, with its band, its
smoothed line and a mark, takes at most 30 ms.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
import tracemalloc

from textual.geometry import Size

from engine.training.metrics import History
from engine.training.snapshot import Snapshot
from tui.panes.loss import loss_series
from tui.widgets.chart import Drawing, draw

UPDATES = 1_000_000
SIZES = (Size(78, 15), Size(98, 25), Size(118, 30))
"""The pane at 80×24, at 200×60 beside three others, and alone on a screen of 120×40."""
ROUNDS = 15


def filled(updates: int) -> History:
    """A falling, noisy loss with a few spikes, and a value that is no number at the end."""
    noise = random.Random(0)
    history = History()
    for step in range(1, updates):
        loss = 0.5 + 2 / (1 + 5 * step / updates) + noise.gauss(0, 0.2)
        history.append(step, 9.0 if step % 70_001 == 0 else abs(loss))
    history.append(updates, math.nan)
    return history


def redraw(history: History, updates: int, size: Size) -> float:
    """The median time in ms of all that a new loss costs: the curve, its series, the drawing."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        series = loss_series(Snapshot(losses=history.curve()))
        shown = Drawing("step", "loss", series, x_limits=(0.0, float(updates)))
        if not draw(shown, size):
            raise ValueError("nothing was drawn")
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Print memory and times for a hundredth of the updates, and for all."""
    whole = int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES
    for updates in (whole // 100, whole):
        tracemalloc.start()
        history = filled(updates)
        held, _peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        start = time.perf_counter()
        filled(updates)
        each = 1e6 * (time.perf_counter() - start) / updates
        curve = history.curve()
        print(
            f"{updates:>9} updates: {len(curve.steps)} buckets of {history.stride},"
            f" {held / 1024:.0f} KiB, {each:.2f} µs an update (with the loss made)"
        )
        for size in SIZES:
            took = redraw(history, updates, size)
            print(f"          redraw at {size.width}x{size.height}: {took:.1f} ms")


if __name__ == "__main__":
    main()
