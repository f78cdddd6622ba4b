"""What was measured after every epoch, as a chart."""

from __future__ import annotations

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane, epoch_limits, is_regression
from tui.widgets.chart import Chart, Role, Series
from tui.widgets.guess_line import guess_lines


def epoch_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """Accuracy on every set, from epoch 0; the mean loss if there is no accuracy.

    One model, that at the end of the epoch, is measured on all sets; beside it is what was measured
    on the training samples during the epoch.
    """
    rows, figure = snapshot.measured, "loss" if is_regression(snapshot) else "accuracy"
    lines: tuple[tuple[str, str, Role, str], ...] = (
        ("during", _("train, during the epoch"), "muted", "·"),
        ("validation", _("validation"), "accent", "◆"),
        ("train", _("train"), "primary", "●"),
        ("test", _("test"), "warning", "×"),
    )
    series = []
    for key, name, role, sign in lines:
        found = [(row.epoch, getattr(row, f"{key}_{figure}")) for row in rows]
        known = [(float(epoch), value) for epoch, value in found if value is not None]
        if known:
            xs, ys = zip(*known, strict=True)
            series.append(Series(name, xs, ys, role, sign, line=True))
    return tuple(series)


class EpochPane(Pane):
    """A chart of the accuracy, or of the loss of a regression, against the epoch."""

    ID = "epoch"
    KEY = "2"
    TITLE = _("Per epoch")
    TIP = _("Measurements after every epoch, as a chart")
    BESIDE = True

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.chart = Chart(_("per epoch"), _("epoch"), "")

    @property
    def label(self) -> str:
        return _("test loss") if is_regression(self.snapshot) else _("accuracy")

    def compose(self) -> ComposeResult:
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """The measurements, and how many there will be."""
        return snapshot.measured, snapshot.epochs, snapshot.guess

    @property
    def has_scale(self) -> bool:
        """A regression has its losses here; accuracies have one scale."""
        return is_regression(self.snapshot)

    def draw(self) -> None:
        snapshot = self.snapshot
        regression = is_regression(snapshot)
        title = _("mean loss per epoch") if regression else _("accuracy per epoch")
        self.chart.set_title(title)
        limits, guess = epoch_limits(snapshot), snapshot.guess
        name = _("guessed test loss {value}") if regression else _("guessed accuracy {value}")
        guessed = guess.final_loss if regression else guess.accuracy
        series = epoch_series(snapshot)
        series += guess_lines(name, guessed, limits or (0.0, 1.0), series)
        swapped = self.log_scale if regression else None
        self.chart.set_series(series, swapped=swapped, x_limits=limits)


PANE = EpochPane
