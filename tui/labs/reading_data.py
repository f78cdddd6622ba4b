"""Lab: one pass over a data set, through a DataLoader with workers and from memory."""

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
from engine.language import _, plural
from tui.background import in_background
from tui.columns import left, right
from tui.labs.base import Lab, Parts, reason
from tui.labs.registry import LabEntry
from tui.widgets.bars import bar
from tui.widgets.numbers import thousands

_NAME, _RATE, _SECONDS, _FIRST = 22, 10, 9, 13
_SMALLEST_BAR = 8


def make_reading(data_dir: Path | None, batch_size: int) -> Reading:
    """A reading of the whole set."""
    return Reading(command(data_dir, batch_size))


class ReadingDataLab(Lab):
    """Bars of images per second that grow while a separate process reads.

    The process and its workers are killed when the lab leaves the screen.
    """

    EVERY: ClassVar[float] = 0.25
    """Seconds between two updates of the screen."""

    IS_WORDS = True
    KEEPS = ("batch_size",)
    BINDINGS = [
        Binding("s", "start", _("Start/stop"), id="reading.start",
                tooltip=_("Time one pass in each of the four ways, or stop")),
        Binding("right,b", "batch(1)", _("Batch size"), id="reading.batch", key_display="→",
                tooltip=_("Choose the next batch size: 64, 256 or 1024")),
        Binding("left", "batch(-1)", _("Batch size"), id="reading.batch_before", key_display="←",
                show=False, tooltip=_("Choose the batch size before")),
        Binding("r", "reset", _("Reset"), id="reading.reset",
                tooltip=_("Clear the measurements")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ReadingDataLab > #bars { margin: 1 0; text-wrap: nowrap; }
    """

    def __init__(
        self,
        options: Mapping[str, str],
        make: Callable[[Path | None, int], Reading] = make_reading,
    ) -> None:
        """`make` starts a reading, given the data folder and the batch size."""
        super().__init__(options)
        self.batch_size = BATCH_SIZES[1]
        self.reading: Reading | None = None
        self._make = make
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The set, the bars, the verdict and the note."""
        yield Static(id="set", markup=False)
        yield Static(id="bars")
        yield Static(id="verdict", markup=False)
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Prepare the timer, which runs only during a reading."""
        self._timer = self.set_interval(self.EVERY, self.show, pause=True)

    def on_unmount(self) -> None:
        """Stop the process."""
        if self.reading is not None:
            self.reading.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the bars to the new width."""
        self.show()

    @property
    def state(self) -> State:
        """What has been measured so far."""
        return self.reading.state if self.reading is not None else State()

    def action_start(self) -> None:
        """Start a reading, or stop the running one."""
        if self.reading is not None and self.state.running:
            self.reading.stop()
            return
        reading = self.reading = self._make(self.data_dir, self.batch_size)
        in_background(
            self,
            reading.follow,
            lambda _state: self._ended(reading),
            lambda error: self.say(_("The reading failed: {reason}.").format(reason=reason(error))),
        )
        if self._timer is not None:
            self._timer.resume()
        self.show()
        self.say("")

    def action_batch(self, direction: int) -> None:
        """Choose another batch size; this clears the measurements, which belong to the old one."""
        place = BATCH_SIZES.index(self.batch_size) + direction
        self.batch_size = BATCH_SIZES[place % len(BATCH_SIZES)]
        self.action_reset()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The batch size stays while a reading runs."""
        return None if action == "batch" and self.state.running else True

    def refused(self, action: str) -> None:
        """Say how the batch size can be changed."""
        self.say(
            _(
                "The reading is running. Stop it with ⟨s|reading.start⟩ before you change the "
                "batch size."
            )
        )

    def action_reset(self) -> None:
        """Clear the measurements."""
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

    def marked_hint(self) -> str:
        if not self.has_keys:
            return _("Press tab, then ⟨s|reading.start⟩ to start.")
        if self.state.running:
            return _("⟨s|reading.start⟩ stop")
        if self.reading is None:
            return _(
                "⟨s|reading.start⟩ start · ⟨→|reading.batch⟩ ⟨←|reading.batch_before⟩ batch "
                "size · ⟨r|reading.reset⟩ clear the numbers"
            )
        return _(
            "⟨s|reading.start⟩ start again · ⟨→|reading.batch⟩ ⟨←|reading.batch_before⟩ "
            "batch size · ⟨r|reading.reset⟩ clear the numbers"
        )

    def show(self) -> None:
        state = self.state
        self.put("set", self._about(state))
        self.put("bars", self._bars(state))
        self.put("verdict", self._verdict(state))
        self.refresh_bindings()

    def _about(self, state: State) -> str:
        if not state.running:
            how = _("not started")
            if state.stopped:
                how = _("stopped")
            elif state.is_finished:
                how = _("finished")
        elif state.images:
            how = _("running")
        else:
            how = _("loading PyTorch and the images…")
        parts = [_("batches of {size}").format(size=self.batch_size), processors(), how]
        if state.images:
            images = _("{count} images").format(count=thousands(state.images))
            parts = [state.title, images, *parts]
        return " · ".join(parts)

    def _bars(self, state: State) -> Content:
        """One row per way: its name, its bar and its numbers."""
        others = _NAME + _RATE + _SECONDS + _FIRST + 1  # one column stays free
        width = max(_SMALLEST_BAR, self.room - others)
        head = (
            " " * _NAME
            + left(_("images per second"), width + _RATE)
            + right(_("full pass"), _SECONDS)
            + right(_("first batch"), _FIRST)
        )
        parts: Parts = [(head, "$foreground-muted")]
        for one in state.passes:
            parts += ["\n", *self._row(one, state, width)]
        return Content.assemble(*parts)

    def _row(self, one: Pass, state: State, width: int) -> Parts:
        name = left(way_name(one.way), _NAME)
        if one.failure:
            return [name, (one.failure, "$text-error")]
        if not one.rate:
            waits = _("starting…") if one.begun and state.running else "–"
            return [name, (waits, "$foreground-muted")]
        colour = "$text-success" if one.way == MEMORY else "$text-primary"
        drawn = bar(one.rate / state.fastest, width)
        seconds = (
            f"{one.seconds:.2f} s"
            if one.done
            else _("{share} read").format(share=f"{one.images / state.images:.0%}")
        )
        return [
            name,
            (drawn if one.done else drawn.replace("█", "▒"), colour),
            (f"{thousands(round(one.rate)):>{_RATE}}", "bold"),
            right(seconds, _SECONDS) + f"{one.first:.3f} s".rjust(_FIRST),
        ]

    def _verdict(self, state: State) -> str:
        """What the measurements show, and what went wrong."""
        lines = [state.trouble] if state.trouble else []
        alone, memory = state.of(0), state.of(MEMORY)
        if alone.done and memory.done:
            lines.append(
                _(
                    "Reading from memory was {times} times as fast as the DataLoader without "
                    "workers."
                ).format(times=f"{memory.rate / alone.rate:.1f}")
            )
            loaders = [one for one in state.passes if one.done and one.way != MEMORY]
            best = max(loaders, key=lambda one: one.rate)
            lines.append(
                plural(
                    "Of the DataLoaders, the one with {count} worker was the fastest here.",
                    "Of the DataLoaders, the one with {count} workers was the fastest here.",
                    best.way,
                )
                if best.way
                else _("Of the DataLoaders, the one without workers was the fastest here.")
            )
        done = [one for one in state.passes if one.done]
        if len(done) > 1 and len({one.label_sum for one in done}) == 1:
            total = thousands(done[0].label_sum)
            lines.append(
                _("Each way read every image once: the labels add up to {total} each time.").format(
                    total=total
                )
            )
        return "\n".join(lines)


def processors() -> str:
    """The number of processors that this program may use, in words."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:
        count = os.cpu_count() or 1
    return plural("{count} processor here", "{count} processors here", count)


LAB = LabEntry(ReadingDataLab)
