"""Lab: activation functions, their slopes, and how many random inputs saturate them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.labs.activations import NAMES, Choice, Row, curves, limits, rows, slopes_by_autograd
from engine.language import _
from engine.naming import Shown, number_text
from tui.columns import left, right
from tui.labs.base import Parts
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain, read_number, read_numbers
from tui.widgets.chart import Chart, Role, Series
from tui.widgets.gradient_table import tiny_text

SIGNS: Mapping[str, tuple[str, Role]] = {
    "sigmoid": ("●", "primary"),
    "tanh": ("▲", "accent"),
    "relu": ("■", "success"),
    "leaky_relu": ("◆", "warning"),
    "selu": ("▼", "error"),
    "softplus": ("+", "muted"),
    "gelu": ("○", "primary"),
    "silu": ("◇", "success"),
}
"""The mark and the colour of each function, in the charts and in the table."""


def sign_of(name: str) -> tuple[str, Role]:
    """The mark of a function in charts and table; a function without its own gets a plain one."""
    return SIGNS.get(name, ("×", "muted"))


PROBE_STEP, SPREAD_FACTOR = 0.1, 2.0
WIDE = 100
"""The width of the lab, in cells, from which all functions fit on a line, and the exact shares."""
_MARKS = 5
"""Marks on each curve; each function has its own places."""


class ActivationsLab(WritingLab):
    """Charts of f and f′, and a table for one x and for random inputs N(0, s²). No options."""

    HOW = _(
        "Press tab, then ⟨1|activations.sigmoid⟩ … ⟨8|activations.silu⟩ to choose functions and "
        "⟨←|activations.left⟩ ⟨→|activations.right⟩ to move x."
    )
    KEYS = _(
        "⟨1|activations.sigmoid⟩ … ⟨8|activations.silu⟩ functions · ⟨←|activations.left⟩ "
        "⟨→|activations.right⟩ x · ⟨↑|activations.spread_up⟩ ⟨↓|activations.spread_down⟩ s · "
        "⟨+|activations.wider⟩ ⟨-|activations.closer⟩ range · ⟨x|activations.write_x⟩ "
        "⟨w|activations.write_range⟩ ⟨a|activations.write_slope⟩ ⟨s|activations.write_spread⟩ "
        "edit · ⟨r|activations.reset⟩ reset"
    )

    KEEPS = ("choice", "rows")
    BINDINGS = [
        *(
            Binding(
                str(number),
                f"choose_function('{name}')",
                ACTIVATIONS[name].title,
                id=f"activations.{name}",
                show=False,
                tooltip=_("Show or hide {function}").format(function=ACTIVATIONS[name].title),
            )
            for number, name in enumerate(NAMES[:9], 1)
        ),
        Binding("right", "probe(1)", "x +", id="activations.right", key_display="→",
                tooltip=_("Move x to the right by 0.1")),
        Binding("left", "probe(-1)", "x −", id="activations.left", key_display="←",
                tooltip=_("Move x to the left by 0.1")),
        Binding("up", "spread(1)", "s +", id="activations.spread_up", key_display="↑",
                tooltip=_("Double the spread s of the random inputs")),
        Binding("down", "spread(-1)", "s −", id="activations.spread_down", key_display="↓",
                tooltip=_("Halve the spread s of the random inputs")),
        Binding("plus,equals_sign", "zoom(2)", _("Wider"), id="activations.wider", key_display="+",
                tooltip=_("Show twice the range of x")),
        Binding("minus", "zoom(0.5)", _("Closer"), id="activations.closer", key_display="-",
                tooltip=_("Show half the range of x")),
        Binding("x", "write_probe", _("Edit x"), id="activations.write_x",
                tooltip=_("Type the x at which the numbers are computed")),
        Binding("w", "write_range", _("Range"), id="activations.write_range",
                tooltip=_("Type the left and right ends of the charts")),
        Binding("a", "write_slope", "α", id="activations.write_slope",
                tooltip=_("Type the slope α of leaky ReLU")),
        Binding("s", "write_spread", "s", id="activations.write_spread",
                tooltip=_("Type s, where the random inputs are N(0, s²)")),
        Binding("r", "reset", _("Reset"), id="activations.reset",
                tooltip=_("Go back to the functions and values at the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ActivationsLab {
        height: 75vh;
        min-height: 20;
        max-height: 32;
    }
    ActivationsLab > #charts { height: 1fr; }
    ActivationsLab #slopes-chart { margin: 0 0 0 1; }
    ActivationsLab Chart > Static {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ActivationsLab > #numbers { text-wrap: nowrap; }
    """

    POINTS: ClassVar[int] = 49
    """Points at which the curves are computed."""

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.choice = Choice()
        self.rows: tuple[Row, ...] = rows(self.choice)
        self.autograd: tuple[float, ...] | None = None
        """f′ at the probe by PyTorch, one per row; None until they are computed."""

    def compose(self) -> ComposeResult:
        """The functions, the charts, the numbers."""
        yield Static(id="functions")
        yield Static(id="values", markup=False)
        with Horizontal(id="charts"):
            yield Chart("f(x)", "", "", id="values-chart")
            yield Chart("f′(x)", "", "", id="slopes-chart")
        yield Static(id="numbers")
        yield from self.written_parts()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out functions and table again: their lines and columns depend on the width."""
        self.put("functions", self._functions())
        self._show_numbers()

    # What the keys do

    def action_choose_function(self, name: str) -> None:
        """Show or hide a function."""
        self._go(lambda: self.choice.toggled(name))

    def action_probe(self, direction: int) -> None:
        """Move x; rounded, so that steps back return exactly."""
        self._go(
            lambda: replace(
                self.choice, probe=round(self.choice.probe + direction * PROBE_STEP, 10)
            )
        )

    def action_spread(self, direction: int) -> None:
        """Double or halve the spread of the random inputs."""
        self._go(lambda: replace(self.choice, spread=self.choice.spread * SPREAD_FACTOR**direction))

    def action_zoom(self, factor: float) -> None:
        """Widen or narrow the range of the charts."""
        self._go(lambda: self.choice.zoomed(factor))

    def action_write_probe(self) -> None:
        """Ask for x."""
        self.write(
            _("Type x: a number, or an expression such as ln(3)."),
            plain(self.choice.probe),
            lambda text: self._take(replace(self.choice, probe=read_number(text))),
        )

    def action_write_range(self) -> None:
        """Ask for both ends of the charts."""

        def take(text: str) -> None:
            ends = read_numbers(text)
            if len(ends) != 2:
                raise UserError(
                    _("Type two numbers, the left and the right end, for example -6 6.")
                )
            self._take(replace(self.choice, low=ends[0], high=ends[1]))

        self.write(
            _("Type the left and right ends of the charts."),
            f"{plain(self.choice.low)} {plain(self.choice.high)}",
            take,
        )

    def action_write_slope(self) -> None:
        """Ask for α."""
        self.write(
            _("Type the slope α of leaky ReLU, from 0 to 1."),
            plain(self.choice.slope),
            lambda text: self._take(replace(self.choice, slope=read_number(text))),
        )

    def action_write_spread(self) -> None:
        """Ask for s."""
        self.write(
            _("Type s, above 0: the inputs are N(0, s²)."),
            plain(self.choice.spread),
            lambda text: self._take(replace(self.choice, spread=read_number(text))),
        )

    def action_reset(self) -> None:
        """Back to the start."""
        self._go(Choice)

    # What is shown

    def _go(self, make: Callable[[], Choice]) -> None:
        self.change(lambda: self._take(make()))

    def _take(self, choice: Choice) -> None:
        before, self.choice = self.choice, choice
        self.rows = rows(choice)
        self.autograd = None
        charts = self.query_one("#charts")
        # A different number of rows changes the height of the charts. While hidden, they are not
        # drawn, so they are drawn only once, in their new size.
        charts.display = len(choice.names) == len(before.names)
        self.show()
        charts.display = True

    def show(self) -> None:
        choice = self.choice
        self.put("functions", self._functions())
        text = _(
            "x = {x} · range {low} … {high} · α = {slope} · random inputs N(0, s²), s = {spread}"
        ).format(
            x=number_text(choice.probe),
            low=number_text(choice.low),
            high=number_text(choice.high),
            slope=number_text(choice.slope),
            spread=number_text(choice.spread),
        )
        self.put("values", text)
        self._draw()
        self.compute(lambda: slopes_by_autograd(choice), lambda found: self._found(choice, found))
        if self.autograd is None:
            self._show_numbers()

    def _found(self, choice: Choice, slopes: tuple[float, ...]) -> None:
        if choice == self.choice:
            self.autograd = slopes
            self._show_numbers()

    def _functions(self) -> Content:
        """All functions with their keys, on one line or two; the chosen ones with their mark."""
        parts: Parts = []
        half = (len(NAMES) + 1) // 2
        for number, name in enumerate(NAMES, 1):
            sign, role = sign_of(name)
            chosen = name in self.choice.names
            title = ACTIVATIONS[name].title
            parts += [
                (f"{number} ", "$foreground-muted"),
                (f"{sign} {title}", f"bold $series-{role}") if chosen else f"· {title}",
                "\n" if number == half and self.size.width < WIDE else "  ",
            ]
        return Content.assemble(*parts)

    def _show_numbers(self) -> None:
        wide = self.size.width >= WIDE
        head = f"{'':<13}{'f(x)':>10}{'f′(x)':>10}{'autograd':>10}"
        head += right(_("difference"), 12) + right(_("saturated"), 10)
        head += right(_("exact"), 10) if wide else ""
        head += right(_("dead"), 8)
        parts: Parts = [(head, "$foreground-muted")]
        for place, row in enumerate(self.rows):
            sign, role = sign_of(row.name)
            autograd, difference = "…", "…"
            if self.autograd is not None:
                slope = self.autograd[place]
                autograd = number(slope)
                difference = tiny_text(abs(row.derivative - slope))
            line = f"{number(row.value):>10}{number(row.derivative):>10}{autograd:>10}"
            line += f"{difference:>12}{percent(row.saturated):>10}"
            line += f"{percent(row.saturated_exactly):>10}" if wide else ""
            title = f"{sign} {ACTIVATIONS[row.name].title}"
            parts += [
                "\n",
                (left(title, 13), f"$series-{role}"),
                f"{line}{percent(row.dead):>8}",
            ]
        self.put("numbers", Content.assemble(*parts))

    def _draw(self) -> None:
        choice = self.choice
        drawn = list(curves(choice, self.POINTS))
        for chart, column in (("#values-chart", 2), ("#slopes-chart", 3)):
            lines = []
            for function, *arrays in drawn:
                sign, role = sign_of(function.name)
                xs, ys = arrays[0], arrays[column - 1]
                lines.append(
                    Series(
                        function.title,
                        tuple(xs.tolist()),
                        tuple(ys.tolist()),
                        role,
                        sign,
                        line=True,
                        marks_at=self._marks(function.name),
                    )
                )
            ends = limits([arrays[column - 1] for _function, *arrays in drawn])
            if choice.low <= choice.probe <= choice.high:
                lines.append(Series("x", (choice.probe,) * 2, ends, "muted", "", line=True))
            self.query_one(chart, Chart).set_series(
                lines, y_limits=ends, x_limits=(choice.low, choice.high)
            )

    def _marks(self, name: str) -> tuple[float, ...]:
        """Places of the marks along x; each function has its own, so that none hides another."""
        span, phase = self.choice.high - self.choice.low, (NAMES.index(name) + 0.5) / len(NAMES)
        return tuple(self.choice.low + span * (k + phase) / _MARKS for k in range(_MARKS))


def number(value: float) -> str:
    """Six decimals where they fit, else three."""
    return f"{Shown(value):z.6f}" if abs(value) < 100 else f"{Shown(value):z.3f}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal: `50.3 %`."""
    return f"{100 * share:.1f} %"


LAB = LabEntry(ActivationsLab)
