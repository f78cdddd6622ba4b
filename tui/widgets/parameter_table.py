"""Learned parameters beside the true ones that generated the data."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import DataTable

from engine.language import _
from engine.naming import Shown
from engine.training.snapshot import ParameterRow
from tui.columns import in_column, widest

_COLUMNS = (
    ("name", _("name"), 12),
    ("learned", _("learned"), 14),
    ("true", _("true"), 12),
    ("difference", _("difference"), 14),
)
"""Key, label and width of each column."""


def cells(rows: Sequence[ParameterRow]) -> list[tuple[str, str, str, str]]:
    """Name, learned, true and difference as shown; `–` where the true value is unknown.

    The points of a column stand below each other.
    """
    texts = [
        (
            row.name,
            f"{Shown(row.learned):.6f}",
            "–" if row.true is None else f"{Shown(row.true):g}",
            "–" if row.true is None else f"{Shown(row.learned - row.true):+.6f}",
        )
        for row in rows
    ]
    names, *numbers = ([text[at] for text in texts] for at in range(len(_COLUMNS)))
    aligned = (in_column(each, widest(each)) for each in numbers)
    return list(zip(names, *aligned, strict=True))


class ParameterTable(DataTable[str]):
    """One row per parameter; only cells that changed are redrawn."""

    DEFAULT_CSS = """
    ParameterTable, ParameterTable:focus { background-tint: $background 0%; }
    ParameterTable > .datatable--header {
        background: $background;
        color: $text-accent;
        text-style: bold;
    }
    ParameterTable > .datatable--odd-row, ParameterTable > .datatable--even-row {
        background: $background;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, cursor_type="none", cell_padding=0)
        self._shown: tuple[tuple[str, str, str, str], ...] = ()

    def on_mount(self) -> None:
        """Set up the columns."""
        for key, label, width in _COLUMNS:
            self.add_column(label, key=key, width=width)

    def set_rows(self, rows: Sequence[ParameterRow]) -> None:
        """Show `rows` in the given order."""
        new = tuple(cells(rows))
        old, self._shown = self._shown, new
        if [row[0] for row in new] != [row[0] for row in old]:
            self.clear()
            for row in new:
                self.add_row(*row, key=row[0])
            return
        for before, after in zip(old, new, strict=True):
            for column, was, now in zip(_COLUMNS, before, after, strict=True):
                if was != now:
                    self.update_cell(after[0], column[0], now)
