"""How long a chart takes to draw, and how that grows with its data.

Run by hand: `python -m tests.benchmarks.chart`. The ratio is what counts: thinning keeps it near 1,
whatever the machine.
"""

from __future__ import annotations

import statistics
import time

from textual.geometry import Size

from tui.widgets.chart import Drawing, Series, draw

SIZE = Size(100, 30)
ROUNDS = 15


def drawing(points: int) -> Drawing:
    """Two series of `points` points, as the loss and its average."""
    steps = tuple(range(1, points + 1))
    falling = tuple(0.5 + 2 / (1 + 5 * step / points) + 0.1 * (step % 7) for step in steps)
    smooth = tuple(0.8 + 2 / (1 + 5 * step / points) for step in steps)
    return Drawing(
        "step",
        "loss",
        (
            Series("batch", steps, falling, "muted", "·"),
            Series("smoothed", steps, smooth, "primary", "", line=True),
        ),
    )


def milliseconds(points: int) -> float:
    """The median time of one drawing."""
    shown = drawing(points)
    draw(shown, SIZE)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        draw(shown, SIZE)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Print the times and their ratio."""
    few, many = milliseconds(500), milliseconds(2000)
    print(f"2 x  500 points on {SIZE.width}x{SIZE.height}: {few:.1f} ms")
    print(f"2 x 2000 points on {SIZE.width}x{SIZE.height}: {many:.1f} ms")
    print(f"ratio: {many / few:.2f}")


if __name__ == "__main__":
    main()
