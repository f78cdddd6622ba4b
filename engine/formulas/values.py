"""What formulas evaluate to: float64 tensors, whole numbers, booleans and sets of indices.

A scalar is a Python number or a tensor of shape (); a vector is a column (n, 1) or a row (1, n);
a matrix has shape (rows, columns). Only scalars are broadcast, so a product or a sum whose
shapes do not fit is an error here, as it is on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from engine.formulas.errors import MeaningError

if TYPE_CHECKING:
    import torch

Value: TypeAlias = Any
"""float | int | bool | torch.Tensor | tuple of int (a set of indices)."""


def is_tensor(value: Value) -> bool:
    """Whether a value is a tensor; a Python number is not."""
    if type(value) is float or type(value) is int:  # most are: this is asked all the time
        return False
    return hasattr(value, "dtype") and hasattr(value, "shape")


def shape_of(value: Value) -> tuple[int, ...]:
    """The shape: () of every scalar, (rows, columns) of the rest."""
    if not is_tensor(value):
        return ()
    shape = tuple(value.shape)
    return () if shape.count(1) == len(shape) else shape


def tensor(value: Value) -> torch.Tensor:
    """The value as a float64 tensor of shape () or (rows, columns)."""
    import torch

    if isinstance(value, torch.Tensor):
        found = value.to(torch.float64)
    else:
        # Not `torch.tensor(value).to(…)`, which would round to float32 on the way.
        found = torch.tensor(float(value), dtype=torch.float64)
    return found.reshape(()) if found.numel() == 1 else found


def scalar(value: Value) -> Value:
    """The value itself where it is one number; a (1, 1) matrix becomes that number.

    Raises:
        MeaningError: it is a vector or a matrix.
    """
    if not is_tensor(value):
        return value
    if value.numel() != 1:
        raise MeaningError(f"A number is needed here, not the shape {dimensions(value)}.")
    return value.reshape(())


def whole(value: Value) -> int:
    """The value as an index or a size.

    Raises:
        MeaningError: it is not a whole number.
    """
    number = float(scalar(value))
    if number != round(number):
        raise MeaningError(f"A whole number is needed here, not {number:g}.")
    return round(number)


def dimensions(value: Value) -> str:
    """The shape in words, such as `3×4`, or `a number`."""
    shape = shape_of(value)
    return "×".join(map(str, shape)) if shape else "a number"


def add(left: Value, right: Value) -> Value:
    """The sum of two values of one shape; a plain 0 adds to anything."""
    a, b = shape_of(left), shape_of(right)
    if a != b:
        if not is_tensor(left) and left == 0:
            return right
        if not is_tensor(right) and right == 0:
            return left
        raise MeaningError(f"{dimensions(left)} and {dimensions(right)} cannot be added.")
    if is_tensor(left) and is_tensor(right) and left.shape != right.shape:
        left, right = left.reshape(()), right.reshape(())
    return left + right


def multiply(left: Value, right: Value) -> Value:
    """Scalar times anything, or the matrix product.

    Raises:
        MeaningError: the inner dimensions differ.
    """
    a, b = shape_of(left), shape_of(right)
    if not a or not b:
        if is_tensor(left) and not a:
            left = left.reshape(())
        if is_tensor(right) and not b:
            right = right.reshape(())
        return left * right
    if a[1] != b[0]:
        raise MeaningError(
            f"{dimensions(left)} and {dimensions(right)} cannot be multiplied: "
            f"{a[1]} is not {b[0]}."
        )
    found = left @ right
    return found.reshape(()) if found.numel() == 1 else found


def entrywise(left: Value, right: Value) -> Value:
    """The product entry by entry of two values of one shape."""
    a, b = shape_of(left), shape_of(right)
    if a != b:
        raise MeaningError(f"{dimensions(left)} ⊙ {dimensions(right)}: the shapes differ.")
    return left * right


def divide(left: Value, right: Value) -> Value:
    """Anything divided by a scalar."""
    below = scalar(right)
    if not is_tensor(below) and below == 0:
        raise MeaningError("The denominator of a fraction is 0.")
    return left / below


def transpose(value: Value) -> Value:
    """Rows become columns; a scalar stays."""
    return value if not shape_of(value) else value.transpose(0, 1)


def power(base: Value, exponent: Value) -> Value:
    """A scalar to a power; a square matrix to a whole power, −1 the inverse."""
    import torch

    above = scalar(exponent)
    shape = shape_of(base)
    if not shape:
        below = scalar(base)
        if is_tensor(below) or is_tensor(above):
            return torch.pow(tensor(below), tensor(above))
        try:
            return below**above if not isinstance(below, bool) else int(below) ** above
        except ZeroDivisionError:
            raise MeaningError("0 has no negative power.") from None
    if shape[0] != shape[1]:
        raise MeaningError(f"A matrix of shape {dimensions(base)} has no powers.")
    return torch.linalg.matrix_power(base, whole(above))


def entry(value: Value, indices: tuple[int | slice, ...], start: int = 1) -> Value:
    """One entry, or a row or column where an index is a slice; indices count from `start`.

    Raises:
        MeaningError: the value has no such entry.
    """
    shape = shape_of(value)
    if not shape:
        if all(index == start for index in indices):
            return value
        raise MeaningError("A single number has no entries.")
    places = [
        index if isinstance(index, slice) else slice(index - start, index - start + 1)
        for index in indices
    ]
    if len(places) == 1:
        if shape[1] == 1:
            places = [places[0], slice(None)]
        elif shape[0] == 1:
            places = [slice(None), places[0]]
        else:
            raise MeaningError(
                f"One index into the shape {dimensions(value)}: write X_{{i,:}} for a row, "
                "X_{:,j} for a column."
            )
    for place, size in zip(places, shape, strict=True):
        if place.start is not None and not 0 <= place.start < size:
            raise MeaningError(
                f"The index {place.start + start} is out of range: "
                f"the shape is {dimensions(value)}."
            )
    found = value[places[0], places[1]]
    return found.reshape(()) if found.numel() == 1 else found


def stack(rows: list[list[Value]]) -> Value:
    """A matrix of rows of entries; entries that are columns, rows or matrices become blocks."""
    import torch

    made: list[torch.Tensor] = []
    for row in rows:
        blocks = [tensor(cell) for cell in row]
        height = max((block.shape[0] for block in blocks if block.dim()), default=1)
        filled = [block.reshape(1, 1) if block.dim() == 0 else block for block in blocks]
        if any(block.shape[0] != height for block in filled):
            raise MeaningError("The entries of a row have different heights.")
        made.append(torch.cat(filled, dim=1))
    if len({row.shape[1] for row in made}) > 1:
        raise MeaningError("The rows of a matrix have different lengths.")
    found = torch.cat(made, dim=0)
    return found.reshape(()) if found.numel() == 1 else found


def largest(value: Value) -> float:
    """The largest absolute value among the entries."""
    if not is_tensor(value):
        return abs(float(value))
    return float(value.detach().abs().max()) if value.numel() else 0.0


def number(value: Value) -> float:
    """A scalar as a Python float."""
    found = scalar(value)
    return float(found.detach()) if is_tensor(found) else float(found)


def detached(value: Value) -> Value:
    """The value without its graph of derivatives."""
    return cast("torch.Tensor", value).detach() if is_tensor(value) else value
