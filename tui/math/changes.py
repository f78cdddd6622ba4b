"""What a line of a derivation changes in the line above, as the role CHANGE in its tree."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain

from engine.formulas.nodes import (
    AtomClass,
    Fenced,
    Fraction,
    Group,
    Node,
    Row,
    Script,
    Space,
    Styled,
    Symbol,
)
from engine.formulas.parser import parse
from tui.math.layout import Layout
from tui.math.linebreak import page
from tui.math.pieces import Context, Size
from tui.math.spans import PLAIN, Drawing, Role


@lru_cache(maxsize=1024)
def draw_change(before: str, after: str, width: int, *, plain_fonts: bool = False) -> Drawing:
    """Draw `after`, with the role CHANGE on everything that differs from `before`.

    Compares the parts after the first relation sign of each. Raises MathSyntaxError.
    """
    tree = _marked_line(parse(before), parse(after))
    box = page(Layout(plain_fonts), tree, Context(Size.DISPLAY, PLAIN), width)
    return Drawing(box.rows, box.baseline, box.width)


def _marked_line(before: Row, after: Row) -> Row:
    old, new = _right_side(before), _right_side(after)
    lead = after.items[: len(after.items) - len(new.items)]
    return Row((*lead, *marked(old, new).items))


def _right_side(row: Row) -> Row:
    """The items after the first relation sign; all of them if there is none."""
    for place, item in enumerate(row.items):
        if isinstance(item, Symbol) and item.kind is AtomClass.RELATION:
            return Row(row.items[place + 1 :])
    return row


def marked(before: Row, after: Row) -> Row:
    """`after` with everything marked that `before` does not contain in the same order."""
    old = [item for item in before.items if not isinstance(item, Space)]
    items: list[Node] = []
    places = [at for at, item in enumerate(after.items) if not isinstance(item, Space)]
    new = [after.items[at] for at in places]
    spaces = _spaces_before(after)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        part = [*chain.from_iterable((*spaces[j], new[j]) for j in range(j1, j2))]
        if tag == "equal":
            items.extend(part)
        elif tag == "replace" and i2 - i1 == j2 - j1 == 1:
            items.extend((*spaces[j1], _inside(old[i1], new[j1])))
        elif part:
            items.append(Styled(Role.CHANGE, Row(tuple(part))))
    return Row(tuple(items))


def _spaces_before(row: Row) -> list[tuple[Node, ...]]:
    """For each item that is not a space, the spaces before it."""
    found: list[tuple[Node, ...]] = []
    waiting: list[Node] = []
    for item in row.items:
        if isinstance(item, Space):
            waiting.append(item)
        else:
            found.append(tuple(waiting))
            waiting = []
    return found


def _inside(old: Node, new: Node) -> Node:
    """A node that replaced another; if they are alike, only the differing parts are marked."""
    if isinstance(old, Fraction) and isinstance(new, Fraction):
        if old.top == new.top or old.bottom == new.bottom:
            return replace(new, top=marked(old.top, new.top), bottom=marked(old.bottom, new.bottom))
    elif isinstance(old, Group) and isinstance(new, Group):
        return Group(marked(old.body, new.body))
    elif isinstance(old, Fenced) and isinstance(new, Fenced):
        if old.fences == new.fences and len(old.bodies) == len(new.bodies):
            bodies = zip(old.bodies, new.bodies, strict=True)
            return replace(new, bodies=tuple(marked(a, b) for a, b in bodies))
    elif (
        isinstance(old, Script)
        and isinstance(new, Script)
        and (old.sub, old.sup, old.primes) == (new.sub, new.sup, new.primes)
    ):
        return replace(new, base=_inside(old.base, new.base))
    return Styled(Role.CHANGE, Row((new,)))
