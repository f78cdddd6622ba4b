"""What a diagnosis rests on, over the epochs: each quantity beside the bound that it is held to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from engine.language import _
from engine.training.insight import Insight
from engine.training.snapshot import Snapshot, layer_label
from tui.panes.base import epoch_limits
from tui.widgets.chart import Chart, Series
from tui.widgets.marks import mark

Points = list[tuple[float, float]]


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss on the watched batch, beside that of the best single answer for all samples."""
    looks = snapshot.insights.measured
    chance = _line(_("by chance"), [(each.epochs, each.chance) for each in looks])
    return (*chance, *_series(_("loss"), [(each.epochs, each.loss) for each in looks], 0))


def dead_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The share of dead units in each layer that has any units, in per cent."""
    looks = snapshot.insights.measured
    return tuple(
        series
        for index, layer in enumerate(snapshot.layers)
        for series in _series(layer_label(layer), _dead(looks, index), index)
    )


def curvature_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """Learning rate times curvature, beside the bound above which steps grow."""
    looks = [each for each in snapshot.insights.measured if each.curvature is not None]
    found = [(each.epochs, each.rate * (each.curvature or 0.0)) for each in looks]
    bound = _line(_("above it steps grow"), [(each.epochs, each.rate_limit) for each in looks])
    return (*bound, *_series(_("rate · curvature"), found, 0))


def _dead(looks: tuple[Insight, ...], index: int) -> Points:
    return [
        (each.epochs, 100 * each.layers[index].dead / each.layers[index].units)
        for each in looks
        if each.layers[index].units
    ]


def _series(name: str, points: Points, index: int) -> tuple[Series, ...]:
    if not points:
        return ()
    sign, role = mark(index)
    xs, ys = zip(*points, strict=True)
    return (Series(name, xs, ys, role, sign, line=True),)


def _line(name: str, points: Points) -> tuple[Series, ...]:
    if not points:
        return ()
    xs, ys = zip(*points, strict=True)
    return (Series(name, xs, ys, "muted", "", line=True),)


class WatchedCharts(Vertical):
    """Up to three charts below each other; one without any numbers is left out."""

    DEFAULT_CSS = """
    WatchedCharts { height: 1fr; width: 1fr; padding: 0 0 0 2; }
    WatchedCharts Chart { height: 1fr; max-height: 18; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.charts = (
            (Chart(_("loss"), _("epoch"), ""), loss_series, _("loss on the watched batch")),
            (Chart(_("dead"), _("epoch"), ""), dead_series, _("dead units, in %")),
            (
                Chart(_("rate · curvature"), _("epoch"), ""),
                curvature_series,
                _("learning rate · curvature"),
            ),
        )

    def compose(self) -> ComposeResult:
        for chart, _series_of, _title in self.charts:
            yield chart

    def show(self, snapshot: Snapshot) -> None:
        """Draw what was measured."""
        limits = epoch_limits(snapshot)
        for chart, series_of, title in self.charts:
            series = series_of(snapshot)
            chart.display = bool(series)
            chart.set_title(title)
            # Of few dead units, little is seen: a share is drawn from nothing to all.
            y_limits = (0.0, 100.0) if series_of is dead_series else None
            chart.set_series(series, x_limits=limits, y_limits=y_limits)
