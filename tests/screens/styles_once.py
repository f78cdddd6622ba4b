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
        number = vars(self).get(NUMBER)
        if number is None:
            given = tuple(sorted(self._variables.items()))
            number = vars(self)[NUMBER] = _numbers.setdefault(given, len(_numbers))
        key = (number, css, read_from, is_default_rules, tie_breaker, scope)
        if key not in _parsed:
            _parsed[key] = parse(self, css, read_from, is_default_rules, tie_breaker, scope)
        return _parsed[key]

    change = Stylesheet.set_variables

    def changed(self: Stylesheet, variables: dict[str, str]) -> None:
        vars(self).pop(NUMBER, None)
        change(self, variables)

    Stylesheet._parse_rules = once  # type: ignore[method-assign]
    Stylesheet.set_variables = changed  # type: ignore[method-assign]
