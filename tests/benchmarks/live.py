"""How much slower a training is while its screen is open and its charts are live.

Run it as `python -m tests.benchmarks.live [--recipe NAME] [--rounds N] [--data-dir DIR]`. In a
terminal of 120×40, a recipe trains on its thread. For two seconds the screen is live, then the
program that draws it is held for as long, so that the training has the process to itself, and so
on in turns: a machine that is busy with something else slows both alike. The ratio is that of the
updates made in a turn, the median over the pairs of turns. Where many programs share the cores, it
swings; the share of a core that the thread of the screen uses swings less, and is about what the
training loses where both share one core.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.screen import TAB, open_training
from tests.benchmarks.terminal import Terminal, fresh_home

TURN = 2.0
"""Seconds of a turn."""
WARM_UP = 300
"""Updates before the first turn."""


def inside(recipe: str, rounds: int, report: Path, folder: Path | None) -> None:
    """Run the screen in this terminal, and write the rates of the turns, live and held."""
    from tui.app import TutorApp

    app = TutorApp(data_dir=folder)

    async def measure() -> None:
        while app.session.snapshot.step < WARM_UP:
            await asyncio.sleep(0.5)
        turns, share = [], 0.0
        for _round in range(rounds):
            rates = []
            for held in (False, True):
                first, began = app.session.snapshot.step, time.perf_counter()
                own = time.thread_time()
                if held:
                    time.sleep(TURN)  # nothing is drawn meanwhile
                else:
                    await asyncio.sleep(TURN)
                if not held:
                    share = (time.thread_time() - own) / (time.perf_counter() - began)
                rates.append((app.session.snapshot.step - first) / (time.perf_counter() - began))
            turns.append((*rates, share))
        lines = [" ".join(map(str, turn)) for turn in turns]
        # Moved to its place when it is whole: the other program waits for it.
        part = report.with_suffix(".part")
        part.write_text("\n".join(lines), encoding="utf-8")
        part.replace(report)
        app.exit()

    app.call_later(open_training, app, recipe, "500")
    app.call_later(lambda: app.run_worker(measure()))
    app.run()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="mlp")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--data-dir", type=Path, help="without it: the built-in glyph set")
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.report:
        inside(args.recipe, args.rounds, args.report, args.data_dir)
        return
    with fresh_home() as home, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "rates"
        words = ["--recipe", args.recipe, "--rounds", str(args.rounds), "--report", str(report)]
        words += ["--data-dir", str(args.data_dir)] if args.data_dir else []
        terminal = Terminal([sys.executable, "-m", "tests.benchmarks.live", *words], environ=home)
        try:
            terminal.until(TAB)
            terminal.count(2.0)
            terminal.press("s")
            # It ends as soon as it has written the report, while its output is awaited.
            while not report.exists():
                try:
                    terminal.count(0.5)
                except SystemExit:
                    if not report.exists():
                        raise
        finally:
            terminal.close()
        turns = [tuple(map(float, line.split())) for line in report.read_text().splitlines()]
    ratios = sorted(held / live for live, held, _share in turns)
    shares = sorted(share for _live, _held, share in turns)
    print(
        f"{args.recipe}: ratio {median(ratios):.3f} ({len(ratios)} pairs of turns, {ratios[0]:.2f}"
        f" to {ratios[-1]:.2f}); the screen takes {median(shares):.1%} of a core"
        f" ({shares[0]:.1%} to {shares[-1]:.1%})"
    )


if __name__ == "__main__":
    main()
