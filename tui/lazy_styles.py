"""The style sheet of the program: it arrives at the same styles as Textual's with less work.

Textual works out a style for each part of a widget, such as the cursor, placeholder and selection
of an input, whenever the widget is styled. Most parts are never drawn, so here a part is styled
when it is first asked for. And half of what Textual reads in a style sheet is blanks, one by one:
they are left out beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from textual.css.errors import StylesheetError
from textual.css.model import RuleSet
from textual.css.styles import RenderStyles, RulesMap
from textual.css.stylesheet import Stylesheet
from textual.css.tokenizer import TokenError
from textual.css.types import CSSLocation
from textual.dom import DOMNode

from tui.drawn_once import drawn_once

_GIVEN = "rules_given"
"""The styles that a node was given last, as they stand in the style sheets."""

# The same hash, without a call in Python for each of some 200 rules and each widget that is styled.
RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]


def tight(css: str) -> str:
    """The same style sheet without blanks that say nothing.

    It is left as it is where blanks may count: beside texts, comments and variables.
    """
    text = " ".join(css.split())
    if any(sign in text for sign in ('"', "/*", "# ", "; $", "} $")) or text.startswith("$"):
        return css
    for blank in ("{ ", " {", "; ", "} ", " }", ": ", ", ", " > "):
        text = text.replace(blank, blank.strip())
    return text


class _Parts(dict[str, RenderStyles]):
    """The styles of the parts of a widget, by component class."""

    def __init__(self, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._node, self._names = node, names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> RenderStyles:
        if name not in self._names:
            raise KeyError(name)
        part = DOMNode(classes=name)
        part._attach(self._node)
        self._node.app.stylesheet.apply(part, animate=False)
        self[name] = part.styles
        return part.styles

    def clear(self) -> None:
        """Forget the parts, as a widget does that is removed."""
        super().clear()
        self._names = frozenset()


class LazyStylesheet(Stylesheet):
    """Styles the parts of a widget when they are needed."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._read: dict[tuple[str, CSSLocation, bool, str], tuple[int, list[RuleSet]]] = {}
        """The rules of each sheet, and what decides between them and others as specific."""

    def copy(self) -> LazyStylesheet:
        """A sheet with the same sources, to be parsed anew."""
        copied = LazyStylesheet(variables=self._variables.copy())
        copied.source = self.source.copy()
        return copied

    def update_nodes(self, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        """Style the nodes, and have each that looks different drawn anew once."""
        with drawn_once:
            super().update_nodes(nodes, animate=animate)

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        """Give the node these styles, and have it drawn anew once.

        Textual sets each of them again, also those that are as before, which are most of them.
        """
        before: RulesMap | None = vars(node).get(_GIVEN)
        vars(node)[_GIVEN] = rules
        if before is None or "transitions" in rules or "transitions" in before:
            with drawn_once:
                super().replace_rules(node, rules, animate)
            return
        base = node.styles.base
        names = before.keys() | rules.keys()
        with drawn_once:
            for name in [name for name in names if before.get(name) != rules.get(name)]:
                setattr(base, name, rules.get(name))
        node.notify_style_update()

    def set_variables(self, variables: dict[str, str]) -> None:
        """Other colours: what was read with the old ones is forgotten."""
        super().set_variables(variables)
        self._read.clear()

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        # Each widget that stands higher in the hierarchy than those before moves the sheets of the
        # classes below all of them one place down, and Textual reads these again.
        key = css, read_from, is_default_rules, scope
        before, known = self._read.get(key, (0, None))
        if known is None or any(rule.tie_breaker != before for rule in known):
            known = self._parsed(css, (read_from, is_default_rules, tie_breaker, scope))
        elif before != tie_breaker:
            known = [copy(rule) for rule in known]
            for rule in known:
                rule.tie_breaker = tie_breaker
        self._read[key] = tie_breaker, known
        return known

    def _parsed(self, css: str, rest: tuple[CSSLocation, bool, int, str]) -> list[RuleSet]:
        try:
            rules = super()._parse_rules(tight(css), *rest)
        except (StylesheetError, TokenError):
            return super()._parse_rules(css, *rest)  # with the line and the column of the fault
        return super()._parse_rules(css, *rest) if any(rule.errors for rule in rules) else rules

    def _process_component_classes(self, node: DOMNode) -> None:
        names = frozenset(node._get_component_classes())
        if not names:
            return
        before = node._component_styles
        after = node._component_styles = _Parts(node, names)
        # Only parts that were drawn can look different now.
        if any(after[name] != styles for name, styles in before.items() if name in after):
            node.styles.base.refresh()
