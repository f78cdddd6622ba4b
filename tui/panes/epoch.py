"""What was measured after every epoch, as a chart."""

from __future__ import annotations

from textual.app import ComposeResult

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane, epoch_limits, is_regression
from tui.widgets.chart import Chart, Series, titled


def epoch_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """Accuracy per epoch on both sets; the mean loss if there is no accuracy."""
    rows = snapshot.measured
    if not rows:
        return ()
    epochs = tuple(row.epoch for row in rows)
    if is_regression(snapshot):
        train, test = [row.train_loss for row in rows], [row.test_loss for row in rows]
    else:
        train, test = [], []
        for row in rows:
            train.append(float("nan") if row.train_accuracy is None else row.train_accuracy)
            test.append(float("nan") if row.test_accuracy is None else row.test_accuracy)
    return (
        Series(_("train"), epochs, tuple(train), "primary", "●", line=True),
        Series(_("test"), epochs, tuple(test), "warning", "×", line=True),
    )


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
        """What is measured."""
        return _("test loss") if is_regression(self.snapshot) else _("accuracy")

    def compose(self) -> ComposeResult:
        """The chart."""
        yield self.chart

    def seen(self, snapshot: Snapshot) -> object:
        """The measurements, and how many there will be."""
        return snapshot.measured, snapshot.epochs

    def draw(self) -> None:
        """Draw the measurements."""
        snapshot = self.snapshot
        regression = is_regression(snapshot)
        log = self.log and regression
        title = _("mean loss per epoch") if regression else _("accuracy per epoch")
        self.chart.set_title(titled(title, log))
        self.chart.set_series(epoch_series(snapshot), log=log, x_limits=epoch_limits(snapshot))


PANE = EpochPane
