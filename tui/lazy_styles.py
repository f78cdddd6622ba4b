"""The style sheet of the program: it arrives at the same styles as Textual's with less work.

Textual works out a style for each part of a widget, such as the cursor, placeholder and selection
of an input, whenever the widget is styled. Most parts are never drawn, so here a part is styled
when it is first asked for. Half of what Textual reads in a style sheet is blanks, one by one: they
are left out beforehand. And for each widget it goes through all rules, and asks of those that may
be meant for it whether the whole path of widgets fits: which ones may be meant is the same for all
widgets of a class, and what rules come to together is the same wherever they do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from operator import itemgetter
from typing import Any, NamedTuple, cast

from textual.css.errors import StylesheetError
from textual.css.match import _check_selectors
from textual.css.model import CombinatorType, RuleSet, Selector
from textual.css.styles import RenderStyles, RulesMap
from textual.css.stylesheet import _DEFAULT_STYLES, Stylesheet
from textual.css.tokenizer import TokenError
from textual.css.types import CSSLocation, Specificity3, Specificity6
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


Rule = tuple[RuleSet, Specificity3]
"""A rule, and how specific the selectors are by which it is meant for a widget."""

_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})
_ODD_OR_EVEN = frozenset({"odd", "even"})


class _Candidate(NamedTuple):
    """A rule whose last selector has the name of a widget."""

    rule: Rule
    pseudo_classes: set[str]
    selectors: list[Selector] | None
    """What the widgets above are asked; None where nothing is."""


def _candidate(rule: Rule, selectors: list[Selector]) -> _Candidate:
    last = selectors[-1]
    alone = len(selectors) == 1 and last.combinator == CombinatorType.DESCENDENT
    return _Candidate(rule, last.pseudo_classes, None if alone else selectors)


class _Candidates:
    """The rules that may be meant for widgets of a class, with an id and classes."""

    def __init__(self, rules: list[RuleSet], node: DOMNode) -> None:
        pseudo = set[str]().union(*[rule.pseudo_classes for rule in rules])
        self.hover = "hover" in pseudo
        self.focus_within = "focus-within" in pseudo
        self.order = not pseudo.isdisjoint(_ORDER)
        self.odd_or_even = not pseudo.isdisjoint(_ODD_OR_EVEN)
        self.kept = pseudo.isdisjoint(Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE)
        self.candidates = [
            _candidate((rule, one.specificity), one.selectors)
            for rule in rules
            for one in rule.selector_set
            if one.selectors[-1]._check(node)
        ]

    def meant(self, node: DOMNode) -> tuple[Rule, ...]:
        """Those that are meant for this widget."""
        path, has = node.css_path_nodes, node.has_pseudo_classes
        return tuple(
            [
                rule
                for rule, pseudo_classes, selectors in self.candidates
                if (not pseudo_classes or has(pseudo_classes))
                and (selectors is None or _check_selectors(selectors, path))
            ]
        )


class _RulesMap(dict[str, list[RuleSet]]):
    """The rules by what they name, and what is known of them."""

    def __init__(self, rules: dict[str, list[RuleSet]]) -> None:
        super().__init__(rules)
        self.candidates: dict[tuple[type, str | None, frozenset[str]], _Candidates] = {}
        """By the class of a widget, its id and its classes."""


def _come_to(rules: tuple[Rule, ...]) -> RulesMap:
    """What the most specific of the rules say; without a value, what stands below them.

    As the second half of `Stylesheet.apply` does it.
    """
    found = defaultdict[str, list[tuple[Specificity6, Any]]](list)
    unset, unset_defaults = set[str](), set[str]()
    for rule, specificity in rules:
        default = rule.is_default_rules
        for name, place, value in rule.styles.extract_rules(specificity, default, rule.tie_breaker):
            if value is None:
                (unset_defaults if default else unset).add(name)
            found[name].append((place, value))
    place_of = itemgetter(0)
    result: dict[str, Any] = {name: max(all_, key=place_of)[1] for name, all_ in found.items()}

    def below(name: str, kind: Callable[[Specificity6], bool]) -> list[tuple[Specificity6, Any]]:
        return [one for one in found[name] if kind(one[0])]

    for name in unset:
        if result[name] is None:
            if values := below(name, lambda place: not place[0]):
                result[name] = max(values, key=place_of)[1]
            else:
                unset_defaults.add(name)
    for name in unset_defaults:
        if result[name] is None:
            values = below(name, lambda place: bool(place[0]))
            result[name] = (
                max(values, key=place_of)[1] if values else getattr(_DEFAULT_STYLES, name)
            )
    return cast("RulesMap", result)


class LazyStylesheet(Stylesheet):
    """Styles the parts of a widget when they are needed, and each with what is known of others."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self.come_to: dict[tuple[Rule, ...], RulesMap] = {}
        """What rules come to together."""
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

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,
    ) -> None:
        """Give the node the styles that the rules say, as `Stylesheet.apply` does."""
        of = self.rules_map
        candidates = self._candidates(node, of)
        node._has_hover_style = candidates.hover
        node._has_focus_within = candidates.focus_within
        node._has_order_style = candidates.order
        node._has_odd_or_even = candidates.odd_or_even
        key: tuple[Any, ...] | None = None
        rules: RulesMap | None = None
        if cache is not None and candidates.kept:
            named = node._id if node._id is not None and f"#{node._id}" in of else None
            state = node._pseudo_classes_cache_key
            key = node._parent, named, node.classes, state, node._css_type_name
            rules = cache.get(key)
        if rules is None and (meant := candidates.meant(node)):
            rules = self.come_to.get(meant)
            if rules is None:
                rules = self.come_to[meant] = _come_to(meant)
            if key is not None and cache is not None:
                cache[key] = rules
        if rules:
            self.replace_rules(node, rules, animate=animate)
        self._process_component_classes(node)

    @property
    def rules_map(self) -> _RulesMap:
        """The rules by what they name."""
        if not isinstance(self._rules_map, _RulesMap):
            self._rules_map = _RulesMap(super().rules_map)
        return self._rules_map

    def _candidates(self, node: DOMNode, of: _RulesMap) -> _Candidates:
        key = type(node), node._id, frozenset(node._classes)
        found = of.candidates.get(key)
        if found is None:
            named = {rule for name in of.keys() & node._selector_names for rule in of[name]}
            rules = list(filter(named.__contains__, reversed(self.rules)))
            found = of.candidates[key] = _Candidates(rules, node)
        return found

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
        if before is not rules:
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
        self.come_to.clear()

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
