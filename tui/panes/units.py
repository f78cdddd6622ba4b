"""What the units of each layer give, and how large the gradients of its weights are."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from engine.language import _
from engine.naming import Shown
from engine.training.insight import Histogram, Insight, LayerInsight
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot, layer_label
from tui.columns import left
from tui.key_names import keyed
from tui.math import cell_width
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, Piece
from tui.panes.base import Pane
from tui.widgets.clickable import key_at
from tui.widgets.histogram import axis_row, histogram_rows
from tui.widgets.lines_view import LinesView

BOTH = 100
"""From this width on, activations and gradients stand side by side."""
GAP = 3
LEAST, MOST = 2, 20
"""Rows of a histogram."""


def share(count: int, total: int) -> str:
    """`42 of 256 (16 %)`."""
    percent = 100 * count / total if total else 0.0
    return _("{count} of {total} ({percent:.0f} %)").format(
        count=count, total=total, percent=percent
    )


def _activations(layer: LayerInsight, width: int) -> tuple[str, str, Histogram | None]:
    """Two lines above the bars, and the bars."""
    name = _("{layer}: activations").format(layer=layer_label(layer.name))
    if layer.activations is None:
        return name, _("This layer has no activation function."), None
    text = _("dead {dead} · saturated {saturated}")
    facts = text.format(
        dead=share(layer.dead, layer.units), saturated=share(layer.saturated, layer.units)
    )
    if cell_width(facts) > width:
        facts = text.format(dead=layer.dead, saturated=layer.saturated)
    return name, facts, layer.activations


def _gradients(layer: LayerInsight) -> tuple[str, str, Histogram | None]:
    name = _("{layer}: size of the gradients").format(layer=layer_label(layer.name))
    found = layer.gradients
    if found is None:
        return name, "", None
    return name, _zeros(found), found


def _zeros(found: Histogram) -> str:
    """How many gradients are 0; a share that one decimal would round to 0 is told as such."""
    if not found.outside:
        return _("none of them is 0")
    if found.outside == found.total:
        return _("all of them are 0")
    percent = 100 * found.outside / found.total
    if percent < 0.05:
        return _("less than 0.1 percent of them are 0")
    return _("{percent:.1f} percent of them are 0").format(percent=percent)


def _block(
    told: tuple[str, str, Histogram | None], logarithmic: bool, width: int, rows: int
) -> list[InkLine]:
    """Title and facts, the bars, their ends: `rows` + 3 lines of exactly `width` cells."""
    name, facts, found = told
    lines: list[InkLine] = [
        ((left(name[:width], width), Ink.STRONG),),
        ((left(facts[:width], width), Ink.PLAIN),),
    ]
    if found is None or not sum(found.counts):
        return lines + [((" " * width, Ink.PLAIN),)] * (rows + 1)
    lines += [((row, Ink.MATH),) for row in histogram_rows(found, width, rows)]
    if logarithmic:
        ends = f"{Shown(10**found.low):.0e}", f"{Shown(10**found.high):.0e}"
        what = _("log scale, highest bar: {percent} %")
    else:
        ends = f"{Shown(found.low):z.3g}", f"{Shown(found.high):z.3g}"
        what = _("highest bar: {percent} %")
    percent = 100 * max(found.counts) / found.total
    what = what.format(percent=f"{percent:.0f}" if percent >= 10 else f"{percent:.2g}")
    lines.append(((axis_row(ends[0], what, ends[1], width), Ink.QUIET),))
    return lines


def unit_lines(insight: Insight, view: int, width: int, height: int) -> list[InkLine]:
    """One block per layer; side by side where there is room, else the `view` that is asked for."""
    side = width >= BOTH
    layers = [
        layer for layer in insight.layers if side or view or layer.activations is not None
    ] or list(insight.layers)
    # Each has a title, facts, an axis and a blank line or the hint below it.
    rows = min(max(height // max(len(layers), 1) - 4, LEAST), MOST)
    lines: list[InkLine] = []
    for layer in layers:
        if lines:
            lines.append(())
        if not side:
            told = _gradients(layer) if view else _activations(layer, width)
            lines += _block(told, bool(view), width, rows)
            continue
        each = (width - GAP) // 2
        first = _block(_activations(layer, each), False, each, rows)
        second = _block(_gradients(layer), True, each, rows)
        gap: Piece = (" " * GAP, Ink.PLAIN)
        lines += [(*one, gap, *two) for one, two in zip(first, second, strict=True)]
    if not side and any(layer.activations for layer in insight.layers):
        lines.append(tuple(hint_pieces(other_view(view))))
    return lines


def other_view(view: int) -> str:
    """What the key of the other view shows, with its mark."""
    if view:
        return _("⟨m|training.view⟩: activations")
    return _("⟨m|training.view⟩: size of the gradients")


class UnitsView(LinesView):
    """The histograms of all layers."""

    def __init__(self) -> None:
        super().__init__()
        self._insight: Insight | None = None
        self._view = 0
        self._room = 0

    def set_insight(self, insight: Insight | None, view: int) -> None:
        """Show another moment, or the other view."""
        if (insight, view) != (self._insight, self._view):
            self._insight, self._view = insight, view
            self.relay()

    def fit(self, room: int) -> None:
        """Use so many rows."""
        if room != self._room:
            self._room = room
            self.relay()

    def on_click(self, event: events.Click) -> None:
        """Press the key in the last row."""
        inside, told = event.get_content_offset(self), other_view(self._view)
        if inside is not None and self.render_line(inside.y).text.strip() == keyed(told):
            key = key_at(told, inside.x)
            if key:
                event.stop()
                self.app.simulate_key(key)

    def lines(self, width: int) -> list[InkLine]:
        if self._insight is None:
            return [((_("nothing measured yet"), Ink.QUIET),)]
        return unit_lines(self._insight, self._view, width, self._room)


class UnitsScroll(VerticalScroll):
    """Scrolls the histograms, and tells them how much room there is."""

    def __init__(self, view: UnitsView) -> None:
        super().__init__(view)
        self._view = view

    def on_resize(self) -> None:
        """Fill the room."""
        self._view.fit(self.size.height)


class UnitsPane(Pane):
    """Histograms per layer; `m` changes between activations and gradients."""

    ID = "units"
    KEY = "8"
    TITLE = _("Units")
    TIP = _(
        "What the units of each layer give, and the sizes of its gradients; ⟨m|training.view⟩ "
        "changes the view"
    )

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.view = 0
        self.units = UnitsView()
        self.scrolling = UnitsScroll(self.units)

    @property
    def label(self) -> str:
        return _("units")

    @property
    def target(self) -> Widget:
        return self.scrolling

    @property
    def has_views(self) -> bool:
        """Whether there are activations and gradients, and only room for one of them."""
        latest = self.snapshot.insights.latest
        return (
            latest is not None
            and self.scrolling.size.width < BOTH
            and any(layer.activations for layer in latest.layers)
        )

    def next_view(self) -> None:
        """Change between activations and gradients."""
        self.view = 1 - self.view
        self.draw()

    def compose(self) -> ComposeResult:
        yield self.scrolling

    def seen(self, snapshot: Snapshot) -> object:
        """The latest look."""
        return snapshot.insights.latest

    def draw(self) -> None:
        latest = self.snapshot.insights.latest
        hidden = latest is not None and any(layer.activations for layer in latest.layers)
        self.units.set_insight(latest, self.view if hidden else 1)


PANE = UnitsPane
