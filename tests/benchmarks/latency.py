"""How long a key waits for its effect while a model trains.

Run it as `python -m tests.benchmarks.latency [--recipe NAME] [--presses N] [--data-dir DIR]`. In a
terminal of 120×40, keys open one pane after the other; a key's time ends when the tab of its pane
is written. The pauses between the keys vary, so that they meet the training at any moment.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random
from statistics import median

from tests.benchmarks.screen import TAB, in_training
from tests.benchmarks.terminal import quantile

KEYS = "12"
"""The panes of the losses, step by step and per epoch: both have a chart that grows."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="mlp")
    parser.add_argument("--presses", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    args = parser.parse_args()
    random = Random(0)
    with in_training(args.recipe, args.epochs, args.data_dir) as terminal:
        waits = []
        for press in range(args.presses):
            terminal.count(random.uniform(0.1, 0.4))
            sent = terminal.press(KEYS[(press + 1) % len(KEYS)])
            waits.append(1e3 * (terminal.until(TAB, 10.0) - sent))
    print(
        f"{args.recipe}: {len(waits)} keys, median {median(waits):.0f} ms, "
        f"p90 {quantile(waits, 0.9):.0f} ms, p99 {quantile(waits, 0.99):.0f} ms, "
        f"worst {max(waits):.0f} ms"
    )


if __name__ == "__main__":
    main()
