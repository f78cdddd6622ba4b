r"""What \dots stands for: the series that the terms on its two sides define."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from engine.formulas.dots import Hole, Series
from engine.formulas.reader import Context, Item
from engine.formulas.term import Term
from engine.formulas.terms import Number

DOTS = {"…", "⋯", "⋮", "⋱"}


def with_series(
    terms: Sequence[Term | None], name: str, context: Context, position: int
) -> tuple[Term, ...]:
    """The terms with a Series in place of every None.

    Raises:
        MeaningError: a neighbour is missing, or the neighbours define no series.
    """
    found: list[Term] = []
    for at, term in enumerate(terms):
        if term is not None:
            found.append(term)
            continue
        before = terms[at - 1] if at else None
        after = terms[at + 1] if at + 1 < len(terms) else None
        if before is None or after is None:
            raise context.error("Dots need a term on each side.", position)
        earlier = terms[at - 2] if at > 1 else None
        series = between(earlier, before, after, name)
        if series is None:
            raise context.error(
                "The terms on the two sides of the dots define no series.", position
            )
        found.append(series)
    return tuple(found)


def listed(parts: list[list[Item]], context: Context, position: int) -> tuple[Term, ...]:
    """The terms of a list, with dots."""
    from engine.formulas.expressions import whole_term

    terms = [
        None if len(part) == 1 and part[0].sign in DOTS else whole_term(part, context)
        for part in parts
    ]
    return with_series(terms, "list", context, position)


def between(earlier: Term | None, before: Term, after: Term, name: str) -> Series | None:
    """The series that leads from one term to another; None where there is none."""
    template = generalised(before, after, name)
    if template is None or not _holes(template, name):
        return None
    step = 1
    if earlier is not None:
        stepped = generalised(earlier, before, name)
        holes = [] if stepped is None else _holes(stepped, name)
        steps = {
            abs(hole.last.number - hole.first.number)
            for hole in holes
            if isinstance(hole.first, Number) and isinstance(hole.last, Number)
        }
        if len(steps) == 1 and steps != {0}:
            step = int(steps.pop())
    return Series(name=name, template=template, step=step, span=before.span)


def generalised(one: Term, other: Term, name: str) -> Term | None:
    """Two terms of the same form as a template, with a hole where they differ."""
    if same(one, other):
        return one
    if type(one) is type(other) and not isinstance(one, Number):
        changes: dict[str, object] = {}
        for field in fields(one):
            if field.name in ("span", "latex"):
                continue
            a, b = getattr(one, field.name), getattr(other, field.name)
            merged = _merged(a, b, name)
            if merged is _NOTHING:
                break
            changes[field.name] = merged
        else:
            return replace(one, **changes)  # type: ignore[arg-type]
    return Hole(series=name, first=one, last=other, span=one.span)


_NOTHING = object()


def _merged(a: object, b: object, name: str) -> object:
    if isinstance(a, Term) and isinstance(b, Term):
        found = generalised(a, b, name)
        return _NOTHING if found is None else found
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        parts = [_merged(x, y, name) for x, y in zip(a, b, strict=True)]
        return _NOTHING if any(part is _NOTHING for part in parts) else tuple(parts)
    return a if a == b else _NOTHING


def same(one: Term, other: Term) -> bool:
    """Whether two terms mean the same, wherever they are in the source."""
    if type(one) is not type(other):
        return False
    return all(
        _same(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
        if field.name not in ("span", "latex")
    )


def _same(a: object, b: object) -> bool:
    if isinstance(a, Term) and isinstance(b, Term):
        return same(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return a == b


def _holes(term: Term, name: str) -> list[Hole]:
    return [part for part in term.walk() if isinstance(part, Hole) and part.series == name]
