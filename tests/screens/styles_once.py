"""Style sheets are parsed once in a process of the tests, not once for each application.

What Textual parses depends on the text and on the variables of the theme alone, and nothing
changes a rule once it is parsed: Textual itself keeps rules for all screens of an application.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}
_numbers: dict[tuple[tuple[str, str], ...], int] = {}
"""A number for each set of variables, which takes less to compare."""
NUMBER = "number_of_variables"
_joined: dict[tuple[Any, ...], tuple[list[RuleSet], dict[str, list[RuleSet]]]] = {}
"""The rules of all sheets of an application together. Each new kind of widget brings a sheet: they
are joined a dozen times for each application."""


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
        key = (_number(self), css, read_from, is_default_rules, tie_breaker, scope)
        if key not in _parsed:
            _parsed[key] = parse(self, css, read_from, is_default_rules, tie_breaker, scope)
        return _parsed[key]

    join = Stylesheet.parse

    def joined_once(self: Stylesheet) -> None:
        key = _number(self), *self.source.items()
        if key not in _joined or self._invalid_css:
            join(self)
            _joined[key] = self.rules, self.rules_map
        self._rules, self._rules_map = _joined[key]
        self._require_parse = False

    change = Stylesheet.set_variables

    def changed(self: Stylesheet, variables: dict[str, str]) -> None:
        vars(self).pop(NUMBER, None)
        change(self, variables)

    Stylesheet._parse_rules = once  # type: ignore[method-assign]
    Stylesheet.parse = joined_once  # type: ignore[method-assign]
    Stylesheet.set_variables = changed  # type: ignore[method-assign]


def _number(sheet: Stylesheet) -> int:
    number: int | None = vars(sheet).get(NUMBER)
    if number is None:
        given = tuple(sorted(sheet._variables.items()))
        number = vars(sheet)[NUMBER] = _numbers.setdefault(given, len(_numbers))
    return number
