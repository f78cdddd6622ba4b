"""The confusion matrix: what each class is predicted as, over the whole test set."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import set_cell_size

from engine.language import _
from tui.columns import widest
from tui.page.lines import HEAT_LEVELS, Heat, Ink, InkLine, Piece, wrap
from tui.widgets.half_blocks import needs_shades
from tui.widgets.lines_view import LinesView

NAME_WIDTH = 14
_SCALE = (0.0, 0.02, 0.1, 0.3, 0.6, 1.0)
AROUND = 5
"""Rows above and below the cells."""
HIGHEST = 4
"""Rows of a cell at most."""
SHADES = " .:-=+*#%@"
"""The grounds of cells where there are no colours, the lightest first."""


def confusion_lines(
    counts: Sequence[Sequence[int]],
    classes: Sequence[str],
    width: int,
    *,
    shades: bool = False,
    rows: int = 0,
) -> list[InkLine]:
    """One row per true class, one column per predicted class. Correct predictions are marked, and
    so is the most common mistake in each row; the ground of a cell is the warmer, the larger its
    share of the row. With `shades`, a sign of `SHADES` before the number says the same.

    If the columns do not fit beside the names, both are made narrower. Where there are `rows` and
    columns for it, cells are larger, and about square.
    """
    digits = len(str(max((count for row in counts for count in row), default=0)))
    room = max(digits + 2, 3) + 1 + shades
    right = "[{}]"
    titles = [_titled(label, classes) for label in range(len(counts))]
    names = longest = min(NAME_WIDTH, widest(titles) + 2)
    if names + room * len(counts) > width:
        room, right = digits + 2 + shades, "={}"
        if 2 + room * len(counts) > width:
            room = digits + 2
        names = max(2, min(longest, width - room * len(counts)))
    height = 1 if shades else min(HIGHEST, max(1, (rows - AROUND) // max(1, len(counts))))
    tight = room
    if height > 1:
        room = max(tight, min((width - names) // len(counts), 4 * height))
    lines = wrap(
        [
            (_("confusion matrix"), Ink.STRONG),
            ("  ", Ink.PLAIN),
            (_("row: true class · column: predicted class"), Ink.QUIET),
        ],
        width,
    )

    def cell(text: object) -> str:
        # Numbers end at the same column of each cell, in its middle.
        return f"{text:>{tight}}" if room == tight else f"{text:>{tight}}".center(room)

    header = "".join(map(cell, range(len(counts))))
    lines.append(((" " * names, Ink.PLAIN), (header, Ink.STRONG)))
    for label, row in enumerate(counts):
        pieces: list[Piece] = [(set_cell_size(titles[label], names), Ink.STRONG)]
        ground: list[Piece] = [(" " * names, Ink.PLAIN)]
        wrong = max((count for at, count in enumerate(row) if at != label), default=0)
        whole = sum(row) or 1
        for at, count in enumerate(row):
            if at == label:
                text, ink = right.format(count), Ink.GOOD
            elif count and count == wrong:
                text, ink = f"!{count}", Ink.BAD
            else:
                text, ink = str(count or "·"), Ink.PLAIN
            heat = _heat(count / whole, ink) if count else Ink.QUIET
            sign = _shade(count / whole) if shades else ""
            pieces.append((cell(sign + text), heat))
            ground.append((" " * room, heat))
        above = (height - 1) // 2
        lines += [*[tuple(ground)] * above, tuple(pieces), *[tuple(ground)] * (height - 1 - above)]
    legend = _("{sign} right · ! most common mistake").format(sign=right.format(" ").strip())
    scale: list[Piece] = [(_("share of the row:"), Ink.QUIET), (" ", Ink.PLAIN)]
    signs = [_shade(share) if shades else " " for share in _SCALE]
    scale += [
        (f"{sign}{share:.0%} ", _heat(share, Ink.PLAIN))
        for sign, share in zip(signs, _SCALE, strict=True)
    ]
    return [*lines, *wrap([(legend, Ink.QUIET)], width), tuple(scale)]


def _titled(label: int, classes: Sequence[str]) -> str:
    """A class by number and name; a digit, which is called as its number, once."""
    name = classes[label] if label < len(classes) else ""
    return name if name == str(label) else f"{label} {name}".rstrip()


def _heat(share: float, ink: Ink) -> Heat:
    """The ground of a cell; the root sets small shares off, since mistakes are what to look for."""
    level = round(HEAT_LEVELS * math.sqrt(share))
    return Heat(level, level, ink)


def _shade(share: float) -> str:
    """The sign for a ground, with the same root; what is not nothing has one."""
    level = round((len(SHADES) - 1) * math.sqrt(share))
    return SHADES[max(level, 1) if share else 0]


class ConfusionTable(LinesView):
    """The confusion matrix; redrawn after each epoch."""

    FILLS = True

    def __init__(self) -> None:
        super().__init__()
        self._counts: Sequence[Sequence[int]] = ()
        self._class_names: Sequence[str] = ()

    def set_counts(self, counts: Sequence[Sequence[int]], classes: Sequence[str]) -> None:
        """Show other counts."""
        if (counts, classes) != (self._counts, self._class_names):
            self._counts, self._class_names = counts, classes
            self.relay()

    def notify_style_update(self) -> None:
        """Another theme may have no colours for the grounds."""
        super().notify_style_update()
        self._laid_out = None

    def lines(self, width: int) -> list[InkLine]:
        if not self._counts:
            return [((_("no predictions yet"), Ink.QUIET),)]
        app = self.app
        shades = app.current_theme.ansi or needs_shades(app.console, app.no_color)
        return confusion_lines(
            self._counts, self._class_names, width, shades=shades, rows=self.rows
        )
