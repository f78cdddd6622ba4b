"""Lab: move an outlier and see where each loss has its minimum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.regression_losses import (
    CORNERS,
    LIMITS,
    LOSSES,
    Answer,
    Minimum,
    State,
    answer,
    curve,
)
from engine.language import _
from tui.columns import at_point, fixed, right
from tui.labs.asking import AskingLab
from tui.labs.base import Parts, following
from tui.labs.registry import LabEntry
from tui.widgets.chart import Chart, Series

STEP = 0.5
"""How far one key press moves a sample."""
SMALL_STEP = 0.1
"""How far one key press moves the prediction."""
POINTS = 161
"""Places at which the curve is computed."""
DIGITS = 3
"""Decimals of the numbers in the table."""
_MARGIN = 0.5


class RegressionLossesLab(AskingLab):
    """The total loss as a function of one prediction for all samples; minimum, mean and median."""

    HOW = _(
        "Press tab, then ⟨←|regression.left⟩ ⟨→|regression.right⟩ to move the outlier and "
        "⟨n|regression.loss⟩ for the next loss."
    )
    KEYS = _(
        "⟨←|regression.left⟩ ⟨→|regression.right⟩ move the marked y · ⟨p|regression.pick⟩ next y "
        "· ⟨n|regression.loss⟩ next loss · ⟨↑|regression.up⟩ ⟨↓|regression.down⟩ move c · "
        "⟨m|regression.minimum⟩ c to the minimum · ⟨e|regression.edit⟩ edit y · "
        "⟨c|regression.edit_c⟩ edit c · ⟨b|regression.edit_corner⟩ edit β, δ · "
        "⟨r|regression.reset⟩ reset"
    )

    KEEPS = ("state",)
    BINDINGS = [
        Binding("right", "move(1)", _("y +"), id="regression.right", key_display="→",
                tooltip=_("Increase the marked sample by 0.5")),
        Binding("left", "move(-1)", _("y −"), id="regression.left", key_display="←",
                tooltip=_("Decrease the marked sample by 0.5")),
        Binding("p", "pick", _("Next y"), id="regression.pick",
                tooltip=_("Mark the next sample")),
        Binding("n", "next_loss", _("Next loss"), id="regression.loss",
                tooltip=_("Choose the next of MAE, MSE, smooth L1 and Huber")),
        Binding("up", "predict(1)", _("c +"), id="regression.up", key_display="↑", show=False,
                tooltip=_("Increase the prediction c by 0.1")),
        Binding("down", "predict(-1)", _("c −"), id="regression.down", key_display="↓", show=False,
                tooltip=_("Decrease the prediction c by 0.1")),
        Binding("m", "minimise", _("Minimum"), id="regression.minimum",
                tooltip=_("Move the prediction to where the total loss is smallest")),
        Binding("e", "edit", _("Edit y"), id="regression.edit",
                tooltip=_("Type all samples")),
        Binding("c", "edit_c", _("Edit c"), id="regression.edit_c",
                tooltip=_("Type the prediction c")),
        Binding("b", "edit_corner", _("Edit β, δ"), id="regression.edit_corner",
                tooltip=_("Type β of smooth L1 or δ of Huber")),
        Binding("r", "reset", _("Reset"), id="regression.reset",
                tooltip=_("Go back to the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    RegressionLossesLab > Horizontal { height: 1fr; }
    RegressionLossesLab > Horizontal > #rows { width: 34; margin: 0 0 0 1; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.state = State()
        try:
            self.state = replace(self.state, kind=options.get("loss", "mse"))
            if "points" in options:
                self.state = self.state.with_points(options["points"].replace(",", " "))
        except UserError as error:
            self.trouble = str(error)
        self.begun = self.state

    def compose(self) -> ComposeResult:
        """The loss and its minimum, the chart, the samples, the note."""
        yield Static(id="chosen")
        yield Static(id="found")
        with Horizontal():
            yield Chart(_("total over c"), _("c, predicted for every sample"), "", id="over-c")
            yield Static(id="rows")
        yield from self.asking()

    def action_move(self, direction: int) -> None:
        """Move the marked sample."""
        self._go(lambda: self.state.moved(direction * STEP))

    def action_pick(self) -> None:
        """Mark the next sample."""
        state = self.state
        self._go(lambda: replace(state, marked=(state.marked + 1) % len(state.ys)))

    def action_next_loss(self) -> None:
        """Choose the next loss."""
        kind = following(self.state.kind, LOSSES)
        self._go(lambda: replace(self.state, kind=kind))

    def action_predict(self, direction: int) -> None:
        """Move the prediction."""
        c = round(self.state.c + direction * SMALL_STEP, 10)
        self._go(lambda: replace(self.state, c=c))

    def action_minimise(self) -> None:
        """Move the prediction to where the total loss is smallest."""
        self._go(lambda: replace(self.state, c=answer(self.state).minimum.middle))

    def action_edit(self) -> None:
        """Type all samples."""
        ys = " ".join(f"{y:.10g}" for y in self.state.ys)
        self.ask(
            _("Type 2 to 8 samples; enter sets them, ⟨escape|values.cancel⟩ keeps the old ones."),
            ys,
            lambda text: self._set(self.state.with_points(text)),
        )

    def action_edit_c(self) -> None:
        """Type the prediction."""
        self.ask(
            _("Type the prediction c; enter sets it, ⟨escape|values.cancel⟩ keeps the old one."),
            f"{self.state.c:.10g}",
            lambda text: self._set(self.state.with_prediction(text)),
        )

    def action_edit_corner(self) -> None:
        """Type β or δ."""
        sign = CORNERS.get(self.state.kind)
        if sign is None:
            self.say(
                _(
                    "{loss} has neither β nor δ. Press ⟨n|regression.loss⟩ to get to smooth L1."
                ).format(loss=LOSSES[self.state.kind])
            )
            return
        self.ask(
            _(
                "Type {sign}, where the parabola ends; enter sets it, "
                "⟨escape|values.cancel⟩ keeps the old one."
            ).format(sign=sign),
            f"{self.state.corner:.10g}",
            lambda text: self._set(self.state.with_corner(text)),
        )

    def action_reset(self) -> None:
        """Go back to the start."""
        self._go(lambda: self.begun)

    def _go(self, change: Callable[[], State]) -> None:
        """Show the new state; where `change` raises UserError, say why."""
        try:
            state = change()
        except UserError as error:
            self.say(str(error))
            return
        self.trouble = ""
        self._set(state)
        self.say("")

    def _set(self, state: State) -> None:
        self.state = state
        self.show()

    def show(self) -> None:
        """Show the loss, its minimum, the chart and the table."""
        found = answer(self.state)
        self.put("chosen", _chosen(self.state))
        self.put("found", _found(self.state, found))
        self.put("rows", _rows(self.state, found))
        self._draw(found)

    def _draw(self, found: Answer) -> None:
        state = self.state
        low, high = min(*state.ys, state.c), max(*state.ys, state.c)
        margin = max((high - low) * 0.08, _MARGIN)
        left = float(np.floor(max(low - margin, LIMITS[0])))
        right = float(np.ceil(min(high + margin, LIMITS[1])))
        places = np.linspace(left, right, POINTS)
        heights = curve(state, places)
        top = float(heights.max()) or 1.0
        others = [y for index, y in enumerate(state.ys) if index != state.marked]
        marks = np.array([found.mean, found.median])
        mean_height, median_height = curve(state, marks).tolist()
        pole_xs, pole_ys = _pole(found.minimum)
        self.query_one(Chart).set_series(
            [
                Series(LOSSES[state.kind], tuple(places.tolist()), tuple(heights.tolist()),
                       "primary", "", line=True),
                Series(_("minimum"), pole_xs, pole_ys, "error", "│",
                       listed=False),
                Series("y", tuple(others), (0.0,) * len(others), "muted", "○"),
                Series(_("marked"), (state.y,), (0.0,), "warning", "●", line=True),
                Series("c", (state.c,), (found.total,), "accent", "◆", line=True, listed=False),
                Series(_("mean"), (found.mean,), (mean_height,), "success", "▲", line=True,
                       listed=False),
                Series(_("median"), (found.median,), (median_height,), "success", "▼", line=True,
                       listed=False),
            ],
            y_limits=(0.0, top),
            x_limits=(left, right),
        )  # fmt: skip


def _pole(found: Minimum) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A dotted pole from the bottom to the minimum; two poles where it is an interval."""
    heights = np.linspace(0.0, found.total, 12)[1:].tolist()
    places = [found.low] if found.low == found.high else [found.low, found.high]
    return tuple(x for x in places for _height in heights), tuple(heights) * len(places)


def _chosen(state: State) -> Content:
    """All losses, the chosen one marked, with its β or δ."""
    parts: Parts = [_("loss") + "  "]
    for kind, title in LOSSES.items():
        chosen = kind == state.kind
        corner = f" {CORNERS[kind]} {state.corner:g}" if chosen and kind in CORNERS else ""
        parts.append((f"▶{title}{corner}" if chosen else f" {title}", "bold" if chosen else ""))
        parts.append("   ")
    return Content.assemble(*parts)


def _found(state: State, found: Answer) -> Content:
    """Where the minimum is, the mean, the median and c: with the signs and hues of the chart."""
    least = found.minimum
    if least.low == least.high:
        place = f"c = {fixed(least.low, 6, 11).strip()}"
    else:
        place = _("every c from {low} to {high}").format(
            low=f"{least.low:g}", high=f"{least.high:g}"
        )
    if abs(least.middle - found.mean) < 1e-9:
        place = _("{place} = the mean").format(place=place)
    elif found.median_low - 1e-9 <= least.middle <= found.median_high + 1e-9:
        place = _("{place} = the median").format(place=place)
    median = (
        fixed(found.median_low, 6, 11)
        if found.median_low == found.median_high
        else " "
        + _("{low} to {high}").format(low=f"{found.median_low:g}", high=f"{found.median_high:g}")
    )
    minimum = Content.from_markup(
        _("[$series-error]│ minimum[/] at [bold]$place[/], total $total"),
        place=place,
        total=f"{least.total:.6f}",
    )
    return Content.assemble(
        minimum, "\n",
        ("▲ " + _("mean"), "$series-success"), f"{fixed(found.mean, 6, 11)}   ",
        ("▼ " + _("median"), "$series-success"), f"{median}   ",
        ("◆ c", "$series-accent"), fixed(state.c, 6, 11),
    )  # fmt: skip


def _rows(state: State, found: Answer) -> Content:
    """Each sample with its error, loss and slope, and the sums."""
    header = f"{'y':>7}{'e = c−y':>9}" + right(_("loss"), 10) + right(_("slope"), 8)
    parts: Parts = [(header, "bold")]
    samples = at_point([row.y for row in found.rows], 6)
    for index, (y, row) in enumerate(zip(samples, found.rows, strict=True)):
        marked = index == state.marked
        numbers = f" {fixed(row.error, DIGITS, 8)} {fixed(row.loss, DIGITS, 9)}"
        text = f"\n{'●' if marked else ' '}{y}{numbers} {fixed(row.slope, DIGITS, 7)}"
        parts.append((text, "bold $series-warning" if marked else ""))
    count = len(state.ys)
    for name, share, style in ((_("total"), 1, "bold"), (_("mean"), count, "")):
        parts.append("\n" + right(name, 7) + right(fixed(found.total / share, DIGITS, 9), 19))
        parts.append((" " + fixed(found.slope / share, DIGITS, 7), style))
    return Content.assemble(*parts)


LAB = LabEntry(
    RegressionLossesLab,
    options={
        "points": "2 to 8 samples, separated by commas",
        "loss": "the loss to start with: mae, mse, smooth_l1 or huber",
    },
)
