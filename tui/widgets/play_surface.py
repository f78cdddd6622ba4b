"""The decision surface of the playground: what the network says everywhere, and the points."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message

from engine.language import _
from engine.playground.features import Array, features
from engine.playground.model import Model
from engine.playground.points import Split
from tui.page.signs import plain_signs
from tui.widgets.cells import Cells
from tui.widgets.play_ink import Inked, grid, ink, picture, point_hue, soft

SHOWN = ("train", "test", "both", "none")
"""Which points can be shown."""


class PlaySurface(Inked, can_focus=True):
    """A square of half blocks; where points are drawn, it has a cursor."""

    BINDINGS = [
        Binding("left", "move(-1, 0)", _("Cursor ←"), id="play_surface.left", show=False,
                tooltip=_("Move the cursor left")),
        Binding("right", "move(1, 0)", _("Cursor →"), id="play_surface.right", show=False,
                tooltip=_("Move the cursor right")),
        Binding("up", "move(0, -1)", _("Cursor ↑"), id="play_surface.up", show=False,
                tooltip=_("Move the cursor up")),
        Binding("down", "move(0, 1)", _("Cursor ↓"), id="play_surface.down", show=False,
                tooltip=_("Move the cursor down")),
        Binding("1", "draw(1)", _("Orange point"), id="play_surface.one",
                tooltip=_("Draw a point of class 1 at the cursor; with the mouse: click")),
        Binding("0", "draw(0)", _("Blue point"), id="play_surface.zero",
                tooltip=_("Draw a point of class 0 at the cursor; with the mouse: right button")),
        Binding("backspace,delete", "erase", _("Erase"), id="play_surface.erase",
                tooltip=_("Remove the point nearest to the cursor")),
        Binding("c", "clear", _("Clear"), id="play_surface.clear", show=False,
                tooltip=_("Remove all points")),
        Binding("escape,d", "leave", _("Done"), id="play_surface.leave",
                tooltip=_("Stop drawing")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    PlaySurface { width: 1fr; height: 1fr; }
    """

    class Drawn(Message):
        """A point of a class is to be drawn; of None the nearest one removed."""

        def __init__(self, x: float, y: float, label: int | None) -> None:
            super().__init__()
            self.x, self.y, self.label = x, y, label

    class Cleared(Message):
        """All points are to be removed."""

    class Done(Message):
        """The learner stops drawing points."""

    def __init__(self) -> None:
        super().__init__(id="surface")
        self._model: Model | None = None
        self._flat: Array | None = None
        self._split: Split | None = None
        self.shown = SHOWN[0]
        self.cursor: tuple[int, int] | None = None
        """The cell of the cursor, in drawing only."""
        self.pending: tuple[tuple[float, float, int], ...] | None = None
        """Points that are drawn already, but too few for a run."""

    @property
    def square(self) -> Size:
        """The cells of the picture: twice as wide as high."""
        size = self.size
        rows = max(1, min(size.height, size.width // 2))
        return Size(2 * rows, rows)

    @property
    def is_drawing(self) -> bool:
        """Whether points are being drawn."""
        return self.cursor is not None

    def show_run(self, model: Model, split: Split, flat: Array) -> None:
        """Show the output with these parameters."""
        if flat is not self._flat or split is not self._split:
            self._model, self._split, self._flat = model, split, flat
            self.repaint()

    def next_shown(self) -> str:
        """Show other points: of the training, of the test, both, none."""
        self.shown = SHOWN[(SHOWN.index(self.shown) + 1) % len(SHOWN)]
        self.repaint()
        return self.shown

    def draw(self) -> None:
        """Begin to draw, or end."""
        square = self.square
        self.cursor = None if self.is_drawing else (square.width // 2, square.height // 2)
        self.repaint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of drawing are there while points are drawn."""
        if action in ("move", "draw", "erase", "clear", "leave"):
            return self.is_drawing
        return super().check_action(action, parameters)

    def action_move(self, right: int, down: int) -> None:
        """Move the cursor."""
        if self.cursor is not None:
            square = self.square
            x = min(square.width - 1, max(0, self.cursor[0] + right))
            self.cursor = x, min(square.height - 1, max(0, self.cursor[1] + down))
            self.repaint()

    def _place(self, x: int, y: int) -> tuple[float, float]:
        square = self.square
        return (x + 0.5) / square.width * 2 - 1, 1 - (y + 0.5) / square.height * 2

    def action_draw(self, label: int) -> None:
        """Draw a point at the cursor."""
        if self.cursor is not None:
            self.post_message(self.Drawn(*self._place(*self.cursor), label))

    def action_erase(self) -> None:
        """Remove the nearest point."""
        if self.cursor is not None:
            self.post_message(self.Drawn(*self._place(*self.cursor), None))

    def action_clear(self) -> None:
        """Remove all points."""
        self.post_message(self.Cleared())

    def action_leave(self) -> None:
        """Stop drawing."""
        self.post_message(self.Done())

    def on_click(self, event: events.Click) -> None:
        """While points are drawn, the left button draws class 1, another one class 0."""
        square = self.square
        at = event.get_content_offset(self)
        if not self.is_drawing or at is None or at.x >= square.width or at.y >= square.height:
            return
        event.stop()
        self.cursor = at.x, at.y
        label = 1 if event.button == 1 and not event.shift else 0
        self.post_message(self.Drawn(*self._place(at.x, at.y), label))

    def key(self) -> object:
        return id(self._flat), id(self._split), self.shown, self.cursor, self.pending

    def drawn(self) -> list[list[Segment]]:
        model, flat, square = self._model, self._flat, self.square
        cells = Cells(square.width, square.height)
        if model is None or flat is None:
            return cells.rows()
        inputs = _inputs(model.settings.features, square.width, 2 * square.height)
        with np.errstate(all="ignore"):
            output = model.shown(model.forward(flat, inputs).output)
        image = soft(output.reshape(2 * square.height, square.width), 1.0)
        if self.pending is not None:
            image[:] = 0
        picture(cells, 0, 0, image, self._dark, self._shades)
        self._points(cells)
        if self.cursor is not None:
            style = Style(reverse=True, bold=True)
            cells.styled(*self.cursor, "+" if plain_signs() else "┼", style)
        return cells.rows()

    def _points(self, cells: Cells) -> None:
        if self.pending is not None:
            for x, y, label in self.pending:
                self._point(cells, x, y, 2.0 * label - 1, is_test=False)
            return
        if self._split is None:
            return
        for points, name in ((self._split.test, "test"), (self._split.train, "train")):
            if self.shown not in (name, "both") and not self.is_drawing:
                continue
            scale = 1.0 if points.is_regression else 2.0
            shift = 0.0 if points.is_regression else 1.0
            for (x, y), value in zip(points.x.tolist(), points.y.tolist(), strict=True):
                self._point(cells, x, y, scale * value - shift, is_test=name == "test")

    def _point(self, cells: Cells, x: float, y: float, value: float, *, is_test: bool) -> None:
        column = min(cells.width - 1, int((x + 1) / 2 * cells.width))
        row = min(cells.height - 1, int((1 - y) / 2 * cells.height))
        if self._shades:
            cells.styled(column, row, "o" if value > 0 else "x", Style(bold=True))
            return
        sign = ("◦" if is_test else "•") if not plain_signs() else ("o" if is_test else "*")
        under = cells.back(column, row)
        back = under.bgcolor if under else None
        cells.styled(column, row, sign, ink(point_hue(value, self._dark), back, bold=True))


@lru_cache(maxsize=8)
def _inputs(names: tuple[str, ...], columns: int, rows: int) -> Array:
    return features(names, grid(columns, rows))
