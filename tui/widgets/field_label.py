"""The name of a field, beside it; a click on it goes to the field."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static


class FieldLabel(Static):
    """Stands in one row with its field."""

    def __init__(self, text: str, *, classes: str | None = None) -> None:
        super().__init__(text, classes=classes, markup=False)

    def on_click(self) -> None:
        """Go to the first widget beside it that takes the focus."""
        row = self.parent
        beside = row.children if isinstance(row, Widget) else ()
        field = next((one for one in beside if one.focusable), None)
        if field is not None:
            field.focus()
