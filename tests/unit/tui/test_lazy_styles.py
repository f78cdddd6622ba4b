"""The style sheet of the program says what Textual's would, from fewer signs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App
from textual.css.parse import parse
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input, OptionList

import tui
from tests.cases import for_each
from tui.lazy_styles import LazyStylesheet, tight
from tui.themes import ThemedApp
from tui.widgets.lines_view import LinesView
from tui.widgets.training_panes import TrainingPanes

OWN = {path.name: path.read_text() for path in Path(tui.__file__).parent.glob("styles/*.tcss")}
OTHERS = (App, Footer, Input, LinesView, OptionList, Screen, ThemedApp, TrainingPanes, Widget)
SHEETS = OWN | {one.__name__: one.DEFAULT_CSS for one in OTHERS}


@for_each("name", SHEETS)
def test_without_blanks_a_sheet_has_the_same_rules(name: str) -> None:
    css, variables = SHEETS[name], ThemedApp[None]().stylesheet._variable_tokens
    before, after = (
        [*parse("Scope", text, ("", ""), variable_tokens=variables)] for text in (css, tight(css))
    )
    assert [(one.selectors, repr(one.styles.get_rules())) for one in after] == [
        (one.selectors, repr(one.styles.get_rules())) for one in before
    ]
    assert not any(one.errors for one in after)


@for_each("one", OTHERS)
def test_a_sheet_that_moves_a_place_down_has_the_rules_that_are_read_there(one: type) -> None:
    app = ThemedApp[None]()
    moved, fresh = app.stylesheet.copy(), app.stylesheet.copy()
    where, css = ("here.py", one.__name__), one.DEFAULT_CSS  # type: ignore[attr-defined]

    def told(sheet: Stylesheet, place: int) -> list[tuple[str, int, str]]:
        rules = sheet._parse_rules(css, where, True, place, one.__name__)
        return [(rule.selectors, rule.tie_breaker, repr(rule.styles.get_rules())) for rule in rules]

    first = told(moved, -1)
    assert told(moved, -2) == told(fresh, -2)
    assert told(moved, -1) == first


@for_each(
    "css", ['A { content: "x;  y"; }', "A { /* b */ color: red; }", "$a: red;\nA { color: $a; }"]
)
def test_a_sheet_where_blanks_may_count_is_left_as_it_is(css: str) -> None:
    assert tight(css) == css


def test_blanks_between_two_selectors_stay() -> None:
    assert tight("A  B,\n  C > D:focus {\n  color: red;\n}\n") == "A B,C>D:focus{color:red;}"


def test_a_fault_is_told_with_its_line() -> None:
    sheet = LazyStylesheet(variables={})
    sheet.add_source("A {\n  color: red;\n  width: wide;\n}\n", ("here.tcss", ""))
    with pytest.raises(StylesheetParseError) as caught:
        sheet.parse()
    (rule,) = caught.value.errors.rules
    assert [token.location[0] for token, _help in rule.errors] == [2]
