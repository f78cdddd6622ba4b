"""Lab: one pass over a data set, by a DataLoader with workers and from tensors in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from engine.labs.reading_data import (
    BATCH_SIZES,
    MEMORY,
    Pass,
    Reading,
    State,
    command,
    way_name,
)
from tui.background import in_background
from tui.labs.base import Lab, Parts, following
from tui.labs.registry import LabEntry
from tui.widgets.bars import bar
from tui.widgets.numbers import thousands

_NAME, _RATE, _SECONDS, _FIRST = 22, 10, 9, 12
_SMALLEST_BAR = 8


def make_reading(data_dir: Path | None, batch_size: int) -> Reading:
    """A reading of the whole set."""
    return Reading(command(data_dir, batch_size))


class ReadingDataLab(Lab):
    """Bars of images per second that fill in while a process of its own reads.

    The process and its workers end when the lab leaves the screen.
    """

    EVERY: ClassVar[float] = 0.25
    """Seconds between two looks at the reading."""

    BINDINGS = [
        Binding("s", "start", "Start/stop", id="reading.start",
                tooltip="Time one pass in each of the four ways, or stop"),
        Binding("b", "batch", "Batch size", id="reading.batch",
                tooltip="Another batch size: 64, 256 or 1024"),
        Binding("r", "reset", "Reset", id="reading.reset", tooltip="Forget what was measured"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ReadingDataLab > #bars { margin: 1 0; text-wrap: nowrap; }
    """

    def __init__(
        self,
        options: Mapping[str, str],
        make: Callable[[Path | None, int], Reading] = make_reading,
    ) -> None:
        """`make` begins a reading, given the folder with data and the batch size."""
        super().__init__(options)
        self.batch_size = BATCH_SIZES[1]
        self.reading: Reading | None = None
        self._make = make
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The set, the bars, what they say, what can be done."""
        yield Static(id="set", markup=False)
        yield Static(id="bars")
        yield Static(id="verdict", markup=False)
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Nothing is measured yet, and nothing looked at."""
        self._timer = self.set_interval(self.EVERY, self.show, pause=True)

    def on_unmount(self) -> None:
        """Leave no process behind."""
        if self.reading is not None:
            self.reading.stop()

    def on_resize(self, event: events.Resize) -> None:
        """The bars take the room that there is."""
        self.show()

    @property
    def state(self) -> State:
        """What is measured so far."""
        return self.reading.state if self.reading is not None else State()

    def action_start(self) -> None:
        """Start, or stop what runs."""
        if self.reading is not None and self.state.running:
            self.reading.stop()
            return
        reading = self.reading = self._make(self.data_dir, self.batch_size)
        in_background(
            self,
            reading.follow,
            lambda _: self._ended(reading),
            lambda error: self.say(f"The reading failed: {error}."),
        )
        if self._timer is not None:
            self._timer.resume()
        self.show()
        self.say("")

    def action_batch(self) -> None:
        """The next batch size; what was measured belongs to the old one."""
        if self.state.running:
            self.say("The reading is running. s stops it; then b takes another batch size.")
            return
        self.batch_size = following(self.batch_size, BATCH_SIZES)
        self.action_reset()

    def action_reset(self) -> None:
        """Forget what was measured."""
        if self.reading is not None:
            self.reading.stop()
        self.reading = None
        self.show()
        self.say("")

    def _ended(self, reading: Reading) -> None:
        if reading is not self.reading:
            return
        if self._timer is not None:
            self._timer.pause()
        self.show()
        self.say("")

    def hint(self) -> str:
        """What can be done now."""
        if not self.has_keys:
            return "Press tab, then s starts."
        if self.state.running:
            return "s stops"
        again = "starts again" if self.reading is not None else "starts"
        return f"s {again} · b batch size · r forgets the numbers"

    def show(self) -> None:
        state = self.state
        self.put("set", self._about(state))
        self.put("bars", self._bars(state))
        self.put("verdict", self._verdict(state))

    def _about(self, state: State) -> str:
        if not state.running:
            how = "stopped" if state.stopped else "done" if state.is_finished else "not started"
        elif state.images:
            how = "running"
        else:
            how = "loading PyTorch and the images…"
        images = f"{state.title} · {thousands(state.images)} images · " if state.images else ""
        return f"{images}batches of {self.batch_size} · {processors()} · {how}"

    def _bars(self, state: State) -> Content:
        """One row a way: its name, its bar, its numbers."""
        others = _NAME + _RATE + _SECONDS + _FIRST + 1  # one column stays free
        width = max(_SMALLEST_BAR, self.content_size.width - others)
        head = f"{'':<{_NAME}}{'images per second':<{width + _RATE}}{'a pass':>{_SECONDS}}"
        parts: Parts = [(f"{head}{'first batch':>{_FIRST}}", "$text-muted")]
        for one in state.passes:
            parts += ["\n", *self._row(one, state, width)]
        return Content.assemble(*parts)

    def _row(self, one: Pass, state: State, width: int) -> Parts:
        name = f"{way_name(one.way):<{_NAME}}"
        if one.failure:
            return [name, (one.failure, "$text-error")]
        if not one.rate:
            waits = "starting…" if one.begun and state.running else "–"
            return [name, (waits, "$text-muted")]
        colour = "$text-success" if one.way == MEMORY else "$text-primary"
        drawn = bar(one.rate / state.fastest, width)
        seconds = f"{one.seconds:.2f} s" if one.done else f"{one.images / state.images:.0%} read"
        return [
            name,
            (drawn if one.done else drawn.replace("█", "▒"), colour),
            (f"{thousands(round(one.rate)):>{_RATE}}", "bold"),
            f"{seconds:>{_SECONDS}}{f'{one.first:.3f} s':>{_FIRST}}",
        ]

    def _verdict(self, state: State) -> str:
        """What the measurement says, and what went wrong."""
        lines = [state.trouble] if state.trouble else []
        alone, memory = state.of(0), state.of(MEMORY)
        if alone.done and memory.done:
            lines.append(
                f"From memory the images came {memory.rate / alone.rate:.1f} times as fast as from "
                "the DataLoader without a worker."
            )
            loaders = [one for one in state.passes if one.done and one.way != MEMORY]
            best = max(loaders, key=lambda one: one.rate)
            workers = f"{best.way} workers" if best.way else "no worker"
            lines.append(f"Of the DataLoaders, the one with {workers} was the fastest here.")
        done = [one for one in state.passes if one.done]
        if len(done) > 1 and len({one.label_sum for one in done}) == 1:
            total = thousands(done[0].label_sum)
            lines.append(f"Each way read every image once: the labels add up to {total} each time.")
        return "\n".join(lines)


def processors() -> str:
    """How many processors this program may use, in words."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:
        count = os.cpu_count() or 1
    return f"{count} processor{'' if count == 1 else 's'} here"


LAB = LabEntry(ReadingDataLab)
