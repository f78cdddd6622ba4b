"""How long a lab takes from a key press to the redrawn screen.

Run it as `python -m tests.benchmarks.lab_edits [--size 80x24] [--edits N] [LAB ...]`. Every lab
stands alone on a page as in a lesson, nothing trains beside it. An edit ends with the last thing
that was painted for it, work on other threads included, and painting makes the text that a
terminal would get. Printed are the median and the slowest of all edits, the median of the time that
the processor worked for one, which other programs disturb less, and the first median as a ratio to
that of a page whose one line changes: what Textual itself needs, whatever the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from statistics import median

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from tui.background import wait_until_idle
from tui.labs import labs, make_lab
from tui.themes import ThemedApp

LIMIT = 50.0
"""Milliseconds within which an edit is to be seen."""
KEYS: Mapping[str, Sequence[str]] = {
    "stepper": ("full_stop", "comma"),
    "scatter": ("n",),
    "fading": ("n",),
    "accuracy_threshold": ("right", "up", "left", "down"),
    "matrix_calculus": ("n", "down", "up", "left", "right"),
    "update_loop": ("n",),
    "lockstep": ("n", "b"),
    "activations": ("right", "4", "up", "5", "plus", "6", "left", "4", "down", "5", "minus", "6"),
    "softmax": ("right", "down", "left", "plus", "full_stop", "minus", "comma", "n"),
    "stability": ("up", "right", "f", "left", "c", "down", "y"),
    "regression_losses": ("right", "up", "n", "left", "down", "p"),
    "classification_losses": ("plus", "right", "y", "minus", "down"),
    "entropy": ("right", "down", "left", "u", "up", "s"),
    "descent": ("n", "plus", "right", "v", "minus", "left", "2"),
    "autograd": ("right", "right", "left", "a", "z"),
    "gallery": ("right", "down", "1", "left", "up", "a"),
    "reading_data": ("b",),
}
"""What is pressed in turn; a lab that is not here gets every key that it binds, in turn."""
_LEFT_OUT = {"tab", "enter", "escape", "e", "q"}


class Plain(Static, can_focus=True):
    """One line that changes with every key: what the measure costs without a lab."""

    count = 0

    def on_key(self) -> None:
        """Show another number."""
        self.count += 1
        self.update(f"{self.count}")


class Bench(ThemedApp[None]):
    """One widget on a page; remembers when it last painted."""

    CSS = "#page { padding: 0 2; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.animation_level = "none"
        self.widget = widget
        self.painted = 0.0

    def compose(self) -> ComposeResult:
        """The page and the keys below it."""
        with VerticalScroll(id="page", can_focus=False):
            yield self.widget
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Give the keys to the widget."""
        first = next((w for w in (self.widget, *self.widget.query("*")) if w.can_focus), None)
        if first is not None:
            first.focus()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        # Without a terminal Textual stops before the text is made; a terminal would get it.
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
        elif renderable is not None:
            list(self.console.render(renderable))
        self.painted = time.perf_counter()


async def settled(pilot: Pilot[None]) -> None:
    """Wait for all that is under way."""
    await pilot.pause()
    await asyncio.to_thread(wait_until_idle)
    await pilot.pause()


def keys_of(name: str, widget: Widget) -> Sequence[str]:
    """The keys to press for a lab."""
    bound = [key for key in widget._bindings.key_to_bindings if key not in _LEFT_OUT]
    return KEYS.get(name) or bound or ["down", "up"]


async def milliseconds(
    widget: Widget, keys: Sequence[str], size: tuple[int, int], edits: int
) -> list[tuple[float, float]]:
    """Time and processor time of each edit that painted; the first few warm up."""
    app = Bench(widget)
    times: list[tuple[float, float]] = []
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for number, key in enumerate(itertools.islice(itertools.cycle(keys), edits + len(keys))):
            app.painted = 0.0
            started, worked = time.perf_counter(), time.process_time()
            await pilot.press(key)
            await settled(pilot)
            if number >= len(keys) and app.painted:
                worked = time.process_time() - worked
                times.append((1000 * (app.painted - started), 1000 * worked))
    return times


async def measure(names: Sequence[str], size: tuple[int, int], edits: int) -> None:
    """Measure and print."""
    plain = median(ms for ms, _ in await milliseconds(Plain("0"), ["x"], size, edits))
    print(f"{size[0]}x{size[1]}, {edits} edits a lab, one changing line takes {plain:.1f} ms")
    for name in names:
        widget = make_lab(name, {})
        times = await milliseconds(widget, keys_of(name, widget), size, edits)
        if not times:
            print(f"{name:24} nothing was painted")
            continue
        typical, worked = (median(column) for column in zip(*times, strict=True))
        verdict = "" if typical <= LIMIT else f"  over {LIMIT:.0f} ms"
        print(
            f"{name:24} median {typical:6.1f} ms  slowest {max(times)[0]:6.1f} ms"
            f"  processor {worked:5.1f} ms  ratio {typical / plain:5.1f}{verdict}"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labs", nargs="*", default=list(labs()), help="all of them where left out")
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--edits", type=int, default=100)
    args = parser.parse_args()
    columns, _, lines = args.size.partition("x")
    asyncio.run(measure(args.labs, (int(columns), int(lines)), args.edits))


if __name__ == "__main__":
    main()
