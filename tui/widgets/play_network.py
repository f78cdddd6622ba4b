"""The network of the playground as a picture: every unit a small map of what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message

from engine.language import _
from engine.playground.features import FEATURES, Array, features
from engine.playground.model import Model
from tui.page.signs import plain_signs
from tui.theme_colour import theme_colour
from tui.widgets.cells import Cells
from tui.widgets.diverging import STEPS
from tui.widgets.play_ink import Inked, grid, ink, picture, soft

LEAST_GAP = 3
"""Cells between two columns at least."""
LEAST_SPACE = 0.7
"""Rows between two maps at least, on average, where there is little room."""
TALLEST = 5
"""Rows of a map at most."""
FAINTEST = 3
"""The step of the colour of the weakest edge."""
MANY, WEAK = 24, 0.3
"""With more edges between two layers, those below this share of the strongest are left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the map of a unit stands, in cells."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell belongs to it; the cell at each side does."""
        return self.x - 1 <= x <= self.x + self.width and self.y <= y < self.y + self.height


def places(widths: tuple[int, ...], room: tuple[int, int], label: int) -> list[list[Place]]:
    """Where each unit of each layer stands in a room of width × height; names at the left."""
    width, height = room[0] - label - 2, room[1] - 1
    most = max(widths)
    across = max(2, (width - LEAST_GAP * (len(widths) - 1)) // len(widths))
    tall = (height + 1) // most - 1
    if tall < 2:  # too low for a row between all of them
        tall = int((height + 1) / most - LEAST_SPACE)
    tall = max(1, min(TALLEST, tall))
    tall = min(tall, max(1, across // 2))
    wide = max(2, min(2 * tall if tall > 1 else 4, across))
    found = []
    for number, units in enumerate(widths):
        x = label + 1
        if len(widths) > 1:
            x += round((width - wide) * number / (len(widths) - 1))
        pitch = min(tall + 2, max(tall, (height - tall) / max(1, units - 1)))
        if pitch >= tall + 1:
            pitch = int(pitch)  # even spaces
        top = 1 + (height - (pitch * (units - 1) + tall)) / 2
        column = [Place(x, int(top + pitch * unit), wide, tall) for unit in range(units)]
        found.append(column)
    return found


class PlayNetwork(Inked, can_focus=True):
    """Features at the left, the output at the right; edges are as strong as their weights."""

    BINDINGS = [
        Binding("enter", "open", _("Open"), id="play_network.open",
                tooltip=_("Open the unit: its formula with numbers and its gradient")),
        Binding("left", "move(-1, 0)", _("Unit ←"), id="play_network.left", show=False,
                tooltip=_("The layer before")),
        Binding("right", "move(1, 0)", _("Unit →"), id="play_network.right", show=False,
                tooltip=_("The next layer")),
        Binding("up", "move(0, -1)", _("Unit ↑"), id="play_network.up", show=False,
                tooltip=_("The unit above")),
        Binding("down", "move(0, 1)", _("Unit ↓"), id="play_network.down", show=False,
                tooltip=_("The unit below")),
        Binding("plus,equals_sign", "units(1)", _("Add unit"), id="play_network.add",
                key_display="+", tooltip=_("One unit more in this layer; starts over")),
        Binding("minus", "units(-1)", _("Remove"), id="play_network.remove",
                key_display="-", tooltip=_("One unit less in this layer; starts over")),
        Binding("escape,u", "leave", _("Done"), id="play_network.leave",
                tooltip=_("Leave the units; the other keys work again")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    PlayNetwork { width: 1fr; height: 1fr; }
    """

    class Opened(Message):
        """A unit is to be opened; layer 0 is the first that has weights."""

        def __init__(self, layer: int, unit: int) -> None:
            super().__init__()
            self.layer, self.unit = layer, unit

    class Units(Message):
        """A hidden layer is to get more units, or less."""

        def __init__(self, layer: int, more: int) -> None:
            super().__init__()
            self.layer, self.more = layer, more

    def __init__(self) -> None:
        super().__init__(id="network")
        self._model: Model | None = None
        self._flat: Array | None = None
        self.selected = (1, 0)
        """The layer, the features being 0, and the unit."""
        self._is_shown = False
        """Whether a click has selected a unit since the focus came."""

    def show_run(self, model: Model, flat: Array) -> None:
        """Show the units with these parameters."""
        if flat is self._flat:
            return
        self._model, self._flat = model, flat
        widths = model.shape.widths
        layer = min(self.selected[0], len(widths) - 1)
        self.selected = layer, min(self.selected[1], widths[layer] - 1)
        self.repaint()

    @property
    def _label(self) -> int:
        if self._model is None:
            return 0
        return max(len(FEATURES[name].title) for name in self._model.settings.features)

    def _places(self) -> list[list[Place]]:
        if self._model is None:
            return []
        size = self.size
        return places(self._model.shape.widths, (size.width, size.height), self._label)

    def action_move(self, right: int, down: int) -> None:
        """Select another unit."""
        if self._model is None:
            return
        widths = self._model.shape.widths
        layer = min(len(widths) - 1, max(1, self.selected[0] + right))
        unit = self.selected[1]
        if layer != self.selected[0]:
            unit = round(unit * (widths[layer] - 1) / max(1, widths[self.selected[0]] - 1))
        self.selected = layer, min(widths[layer] - 1, max(0, unit + down))
        self.repaint()

    def action_open(self) -> None:
        """Open the selected unit."""
        self.post_message(self.Opened(self.selected[0] - 1, self.selected[1]))

    def action_units(self, more: int) -> None:
        """Change the width of the selected layer."""
        self.post_message(self.Units(self.selected[0] - 1, more))

    def action_leave(self) -> None:
        """Give the keys back to the screen."""
        self.screen.set_focus(None)

    def on_click(self, event: events.Click) -> None:
        """Select a unit; open the one that is selected."""
        at = event.get_content_offset(self)
        if at is None:
            return
        for layer, column in enumerate(self._places()):
            for unit, place in enumerate(column):
                if layer and place.holds(at.x, at.y):
                    event.stop()
                    if self._is_shown and self.selected == (layer, unit):
                        self.action_open()
                    self._is_shown = True
                    self.selected = layer, unit
                    self.repaint()

    def on_blur(self) -> None:
        """The selection is shown only with the focus."""
        self._is_shown = False
        self.repaint()

    def on_focus(self) -> None:
        """Show the selection."""
        self.repaint()

    def key(self) -> object:
        return id(self._flat), self.selected, self.has_focus

    def _colour(self, name: str) -> Style:
        return Style(color=theme_colour(self.app, name).rich_color)

    def drawn(self) -> list[list[Segment]]:
        model, flat = self._model, self._flat
        cells = Cells(self.size.width, self.size.height)
        if model is None or flat is None:
            return cells.rows()
        found = self._places()
        self._edges(cells, model, flat, found)
        quiet = self._colour("foreground-muted")
        self._heads(cells, found, quiet)
        one = found[0][0]
        inputs = _inputs(model.settings.features, one.width, 2 * one.height)
        with np.errstate(all="ignore"):
            passed = model.forward(flat, inputs)
        outputs = [inputs, *passed.a[:-1], model.shown(passed.z[-1])]
        for layer, (column, values) in enumerate(zip(found, outputs, strict=True)):
            limit = max(1.0, float(np.nan_to_num(np.abs(values)).max())) if layer else 1.0
            for unit, place in enumerate(column):
                image = soft(values[:, unit].reshape(2 * place.height, place.width), limit)
                picture(cells, place.x, place.y, image, self._dark, self._shades)
                middle = place.y + (place.height - 1) // 2
                if not layer:
                    title = FEATURES[model.settings.features[unit]].title
                    cells.styled(
                        place.x - 1 - len(title), middle, title, self._colour("meaning-input")
                    )
        if self.has_focus:
            self._selection(cells, found[self.selected[0]][self.selected[1]])
        return cells.rows()

    def _heads(self, cells: Cells, found: list[list[Place]], quiet: Style) -> None:
        for layer, column in enumerate(found):
            text = str(len(column))
            if layer == len(found) - 1:
                text = _("output")
            elif not layer:
                text = _("inputs")
            x = column[0].x + (column[0].width - len(text)) // 2
            x = max(0, min(cells.width - len(text), x))
            cells.styled(x, 0, text, quiet)

    def _selection(self, cells: Cells, place: Place) -> None:
        style = self._colour("primary") + Style(bold=True)
        left, right = ("[", "]") if plain_signs() or self._shades else ("▐", "▌")
        for row in range(place.height):
            cells.styled(place.x - 1, place.y + row, left, style)
            cells.styled(place.x + place.width, place.y + row, right, style)

    def _edges(self, cells: Cells, model: Model, flat: Array, found: list[list[Place]]) -> None:
        """The strongest last, over the others; where there is no colour, blue ones are dotted."""
        for layer, (weights, _biases) in enumerate(model.shape.layers(flat)):
            largest = max(1.0, float(np.nan_to_num(np.abs(weights)).max()))
            edges = sorted(
                (abs(float(w)), float(w), unit, below)
                for (unit, below), w in np.ndenumerate(np.nan_to_num(weights))
            )
            for size, weight, unit, below in edges:
                strength = size / largest
                level = FAINTEST + round((STEPS - FAINTEST) * strength)
                source, target = found[layer][below], found[layer + 1][unit]
                start = (2 * (source.x + source.width), 4 * source.y + 2 * source.height)
                end = (2 * target.x - 1, 4 * target.y + 2 * target.height)
                hue = self.hue(level if weight > 0 else -level)
                style = ink(hue) if hue else None
                gap = 1 if hue or weight > 0 else 3
                is_crowded = len(edges) > MANY
                if strength < WEAK and (is_crowded or hue is None):
                    continue
                cells.line(start, end, style, gap=gap)
                if strength > 0.6 and not is_crowded:
                    cells.line((start[0], start[1] - 1), (end[0], end[1] - 1), style, gap=gap)


@lru_cache(maxsize=8)
def _inputs(names: tuple[str, ...], columns: int, rows: int) -> Array:
    return features(names, grid(columns, rows))
