"""Lab: move a threshold, and see cross entropy move smoothly while accuracy jumps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.accuracy_threshold import (
    B_LIMITS,
    HOURS,
    LEARNING_RATE,
    PASSED,
    W_LIMITS,
    State,
    curves,
)
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain
from tui.widgets.chart import Chart, Series

STEP = 0.02
"""How far one key press moves w or b."""
Y_LIMITS = (0.4, 1.0)
"""What the chart shows of both measures; the accuracy lies from 0.5 to 0.75 where w > 0."""
Y_LIMITS_FAR = (0.4, 3.2)
"""The same where the loss is above 1: it stays below 3.2 within the limits of w and b."""
_CURVE = np.linspace(*W_LIMITS, 241)
_RULER = 64
_FIRST_HOUR, _LAST_HOUR = 0.0, 8.0


def ruler(state: State) -> tuple[str, str, str]:
    """The samples by their class, the line below them with the threshold, and where that is."""
    samples, mark = [" "] * _RULER, ["─"] * _RULER
    for hours, passed in zip(HOURS, PASSED, strict=True):
        samples[_column(float(hours))] = "1" if passed else "0"
    at = state.threshold
    if at is None or not _FIRST_HOUR <= at <= _LAST_HOUR:
        note = "no threshold from 0 to 8 hours: all get one class"
    else:
        column = _column(at)
        mark[column] = "┃"
        note = f"threshold at {at:.3f} hours: class 1 above it"
    return "".join(samples), "".join(mark), note


def _column(hours: float) -> int:
    share = (hours - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR)
    return round(share * (_RULER - 1))


class AccuracyThresholdLab(WritingLab):
    """Eight samples with one feature, a weight and a bias: accuracy beside cross entropy."""

    HOW = "Press tab, then ← → move w and ↑ ↓ move b."
    KEYS = "← → w · ↑ ↓ b · j jump · d down the loss · a up the accuracy · e write"

    BINDINGS = [
        Binding("right", "move_w(1)", "w +", id="threshold.w_up", key_display="→",
                tooltip="Make the weight larger by 0.02"),
        Binding("left", "move_w(-1)", "w −", id="threshold.w_down", key_display="←",
                tooltip="Make the weight smaller by 0.02"),
        Binding("up", "move_b(1)", "b +", id="threshold.b_up", key_display="↑",
                tooltip="Make the bias larger by 0.02"),
        Binding("down", "move_b(-1)", "b −", id="threshold.b_down", key_display="↓",
                tooltip="Make the bias smaller by 0.02"),
        Binding("j", "jump", "Jump", id="threshold.jump",
                tooltip="Make the weight so large that the next sample stands on the threshold"),
        Binding("d", "descend", "Descend", id="threshold.descend",
                tooltip="Make one step of gradient descent on the cross entropy"),
        Binding("a", "climb", "Climb", id="threshold.climb",
                tooltip="Try one step of gradient ascent on the accuracy"),
        Binding("e", "edit", "Write", id="threshold.edit", tooltip="Write w and b as numbers"),
        Binding("r", "reset", "Reset", id="threshold.reset",
                tooltip="Go back to the weight and bias at the start"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    AccuracyThresholdLab { height: 75vh; min-height: 18; }
    AccuracyThresholdLab > Chart { height: 1fr; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.state = State()

    def compose(self) -> ComposeResult:
        """The samples, the numbers, the chart over w, what can be done."""
        yield Static(id="ruler")
        yield Static(id="numbers")
        yield Chart("over w, with this b", "w", "", id="over-w")
        yield from self.written_parts()

    def action_move_w(self, direction: int) -> None:
        """Move the weight by one step."""
        self._go(self.state.moved(w=direction * STEP), f"w = {W_LIMITS[direction > 0]:g}")

    def action_move_b(self, direction: int) -> None:
        """Move the bias by one step."""
        self._go(self.state.moved(b=direction * STEP), f"b = {B_LIMITS[direction > 0]:g}")

    def action_jump(self) -> None:
        """Put the next sample on the threshold."""
        at = self.state.next_jump
        if at is None:
            self.say(f"No sample changes sides from here to w = {W_LIMITS[1]:g}.")
            return
        self._go(State(at, self.state.b), "the limits")
        self.say("A sample stands on the threshold now: → and ← lead to its two sides.")

    def action_descend(self) -> None:
        """One step against the gradient of the cross entropy."""
        before, after = self.state, self.state.descended()
        self._go(after, "the limits")
        if after != before:
            self.say(
                f"w moved by {after.w - before.w:+.6f}, b by {after.b - before.b:+.6f}; "
                f"cross entropy by {after.loss - before.loss:+.6f}."
            )

    def action_climb(self) -> None:
        """One step along the slope of the accuracy, which leads nowhere."""

        def take() -> None:
            self.state = self.state.climbed()

        if self.change(take):
            slope = self.state.accuracy_slope or 0.0
            self.say(
                f"The slope of the accuracy is {slope:g}: the step is {LEARNING_RATE * slope:g}."
            )

    def action_edit(self) -> None:
        """Ask for w and b."""
        old = f"{plain(self.state.w)} {plain(self.state.b)}"
        self.write("Write w and b, like 0.5 -2.", old, self._take_written)

    def _take_written(self, text: str) -> None:
        self.state = self.state.read(text)
        self.show()

    def action_reset(self) -> None:
        """Back to the start."""
        self._go(State(), "the start")

    def _go(self, state: State, limit: str) -> None:
        """Show another state; where it is the same one, say why."""
        if state == self.state:
            self.say(f"This is as far as the lab goes: {limit}.")
            return
        self.state = state
        self.say("")
        self.show()

    def show(self) -> None:
        state = self.state
        samples, mark, note = ruler(state)
        self.put(
            "ruler",
            Content.assemble(
                "class ",
                (samples, "bold"),
                "\nhours ",
                (mark, "$text-muted"),
                f"\nw = {state.w:+.4f}   b = {state.b:+.4f}   {note}",
            ),
        )
        self.put("numbers", self._numbers())
        self._draw()

    def _numbers(self) -> Content:
        """Both measures with their slopes."""
        state = self.state
        slope = state.accuracy_slope
        slope_text = "undefined" if slope is None else f"{slope:+.6f}"
        return Content.assemble(
            ("▪ accuracy       ", "$text-warning"),
            (f"{state.accuracy:.6f}", "bold"),
            f"   slope over w {slope_text:>9}   {state.right} of {len(HOURS)} right\n",
            ("━ cross entropy  ", "$text-primary"),
            (f"{state.loss:.6f}", "bold"),
            f"   slope over w {state.loss_slope:+.6f}",
        )

    def _draw(self) -> None:
        state = self.state
        ws = tuple(_CURVE.tolist())
        steps, curve = (tuple(ys.tolist()) for ys in curves(_CURVE, state.b))
        here = (state.accuracy, state.loss)
        self.query_one(Chart).set_series(
            [
                Series("accuracy", ws, steps, "warning", "▪", line=True),
                Series("cross entropy", ws, curve, "primary", "", line=True),
                Series("both at this w", (state.w, state.w), here, "error", "◆", line=True),
            ],
            y_limits=Y_LIMITS if state.loss <= Y_LIMITS[1] else Y_LIMITS_FAR,
            x_limits=W_LIMITS,
        )


LAB = LabEntry(AccuracyThresholdLab)
