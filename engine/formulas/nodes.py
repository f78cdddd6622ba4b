"""The tree of a parsed formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from engine.formulas.roles import Role


class AtomClass(IntEnum):
    """TeX's classes of atoms (The TeXbook, chapter 17), which decide the space between them.

    FUNCTION is TeX's Op with a name (log, max); LARGE is Op with a big sign (a sum).
    """

    ORDINARY = 0
    FUNCTION = 1
    LARGE = 2
    BINARY = 3
    RELATION = 4
    OPEN = 5
    CLOSE = 6
    PUNCTUATION = 7
    INNER = 8


@dataclass(frozen=True, slots=True)
class Symbol:
    """One sign or one operator name; `limits` puts its scripts above and below."""

    text: str
    kind: AtomClass = AtomClass.ORDINARY
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes side by side; `spans` says where each of them is in the source."""

    items: tuple[Node, ...]
    spans: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A braced row: one ordinary atom to its neighbours."""

    body: Row


@dataclass(frozen=True, slots=True)
class Text:
    """Words, with their spaces."""

    text: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Space:
    """Blank cells; a negative number reduces the space that the neighbours ask for."""

    cells: int


@dataclass(frozen=True, slots=True)
class Script:
    """A base with primes, a subscript and a superscript."""

    base: Node
    sub: Row | None
    sup: Row | None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Fraction:
    """Top over bottom; `small` asks for one line, `tall` never draws a one-cell fraction."""

    top: Row
    bottom: Row
    small: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Binomial:
    """A binomial coefficient, `\\binom{n}{k}`."""

    top: Row
    bottom: Row


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or the root of a given index."""

    body: Row
    index: Row | None = None


@dataclass(frozen=True, slots=True)
class Fenced:
    """Rows between delimiters as tall as they are; fences has one more item than bodies."""

    fences: tuple[str, ...]
    bodies: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """One delimiter of a fixed height in rows."""

    text: str
    height: int
    kind: AtomClass


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in rows and columns; `kind` is the environment, `align` has one letter per column."""

    kind: str
    rows: tuple[tuple[Row, ...], ...]
    left: str = ""
    right: str = ""
    align: str = ""


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over a body: hat, bar, tilde, vec, dot, ddot or line."""

    mark: str
    body: Row


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace over or under a body, with a note."""

    body: Row
    note: Row | None
    over: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """A base with small rows set above and below it."""

    base: Row
    above: Row | None
    below: Row | None


@dataclass(frozen=True, slots=True)
class Styled:
    """A row with a role; its neighbours see the items of the row, not the row.

    `purpose` is not drawn: `define` marks a formula that introduces a name, `suppose` a case that
    is considered, `number:NAME` a number that is computed elsewhere.
    """

    role: Role | None
    body: Row
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A row in a frame."""

    body: Row


@dataclass(frozen=True, slots=True)
class Phantom:
    """The blank space of a row."""

    body: Row


Node: TypeAlias = (
    Symbol
    | Row
    | Group
    | Text
    | Space
    | Script
    | Fraction
    | Binomial
    | Root
    | Fenced
    | Fence
    | Grid
    | Accent
    | Brace
    | Stack
    | Styled
    | Boxed
    | Phantom
)
