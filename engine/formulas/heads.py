"""Names of symbols: the key of a drawn symbol, and the left sides of declarations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from engine.formulas.declarations import Head, Pattern
from engine.formulas.errors import MeaningError
from engine.formulas.nodes import (
    Accent,
    AtomClass,
    Fenced,
    Group,
    Node,
    Row,
    Script,
    Space,
    Styled,
    Symbol,
    Text,
)
from engine.formulas.parser import parse
from engine.formulas.roles import Role

SEPARATORS = frozenset({",", ";", "|", "∥"})
"""What stands between the arguments of a function."""
_TRANSPARENT = frozenset(Role) - {Role.BOLD}


def canonical(node: Node | None) -> str:
    """The key of a symbol: the same for every way of writing it."""
    match node:
        case None | Space():
            return ""
        case Symbol() | Text():
            return node.text
        case Row():
            return "".join(canonical(item) for item in node.items)
        case Group():
            return canonical(node.body)
        case Styled():
            inner = canonical(node.body)
            return f"bold {inner}" if node.role is Role.BOLD else inner
        case Accent():
            return f"{node.mark} {canonical(node.body)}"
        case Script():
            sub = f"_{{{canonical(node.sub)}}}" if node.sub else ""
            sup = f"^{{{canonical(node.sup)}}}" if node.sup else ""
            return canonical(node.base) + sub + "′" * node.primes + sup
        case Fenced():
            return "".join(
                fence + canonical(body)
                for fence, body in zip(node.fences, (*node.bodies, None), strict=True)
            )
        case _:
            raise MeaningError("A symbol is needed here.")


def is_transparent(node: Node) -> bool:
    """Whether a styled row only looks different, and its style is not part of a name."""
    return isinstance(node, Styled) and (node.role in _TRANSPARENT or bool(node.purpose))


def inside_brackets(row: Row | None) -> Row | None:
    """What stands in the round brackets that make up the whole row; else None."""
    if row is None:
        return None
    items = [(n, s) for n, s in _located(row) if not isinstance(n, Space)]
    if len(items) == 1 and isinstance(items[0][0], Fenced):
        fenced = items[0][0]
        return fenced.bodies[0] if fenced.fences == ("(", ")") else None
    if len(items) < 3 or items[0][0] != Symbol("(", AtomClass.OPEN):
        return None
    depth = 0
    for number, (node, _) in enumerate(items):
        if isinstance(node, Symbol):
            depth += (node.text == "(") - (node.text == ")")
        if depth == 0:
            if number != len(items) - 1:
                return None
            inner = items[1:-1]
            return Row(tuple(n for n, _ in inner), tuple(s for _, s in inner))
    return None


def _located(row: Row) -> list[tuple[Node, tuple[int, int]]]:
    spans = row.spans or ((0, 0),) * len(row.items)
    return list(zip(row.items, spans, strict=True))


def split_equation(latex: str) -> tuple[str, str]:
    """The two sides of a definition, at its first equality sign.

    Raises:
        MeaningError: it has none.
    """
    row = parse(latex)
    for node, (start, end) in _located(row):
        if isinstance(node, Symbol) and node.text in ("=", "≔"):
            return latex[:start].strip(), latex[end:].strip()
    raise MeaningError("A definition needs an equality sign.", latex)


@lru_cache(maxsize=4096)
def read_head(latex: str, over: tuple[str, ...]) -> Head:
    """The head of a declaration; what is named in `over` are the indices of its family."""
    row = parse(latex)
    names = {canonical(parse(name)): name for name in over}
    nodes = [node for node in row.items if not isinstance(node, Space)]
    if not nodes:
        raise MeaningError("A declaration needs a symbol.", latex)
    first, rest = nodes[0], nodes[1:]
    arguments = None
    if rest:
        arguments = tuple(_argument(part) for part in _arguments(rest, latex))
    if not isinstance(first, Script):
        return Head(latex, canonical(first), arguments=arguments)
    lower: tuple[Pattern, ...] = ()
    upper: Pattern | None = None
    name = canonical(first.base) + "′" * first.primes
    if first.sub is not None:
        found = _patterns(first.sub, names) if over else None
        if found is None:
            name += f"_{{{canonical(first.sub)}}}"
        else:
            lower = found
    if first.sup is not None:
        inner = inside_brackets(first.sup)
        patterns = None if inner is None else _patterns(inner, names)
        if patterns is None:
            name += f"^{{{canonical(first.sup)}}}"
        else:
            upper = patterns[0]
    return Head(latex, name, lower, upper, arguments)


def _patterns(row: Row, names: dict[str, str]) -> tuple[Pattern, ...] | None:
    """The indices of a family; None where the row is part of the name."""
    found: list[Pattern] = []
    for unit in units(row):
        pattern = _pattern(unit, names)
        if pattern is None:
            return None
        found.append(pattern)
    return tuple(found)


def _pattern(unit: Row, names: dict[str, str]) -> Pattern | None:
    texts = [canonical(node) for node in unit.items if not isinstance(node, Space)]
    if len(texts) == 3 and texts[0] in names and texts[1] in "+−" and texts[2].isdigit():
        return Pattern(texts[0], int(texts[2]) * (1 if texts[1] == "+" else -1))
    text = "".join(texts)
    if text in names:
        return Pattern(text)
    return Pattern("", int(text)) if text.isdigit() else None


def units(row: Row) -> list[Row]:
    """The indices that a subscript holds: split at commas, else at every sign.

    A subscript with + or − and no comma is a single index.
    """
    located = [(n, s) for n, s in _located(row) if not isinstance(n, Space)]
    if any(isinstance(n, Symbol) and n.text == "," for n, _ in located):
        found: list[list[tuple[Node, tuple[int, int]]]] = [[]]
        for node, span in located:
            if isinstance(node, Symbol) and node.text == ",":
                found.append([])
            else:
                found[-1].append((node, span))
        return [_row(part) for part in found]
    if any(isinstance(n, Symbol) and n.kind is AtomClass.BINARY for n, _ in located):
        return [_row(located)]
    return [_row([item]) for item in located]


def _row(items: Sequence[tuple[Node, tuple[int, int]]]) -> Row:
    return Row(tuple(n for n, _ in items), tuple(s for _, s in items))


def _arguments(nodes: Sequence[Node], latex: str) -> list[list[Node]]:
    if len(nodes) == 1 and isinstance(nodes[0], Fenced):
        nodes = [Symbol("("), *nodes[0].bodies[0].items, Symbol(")")]
    ends = [node.text for node in (nodes[0], nodes[-1]) if isinstance(node, Symbol)]
    if ends not in (["(", ")"], ["[", "]"]):
        raise MeaningError("The arguments of a function go in brackets after its name.", latex)
    found: list[list[Node]] = [[]]
    for node in nodes[1:-1]:
        if isinstance(node, Symbol) and node.text in SEPARATORS:
            found.append([])
        elif not isinstance(node, Space):
            found[-1].append(node)
    return found


def _argument(nodes: list[Node]) -> Pattern:
    text = canonical(Row(tuple(nodes)))
    return Pattern("", int(text)) if text.isdigit() else Pattern(text)
