"""How long dltutor takes to start, beside the least that a program of its kind takes.

Run it as `python -m tests.benchmarks.startup [--rounds N]`. Each pair takes turns. The ratios are
those of the medians, by the clock and by CPU time; on a machine that others use, too, the latter is
the steadier. `first frame` is the time until the title of the contents is written, in a terminal of
120×40, for a learner who starts for the first time; beside it a Textual app that shows one line.
`first step` is the same for a start with a lesson. All find their modules compiled, as installed
programs do: that happens in the first round, which does not count, even where
PYTHONDONTWRITEBYTECODE is set.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from shutil import rmtree
from statistics import median

from tests.benchmarks.terminal import Terminal, fresh_home

Times = tuple[float, float]
"""Seconds by the clock, and of CPU time."""

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("Hello, world!")
Hello().run()
"""
SCRIPT = "import sys; from tui.start import main; sys.exit(main())"
"""What the command `dltutor` runs."""


def whole(command: Sequence[str], environ: Mapping[str, str]) -> Times:
    """A program from its start to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **environ})
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{command} failed.")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime


def first_frame(command: Sequence[str], sign: str, environ: Mapping[str, str]) -> Times:
    """A program from its start until it has written `sign`."""
    terminal = Terminal(command, environ=environ)
    try:
        return terminal.until(sign) - terminal.began, terminal.cpu
    finally:
        terminal.close()


def compare(name: str, rounds: int, ours: Callable[[], Times], other: Callable[[], Times]) -> None:
    """Print a row."""
    pairs = [(ours(), other()) for _round in range(rounds + 1)][1:]  # the first one warms up
    cells = [f"{name:<16}"]
    for at in (0, 1):
        own, its = (median(pair[who][at] for pair in pairs) for who in (0, 1))
        cells.append(f"{own:8.3f} s {its:8.3f} s  ratio {own / its:5.2f}")
    print(" | ".join(cells), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    python = sys.executable
    print(f"{'':<16} | {'by the clock: ours, other':<34} | CPU time: ours, other")
    with fresh_home() as home:
        home["PYTHONDONTWRITEBYTECODE"] = ""

        def ours(*words: str) -> Callable[[], Times]:
            return lambda: whole([python, "-c", SCRIPT, *words], home)

        def nothing() -> Times:
            return whole([python, "-c", "pass"], home)

        compare("--version", rounds, ours("--version"), nothing)
        compare("lessons --json", rounds, ours("lessons", "--json"), nothing)
        for name, words, sign in (
            ("first frame", [], "fundamentals"),
            ("first step", ["functions/softmax"], "probabilities"),
        ):
            rmtree(home["XDG_DATA_HOME"], ignore_errors=True)  # else the last lesson opens
            compare(
                name,
                rounds,
                partial(first_frame, [python, "-c", SCRIPT, *words], sign, home),
                lambda: first_frame([python, "-c", HELLO], "Hello", home),
            )


if __name__ == "__main__":
    main()
