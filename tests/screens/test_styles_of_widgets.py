"""Each widget has the styles that Textual itself would find for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widgets import Button, Input, Label

from tests.screens.training_app import NARROW, softmax_app
from tui.lazy_styles import _GIVEN
from tui.themes import ThemedApp


class _Textual(Stylesheet):
    """Textual's own, which notes what it finds instead of setting it."""

    found: RulesMap | None = None

    def _process_component_classes(self, node: DOMNode) -> None:
        """Parts are looked at as widgets are."""

    def replace_rules(  # type: ignore[override]  # of one sheet, not of the class
        self, node: DOMNode, rules: RulesMap, animate: bool = False
    ) -> None:
        self.found = rules


def differing(app: App[Any]) -> list[tuple[DOMNode, object, object]]:
    """The widgets whose styles are not Textual's, with both."""
    sheet = _Textual(variables=app.stylesheet._variables)
    sheet.source = app.stylesheet.source.copy()
    sheet.parse()
    found = list[tuple[DOMNode, object, object]]()
    for widget in app.screen.walk_children():
        parts = [part.node for part in widget._component_styles.values()]
        for node in (widget, *filter(None, parts)):
            ours, sheet.found = vars(node).get(_GIVEN), None
            noted = _noted(node)
            sheet.apply(node)
            for mine, theirs in (
                (_told(ours), _told(sheet.found)),
                (noted, _noted(node)),
            ):
                if mine != theirs:
                    found.append((node, mine, theirs))
    return found


def _told(rules: RulesMap | None) -> dict[str, str]:
    # A layout is equal to itself alone.
    return {name: re.sub(r" object at \w+", "", repr(rule)) for name, rule in (rules or {}).items()}


def _noted(node: DOMNode) -> tuple[bool, ...]:
    order, odd = node._has_order_style, node._has_odd_or_even
    return node._has_hover_style, node._has_focus_within, order, odd


class _Page(ThemedApp[None]):
    CSS = """
    Vertical { width: 10; &:focus-within { width: 20; } Label { color: red; } }
    Label { color: blue; height: 2; &:first-child { height: 3; } &:odd { padding: 1; } }
    #outer > .inner Label.deep.er { color: green; height: initial; }
    Vertical Vertical > Label, .inner Label { margin: 1; }
    .inner.open { width: initial; Label:last-child { color: white !important; } }
    Input:disabled { width: 5; } Input:focus { width: 6; } Input { width: 7; margin: initial; }
    * { border-title-color: yellow; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(id="outer"):
            yield Input(id="first")
            with Vertical(classes="inner"):
                yield Label("a")
                yield Label("b", classes="deep er")
                yield Label("c", classes="deep")
            yield Button("press")


async def test_whatever_selectors_ask_for() -> None:
    app = _Page()
    async with app.run_test(size=NARROW) as pilot:
        assert not differing(app)
        inner, field = app.query_one(".inner"), app.query_one("#first", Input)
        assert inner.styles.width is not None
        widths = [field.styles.width]
        for change in (
            lambda: inner.add_class("open"),
            lambda: field.focus(),
            lambda: app.query_one(Button).focus(),
            lambda: setattr(field, "disabled", True),
            lambda: inner.remove_class("inner"),
            lambda: setattr(app, "theme", "dltutor-light"),
        ):
            change()
            await pilot.pause()
            assert not differing(app)
            widths.append(field.styles.width)
        assert [str(width) for width in widths] == ["6", "6", "6", "7", "5", "5", "5"]


@pytest.mark.parametrize("focus", ["Input", "#panes"])
async def test_on_a_screen_of_the_program(focus: str) -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        app.screen.query(focus).first().focus()
        await pilot.pause()
        assert not differing(app)
