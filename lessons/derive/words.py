"""What is said about a line with a mistake: what kind of mistake it is, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.formulas import values as v
from engine.formulas.values import Value
from engine.language import _

_MOST_PLACES = 4

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "sign flipped": _("A sign is turned round."),
        "term dropped": _("A term of the sum is missing."),
        "factor dropped": _("A factor is missing."),
        "fraction inverted": _("A fraction is upside down."),
        "transpose dropped": _("A transpose is missing."),
        "transposed": _("It is the transpose of what it should be."),
        "power dropped": _("A power is missing."),
        "root dropped": _("A root is missing."),
        "constant changed": _("A constant is another one."),
        "twice": _("It is twice what it should be: a factor 2 is too much."),
        "half": _("It is half of what it should be: a factor 2 is missing."),
        "indices swapped": _("Two indices have changed places."),
        "index exchanged": _("An index is another one."),
        "index moved": _("An index is one too high."),
        "layer moved": _("A layer is the one beside it."),
        "sum dropped": _("A sum sign is missing."),
        "sum exchanged": _("A sum is a product here, or a product a sum."),
        "bounds changed": _("A sum begins or ends at another place."),
        "function dropped": _("A function is missing."),
        "function exchanged": _("A function is another one."),
        "prime dropped": _("A prime is missing: that is the function, not its derivative."),
        "derivative dropped": _("A derivative is missing."),
        "cases exchanged": _("Two cases have changed places."),
        "condition turned": _("The sign of a condition is turned round."),
        "relation turned": _("The relation is turned round."),
    }
)
"""What each kind of mutant is called to the learner who made it."""


def about_values(left: Value | None, given: Value | None, relation: str = "=") -> str:
    """The two sides on a draw, as a sentence; empty where one has no value."""
    if left is None or given is None or isinstance(left, tuple) or isinstance(given, tuple):
        return ""
    one, other = v.shape_of(left), v.shape_of(given)
    if one != other:
        return _("The left side is {one}, yours is {other}.").format(
            one=shape_text(left), other=shape_text(given)
        )
    a, b = _first_difference(left, given)
    where = ""
    if one:
        where = _(" in row {row}, column {column}").format(row=a[1] + 1, column=a[2] + 1)
    if relation == "=":
        text = _("With one set of random numbers the left side is {left}{where}, yours {given}.")
    else:
        text = _("With one set of random numbers it says {left} {relation} {given}{where}.")
    return text.format(left=number_text(a[0]), given=number_text(b), where=where, relation=relation)


def _first_difference(left: Value, given: Value) -> tuple[tuple[float, int, int], float]:
    a, b = v.tensor(left), v.tensor(given)
    if a.dim() < 2:
        return (float(a), 0, 0), float(b)
    at = int((a - b).abs().argmax())
    row, column = divmod(at, a.shape[1])
    return (float(a[row, column]), row, column), float(b[row, column])


def shape_text(value: Value) -> str:
    """What a value is: a number, or a matrix of some rows and columns."""
    shape = v.shape_of(value)
    return "×".join(map(str, shape)) if shape else _("a number")


def number_text(value: float) -> str:
    """A number with four significant digits."""
    return f"{value:.{_MOST_PLACES}g}".replace("-", "\N{MINUS SIGN}")
