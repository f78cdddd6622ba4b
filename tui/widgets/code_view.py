"""Source code with syntax colours; `enter` runs it and shows its output."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.language import _
from lessons.format.document import Code
from lessons.format.source import load_source, run_source
from tui.background import in_background
from tui.page.blocks import text_lines, where
from tui.page.lines import InkLine
from tui.widgets.clickable import lit
from tui.widgets.lines_view import LinesView
from tui.widgets.source import Source
from tui.widgets.tab_hint import NamesTab


class CodeCaption(LinesView):
    """The purpose of the code."""

    def __init__(self, block: Code) -> None:
        super().__init__()
        self.block = block

    def lines(self, width: int) -> list[InkLine]:
        return text_lines([self.block.caption], width)


class CodeView(NamesTab, Vertical, can_focus=False):
    """Shows the source of one function; if it can be run, the view takes the focus and `enter`."""

    BINDINGS = [
        Binding(
            "enter", "run", _("Run"), id="code.run", tooltip=_("Run this code and show its output")
        )
    ]

    DEFAULT_CSS = """
    CodeView { height: auto; padding: 0 0 0 2; border-left: outer $rule; }
    CodeView:focus { border-left: outer $accent; }
    CodeView > .where { color: $foreground-muted; }
    CodeView > .output { color: $meaning-computed; display: none; }
    CodeView > .source { height: auto; }
    """

    def __init__(self, block: Code) -> None:
        super().__init__()
        self.block = block
        self.can_focus = block.runs
        self.output = ""
        self._where = ""

    def compose(self) -> ComposeResult:
        """Caption, source, output."""
        excerpt = load_source(self.block.target)
        if self.block.caption:
            yield CodeCaption(self.block)
        self._where = where(self.block.target, excerpt.first_line)
        yield Static(self._place(), classes="where")
        yield Source(excerpt.text, classes="source")
        yield Static("", classes="output", markup=False)

    def _place(self) -> Content:
        """Where the code stands, and how it is run."""
        place = Content(self._where)
        if self.block.runs:
            place += Content(" · ") + lit(self.tabbed(_("tab, then ⟨enter|code.run⟩: run")))
        return place

    def tabs_changed(self) -> None:
        """Say it beside the place of the code."""
        self.query_one(".where", Static).update(self._place())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only code that is marked as runnable can be run."""
        return self.block.runs if action == "run" else True

    def action_run(self) -> None:
        """Run the code in the background."""
        self._show(_("running …"))
        in_background(
            self,
            lambda: run_source(self.block.target),
            lambda output: self._show(output.rstrip() or _("(no output)")),
            lambda error: self._show(f"{type(error).__name__}: {error}"),
        )

    def _show(self, output: str) -> None:
        self.output = output
        panel = self.query_one(".output", Static)
        panel.update("▸ " + output.replace("\n", "\n  "))
        panel.display = True
