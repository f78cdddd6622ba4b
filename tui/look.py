"""How the application looks, from one start to the next: the theme, and the signs of formulas."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widget import Widget

from engine.language import _
from lessons.learner.progress import Progress
from tui.config import Config
from tui.opening import ScreenOpener
from tui.page.signs import plain_signs, use_plain_signs
from tui.sign_width import problem, told_cells
from tui.themes import FORMER_THEMES, first_theme, next_theme
from tui.wide_signs import PlainDrawings, forget_widths, measure
from tui.widgets.lines_view import LinesView

WIDE_SIGNS = "wide signs"
"""The setting that keeps how wide the last terminal drew signs, `wide` or `narrow`; empty where
none ever drew them wide, so that the learner was told nothing."""


class RememberedLook(ScreenOpener):
    """The part of the application that changes how it looks, and remembers the choice."""

    progress: Progress
    """Where choices are remembered."""
    config: Config
    """The preferences, which come first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawings = PlainDrawings(enabled=False)

    def measure_as_last_time(self) -> None:
        """Until the terminal says how wide its signs are, assume that it is last time's."""
        self._measure(wide=self.progress.setting(WIDE_SIGNS) in ("wide", "told"))

    def _measure(self, *, wide: bool) -> None:
        measure(wide)
        self.drawings.enabled = wide

    def on_cursor_position(self, event: events.CursorPosition) -> None:
        """The terminal has told how wide it draws signs; once, a learner is told what follows."""
        cells = told_cells(event.x, event.y)
        is_wide = cells == 2
        if is_wide and not self.progress.setting(WIDE_SIGNS):
            self.notify(problem(cells), severity="warning", timeout=20, markup=False)
        if cells is None or is_wide == self.drawings.enabled:
            return
        self.progress.remember(WIDE_SIGNS, "wide" if is_wide else "narrow")
        self._measure(wide=is_wide)
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget, with_self=True):
                forget_widths(widget)

    def choose_remembered_look(self) -> None:
        """Take the theme and the signs of last time."""
        self._choose_remembered_theme()
        if self.progress.setting("plain signs"):
            use_plain_signs(self.progress.setting("plain signs") == "yes")

    def action_toggle_theme(self) -> None:
        """Show the next of the program's own themes."""
        if self.no_color:
            self.notify(_("NO_COLOR is set, so there is one theme only."), markup=False)
            return
        self.theme = next_theme(self.theme)

    def _choose_remembered_theme(self) -> None:
        """Take the theme of last time if this version knows it, and remember every later choice."""
        remembered = self.config.theme or self.progress.setting("theme") or ""
        remembered = FORMER_THEMES.get(remembered, remembered)
        first = first_theme(self.console)
        if not self.no_color:
            self.theme = remembered if remembered in self.available_themes else first
        # Whatever chooses a theme (the key, the palette, a setting) ends here.
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember_theme(theme.name))

    def _remember_theme(self, name: str) -> None:
        if not self.no_color and self.progress.setting("theme") != name:
            self.progress.remember("theme", name)

    def toggle_signs(self) -> None:
        """Draw formulas with signs that every font has or with the full set; save the choice."""
        use_plain_signs(not plain_signs())
        self.progress.remember("plain signs", "yes" if plain_signs() else "no")
        for screen in self.screen_stack:
            for view in screen.query(LinesView):
                view.relay()
