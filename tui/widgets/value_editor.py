"""All numbers that a learner may set, edited in place."""

from __future__ import annotations

import math
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input

from engine.errors import UserError
from engine.language import _
from engine.naming import compact_text, typed
from tui.page.lines import Ink, InkLine
from tui.widgets.clickable import KeyLine
from tui.widgets.lines_view import LinesView
from tui.widgets.operation_formula import pretty

CELL = 19
"""Width of a name with its value, in cells."""


class ValueGrid(LinesView, can_focus=True):
    """Names with their values in columns; the arrow keys move the selection."""

    BINDINGS = [
        Binding("up,k", "move(-1, 0)", _("Up"), id="values.up", show=False,
                tooltip=_("One row up")),
        Binding("down,j", "move(1, 0)", _("Down"), id="values.down", show=False,
                tooltip=_("One row down")),
        Binding("left,h", "move(0, -1)", _("Left"), id="values.left", show=False,
                tooltip=_("One column to the left")),
        Binding("right,l", "move(0, 1)", _("Right"), id="values.right", show=False,
                tooltip=_("One column to the right")),
        Binding("enter,space", "change", _("Change"), id="values.change",
                tooltip=_("Change the selected value")),
        Binding("escape,e", "close", _("Done"), id="values.close",
                tooltip=_("Return to the network")),
    ]  # fmt: skip

    class Chosen(Message):
        """The learner wants to change a value."""

        def __init__(self, symbol: str) -> None:
            super().__init__()
            self.symbol = symbol

    class Closed(Message):
        """The learner has finished editing."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, float] = {}
        self.place = 0

    def show(self, values: Mapping[str, float]) -> None:
        """Show these values; the selection stays in place where possible."""
        self.values = dict(values)
        self.place = max(0, min(self.place, len(self.values) - 1))
        self.relay()

    @property
    def symbol(self) -> str:
        """The selected name."""
        return list(self.values)[self.place]

    @property
    def _columns(self) -> int:
        return max(1, self.content_size.width // CELL)

    @property
    def marked_row(self) -> int:
        """The row of the selection."""
        return self.place // self._columns

    def lines(self, width: int) -> list[InkLine]:
        """As many columns as fit, filled row by row."""
        columns = max(1, width // CELL)
        cells = []
        for place, (symbol, value) in enumerate(self.values.items()):
            lead = "▶" if place == self.place else " "
            text = f"{lead + pretty(symbol):>11} {compact_text(value, 7):<7}"
            cells.append((text, Ink.NUMBER if place == self.place else Ink.PLAIN))
        return [tuple(cells[start : start + columns]) for start in range(0, len(cells), columns)]

    def action_move(self, rows: int, columns: int) -> None:
        """Move the selection; it stops at the edges."""
        place = self.place + rows * self._columns + columns
        if 0 <= place < len(self.values):
            self.place = place
            self.relay()
            scroll = self.parent
            if isinstance(scroll, VerticalScroll):
                scroll.scroll_to_region(Region(0, self.marked_row, 1, 1), animate=False)

    def action_change(self) -> None:
        """Ask for a new value."""
        self.post_message(self.Chosen(self.symbol))

    def action_close(self) -> None:
        """Leave the editor."""
        self.post_message(self.Closed())


class LineInput(Input):
    """Reads the new value; escape keeps the old one."""

    BINDINGS = [
        Binding("escape", "cancel", _("Keep"), id="values.cancel", tooltip=_("Keep the old value")),
    ]

    class Cancelled(Message):
        """The learner keeps the old value."""

    def action_cancel(self) -> None:
        """Keep the old value."""
        self.post_message(self.Cancelled())


class ValueEditor(Vertical):
    """The grid of values, an input line, and a line for messages."""

    DEFAULT_CSS = """
    ValueEditor > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    ValueEditor > KeyLine { height: auto; max-height: 2; color: $text-muted; }
    ValueEditor > KeyLine.-wrong { color: $text-error; }
    ValueEditor > LineInput { display: none; }
    ValueEditor > LineInput.-open { display: block; }
    """

    HINT = _("arrows: select · ⟨enter|values.change⟩: change · ⟨escape|values.close⟩: done")

    class Changed(Message):
        """The learner typed a valid number; it may still turn out to be unusable."""

        def __init__(self, symbol: str, value: float) -> None:
            super().__init__()
            self.symbol, self.value = symbol, value

    def compose(self) -> ComposeResult:
        """Grid, input line, message."""
        with VerticalScroll(can_focus=False):
            yield ValueGrid()
        yield LineInput(compact=True, select_on_focus=True)
        yield KeyLine(self.HINT)

    @property
    def grid(self) -> ValueGrid:
        """The values."""
        return self.query_one(ValueGrid)

    @property
    def message(self) -> str:
        """What the last line says."""
        return str(self.query_one(KeyLine).content)

    def open(self, values: Mapping[str, float]) -> None:
        """Show the values and take the focus."""
        self.grid.show(values)
        self.say("")
        self.grid.focus()

    def accept(self, values: Mapping[str, float]) -> None:
        """Show the values after a new number has been accepted."""
        self.grid.show(values)
        self.say("")
        self._close_input()

    def say(self, text: str, *, wrong: bool = False, keys: str = "") -> None:
        """Show a sentence, or the key hints if it is empty: `keys`, else those of the grid."""
        line = self.query_one(KeyLine)
        line.set_class(wrong, "-wrong")
        line.tell(text, keys=keys or self.HINT)

    def on_value_grid_chosen(self, message: ValueGrid.Chosen) -> None:
        """Open the input line."""
        message.stop()
        field = self.query_one(LineInput)
        field.value = f"{self.grid.values[message.symbol]!r}"
        field.placeholder = _("a number for {symbol}").format(symbol=pretty(message.symbol))
        field.add_class("-open")
        field.focus()
        told = _(
            "Type a number for {symbol}. enter: set it · ⟨escape|values.cancel⟩: keep the old one"
        )
        self.say("", keys=told.format(symbol=pretty(message.symbol)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the number; the owner of the editor decides whether it can be used."""
        event.stop()
        try:
            value = read_value(event.value)
        except UserError as error:
            self.refuse(str(error))
            return
        self.post_message(self.Changed(self.grid.symbol, value))

    def refuse(self, sentence: str) -> None:
        """Say why the number cannot be used, and that the old value is kept."""
        old = compact_text(self.grid.values[self.grid.symbol], 9)
        text = _("{sentence} {symbol} is still {value}.").format(
            sentence=sentence, symbol=pretty(self.grid.symbol), value=old
        )
        self.say(text, wrong=True)

    def on_line_input_cancelled(self, message: LineInput.Cancelled) -> None:
        """Keep the old value."""
        message.stop()
        self.say("")
        self._close_input()

    def _close_input(self) -> None:
        self.query_one(LineInput).remove_class("-open")
        self.grid.focus()


def read_value(text: str) -> float:
    """The number that a learner typed; raises UserError with a sentence if it is not one."""
    cleaned = typed(text.strip())
    if not cleaned:
        raise UserError(_("Type a number, such as 0.25."))
    try:
        value = float(cleaned)
    except ValueError:
        raise UserError(
            _("“{text}” is not a number. Type one such as 0.25 or -1e-3.").format(text=text.strip())
        ) from None
    if not math.isfinite(value):
        raise UserError(
            _("{text} cannot be used here. Type a finite number.").format(text=text.strip())
        )
    return value
