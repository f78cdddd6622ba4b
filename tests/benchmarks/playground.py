"""What the playground costs while it trains on spirals as fast as it can.

Run it as `python -m tests.benchmarks.playground [--seconds N] [--presses N]`. In a terminal of
120×40: how long a key waits until its effect is written, and the bytes a second; without a
terminal: pictures a second and samples a second beside the screen and alone.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from random import Random
from statistics import median
from unittest.mock import patch

from tests.benchmarks.terminal import Terminal, fresh_home, quantile

LINE = "data=spirals layers=8,8"
SIGNS = (": test", ": all", "no points", "training")
"""What the key p writes, in turn."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--presses", type=int, default=100)
    args = parser.parse_args()
    alone = samples_alone(args.seconds)
    frames, beside = asyncio.run(beside_the_screen(args.seconds))
    print(f"{frames:.1f} pictures/s, {beside:.0f} samples/s beside the screen, {alone:.0f} alone")
    waits, sent = keys(args.presses, args.seconds)
    print(
        f"{len(waits)} keys, median {median(waits):.0f} ms, p90 {quantile(waits, 0.9):.0f} ms, "
        f"worst {max(waits):.0f} ms; {sent / 1024:.0f} KB/s"
    )


def samples_alone(seconds: float) -> float:
    """Samples a second without a screen."""
    from engine.playground.run import Run
    from engine.playground.settings import parse

    run = Run(parse(LINE))
    began = time.perf_counter()
    while time.perf_counter() < began + seconds:
        run.forward_epoch()
    return run.samples / (time.perf_counter() - began)


async def beside_the_screen(seconds: float) -> tuple[float, float]:
    """Pictures a second and samples a second at the fastest pace."""
    from engine.playground.settings import parse
    from tui.app import TutorApp
    from tui.screens.playground import PlaygroundScreen

    app = TutorApp(preload=None, playground=(parse(LINE), None))
    count = 0
    show = PlaygroundScreen.show

    def counted(screen: PlaygroundScreen, *, losses: bool = True) -> None:
        nonlocal count
        count += 1
        show(screen, losses=losses)

    with patch.object(PlaygroundScreen, "show", counted):
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, PlaygroundScreen)
            await pilot.press("v", "v", "space")
            begun, count, samples = time.perf_counter(), 0, screen.runner.run.samples
            await asyncio.sleep(seconds)
            passed = time.perf_counter() - begun
            return count / passed, (screen.runner.run.samples - samples) / passed


def keys(presses: int, seconds: float) -> tuple[list[float], float]:
    """Milliseconds from each key to its effect, and bytes a second."""
    random = Random(0)
    command = [sys.executable, "-m", "tui.cli", "playground", "--settings", LINE]
    with fresh_home() as home:
        terminal = Terminal(command, environ=home)
        try:
            terminal.until("training")
            terminal.count(5.0)
            for key in "vv ":
                terminal.press(key)
                terminal.count(0.3)
            sent = terminal.count(seconds) / seconds
            waits = []
            for press in range(presses):
                terminal.count(random.uniform(0.1, 0.4))
                began = terminal.press("p")
                waits.append(1e3 * (terminal.until(SIGNS[press % 4], 10.0) - began))
        finally:
            terminal.close()
    return waits, sent


if __name__ == "__main__":
    main()
