"""Learned parameters beside the true ones that generated the data."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import DataTable

from engine.language import _
from engine.training.snapshot import ParameterRow

_COLUMNS = (
    ("name", _("name"), 12),
    ("learned", _("learned"), 14),
    ("true", _("true"), 12),
    ("difference", _("difference"), 14),
)
"""Key, label and width of each column."""


def cells(row: ParameterRow) -> tuple[str, str, str, str]:
    """Name, learned, true and difference as shown; `–` where the true value is unknown."""
    if row.true is None:
        return row.name, f"{row.learned:.6f}", "–", "–"
    return row.name, f"{row.learned:.6f}", f"{row.true:g}", f"{row.learned - row.true:+.6f}"


class ParameterTable(DataTable[str]):
    """One row per parameter; only cells that changed are redrawn."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, cursor_type="none", cell_padding=0)
        self._shown: tuple[tuple[str, str, str, str], ...] = ()

    def on_mount(self) -> None:
        """Set up the columns."""
        for key, label, width in _COLUMNS:
            self.add_column(label, key=key, width=width)

    def set_rows(self, rows: Sequence[ParameterRow]) -> None:
        """Show `rows` in the given order."""
        new = tuple(cells(row) for row in rows)
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
