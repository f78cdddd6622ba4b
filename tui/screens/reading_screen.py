"""A long text over the screen below, to scroll and to close again."""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from engine.language import _
from tui.widgets.clickable import clickable


def scroll_keys(name: str) -> list[BindingType]:
    """The keys that scroll, with ids that begin with `name`."""
    return [
        Binding("j,down", "scroll(1)", _("Down"), id=f"{name}.down", show=False,
                tooltip=_("Scroll down")),
        Binding("k,up", "scroll(-1)", _("Up"), id=f"{name}.up", show=False,
                tooltip=_("Scroll up")),
        Binding("pagedown,space", "page(1)", _("Page down"), id=f"{name}.page_down", show=False,
                tooltip=_("Scroll a page down")),
        Binding("pageup", "page(-1)", _("Page up"), id=f"{name}.page_up", show=False,
                tooltip=_("Scroll a page up")),
    ]  # fmt: skip


class ScrollingScreen(ModalScreen[None]):
    """A dialog whose first scrolling pane holds all of it."""

    @property
    def pane(self) -> VerticalScroll:
        """What is scrolled."""
        return self.query(VerticalScroll).first()

    def action_page(self, direction: int) -> None:
        """Scroll by a page."""
        pane = self.pane
        pane.scroll_relative(y=direction * max(pane.size.height - 2, 1), animate=False)

    def action_scroll(self, direction: int) -> None:
        """Scroll by one line."""
        self.pane.scroll_relative(y=direction, animate=False)


class ReadingScreen(ScrollingScreen):
    """Scrolls the pane `#help`, which holds the text."""

    CSS_PATH = "../styles/help.tcss"

    def titled(self, title: str, close: str) -> VerticalScroll:
        """The pane, with its title and the key of the binding `close` in its border."""
        pane = VerticalScroll(id="help", can_focus=False)
        pane.border_title = Content(title)
        pane.border_subtitle = clickable([(f"⟨esc|{close}⟩", _("close"), "screen.dismiss")])
        return pane
