"""The test images with the largest loss: what they are, and what the model says."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from engine.language import _, plural
from engine.training.recipe import Recipe
from engine.training.snapshot import PredictedImage, Snapshot
from tui.math import cell_width
from tui.panes.base import Pane
from tui.widgets.image_grid import ImageGrid
from tui.widgets.image_layout import CAPTION_WIDTH

MOST_OF_ALL = 24
"""How many are shown of all classes together."""


class WorstGrid(ImageGrid):
    """A grid of images with their losses."""

    BINDINGS = [
        Binding("left", "other(-1)", _("Class before"), id="worst.before", show=False,
                tooltip=_("Show the worst images of the class before")),
        Binding("right", "other(1)", _("Next class"), id="worst.next", show=False,
                tooltip=_("Show the worst images of the next class")),
    ]  # fmt: skip

    class Other(Message):
        """A key asked for another class."""

        def __init__(self, classes: int) -> None:
            super().__init__()
            self.classes = classes

    def __init__(self) -> None:
        super().__init__(id="worst-images")
        self.what = ""
        """Which class is shown."""

    def action_other(self, classes: int) -> None:
        """Go so many classes on."""
        self.post_message(self.Other(classes))

    def words(self, image: PredictedImage, width: int = CAPTION_WIDTH) -> list[str]:
        """The caption, and the loss: beside the probability, where there is room, else below it."""
        found = super().words(image, width)
        if image.loss is None:
            return found
        loss = _("loss {value:.2f}").format(value=image.loss)
        if self.extra_lines(width):
            return [*found, loss]
        return [*found[:-1], f"{found[-1]} · {loss}"]

    def extra_lines(self, width: int) -> int:
        """The loss has a line of its own where the caption is narrow."""
        return int(width < cell_width("100% · " + _("loss {value:.2f}").format(value=10)))

    def summary(self, images: Sequence[PredictedImage]) -> tuple[str, str]:
        """Which class is shown, and how to see another."""
        wrong = sum(not image.is_right for image in images)
        parts = [
            self.what,
            plural("{count} test image", "{count} test images", len(images)),
            _("{count} wrong").format(count=wrong),
            _("⟨←|worst.before⟩ ⟨→|worst.next⟩: class"),
        ]
        return _("largest loss"), " · ".join(parts)


class WorstPane(Pane):
    """The worst of all, or those of one class."""

    ID = "worst"
    KEY = "w"
    TITLE = _("Worst images")
    TIP = _(
        "The test images with the largest loss; ⟨←|worst.before⟩ ⟨→|worst.next⟩ or "
        "⟨m|training.view⟩: of one class, arrows scroll"
    )

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.grid = WorstGrid()
        self.view = 0
        """0 for all classes, then the classes one by one."""

    @property
    def label(self) -> str:
        return _("worst")

    def applies(self, snapshot: Snapshot) -> bool:
        """Only classifiers of images have any."""
        return bool(snapshot.worst)

    @property
    def target(self) -> Widget:
        """The grid scrolls."""
        return self.grid

    @property
    def has_views(self) -> bool:
        """There are several classes."""
        return bool(self.snapshot.worst)

    def next_view(self) -> None:
        """Show the next class."""
        self.turn(1)

    def turn(self, classes: int) -> None:
        """Go so many classes on; after the last one come all of them again."""
        self.view = (self.view + classes) % (len(self.snapshot.classes) + 1)
        self.draw()

    def compose(self) -> ComposeResult:
        yield self.grid

    def seen(self, snapshot: Snapshot) -> object:
        """The images, and the names of the classes."""
        return snapshot.worst, snapshot.classes

    @property
    def images(self) -> tuple[PredictedImage, ...]:
        """The images in the grid: the worst of all classes, or those of the chosen one."""
        worst = self.snapshot.worst
        if not self.view:
            return worst[:MOST_OF_ALL]
        return tuple(image for image in worst if image.label == self.view - 1)

    def draw(self) -> None:
        """Show the images of the chosen class."""
        classes = self.snapshot.classes
        self.view = min(self.view, len(classes))
        self.grid.what = classes[self.view - 1] if self.view else _("all classes")
        self.grid.set_images(self.images, classes)

    def on_worst_grid_other(self, event: WorstGrid.Other) -> None:
        """Show another class."""
        event.stop()
        self.turn(event.classes)


PANE = WorstPane
