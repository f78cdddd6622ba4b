"""The second pass: from the tree that is drawn to the terms that say what it means.

What is not declared, or can be read in two ways, raises MeaningError; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.formulas.errors import MeaningError
from engine.formulas.heads import is_transparent
from engine.formulas.nodes import AtomClass, Node, Row, Space, Styled, Symbol
from engine.formulas.parser import parse
from engine.formulas.term import Span, Term

if TYPE_CHECKING:
    from engine.formulas.notation import Notation


@dataclass(frozen=True, slots=True)
class Item:
    """A node of the drawn tree and its place in the source."""

    node: Node
    span: Span
    purpose: str = ""

    @property
    def sign(self) -> str:
        """The text of a plain sign; empty for everything else."""
        return self.node.text if isinstance(self.node, Symbol) else ""

    @property
    def kind(self) -> AtomClass | None:
        """The class of a plain sign."""
        return self.node.kind if isinstance(self.node, Symbol) else None


WIDE = 3
"""Cells of \\quad, which separates formulas."""


def items_of(row: Row, outer: Span = (0, 0)) -> list[Item]:
    """The items of a row: transparent styles opened, small spaces left out."""
    found: list[Item] = []
    spans = row.spans or (outer,) * len(row.items)
    for node, span in zip(row.items, spans, strict=True):
        if isinstance(node, Styled) and is_transparent(node):
            if node.purpose.startswith("number:"):
                found.append(Item(node, span, node.purpose.partition(":")[2]))
            else:
                found.extend(items_of(node.body, span))
        elif isinstance(node, Space):
            if node.cells >= WIDE:
                found.append(Item(node, span))
        elif isinstance(node, Row):
            found.extend(items_of(node, span))
        else:
            found.append(Item(node, span))
    return found


@dataclass(frozen=True)
class Context:
    """What a formula is read with."""

    notation: Notation
    latex: str
    names: frozenset[str] = frozenset()
    """Bound names: running indices, arguments."""

    def naming(self, *names: str) -> Context:
        """The same context with more bound names."""
        return replace(self, names=self.names | set(names))

    def error(self, problem: str, position: int) -> MeaningError:
        """The error to raise at a place of the source."""
        return MeaningError(problem, self.latex, position)


def read_term(latex: str, notation: Notation, names: frozenset[str] = frozenset()) -> Term:
    """The meaning of an expression, without relations.

    Raises:
        MathSyntaxError: it cannot be drawn.
        MeaningError: it cannot be read.
    """
    return _cached(latex, notation, names)


@lru_cache(maxsize=8192)
def _cached(latex: str, notation: Notation, names: frozenset[str]) -> Term:
    from engine.formulas.expressions import whole_term

    return whole_term(items_of(parse(latex)), Context(notation, latex, names))


def read_shape(
    latex: str, notation: Notation, names: frozenset[str] = frozenset()
) -> tuple[Term, ...]:
    r"""The sizes of a shape such as `S_l \times m`; () for an empty one, (n, 1) for `n`."""
    from engine.formulas.expressions import whole_term
    from engine.formulas.terms import Number

    context = Context(notation, latex, names)
    parts: list[list[Item]] = [[]]
    for item in items_of(parse(latex)):
        if item.sign == "×":
            parts.append([])
        else:
            parts[-1].append(item)
    if parts == [[]]:
        return ()
    sizes = tuple(whole_term(part, context) for part in parts)
    return (sizes[0], Number(number=1)) if len(sizes) == 1 else sizes
