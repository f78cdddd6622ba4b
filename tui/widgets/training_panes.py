"""The views of a training: loss, measurements, model, epochs, gradients, compared runs."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.runs import RunStore
from engine.training.snapshot import Snapshot, layer_label
from tui.widgets.board import Board
from tui.widgets.chart import Chart, Series, titled
from tui.widgets.confusion_table import ConfusionTable
from tui.widgets.epoch_table import EpochTable
from tui.widgets.image_grid import ImageGrid
from tui.widgets.marks import mark
from tui.widgets.parameter_table import ParameterTable
from tui.widgets.runs_pane import RunsPane
from tui.widgets.series import round_up, smooth
from tui.widgets.weight_grid import WeightGrid

LOSS, EPOCH, MODEL, TABLE, GRADIENTS, RUNS = range(6)
"""The panes, in the order of their digit keys; a wide screen shows the first four."""

SMOOTHING = 0.95
"""Weight of the old average at each step; roughly the last 20 steps count."""
VIEW_NAMES = {
    "predictions": _("predictions"),
    "confusion": _("confusion"),
    "weights": _("weights"),
    "board": _("board"),
    "parameters": _("parameters"),
    "model": _("model"),
}
"""What each view of the model is called on the screen."""


def is_regression(snapshot: Snapshot) -> bool:
    """Whether there is no accuracy to show: the model predicts a number, not a class."""
    return bool(snapshot.measured) and snapshot.measured[-1].test_accuracy is None


def loss_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """The loss of every mini-batch, and its moving average."""
    curve = snapshot.losses
    if not curve.steps:
        return ()
    smoothed = tuple(smooth(curve.steps, curve.values, SMOOTHING))
    name = _("smoothed {factor:g}").format(factor=SMOOTHING)
    return (
        Series(_("batch"), curve.steps, curve.values, "muted", "·"),
        Series(name, curve.steps, smoothed, "primary", "", line=True),
    )


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


def gradient_series(snapshot: Snapshot) -> tuple[Series, ...]:
    """One line per layer: the norm of its gradient after every epoch."""
    rows = [row for row in snapshot.measured if row.gradient_norms]
    epochs = tuple(float(row.epoch) for row in rows)
    series = []
    for index, layer in enumerate(snapshot.layers if rows else ()):
        sign, role = mark(index)
        norms = tuple(row.gradient_norms[index] for row in rows)
        series.append(Series(layer_label(layer), epochs, norms, role, sign, line=True))
    return tuple(series)


def model_views(snapshot: Snapshot) -> tuple[str, ...]:
    """The ids of the available views of the model, in order."""
    there = {
        "predictions": bool(snapshot.gallery),
        "confusion": bool(snapshot.gallery),
        "weights": bool(snapshot.gallery or snapshot.weights),
        "board": bool(snapshot.board),
        "parameters": bool(snapshot.parameters),
    }
    return tuple(name for name, is_there in there.items() if is_there)


class TrainingPanes(Container):
    """All panes; the width of the screen decides whether one or four are shown."""

    DEFAULT_CSS = """
    TrainingPanes {
        height: 1fr;
        width: 1fr;
        .pane { height: 1fr; width: 1fr; }
        DataTable { height: 1fr; background: $background; scrollbar-size-vertical: 1; }
        .nothing { color: $text-muted; }
    }
    """

    def __init__(self, recipe: Recipe, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.losses = Chart(
            _("loss per step"), _("step"), _("loss"), id="pane-loss", classes="pane"
        )
        self.epochs = Chart(_("per epoch"), _("epoch"), "", id="pane-epoch", classes="pane")
        self.gallery = ImageGrid(id="gallery")
        self.confusion = ConfusionTable()
        self.weights = WeightGrid()
        self.board = Board()
        self.scrolling = VerticalScroll(self.confusion, self.weights, self.board, id="model-scroll")
        self.parameters = ParameterTable(id="parameters")
        self.view = 0
        self.table = EpochTable(id="epochs")
        self.gradients = Chart(
            _("gradient norm"), _("epoch"), "", id="pane-gradients", classes="pane extra"
        )
        self.runs = RunsPane(recipe, id="pane-runs", classes="pane extra")
        self._nothing = Static(_("nothing learned yet"), classes="nothing")
        self._shown = Snapshot()
        self._log_scale = False

    def compose(self) -> ComposeResult:
        """First the panes that a wide screen shows together, then the others."""
        yield self.losses
        yield self.epochs
        with Vertical(id="pane-model", classes="pane"):
            yield self._nothing
            yield self.gallery
            yield self.scrolling
            yield self.parameters
        with Vertical(id="pane-table", classes="pane"):
            yield self.table
        yield self.gradients
        yield self.runs

    def on_mount(self) -> None:
        """Start with an empty model pane."""
        self._show_model(Snapshot())

    @property
    def view_name(self) -> str:
        """The id of the current view of the model; `model` if there is none."""
        views = model_views(self._shown)
        return views[self.view % len(views)] if views else "model"

    def names(self) -> tuple[str, ...]:
        """The labels of the panes, for the pane bar."""
        shown = self._shown
        epoch = _("test loss") if is_regression(shown) else _("accuracy")
        model = VIEW_NAMES[self.view_name]
        return _("loss"), epoch, model, _("epochs"), _("gradients"), _("runs")

    def pane_focus(self, index: int) -> Widget | None:
        """The widget that scrolls in the pane, if any."""
        if index == MODEL:
            views: dict[str, Widget] = {
                "predictions": self.gallery, "parameters": self.parameters
            }  # fmt: skip
            return views.get(self.view_name, self.scrolling)
        return {TABLE: self.table, RUNS: self.runs.list}.get(index)

    def show_runs(self, store: RunStore) -> None:
        """Compare the runs in `store`."""
        self.runs.show(self._shown, store, log=self._log_scale)

    def next_measure(self, store: RunStore) -> None:
        """Compare runs by the next measure."""
        self.runs.next_measure(self._shown, store)
        self.show_runs(store)

    def show(self, snapshot: Snapshot, log: bool) -> None:
        """Redraw what has changed; `log` puts losses on a log10 scale."""
        old, self._shown = self._shown, snapshot
        rescaled, self._log_scale = log != self._log_scale, log
        if rescaled or (snapshot.losses, snapshot.total_steps) != (old.losses, old.total_steps):
            self._show_losses(snapshot)
        if rescaled or (snapshot.measured, snapshot.epochs) != (old.measured, old.epochs):
            self._show_epochs(snapshot)
            self._show_gradients(snapshot)
            self.table.set_rows(snapshot.measured, snapshot.layers)
        if _model(snapshot) != _model(old):
            self._show_model(snapshot)

    def next_view(self) -> None:
        """Show the next view of the model, and after the last one the first."""
        self.view = (self.view + 1) % max(1, len(model_views(self._shown)))
        self._show_model(self._shown)

    def _show_losses(self, snapshot: Snapshot) -> None:
        limits = None
        if snapshot.losses.steps:
            last = snapshot.losses.steps[-1]
            limits = (0.0, min(round_up(last), float(max(snapshot.total_steps, last))))
        self.losses.set_title(titled(_("loss per step"), self._log_scale))
        self.losses.set_series(loss_series(snapshot), log=self._log_scale, x_limits=limits)

    def _show_epochs(self, snapshot: Snapshot) -> None:
        limits = _epoch_limits(snapshot)
        log = self._log_scale and is_regression(snapshot)
        title = _("mean loss per epoch") if is_regression(snapshot) else _("accuracy per epoch")
        self.epochs.set_title(titled(title, log))
        self.epochs.set_series(epoch_series(snapshot), log=log, x_limits=limits)

    def _show_gradients(self, snapshot: Snapshot) -> None:
        series = gradient_series(snapshot)
        title = _("gradient norm after each epoch")
        if len(series) == 1:
            title = _("gradient norm after each epoch, {layer}").format(layer=series[0].name)
        self.gradients.set_title(titled(title, self._log_scale))
        limits = _epoch_limits(snapshot)
        self.gradients.set_series(series, log=self._log_scale, x_limits=limits)

    def _show_model(self, snapshot: Snapshot) -> None:
        self.gallery.set_images(snapshot.gallery, snapshot.classes)
        self.parameters.set_rows(snapshot.parameters)
        self.confusion.set_counts(snapshot.confusion, snapshot.classes)
        self.weights.set_images(snapshot.weights, snapshot.classes)
        self.board.set_cells(snapshot.board)
        view = self.view_name
        self.gallery.display = view == "predictions"
        self.confusion.display = view == "confusion"
        self.weights.display = view == "weights"
        self.board.display = view == "board"
        self.scrolling.display = view in ("confusion", "weights", "board")
        self.parameters.display = view == "parameters"
        self._nothing.display = view == "model"


def _model(snapshot: Snapshot) -> tuple[object, ...]:
    """Everything that the model pane depends on."""
    return (
        snapshot.gallery,
        snapshot.confusion,
        snapshot.weights,
        snapshot.board,
        snapshot.classes,
        snapshot.parameters,
    )


def _epoch_limits(snapshot: Snapshot) -> tuple[float, float] | None:
    """The range of the epochs: it grows in round numbers, not with every epoch."""
    if not snapshot.measured:
        return None
    last = snapshot.measured[-1].epoch
    return 0.0, min(round_up(last), float(max(snapshot.epochs, last)))
