"""Lab: move a threshold; cross entropy changes smoothly while accuracy jumps."""

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
from engine.language import _
from engine.naming import Shown
from tui.columns import left, right, widest
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain
from tui.widgets.chart import Chart, Series

STEP = 0.02
"""Change of w or b per key press."""
Y_LIMITS = (0.4, 1.0)
"""Range of the chart for both measures; the accuracy is from 0.5 to 0.75 where w > 0."""
Y_LIMITS_FAR = (0.4, 3.2)
"""The range where the loss is above 1: it stays below 3.2 within the limits of w and b."""
_CURVE = np.linspace(*W_LIMITS, 241)
_RULER = 64
_FIRST_HOUR, _LAST_HOUR = 0.0, 8.0


def ruler(state: State) -> tuple[str, str, str]:
    """The samples by class, the line below them with the threshold, and where the threshold is."""
    samples, mark = [" "] * _RULER, ["─"] * _RULER
    for hours, passed in zip(HOURS, PASSED, strict=True):
        samples[_column(float(hours))] = "1" if passed else "0"
    at = state.threshold
    if at is None or not _FIRST_HOUR <= at <= _LAST_HOUR:
        note = _("no threshold from 0 to 8 h: one class for all")
    else:
        column = _column(at)
        mark[column] = "┃"
        note = _("threshold at {hours} hours: class 1 above it").format(hours=f"{at:.3f}")
    return "".join(samples), "".join(mark), note


def _column(hours: float) -> int:
    share = (hours - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR)
    return round(share * (_RULER - 1))


def _limit(name: str, value: float) -> str:
    return _("This is the limit of the lab: {name} = {value}.").format(
        name=name, value=f"{value:g}"
    )


class AccuracyThresholdLab(WritingLab):
    """Eight samples with one feature, a weight and a bias: accuracy next to cross entropy."""

    HOW = _(
        "Press tab, then ⟨←|threshold.w_down⟩ ⟨→|threshold.w_up⟩ to move w and "
        "⟨↑|threshold.b_up⟩ ⟨↓|threshold.b_down⟩ to move b."
    )
    KEYS = _(
        "⟨←|threshold.w_down⟩ ⟨→|threshold.w_up⟩ w · ⟨↑|threshold.b_up⟩ ⟨↓|threshold.b_down⟩ b · "
        "⟨j|threshold.jump⟩ jump · ⟨d|threshold.descend⟩ down the loss · ⟨a|threshold.climb⟩ up "
        "the accuracy · ⟨e|threshold.edit⟩ edit"
    )

    KEEPS = ("state",)
    BINDINGS = [
        Binding("right", "move_w(1)", "w +", id="threshold.w_up", key_display="→",
                tooltip=_("Increase the weight by 0.02")),
        Binding("left", "move_w(-1)", "w −", id="threshold.w_down", key_display="←",
                tooltip=_("Decrease the weight by 0.02")),
        Binding("up", "move_b(1)", "b +", id="threshold.b_up", key_display="↑",
                tooltip=_("Increase the bias by 0.02")),
        Binding("down", "move_b(-1)", "b −", id="threshold.b_down", key_display="↓",
                tooltip=_("Decrease the bias by 0.02")),
        Binding("j", "jump", _("Jump"), id="threshold.jump",
                tooltip=_("Increase the weight until the next sample is on the threshold")),
        Binding("d", "descend", _("Descend"), id="threshold.descend",
                tooltip=_("Take one step of gradient descent on the cross entropy")),
        Binding("a", "climb", _("Climb"), id="threshold.climb",
                tooltip=_("Try one step of gradient ascent on the accuracy")),
        Binding("e", "edit", _("Edit"), id="threshold.edit", tooltip=_("Type w and b as numbers")),
        Binding("r", "reset", _("Reset"), id="threshold.reset",
                tooltip=_("Go back to the weight and bias at the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    AccuracyThresholdLab { height: 75vh; min-height: 18; }
    AccuracyThresholdLab > Chart { height: 1fr; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.state = State()

    def compose(self) -> ComposeResult:
        """The samples, the numbers, the chart over w, the note."""
        yield Static(id="ruler")
        yield Static(id="numbers")
        yield Chart(_("over w, at this b"), "w", "", id="over-w")
        yield from self.written_parts()

    def action_move_w(self, direction: int) -> None:
        """Move the weight by one step."""
        self._go(self.state.moved(w=direction * STEP), _limit("w", W_LIMITS[direction > 0]))

    def action_move_b(self, direction: int) -> None:
        """Move the bias by one step."""
        self._go(self.state.moved(b=direction * STEP), _limit("b", B_LIMITS[direction > 0]))

    def action_jump(self) -> None:
        """Put the next sample on the threshold."""
        at = self.state.next_jump
        if at is None:
            self.say(
                _("No sample changes sides from here to w = {limit}.").format(
                    limit=f"{W_LIMITS[1]:g}"
                )
            )
            return
        self._go(State(at, self.state.b), "")
        self.say(
            _(
                "A sample is now on the threshold: ⟨→|threshold.w_up⟩ and "
                "⟨←|threshold.w_down⟩ move it to either side."
            )
        )

    def action_descend(self) -> None:
        """One step against the gradient of the cross entropy."""
        before, after = self.state, self.state.descended()
        self._go(after, _("This is the limit of the lab."))
        if after != before:
            text = _("w changed by {w:+.6f}, b by {b:+.6f}, cross entropy by {loss:+.6f}.")
            self.say(
                text.format(
                    w=Shown(after.w - before.w),
                    b=Shown(after.b - before.b),
                    loss=Shown(after.loss - before.loss),
                )
            )

    def action_climb(self) -> None:
        """One step along the slope of the accuracy, which is 0 or undefined."""

        def take() -> None:
            self.state = self.state.climbed()

        if self.change(take):
            slope = self.state.accuracy_slope or 0.0
            self.say(
                _("The slope of the accuracy is {slope}, so the step is {step}.").format(
                    slope=f"{Shown(slope):g}", step=f"{Shown(LEARNING_RATE * slope):g}"
                )
            )

    def action_edit(self) -> None:
        """Ask for w and b."""
        old = f"{plain(self.state.w)} {plain(self.state.b)}"
        self.write(_("Type w and b, for example 0.5 -2."), old, self._take_written)

    def _take_written(self, text: str) -> None:
        self.state = self.state.read(text)
        self.show()

    def action_reset(self) -> None:
        """Back to the start."""
        self._go(State(), _("This is already the start."))

    def _go(self, state: State, unchanged: str) -> None:
        """Show another state; if it is the same one, say the sentence `unchanged`."""
        if state == self.state:
            self.say(unchanged)
            return
        self.state = state
        self.say("")
        self.show()

    def show(self) -> None:
        state = self.state
        samples, mark, note = ruler(state)
        names = (_("class"), _("hours"))
        classes, hours = (left(name, widest(names) + 1) for name in names)
        self.put(
            "ruler",
            Content.assemble(
                classes,
                (samples, "bold"),
                f"\n{hours}",
                Content(mark).stylize("$foreground-muted").highlight_regex("┃", style="bold"),
                f"\nw = {Shown(state.w):+.4f}   b = {Shown(state.b):+.4f}   {note}",
            ),
        )
        self.put("numbers", self._numbers())
        self._draw()

    def _numbers(self) -> Content:
        """Both measures with their slopes."""
        state = self.state
        slope = state.accuracy_slope
        slope_text = _("undefined") if slope is None else f"{Shown(slope):+.6f}"
        correct = _("{count} of {total} right").format(count=state.right, total=len(HOURS))
        names = (_("accuracy"), _("cross entropy"))
        accuracy, loss = (left(name, widest(names) + 2) for name in names)
        slope_name = _("slope in w")
        return Content.assemble(
            (f"▪ {accuracy}", "$series-warning"),
            (f"{state.accuracy:.6f}", "bold"),
            f"   {slope_name} {right(slope_text, 9)}   {correct}\n",
            (f"━ {loss}", "$series-primary"),
            (f"{state.loss:.6f}", "bold"),
            f"   {slope_name} {Shown(state.loss_slope):+.6f}",
        )

    def _draw(self) -> None:
        state = self.state
        ws = tuple(_CURVE.tolist())
        steps, curve = (tuple(ys.tolist()) for ys in curves(_CURVE, state.b))
        here = (state.accuracy, state.loss)
        self.query_one(Chart).set_series(
            [
                Series(_("accuracy"), ws, steps, "warning", "▪", line=True),
                Series(_("cross entropy"), ws, curve, "primary", "", line=True),
                Series(_("both at this w"), (state.w, state.w), here, "error", "◆", line=True),
            ],
            y_limits=Y_LIMITS if state.loss <= Y_LIMITS[1] else Y_LIMITS_FAR,
            x_limits=W_LIMITS,
        )


LAB = LabEntry(AccuracyThresholdLab)
