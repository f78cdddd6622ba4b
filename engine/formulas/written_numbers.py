r"""Numbers as they are written: -0.2994, 1.2 \cdot 10^{-4}, and vectors and matrices of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas.term import Term
from engine.formulas.terms import Matrix, Negative, Number, Power, Product, Vector

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in the text, and the power of ten that is written after it."""

    number: Number
    scale: float = 1.0

    @property
    def half_unit(self) -> float:
        """Half a unit of its last digit; a whole number is exact."""
        digits = self.number.digits
        return 0.5 * self.scale * 10.0**-digits if digits else 0.0


def written_numbers(term: Term) -> tuple[WrittenNumber, ...]:
    """The numbers of a side that is nothing but a number, vector or matrix, row by row; else ()."""
    return tuple(number for row in _rows(term) for number in row)


def half_units(term: Term) -> torch.Tensor:
    """Half a unit of the last digit of each entry, float64, () or (rows, columns); 0 otherwise."""
    import torch

    rows = [[number.half_unit for number in row] for row in _rows(term)]
    found = torch.tensor(rows or [[0.0]], dtype=torch.float64)
    return found.reshape(()) if found.numel() == 1 else found


def _rows(term: Term) -> list[list[WrittenNumber]]:
    single = _single(term)
    if single is not None:
        return [[single]]
    if isinstance(term, Vector):
        return _complete([[_single(item)] for item in term.items])
    if isinstance(term, Matrix):
        return _complete(
            [
                [_single(cell) for cell in row.items] if isinstance(row, Vector) else [None]
                for row in term.rows
            ]
        )
    return []


def _complete(rows: list[list[WrittenNumber | None]]) -> list[list[WrittenNumber]]:
    """The rows, where every entry is a plain number; else none."""
    kept = [[*_there(row)] for row in rows]
    return kept if all(len(a) == len(b) for a, b in zip(kept, rows, strict=True)) else []


def _there(row: list[WrittenNumber | None]) -> Iterator[WrittenNumber]:
    return (number for number in row if number is not None)


def _single(term: Term) -> WrittenNumber | None:
    if isinstance(term, Negative):
        return _single(term.body)
    if isinstance(term, Number):
        return WrittenNumber(term)
    if isinstance(term, Product) and len(term.factors) == 2:
        number, power = term.factors
        inner = _single(number)
        if inner is not None and isinstance(power, Power) and isinstance(power.base, Number):
            exponent = power.exponent
            sign = -1 if isinstance(exponent, Negative) else 1
            above = exponent.body if isinstance(exponent, Negative) else exponent
            if power.base.number == 10 and isinstance(above, Number):
                return WrittenNumber(inner.number, 10.0 ** (sign * above.number))
    return None
