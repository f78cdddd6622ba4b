"""The bar above a film: which epoch is shown, and what the colours mean; the mouse scrubs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from engine.language import _
from tui.key_names import keyed
from tui.widgets.clickable import key_at, lit_segments
from tui.widgets.diverging import STEPS, sign_of, style
from tui.widgets.drawn_text import DrawnText
from tui.widgets.half_blocks import needs_shades

LEAST_TRACK = 10


def place_of(number: int, count: int, track: int) -> int:
    """The cell of frame `number` of `count` on a track of so many cells."""
    return round(number * (track - 1) / (count - 1)) if count > 1 else 0


def frame_at(x: int, count: int, track: int) -> int:
    """The frame at cell `x` of the track; cells outside belong to the ends."""
    share = x / (track - 1) if track > 1 else 0.0
    return min(max(round(share * (count - 1)), 0), count - 1)


class FilmBar(DrawnText):
    """A track with a mark at the frame that is shown, and the colour scale below."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"film-bar--key"}

    DEFAULT_CSS = """
    FilmBar { height: 2; width: 1fr; }
    FilmBar > .film-bar--key { color: $footer-key-foreground; text-style: bold; }
    """

    class Scrubbed(Message):
        """The mouse chose a frame."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__()
        self._epochs: Sequence[int] = ()
        self._number = 0
        self._change = False
        self._limits: tuple[float, ...] = ()
        self._images = True
        self._dragging = False

    def show(
        self,
        epochs: Sequence[int],
        number: int,
        *,
        change: bool,
        limits: tuple[float, ...],
        images: bool,
    ) -> None:
        """`epochs` are those of all frames; `number` is the one that is shown."""
        self._epochs, self._number, self._change = epochs, number, change
        self._limits, self._images = limits, images
        self.refresh()

    def _ends(self) -> tuple[str, str]:
        """The texts on both sides of the track; the one after it names keys by marks."""
        last = self._epochs[-1]
        epoch = str(self._epochs[self._number]).rjust(len(str(last)))
        left = _("{what} after epoch {epoch} ").format(
            what="W − W₀" if self._change else "W", epoch=epoch
        )
        other = "W" if self._change else "W − W₀"
        return left, " " + _(
            "⟨←|film.earlier⟩ ⟨→|film.later⟩: epoch · ⟨space|film.play⟩: play · "
            "⟨m|training.view⟩: {other}"
        ).format(other=other)

    @property
    def track(self) -> tuple[int, int]:
        """The first cell of the track, and its length."""
        left, right = self._ends() if self._epochs else ("", "")
        room = self.size.width - cell_len(left)
        keys = cell_len(keyed(right))
        return cell_len(left), max(room - keys if room - keys >= LEAST_TRACK else room, 1)

    def render_line(self, y: int) -> Strip:
        """The track, or the scale."""
        width, base = self.size.width, self.rich_style
        if not self._epochs:
            return Strip.blank(width, base)
        return Strip(self._track() if y == 0 else self._scale()).adjust_cell_length(width, base)

    def _track(self) -> list[Segment]:
        left, right = self._ends()
        start, length = self.track
        at = place_of(self._number, len(self._epochs), length)
        base, keys = self.rich_style, self.get_component_rich_style("film-bar--key")
        return [
            Segment(left, base + Style(bold=True)),
            Segment("━" * at + "●" + "─" * (length - at - 1), base),
            *(lit_segments(right, base, keys) if start + length < self.size.width else ()),
        ]

    def _scale(self) -> list[Segment]:
        base = self.rich_style
        signs = needs_shades(self.app.console, self.app.no_color)
        dark = self.app.current_theme.dark
        ramp = []
        for level in range(-STEPS, STEPS + 1, 2):
            look = base if signs else base + style(level, level, dark)
            ramp.append(Segment(sign_of(level) if signs else " ", look))
        if not any(self._limits):
            ends, note = ("− ", " + "), _("all are 0: no update has been made yet")
        elif self._images:
            limit = f"{self._limits[0]:.2g}"
            ends = f"−{limit} ", f" +{limit} "
            note = _("same scale for all images and epochs")
            whole = _(
                "same scale for all images and epochs; 1 percent of the weights lie beyond it"
            )
            room = self.size.width - len(ramp) - cell_len("".join(ends)) - 1
            note = whole if cell_len(whole) <= room else note
        else:
            ends = "− ", " + "
            note = _("0 in the middle; same scale for all epochs of a matrix")
        return [Segment(ends[0], base), *ramp, Segment(ends[1], base), Segment(f" {note}", base)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Two rows: the epoch that is shown, and what the colours mean."""
        return 2

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the frame under the mouse, and follow it until it is released."""
        start, length = self.track
        if self._epochs and event.y == 0 and start <= event.x < start + length:
            self._dragging = True
            self.capture_mouse()
            self._go(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub."""
        if self._dragging:
            self._go(event.x)

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked beside the track."""
        start, length = self.track
        if self._epochs and event.y == 0 and event.x >= start + length:
            key = key_at(self._ends()[1], event.x - start - length)
            if key:
                event.stop()
                self.app.simulate_key(key)

    def _go(self, x: int) -> None:
        start, length = self.track
        number = frame_at(x - start, len(self._epochs), length)
        if number != self._number:
            self.post_message(self.Scrubbed(number))
