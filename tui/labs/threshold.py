"""Lab: move a threshold, and see cross entropy move smoothly while accuracy jumps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lessons.examples.logistic import HOURS, PASSED, accuracy, cross_entropy, gradient
from tui.widgets.chart import Chart, Series

START = (0.3, -2.0)
STEP = 0.02
"""How far one key press moves w or b."""
LEARNING_RATE = 0.05
W_LIMITS, B_LIMITS = (0.0, 1.2), (-4.0, 1.0)
Y_LIMITS = (0.4, 1.0)
"""What the chart shows of both measures; the accuracy lies from 0.5 to 0.75 where w > 0."""
_CURVE = np.linspace(*W_LIMITS, 401)
_RULER = 64
_FIRST_HOUR, _LAST_HOUR = 0.0, 8.0
_HOW = "Press tab, then ← → move w and ↑ ↓ move b."
_SMALL = 1e-6
"""The step that the slope of the accuracy is measured with."""


@dataclass(frozen=True, slots=True)
class State:
    """Weight and bias of the model, in whole steps of 0.02 or wherever a gradient step led."""

    w: float = START[0]
    b: float = START[1]

    def moved(self, w: float = 0.0, b: float = 0.0) -> State:
        """Another state, kept within the limits; rounded, so that steps back return exactly."""
        return State(
            round(float(np.clip(self.w + w, *W_LIMITS)), 10),
            round(float(np.clip(self.b + b, *B_LIMITS)), 10),
        )

    @property
    def threshold(self) -> float | None:
        """The x at which the score is 0; None where w is 0, and the score never changes."""
        return -self.b / self.w if self.w else None

    @property
    def accuracy_slope(self) -> float | None:
        """∂A/∂w by central differences; None where a sample stands on the threshold."""
        w, b, h = self.w, self.b, _SMALL
        if bool(np.any(np.sign((w - h) * HOURS + b) != np.sign((w + h) * HOURS + b))):
            return None
        return (accuracy(w + h, b) - accuracy(w - h, b)) / (2 * h)


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


class ThresholdLab(Vertical, can_focus=True):
    """Eight samples with one feature, a weight and a bias: accuracy beside cross entropy."""

    BINDINGS = [
        Binding("right", "move_w(1)", "w +", id="threshold.w_up", key_display="→",
                tooltip="Make the weight larger by 0.02"),
        Binding("left", "move_w(-1)", "w −", id="threshold.w_down", key_display="←",
                tooltip="Make the weight smaller by 0.02"),
        Binding("up", "move_b(1)", "b +", id="threshold.b_up", key_display="↑",
                tooltip="Make the bias larger by 0.02"),
        Binding("down", "move_b(-1)", "b −", id="threshold.b_down", key_display="↓",
                tooltip="Make the bias smaller by 0.02"),
        Binding("d", "descend", "Descend", id="threshold.descend",
                tooltip="Make one step of gradient descent on the cross entropy"),
        Binding("a", "climb", "Climb", id="threshold.climb",
                tooltip="Try one step of gradient ascent on the accuracy"),
        Binding("r", "reset", "Reset", id="threshold.reset",
                tooltip="Go back to the weight and bias at the start"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ThresholdLab {
        height: 75vh;
        min-height: 18;
        border-left: outer $primary;
        padding: 0 0 0 1;
    }
    ThresholdLab:focus { border-left: outer $accent; }
    ThresholdLab > Static { height: auto; width: 1fr; }
    ThresholdLab > Chart { height: 1fr; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        """The lab has no options."""
        super().__init__()
        self.state = State()

    def compose(self) -> ComposeResult:
        """The samples, the numbers, the chart over w."""
        yield Static(id="ruler")
        yield Static(id="numbers")
        yield Chart("over w, with this b", "w", "", id="over-w")
        yield Static(_HOW, id="note", markup=False)

    def on_mount(self) -> None:
        """Show the start."""
        self._show()

    def on_focus(self) -> None:
        """Say which keys there are."""
        self._say("← → move w · ↑ ↓ move b · d down the cross entropy · a up the accuracy")

    def on_blur(self) -> None:
        """Say how to come back."""
        self._say(_HOW)

    def action_move_w(self, direction: int) -> None:
        """Move the weight by one step."""
        self._go(self.state.moved(w=direction * STEP), f"w = {W_LIMITS[direction > 0]:g}")

    def action_move_b(self, direction: int) -> None:
        """Move the bias by one step."""
        self._go(self.state.moved(b=direction * STEP), f"b = {B_LIMITS[direction > 0]:g}")

    def action_descend(self) -> None:
        """One step against the gradient of the cross entropy."""
        before = self.state
        dw, db = gradient(before.w, before.b)
        after = before.moved(-LEARNING_RATE * dw, -LEARNING_RATE * db)
        change = cross_entropy(after.w, after.b) - cross_entropy(before.w, before.b)
        self._go(after, "the limits")
        self._say(
            f"w moved by {after.w - before.w:+.6f}, b by {after.b - before.b:+.6f}; "
            f"cross entropy by {change:+.6f}."
        )

    def action_climb(self) -> None:
        """One step along the gradient of the accuracy, which leads nowhere."""
        slope = self.state.accuracy_slope
        if slope is None:
            self._say("A sample stands on the threshold: accuracy has no slope here.")
            return
        self._go(self.state.moved(w=LEARNING_RATE * slope), "the limits")
        self._say(f"The slope of the accuracy is {slope:g}: the step is {LEARNING_RATE * slope:g}.")

    def action_reset(self) -> None:
        """Back to the start."""
        self._go(State(), "the start")

    def _go(self, state: State, limit: str) -> None:
        """Show another state; where it is the same one, say why."""
        if state == self.state:
            self._say(f"This is as far as the lab goes: {limit}.")
            return
        self.state = state
        self._say("")
        self._show()

    def _say(self, note: str) -> None:
        self.query_one("#note", Static).update(Content(note))

    def _show(self) -> None:
        state = self.state
        samples, mark, note = ruler(state)
        self.query_one("#ruler", Static).update(
            Content.assemble(
                "class ",
                (samples, "bold"),
                "\nhours ",
                (mark, "$text-muted"),
                f"\nw = {state.w:+.4f}   b = {state.b:+.4f}   {note}",
            )
        )
        self.query_one("#numbers", Static).update(self._numbers())
        self._draw()

    def _numbers(self) -> Content:
        """Both measures with their slopes."""
        state = self.state
        right = round(accuracy(state.w, state.b) * len(HOURS))
        slope = state.accuracy_slope
        slope_text = "undefined" if slope is None else f"{slope:+.6f}"
        return Content.assemble(
            ("▪ accuracy       ", "$text-warning"),
            (f"{accuracy(state.w, state.b):.6f}", "bold"),
            f"   slope over w {slope_text:>9}   {right} of {len(HOURS)} right\n",
            ("━ cross entropy  ", "$text-primary"),
            (f"{cross_entropy(state.w, state.b):.6f}", "bold"),
            f"   slope over w {gradient(state.w, state.b)[0]:+.6f}",
        )

    def _draw(self) -> None:
        state = self.state
        ws = tuple(float(w) for w in _CURVE)
        steps = tuple(accuracy(w, state.b) for w in ws)
        curve = tuple(cross_entropy(w, state.b) for w in ws)
        here = (accuracy(state.w, state.b), cross_entropy(state.w, state.b))
        self.query_one(Chart).set_series(
            [
                Series("accuracy", ws, steps, "warning", "▪", line=True),
                Series("cross entropy", ws, curve, "primary", "", line=True),
                Series("both at this w", (state.w, state.w), here, "error", "◆", line=True),
            ],
            y_limits=Y_LIMITS,
            x_limits=W_LIMITS,
        )
