"""A derivation, revealed line by line; each line is checked numerically on random draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.message import Message
from textual.widget import Widget

from engine.formulas.bench import bench_for
from engine.formulas.notation import Notation
from engine.formulas.parts import Part, parts_of
from engine.formulas.proving import LineProof, prove_lines
from engine.formulas.statements import read_lines
from engine.language import _
from lessons.derive.tasks import Asked
from lessons.format.document import Derivation
from tui.background import after_refresh, in_background
from tui.page.derivation import DerivationState, derivation
from tui.page.faded import covered
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine
from tui.widgets.faded import FadedView
from tui.widgets.lines_view import LinesView
from tui.widgets.tab_hint import NamesTab

Proved: TypeAlias = tuple[tuple[LineProof, ...], tuple[tuple[Part, ...], ...]]
"""The check of each line, and its parts."""


class DerivationView(NamesTab, LinesView, can_focus=True):
    """Lines with reasons and checks; `enter` reveals the next one."""

    BINDINGS = [
        Binding("enter", "reveal", _("Next line"), id="derivation.reveal",
                tooltip=_("Reveal the next line of the derivation")),
        Binding("f", "yourself", _("Do it"), id="derivation.yourself",
                tooltip=_("Give the lines yourself: the reason, the line or a factor of it")),
        Binding("a", "all", _("All"), id="derivation.all",
                tooltip=_("Reveal all lines, or hide all but the first")),
        Binding("s", "shapes", _("Shapes"), id="derivation.shapes",
                tooltip=_("Show or hide the shape of each factor")),
        Binding("p", "prove", _("Prove"), id="derivation.prove",
                tooltip=_("Check every line again with new random numbers")),
        Binding("e", "numbers", _("Numbers"), id="derivation.numbers",
                tooltip=_("Show or hide the numbers of one random draw")),
        Binding("d", "details", _("Details"), id="derivation.details", show=False,
                tooltip=_("Show or hide the residual and tolerance of each check")),
        Binding("left,h", "part(-1)", _("Previous part"), id="derivation.part_before",
                show=False, tooltip=_("While numbers are shown: the previous part")),
        Binding("right,l", "part(1)", _("Next part"), id="derivation.part_after", show=False,
                tooltip=_("While numbers are shown: the next part")),
        Binding("up,comma", "other(-1)", _("Line above"), id="derivation.before", show=False,
                tooltip=_("While numbers are shown: the line above")),
        Binding("down,full_stop", "other(1)", _("Line below"), id="derivation.after", show=False,
                tooltip=_("While numbers are shown: the line below")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    DerivationView { border-left: outer $rule; padding: 0 0 0 1; }
    DerivationView:focus { border-left: outer $accent; }
    """

    class Wanted(Message):
        """The learner wants to give the lines."""

        def __init__(self, view: DerivationView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, block: Derivation, notation: Notation) -> None:
        super().__init__()
        self.block = block
        self.notation = notation
        self.round = 0
        self.state = DerivationState(shown=1)
        self.card: FadedView | None = None
        """The questions about the lines, while the learner gives them."""

    def on_mount(self) -> None:
        """Check all lines in the background: the first check may have to wait for torch."""
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
        """The revealed lines, and the keys to continue."""
        found = derivation(self.block, width, self.state)
        is_read = self.card is None and not self.has_focus
        if is_read and self.state.shown < len(self.block.lines):
            told = self.tabbed(_("tab, then ⟨enter|derivation.reveal⟩: next line"))
            found.append((("  ", Ink.PLAIN), *hint_pieces(told)))
        return found

    def source_text(self) -> str:
        """A derivation is copied as LaTeX, one line per step."""
        rows = [line.latex for line in self.block.lines[: self.state.shown]]
        return "\n".join(f"$${row}$$" for row in rows)

    def on_focus(self) -> None:
        """Hide the hint."""
        self.relay()

    def on_blur(self) -> None:
        """Show the hint again."""
        self.relay()

    def tabs_changed(self) -> None:
        """Change the hint."""
        self.relay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow only what is possible now."""
        if action == "reveal":
            return self.state.shown < len(self.block.lines)
        if self.card is not None and action not in ("yourself", "shapes"):
            return False  # what is asked must stay covered
        if action == "shapes":
            return any(line.shapes for line in self.block.lines)
        if action in ("part", "other"):
            return self.state.opened is not None
        return True

    def action_reveal(self) -> None:
        """Reveal one more line; shown numbers move to it."""
        if self.card is not None:
            self.card.query_one("OptionRows, Input, Prompt").focus()
            return
        self.state.shown += 1
        if self.state.opened is not None:
            self._open(self.state.shown - 1)
        self._changed()
        after_refresh(self, self._show_end)

    def _show_end(self, first_too: bool = False) -> None:
        """Bring the last revealed line into view; with `first_too` no further than the first."""
        pane = self.parent
        if isinstance(pane, ScrollableContainer) and self.is_attached:
            below = self.virtual_region.bottom - pane.scroll_offset.y - pane.size.height
            if first_too:
                below = min(below, self.virtual_region.y - pane.scroll_offset.y)
            if below > 0:
                pane.scroll_relative(y=below, animate=False)

    def action_all(self) -> None:
        """Show all lines, or only the first."""
        whole = len(self.block.lines)
        self.state.shown = 1 if self.state.shown == whole else whole
        if self.state.opened is not None:
            self._open(self.state.shown - 1)
        self._changed()
        after_refresh(self, self._show_end, True)

    def action_shapes(self) -> None:
        """Show or hide the shapes of the factors."""
        self.state.shapes = not self.state.shapes
        self._changed()

    def action_prove(self) -> None:
        """Check again on new draws."""
        self.round += 1
        self.state.round = self.round
        self._prove()
        self.relay()

    def action_numbers(self) -> None:
        """Show or hide the numbers of one draw in the last line."""
        if self.state.opened is None:
            self._open(self.state.shown - 1)
        else:
            self.state.opened = None
        self._changed()
        after_refresh(self, self._show_end)

    def action_details(self) -> None:
        """Show or hide residuals and tolerances."""
        self.state.details = not self.state.details
        self._changed()

    def action_part(self, offset: int) -> None:
        """Highlight another part of the line."""
        if self.state.opened is not None and self.state.opened < len(self.state.parts):
            count = len(self.state.parts[self.state.opened]) or 1
            self.state.part = (self.state.part + offset) % count
            self._changed()

    def action_other(self, offset: int) -> None:
        """Show the numbers of another line."""
        if self.state.opened is not None:
            self._open(max(0, min(self.state.opened + offset, self.state.shown - 1)))
            self._changed()

    def _open(self, line: int) -> None:
        self.state.opened, self.state.part = line, 0

    def action_yourself(self) -> None:
        """Begin to give the lines, or go back to reading them."""
        if self.card is None:
            self.post_message(self.Wanted(self))
        else:
            self.card.action_read()

    async def begin(self, asked: Asked, slug: str) -> None:
        """Ask about the lines in a card below."""
        pane = self.parent
        assert isinstance(pane, Widget)
        if self.card is not None:
            await self.card.remove()
        self.card = FadedView(asked, slug)
        first = min(asked.asked_lines(), default=0)
        self.state = replace(self.state, shown=max(first, 1), opened=None, given=True)
        await pane.mount(self.card, after=self)
        self.card.focus()
        self._changed()

    async def end(self) -> None:
        """Show all lines, to be read."""
        if self.card is not None:
            await self.card.remove()
            self.card = None
        whole = len(self.block.lines)
        self.state = replace(self.state, shown=whole, covered=None, given=False)
        self.focus(scroll_visible=False)
        self._changed()

    def ask(self, shown: FadedView.Shown, asked: Asked) -> None:
        """Cover the line that is asked, or show it once it is given."""
        whole = len(self.block.lines)
        self.state.shown = whole if shown.task is None else shown.task.line + 1
        is_open = shown.task is not None and not shown.settled
        self.state.covered = covered(asked, shown.task) if is_open and shown.task else None
        self._changed()

    def _changed(self) -> None:
        self.relay()
        self.refresh_bindings()


def prove(block: Derivation, notation: Notation, round_number: int) -> Proved:
    """The checks of all lines, and their parts with the values of the first draw."""
    lines = read_lines([line.latex for line in block.lines], notation)
    bench = bench_for(lines, notation, block.name, round_number)
    proofs = prove_lines(lines, notation, block.name, round_number, bench=bench)
    return proofs, tuple(parts_of(line, bench) for line in lines)
