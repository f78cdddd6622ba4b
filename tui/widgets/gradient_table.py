"""Gradients computed in three ways, side by side, with a mark that says whether they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical

from engine.gradients import GradientRow
from engine.language import _
from engine.naming import Shown
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, Piece, line_text, wrap
from tui.widgets.lines_view import LinesView
from tui.widgets.lines_window import LinesWindow
from tui.widgets.operation_formula import pretty

NUMBER_WIDTH, LEAST_NUMBER_WIDTH = 13, 10
"""Cells of a column of numbers, and where there is little room."""
FULL_WIDTH = 73
"""Cells from which the deviations are shown, too."""
NOT_YET = "·"
"""Stands for a gradient that no operation has computed yet."""


@dataclass(frozen=True, slots=True)
class GradientState:
    """What the table shows."""

    rows: tuple[GradientRow, ...] = ()
    marked: str = ""
    """The parameter of the current operation, or empty."""
    autograd_error: str = ""
    """Why autograd gave no result; empty while it computes and if it succeeded."""
    at_kink: tuple[str, ...] = ()
    """Inputs z of the units that are at a kink of their activation function."""
    known: frozenset[str] = frozenset()
    """The parameters whose gradients have been computed so far; the others are not shown yet."""


class GradientTable(Vertical):
    """One row per parameter: by hand, autograd, central difference, both deviations, the mark."""

    DEFAULT_CSS = """
    GradientTable > _Rows { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """The heading stays in place while the rows follow the marked one."""
        yield _Heading()
        yield _Rows()

    @property
    def state(self) -> GradientState:
        """The rows that are shown, the marked one, and what is said below them."""
        return self.query_one(_Rows).state

    @property
    def text(self) -> str:
        """Heading and rows without colours."""
        rows, _marked = self.query_one(_Rows).all_lines(80)
        return "\n".join(map(line_text, [*self.query_one(_Heading).lines(80), *rows]))

    def show(self, state: GradientState) -> None:
        """Show other numbers."""
        rows = self.query_one(_Rows)
        if state != rows.state:
            rows.state = state
            rows.relay()


class _Heading(LinesView):
    """Names of the columns."""

    def lines(self, width: int) -> list[InkLine]:
        room = _number_width(width)
        numbers = [_right(text, room) for text in (_("by hand"), _("autograd"), _("central"))]
        header = f"  {'∂E/∂':<5}{' '.join(numbers)}"
        if width >= FULL_WIDTH:
            header += f" {'|m−a|':>7} {'|m−c|':>7}"
        return [((header, Ink.STRONG),)]


class _Rows(LinesWindow):
    """The rows, with notes below them; where there is no room for all, those around the marked."""

    def __init__(self) -> None:
        super().__init__()
        self.state = GradientState()

    def all_lines(self, width: int) -> tuple[list[InkLine], int]:
        """One line per parameter, then the notes; in hand is the marked row, else the first."""
        symbols = [row.symbol for row in self.state.rows]
        marked = symbols.index(self.state.marked) if self.state.marked in symbols else 0
        return [self._row(row, width) for row in self.state.rows] + self._notes(width), marked

    def _row(self, row: GradientRow, width: int) -> InkLine:
        room = _number_width(width)
        marked = row.symbol == self.state.marked
        lead = f"{'▶ ' if marked else '  '}{pretty(row.symbol):<5}"
        if row.symbol not in self.state.known:
            dots = " ".join([_right(NOT_YET, room)] * 3)
            return ((lead, Ink.STRONG if marked else Ink.QUIET), (dots, Ink.QUIET))
        ink = Ink.BACKWARD if marked else Ink.DELTA
        line: list[Piece] = [
            (lead, Ink.STRONG if marked else Ink.PLAIN),
            (f"{gradient_text(row.manual, room):>{room}} ", ink),
            self._autograd(row, ink, room),
            (f" {gradient_text(row.central, room):>{room}} ", ink),
        ]
        if width >= FULL_WIDTH:
            apart = row.autograd_difference
            quiet = Ink.PLAIN if marked else Ink.QUIET
            line.append((f"{'' if apart is None else tiny_text(apart.absolute):>7} ", quiet))
            line.append((f"{tiny_text(row.central_difference.absolute):>7} ", quiet))
        line.append(self._mark(row))
        return tuple(line)

    def _autograd(self, row: GradientRow, ink: Ink, room: int) -> Piece:
        if row.autograd is not None:
            return (f"{gradient_text(row.autograd, room):>{room}}", ink)
        return (_right("–" if self.state.autograd_error else "…", room), Ink.QUIET)

    def _mark(self, row: GradientRow) -> Piece:
        if row.autograd_agrees is False or not row.central_agrees:
            return (_("✗ differ"), Ink.BAD)
        if row.autograd_agrees is None and not self.state.autograd_error:
            return (_("… wait"), Ink.QUIET)
        return (_("✓ agree"), Ink.GOOD)

    def _notes(self, width: int) -> list[InkLine]:
        note = _(
            "Central: (E(w+h) − E(w−h)) / 2h with h = 2⁻¹⁷. Autograd: PyTorch in float64. "
            "They agree if equal up to rounding error and, for central, the error of a finite h."
        )
        found = wrap([(note, Ink.QUIET)], width)
        if self.state.autograd_error:
            found = [*wrap([(self.state.autograd_error, Ink.WARN)], width), *found]
        if self.state.at_kink:
            text = _(
                "At or near 0: {names}. There the activation function has a kink and no "
                "derivative, so central differences mean nothing."
            ).format(names=", ".join(map(pretty, self.state.at_kink)))
            found = [*wrap([(text, Ink.WARN)], width), *found]
        return found


def _number_width(width: int) -> int:
    """Cells of each of the three numbers in a row of `width` cells."""
    if width >= FULL_WIDTH:
        return NUMBER_WIDTH
    return max(LEAST_NUMBER_WIDTH, min(NUMBER_WIDTH, (width - 18) // 3))


def _right(text: str, room: int) -> str:
    """The text at the right of a column of numbers."""
    return " " * (room - cell_width(text)) + text


def gradient_text(value: float, room: int = NUMBER_WIDTH) -> str:
    """Up to nine decimals, or an exponent for very small and large values, in `room` cells."""
    spare, shown = NUMBER_WIDTH - room, Shown(value + 0.0)  # −0.0 becomes 0
    if value == 0 or 1e-5 <= abs(value) < 100:
        return f"{shown:.{9 - spare}f}"
    return f"{shown:.{5 - spare}e}"


def tiny_text(value: float) -> str:
    """The size of a difference in two figures: `2.8e−17`."""
    return f"{Shown(value):.1e}" if value else "0"


def marked_parameter(symbol: str, symbols: Sequence[str]) -> str:
    """The parameter in the symbol of an operation: `∂E/∂w5` and `w5⁺` give `w5`."""
    name = symbol.removeprefix("∂E/∂").removesuffix("⁺")
    return name if name in symbols else ""
