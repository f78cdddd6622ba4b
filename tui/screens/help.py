"""Help for where the learner is: the keys of the focused widget, the screen and the app."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table as RichTable
from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from engine.language import _
from tui.screens.reading_screen import ReadingScreen, scroll_keys


class HelpScreen(ReadingScreen):
    """Lists every key that works on the screen below, nearest first."""

    BINDINGS = [
        Binding("escape,q,question_mark", "dismiss", _("Close"), id="help.close",
                tooltip=_("Close the help")),
        *scroll_keys("help"),
    ]  # fmt: skip

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self.below = below
        self.groups = list(self._groups())

    def _groups(self) -> Iterator[tuple[str, list[ActiveBinding]]]:
        by_node: dict[object, list[ActiveBinding]] = {}
        for active in self.below.active_bindings.values():
            if active.binding.tooltip or active.tooltip:
                by_node.setdefault(active.node, []).append(active)
        for node, bindings in by_node.items():
            yield _title(node), bindings

    def compose(self) -> ComposeResult:
        """One table per group."""
        with VerticalScroll(id="help", can_focus=False):
            yield Static(_("Keys available here"), classes="help-title")
            for title, bindings in self.groups:
                yield Static(title, classes="help-group")
                yield Static(self._table(bindings))
            yield Static(_("escape closes this help"), classes="help-end")

    def _table(self, bindings: list[ActiveBinding]) -> RichTable:
        table = RichTable.grid(padding=(0, 2, 0, 0))
        table.add_column(width=12, no_wrap=True)
        table.add_column()
        keys: dict[str, tuple[list[str], str]] = {}
        for active in bindings:
            binding = active.binding
            shown = binding.key_display or self.app.get_key_display(binding)
            name = binding.id or binding.key
            entry = keys.setdefault(name, ([], active.tooltip or binding.tooltip))
            if shown not in entry[0]:
                entry[0].append(shown)
        for shown_keys, tooltip in keys.values():
            table.add_row(RichText(" ".join(shown_keys), style="bold"), tooltip)
        return table


def _title(node: object) -> str:
    if isinstance(node, Screen):
        return _("On this screen")
    if isinstance(node, Widget):
        return _("In the focused control")
    return _("Everywhere")
