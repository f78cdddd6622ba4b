"""The four views of a training: loss, measurements, model, epochs."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from engine.training.snapshot import Snapshot
from tui.widgets.chart import Chart, Series
from tui.widgets.confusion_table import ConfusionTable
from tui.widgets.epoch_table import EpochTable
from tui.widgets.image_grid import ImageGrid
from tui.widgets.parameter_table import ParameterTable
from tui.widgets.series import round_up, smooth
from tui.widgets.weight_grid import WeightGrid

MODEL_VIEWS = ("predictions", "confusion", "weights")
"""What a classifier shows of itself, one after the other."""

SMOOTHING = 0.95
"""Share of the old average that one step keeps; about the last 20 steps count."""


def is_regression(snapshot: Snapshot) -> bool:
    """Whether there is no accuracy to show: what is predicted is a number, not a class."""
    return bool(snapshot.measured) and snapshot.measured[-1].test_accuracy is None


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss of every mini-batch, and its moving average."""
    curve = snapshot.losses
    if not curve.steps:
        return ()
    smoothed = tuple(smooth(curve.steps, curve.values, SMOOTHING))
    return (
        Series("batch", curve.steps, curve.values, "muted", "·"),
        Series(f"smoothed {SMOOTHING:g}", curve.steps, smoothed, "primary", "", line=True),
    )


def epoch_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """Accuracy per epoch on both sets; the mean loss where there is no accuracy."""
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
        Series("train", epochs, tuple(train), "primary", "●", line=True),
        Series("test", epochs, tuple(test), "warning", "×", line=True),
    )


class TrainingPanes(Container):
    """All four panes; the screen's width decides whether one or all are seen."""

    DEFAULT_CSS = """
    TrainingPanes {
        height: 1fr;
        width: 1fr;
        .pane { height: 1fr; width: 1fr; }
        DataTable { height: 1fr; background: $background; scrollbar-size-vertical: 1; }
        .nothing { color: $text-muted; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.losses = Chart("loss per step", "step", "loss", id="pane-loss", classes="pane")
        self.epochs = Chart("per epoch", "epoch", "", id="pane-epoch", classes="pane")
        self.gallery = ImageGrid(id="gallery")
        self.confusion = ConfusionTable()
        self.weights = WeightGrid()
        self.scrolling = VerticalScroll(self.confusion, self.weights, id="model-scroll")
        self.parameters = ParameterTable(id="parameters")
        self.view = 0
        self.table = EpochTable(id="epochs")
        self._nothing = Static("nothing learned yet", classes="nothing")
        self._shown = Snapshot()
        self._log_scale = False

    def compose(self) -> ComposeResult:
        """Two charts, what the model knows, and the table."""
        yield self.losses
        yield self.epochs
        with Vertical(id="pane-model", classes="pane"):
            yield self._nothing
            yield self.gallery
            yield self.scrolling
            yield self.parameters
        with Vertical(id="pane-table", classes="pane"):
            yield self.table

    def on_mount(self) -> None:
        """Begin with nothing."""
        self._show_model(Snapshot())

    def names(self) -> tuple[str, str, str, str]:
        """What the panes hold, for the row of names."""
        shown = self._shown
        model = "model"
        if shown.gallery or shown.classes:
            model = MODEL_VIEWS[self.view]
        elif shown.parameters:
            model = "parameters"
        return "loss", "test loss" if is_regression(shown) else "accuracy", model, "epochs"

    def pane_focus(self, index: int) -> Widget | None:
        """What scrolls in the pane, where anything does."""
        if index == 2:
            if not self._shown.gallery:
                return self.parameters
            return self.scrolling if self.view else self.gallery
        return self.table if index == 3 else None

    def show(self, snapshot: Snapshot, log: bool) -> None:
        """Draw what differs from what is shown; `log` scales losses by log10."""
        old, self._shown = self._shown, snapshot
        rescaled, self._log_scale = log != self._log_scale, log
        if rescaled or (snapshot.losses, snapshot.total_steps) != (old.losses, old.total_steps):
            self._show_losses(snapshot)
        if rescaled or (snapshot.measured, snapshot.epochs) != (old.measured, old.epochs):
            self._show_epochs(snapshot)
            self.table.set_rows(snapshot.measured)
        if _model(snapshot) != _model(old):
            self._show_model(snapshot)

    def next_view(self) -> None:
        """Predictions, then the confusion matrix, then the weights, and around again."""
        self.view = (self.view + 1) % len(MODEL_VIEWS)
        self._show_model(self._shown)

    def _show_losses(self, snapshot: Snapshot) -> None:
        limits = None
        if snapshot.losses.steps:
            last = snapshot.losses.steps[-1]
            limits = (0.0, min(round_up(last), float(max(snapshot.total_steps, last))))
        self.losses.set_title(_titled("loss per step", self._log_scale))
        self.losses.set_series(loss_series(snapshot), log=self._log_scale, x_limits=limits)

    def _show_epochs(self, snapshot: Snapshot) -> None:
        limits = None
        if snapshot.measured:
            last = snapshot.measured[-1].epoch
            limits = (0.0, min(round_up(last), float(max(snapshot.epochs, last))))
        log = self._log_scale and is_regression(snapshot)
        title = "mean loss per epoch" if is_regression(snapshot) else "accuracy per epoch"
        self.epochs.set_title(_titled(title, log))
        self.epochs.set_series(epoch_series(snapshot), log=log, x_limits=limits)

    def _show_model(self, snapshot: Snapshot) -> None:
        self.gallery.set_images(snapshot.gallery, snapshot.classes)
        self.parameters.set_rows(snapshot.parameters)
        self.confusion.set_counts(snapshot.confusion, snapshot.classes)
        self.weights.set_images(snapshot.weights, snapshot.classes)
        self.gallery.display = bool(snapshot.gallery) and self.view == 0
        self.scrolling.display = bool(snapshot.gallery) and self.view > 0
        self.confusion.display = self.view == 1
        self.weights.display = self.view == 2
        self.parameters.display = bool(snapshot.parameters)
        self._nothing.display = not (snapshot.gallery or snapshot.parameters)


def _model(snapshot: Snapshot) -> tuple[object, ...]:
    """What the pane of the model depends on."""
    return (
        snapshot.gallery,
        snapshot.confusion,
        snapshot.weights,
        snapshot.classes,
        snapshot.parameters,
    )


def _titled(title: str, log: bool) -> str:
    return f"{title}, log scale" if log else title
