"""What the model has learned: `m` goes through its views."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.widgets.board import Board
from tui.widgets.coded import coded
from tui.widgets.confusion_table import ConfusionTable
from tui.widgets.image_grid import ImageGrid
from tui.widgets.parameter_table import ParameterTable
from tui.widgets.row_scroll import RowScroll
from tui.widgets.weight_grid import WeightGrid

VIEW_NAMES = {
    "predictions": _("predictions"),
    "confusion": _("confusion"),
    "weights": _("weights"),
    "board": _("board"),
    "parameters": _("parameters"),
    "model": _("model"),
}
"""What each view of the model is called on the screen."""


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


class ModelPane(Pane):
    """One view of the model at a time."""

    ID = "model"
    KEY = "3"
    TITLE = _("Model")
    TIP = _("What the model has learned; arrows scroll")
    BESIDE = True

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self._stale = True  # it begins by saying that there is nothing
        self.gallery = ImageGrid(id="gallery")
        self.confusion = ConfusionTable()
        self.weights = WeightGrid()
        self.board = Board()
        self.scrolling = RowScroll(self.confusion, self.weights, self.board, id="model-scroll")
        self.parameters = ParameterTable(id="parameters")
        self.view = 0
        self._nothing = Static(classes="nothing", markup=False)

    @property
    def view_name(self) -> str:
        """The id of the current view; `model` if there is none."""
        views = model_views(self.snapshot)
        return views[self.view % len(views)] if views else "model"

    @property
    def label(self) -> str:
        return VIEW_NAMES[self.view_name]

    @property
    def target(self) -> Widget:
        """The widget that scrolls in the current view."""
        views: dict[str, Widget] = {"predictions": self.gallery, "parameters": self.parameters}
        return views.get(self.view_name, self.scrolling)

    @property
    def has_views(self) -> bool:
        """Whether there is more than one view."""
        return len(model_views(self.snapshot)) > 1

    def next_view(self) -> None:
        self.view = (self.view + 1) % max(1, len(model_views(self.snapshot)))
        self.scrolling.scroll_home(animate=False)
        self.draw()

    def compose(self) -> ComposeResult:
        """All views; one of them is visible."""
        yield self._nothing
        yield self.gallery
        yield self.scrolling
        yield self.parameters

    def seen(self, snapshot: Snapshot) -> object:
        return (
            snapshot.gallery,
            snapshot.confusion,
            snapshot.weights,
            snapshot.board,
            snapshot.classes,
            snapshot.parameters,
            bool(snapshot.step and snapshot.film.frames),
        )

    def draw(self) -> None:
        """Fill the views, and show the current one."""
        snapshot = self.snapshot
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
        if view == "model":
            self._nothing.update(coded(self._without_views()))

    def _without_views(self) -> str:
        """Why there is nothing to see."""
        if self.snapshot.step and self.snapshot.film.frames:
            return _(
                "This model has nothing to picture here. Its weights are in the film: press "
                "⟨0|training.pane_film⟩."
            )
        return _("nothing learned yet")


PANE = ModelPane
