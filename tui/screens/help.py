"""Help for where the learner is: the keys of the focused widget, the screen and the app."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import ScrollableContainer
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from engine.language import _
from tui.columns import left
from tui.config import Config
from tui.page.hints import coded_pieces
from tui.page.lines import Ink, InkLine, line_width, wrap
from tui.screens.reading_screen import ReadingScreen, scroll_keys
from tui.widgets.coded import coded
from tui.widgets.lines_view import LinesView

_LITTLE = _(
    "Low-bandwidth mode: screens are refreshed once a second. For more, set"
    ' low_bandwidth = "off" in the file that `dltutor config path` names.'
)

_KEYS = 14
"""The columns of the keys, with the air behind them."""


class HelpScreen(ReadingScreen):
    """Lists every key that works on the screen below, nearest first."""

    BINDINGS = [
        Binding("escape,q,question_mark,f1", "dismiss", _("Close"), id="help.close",
                tooltip=_("Close the help")),
        *scroll_keys("help"),
    ]  # fmt: skip

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self.below = below
        self.groups = list(self._groups())

    def _groups(self) -> Iterator[tuple[str, list[ActiveBinding]]]:
        by_title: dict[str, list[ActiveBinding]] = {}
        usual: list[ActiveBinding] = []
        for active in self.below.active_bindings.values():
            if told(active):
                by_title.setdefault(self._title(active.node), []).append(active)
            elif about(active):
                usual.append(active)
        yield from by_title.items()
        if usual:  # what everybody tries anyway comes last
            yield _("Moving and editing"), usual

    def _title(self, node: object) -> str:
        # What scrolls a page around the focused control is no part of that.
        is_page = isinstance(node, ScrollableContainer) and node is not self.below.focused
        if isinstance(node, Screen) or is_page:
            return _("On this screen")
        return _("In the focused control") if isinstance(node, Widget) else _("Everywhere")

    def compose(self) -> ComposeResult:
        """One table per group."""
        with self.titled(_("Keys available here"), "help.close"):
            for title, bindings in self.groups:
                yield Static(title, classes="help-group")
                yield KeyTable(list(self._rows(bindings)))
            config: Config = getattr(self.app, "config", Config())
            if config.saves_bandwidth():
                yield Static(coded(_LITTLE), classes="help-note", markup=False)

    def _rows(self, bindings: list[ActiveBinding]) -> Iterator[tuple[str, str]]:
        """The keys of each binding, and what they do."""
        keys: dict[str, tuple[list[str], str]] = {}
        for active in bindings:
            binding = active.binding
            shown = binding.key_display or self.app.get_key_display(binding)
            entry = keys.setdefault(binding.id or binding.action, ([], about(active)))
            if shown not in entry[0]:
                entry[0].append(shown)
        for shown_keys, does in keys.values():
            yield " ".join(shown_keys), does


class KeyTable(LinesView):
    """Keys in a column, and what they do beside them."""

    def __init__(self, entries: list[tuple[str, str]]) -> None:
        super().__init__()
        self.entries = entries

    def lines(self, width: int) -> list[InkLine]:
        found: list[InkLine] = []
        for keys, does in self.entries:
            lead: InkLine = ((left(keys, _KEYS), Ink.CODE),)
            if line_width(lead) > _KEYS:
                found.append(lead)
                lead = ((" " * _KEYS, Ink.PLAIN),)
            for line in wrap(coded_pieces(does), width - _KEYS):
                found.append((*lead, *line))
                lead = ((" " * _KEYS, Ink.PLAIN),)
        return found


_USUAL = {
    "app.focus_next": _("Go to the next question, field, list or lab"),
    "app.focus_previous": _("Go to the one before"),
    "screen.copy_text": _("Copy the selected text; quit if nothing is selected"),
    "cursor_up": _("One row up"),
    "cursor_down": _("One row down"),
    "cursor_left": _("One place to the left"),
    "cursor_right": _("One place to the right"),
    "first": _("First row"),
    "last": _("Last row"),
    "select": _("Choose the selected row"),
    "page_up": _("Scroll a page up"),
    "page_down": _("Scroll a page down"),
    "scroll_up": _("Scroll up"),
    "scroll_down": _("Scroll down"),
    "scroll_home": _("Scroll to the start"),
    "scroll_end": _("Scroll to the end"),
    "scroll_top": _("Scroll to the first row"),
    "scroll_bottom": _("Scroll to the last row"),
    "submit": _("Accept what was typed"),
    "home": _("Go to the start"),
    "end": _("Go to the end"),
    "cursor_line_start": _("Go to the start of the line"),
    "cursor_line_end": _("Go to the end of the line"),
    "cursor_page_up": _("Scroll a page up"),
    "cursor_page_down": _("Scroll a page down"),
    "cursor_word_left": _("Go one word to the left"),
    "cursor_left_word": _("Go one word to the left"),
    "cursor_word_right": _("Go one word to the right"),
    "cursor_right_word": _("Go one word to the right"),
    "select_all": _("Select all"),
    "copy": _("Copy the selected text"),
    "cut": _("Cut the selected text"),
    "paste": _("Paste what was copied here"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "delete_left": _("Delete the character before the cursor"),
    "delete_right": _("Delete the character under the cursor"),
    "delete_left_word": _("Delete to the start of the word"),
    "delete_word_left": _("Delete to the start of the word"),
    "delete_right_word": _("Delete to the end of the word"),
    "delete_word_right": _("Delete to the end of the word"),
    "delete_left_all": _("Delete to the start of the line"),
    "delete_to_start_of_line": _("Delete to the start of the line"),
    "delete_right_all": _("Delete to the end of the line"),
    "delete_to_end_of_line_or_delete_line": _("Delete to the end of the line"),
    "delete_line": _("Delete the line"),
    "press": _("Press the button"),
}
"""What Textual's own keys do, by their actions; moving with shift held selects as it moves.
"""


def told(active: ActiveBinding) -> str:
    """What a key of our own does, in words; empty for one of Textual's."""
    return active.tooltip or active.binding.tooltip


def about(active: ActiveBinding) -> str:
    """What a key does, in words; empty for what only selects while it moves."""
    action, node = active.binding.action, active.node
    if told(active) or "super+" in active.binding.key:  # keys that few terminals send
        return told(active)
    if action.startswith(("scroll_", "page_")) and not (
        isinstance(node, Widget) and node.allow_vertical_scroll
    ):
        return ""
    return _USUAL.get(action, "")
