"""Style sheets are parsed once in a process of the tests, not once for each application.

What Textual parses depends on the text and on the variables of the theme alone, and nothing
changes a rule once it is parsed: Textual itself keeps rules for all screens of an application.
Each application opens its screens with the same sheets one after the other: what is known of all
of them together is kept as well, and what rules come to.
"""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet

from tui.lazy_styles import LazyStylesheet, Rule

_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}
_numbers: dict[tuple[tuple[str, str], ...], int] = {}
"""A number for each set of variables, which takes less to compare."""
NUMBER = "number_of_variables"
_together: LRUCache[tuple[Any, ...], tuple[list[RuleSet], Any]] = LRUCache(300)
_come_to: dict[int, dict[tuple[Rule, ...], RulesMap]] = {}


def number_of(sheet: Stylesheet) -> int:
    """The number of its variables."""
    number: int | None = vars(sheet).get(NUMBER)
    if number is None:
        given = tuple(sorted(sheet._variables.items()))
        number = vars(sheet)[NUMBER] = _numbers.setdefault(given, len(_numbers))
    return number


def install() -> None:
    """Let all applications of this process share what is parsed."""
    parse = Stylesheet._parse_rules

    def once(
        self: Stylesheet,
        css: str,
        read_from: tuple[str, str],
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (number_of(self), css, read_from, is_default_rules, tie_breaker, scope)
        if key not in _parsed:
            _parsed[key] = parse(self, css, read_from, is_default_rules, tie_breaker, scope)
        return _parsed[key]

    parse_all = LazyStylesheet.parse

    def all_once(self: LazyStylesheet) -> None:
        key = number_of(self), *self.source.items()
        known = None if self._invalid_css else _together.get(key)
        if known is None:
            parse_all(self)
            known = _together[key] = self._rules, self.rules_map
        self._rules, self._rules_map = known
        self._require_parse = False
        self.come_to = _come_to.setdefault(number_of(self), {})

    change = Stylesheet.set_variables

    def changed(self: Stylesheet, variables: dict[str, str]) -> None:
        vars(self).pop(NUMBER, None)
        if isinstance(self, LazyStylesheet):
            self.come_to = {}
        change(self, variables)

    Stylesheet._parse_rules = once  # type: ignore[method-assign]
    Stylesheet.set_variables = changed  # type: ignore[method-assign]
    LazyStylesheet.parse = all_once  # type: ignore[method-assign,assignment]
