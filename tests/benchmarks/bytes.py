"""How many bytes a second a training writes to the terminal, and how many when nothing changes.

Run it as `python -m tests.benchmarks.bytes [--recipe NAME] [--seconds S] [--data-dir DIR]`. The
terminal has 120×40 cells. Each pane is open for as long; then the training is paused.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks.screen import TAB, in_training


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="mlp")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--panes", default="12")
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    args = parser.parse_args()
    with in_training(args.recipe, args.epochs, args.data_dir) as terminal:
        for place, key in enumerate(args.panes):
            if place:
                terminal.press(key)
                terminal.until(TAB)
                terminal.count(1.0)
            rate = terminal.count(args.seconds) / args.seconds
            print(f"{args.recipe}, pane {key}: {rate / 1000:.1f} kB/s", flush=True)
        terminal.press("s")
        terminal.count(3.0)
        print(f"paused: {terminal.count(5.0)} bytes in 5 s")


if __name__ == "__main__":
    main()
