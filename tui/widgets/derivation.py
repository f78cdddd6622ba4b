"""A derivation, revealed line by line, each line proved by numbers in front of the learner."""

from __future__ import annotations

from typing import TypeAlias

from textual.binding import Binding
from textual.containers import ScrollableContainer

from engine.formulas.notation import Notation
from engine.formulas.parts import Part, parts_of
from engine.formulas.proving import LineProof, bench_for, prove_lines, read_lines
from lessons.format.document import Derivation
from tui.background import in_background
from tui.page.derivation import DerivationState, derivation
from tui.page.lines import Ink, InkLine
from tui.widgets.lines_view import LinesView

Proved: TypeAlias = tuple[tuple[LineProof, ...], tuple[tuple[Part, ...], ...]]
"""The proof of each line, and its parts."""


class DerivationView(LinesView, can_focus=True):
    """Lines with reasons and proofs; `enter` reveals the next one."""

    BINDINGS = [
        Binding("enter", "reveal", "Next line", id="derivation.reveal",
                tooltip="Reveal the next line of the derivation"),
        Binding("a", "all", "All", id="derivation.all",
                tooltip="Reveal all lines, or hide all but the first"),
        Binding("s", "shapes", "Shapes", id="derivation.shapes",
                tooltip="Show or hide the shape of each factor"),
        Binding("p", "prove", "Prove", id="derivation.prove",
                tooltip="Check every line again, on new random numbers"),
        Binding("e", "numbers", "Numbers", id="derivation.numbers",
                tooltip="Put the numbers of one draw in, or take them out again"),
        Binding("d", "details", "Details", id="derivation.details", show=False,
                tooltip="Show or hide residual and tolerance of each proof"),
        Binding("left,h", "part(-1)", "Part before", id="derivation.part_before", show=False,
                tooltip="With the numbers in: the part before"),
        Binding("right,l", "part(1)", "Next part", id="derivation.part_after", show=False,
                tooltip="With the numbers in: the next part"),
        Binding("up,comma", "other(-1)", "Line before", id="derivation.before", show=False,
                tooltip="With the numbers in: the line before"),
        Binding("down,full_stop", "other(1)", "Line after", id="derivation.after", show=False,
                tooltip="With the numbers in: the next line"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    DerivationView { border-left: outer $surface-lighten-2; padding: 0 0 0 1; }
    DerivationView:focus { border-left: outer $accent; }
    """

    def __init__(self, block: Derivation, notation: Notation) -> None:
        super().__init__()
        self.block = block
        self.notation = notation
        self.round = 0
        self.state = DerivationState(shown=1)

    def on_mount(self) -> None:
        """Prove all lines beside the screen: the first proof may wait for torch."""
        self._prove()

    def _prove(self) -> None:
        self.state.proofs, self.state.parts, self.state.problem = (), (), ""
        number = self.round
        in_background(
            self,
            lambda: prove(self.block, self.notation, number),
            lambda found: self._proved(number, found),
            self._failed,
        )

    def _proved(self, number: int, found: Proved) -> None:
        if number == self.round:
            self.state.proofs, self.state.parts = found
            self.relay()

    def _failed(self, error: Exception) -> None:
        self.state.problem = f"{type(error).__name__}: {error}"
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The revealed lines, and how to go on."""
        found = derivation(self.block, width, self.state)
        if not self.has_focus and self.state.shown < len(self.block.lines):
            found.append((("  tab, then enter reveals them", Ink.QUIET),))
        return found

    def on_focus(self) -> None:
        """The hint goes."""
        self.relay()

    def on_blur(self) -> None:
        """The hint comes back."""
        self.relay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        if action == "reveal":
            return self.state.shown < len(self.block.lines)
        if action == "shapes":
            return any(line.shapes for line in self.block.lines)
        if action in ("part", "other"):
            return self.state.opened is not None
        return True

    def action_reveal(self) -> None:
        """One line more; what is open moves along."""
        self.state.shown += 1
        if self.state.opened is not None:
            self._open(self.state.shown - 1)
        self._changed()
        self.call_after_refresh(self._show_end)

    def _show_end(self) -> None:
        """Bring the last revealed line into view."""
        pane = self.parent
        if isinstance(pane, ScrollableContainer) and self.is_attached:
            below = self.virtual_region.bottom - pane.scroll_offset.y - pane.size.height
            if below > 0:
                pane.scroll_relative(y=below, animate=False)

    def action_all(self) -> None:
        """All lines, or the first alone."""
        whole = len(self.block.lines)
        self.state.shown = 1 if self.state.shown == whole else whole
        if self.state.opened is not None:
            self._open(self.state.shown - 1)
        self._changed()

    def action_shapes(self) -> None:
        """The shapes of the factors."""
        self.state.shapes = not self.state.shapes
        self._changed()

    def action_prove(self) -> None:
        """New draws."""
        self.round += 1
        self._prove()
        self.relay()

    def action_numbers(self) -> None:
        """The numbers of one draw, put into the last line."""
        if self.state.opened is None:
            self._open(self.state.shown - 1)
        else:
            self.state.opened = None
        self._changed()
        self.call_after_refresh(self._show_end)

    def action_details(self) -> None:
        """Residuals and tolerances."""
        self.state.details = not self.state.details
        self._changed()

    def action_part(self, offset: int) -> None:
        """Light another part of the line."""
        if self.state.opened is not None and self.state.opened < len(self.state.parts):
            count = len(self.state.parts[self.state.opened]) or 1
            self.state.part = (self.state.part + offset) % count
            self._changed()

    def action_other(self, offset: int) -> None:
        """The numbers of another line."""
        if self.state.opened is not None:
            self._open(max(0, min(self.state.opened + offset, self.state.shown - 1)))
            self._changed()

    def _open(self, line: int) -> None:
        self.state.opened, self.state.part = line, 0

    def _changed(self) -> None:
        self.relay()
        self.refresh_bindings()


def prove(block: Derivation, notation: Notation, round_number: int) -> Proved:
    """The proofs of all lines, and their parts with the values of the first draw."""
    lines = read_lines([line.latex for line in block.lines], notation)
    bench = bench_for(lines, notation, block.name, round_number)
    proofs = prove_lines(lines, notation, block.name, round_number, bench=bench)
    return proofs, tuple(parts_of(line, bench) for line in lines)
