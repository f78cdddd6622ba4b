"""Under another theme each widget is drawn anew once, and all that Textual would draw anew are."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from tests.screens.waiting import settle
from tui.lazy_styles import LazyStylesheet
from tui.themes import ThemedApp


class Page(ThemedApp[None]):
    """Widgets in each other, with styles that reach down, to the parent, and to the layout."""

    CSS = """
    Horizontal { background: $panel; color: $primary; }
    .tall Static { height: 3; offset: 1 0; color: $error; }
    .tall { layout: vertical; padding: 1; dock: right; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(id="page"), Horizontal(id="outer"), Vertical(id="inner"):
            yield Static("a", id="text")
            yield Input("b", id="field")


async def asked(monkeypatch: pytest.MonkeyPatch, what: str) -> Counter[tuple[str, bool, bool]]:
    """What is asked of which widget, of a kind each: (layout, repaint)."""
    found = Counter[tuple[str, bool, bool]]()
    page = Page()
    async with page.run_test() as pilot:
        await settle(pilot)
        refresh = Widget.refresh

        def note(self: Widget, *regions: Any, **how: Any) -> Widget:
            name = str(self.id or type(self).__name__)
            found[name, how.get("layout", False), how.get("repaint", True)] += 1
            return refresh(self, *regions, **how)

        with monkeypatch.context() as patch:
            patch.setattr(Widget, "refresh", note)
            if what == "theme":
                other = page.get_theme("dltutor-light")
                assert other is not None
                colours = other.to_color_system().generate()
                page.stylesheet.set_variables(page.get_css_variables() | colours)
                page.stylesheet.reparse()
                page.stylesheet.update(page)
            else:
                page.query_one("#outer").set_class(True, "tall", update=False)
                page.stylesheet.update(page.query_one("#outer"))
    return found


@pytest.mark.parametrize("what", ["theme", "class"])
async def test_all_are_asked_and_each_once(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await asked(monkeypatch, what)
    for name in ("update_nodes", "replace_rules"):
        monkeypatch.delattr(LazyStylesheet, name)
    textual = await asked(monkeypatch, what)
    assert ours
    assert ours.keys() == textual.keys()
    # The application asks its screen once more.
    assert {count for (name, *_how), count in ours.items() if name != "_default"} == {1}
    assert max(textual.values()) >= 3
