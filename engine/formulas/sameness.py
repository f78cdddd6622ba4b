"""Whether two formulas are written alike: the same tree, or the same but for the order in it."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeAlias

from engine.formulas.term import Term
from engine.formulas.terms import Addition, Entrywise, Negative, Number, Product, Quotient

Form: TypeAlias = "tuple[object, ...]"
_SKIPPED = {"span", "latex", "digits", "check"}


def written_form(term: Term) -> Form:
    """What tells how a formula is written: equal for trees that differ in their source only."""
    return _form(term, loose=False)


def loose_form(term: Term) -> Form:
    """The same without the order of factors and summands, factors 1, summands 0 and two minuses.

    Matrices in another order have one form: compare only formulas whose values are equal.
    """
    return _form(term, loose=True)


def _form(value: object, *, loose: bool) -> Form:
    if isinstance(value, tuple):
        return ("tuple", *(_form(item, loose=loose) for item in value))
    if not isinstance(value, Term):
        return ("value", repr(value))
    if isinstance(value, Number):
        return ("Number", repr(float(value.number)))
    if loose:
        if isinstance(value, Negative) and isinstance(value.body, Negative):
            return _form(value.body.body, loose=True)
        if isinstance(value, Addition):
            return _joined("+", [_form(t, loose=True) for t in _summands(value)], 0.0)
        if isinstance(value, Product | Entrywise):
            return _joined("*", [_form(t, loose=True) for t in _factors(value)], 1.0)
        if isinstance(value, Quotient) and _is_one(value.bottom):
            return _form(value.top, loose=True)
    parts = (
        (field.name, _form(getattr(value, field.name), loose=loose))
        for field in fields(value)
        if field.name not in _SKIPPED
    )
    return (type(value).__name__, *parts)


def _is_one(term: Term) -> bool:
    return isinstance(term, Number) and term.number == 1


def _joined(sign: str, forms: list[Form], neutral: float) -> Form:
    kept = sorted((f for f in forms if f != ("Number", repr(neutral))), key=repr)
    return kept[0] if len(kept) == 1 else (sign, *kept)


def _summands(term: Addition) -> list[Term]:
    found: list[Term] = []
    for part in term.terms:
        found += _summands(part) if isinstance(part, Addition) else [part]
    return found


def _factors(term: Product | Entrywise) -> list[Term]:
    found: list[Term] = []
    for part in term.factors:
        found += _factors(part) if type(part) is type(term) else [part]
    return found
