"""Points from a CSV file: two columns of numbers and a label."""

from __future__ import annotations

import csv
import math
from itertools import islice
from pathlib import Path

import numpy as np

from engine.bounded import read_text
from engine.errors import UserError
from engine.language import _
from engine.naming import typed
from engine.playground.points import LEAST_POINTS, Points

MOST_ROWS = 5000
"""More points than that are no more seen, and only slow."""
MARGIN = 0.95
"""The outermost points lie so far from the middle."""


def read_points(path: Path) -> Points:
    """The points of a file, moved into the square from −1 to 1.

    Every line has two numbers and a label, divided by commas, semicolons or tabs; a first line
    without numbers names the columns. Two different labels are classes; more must be numbers, for a
    regression, and are scaled from −1 to 1. Raises UserError that names the line.
    """
    try:
        text = read_text(path)
    except OSError as error:
        told = _("{path} cannot be read: {reason}.")
        raise UserError(told.format(path=path, reason=error.strerror or error)) from error
    except UnicodeDecodeError:
        raise UserError(_("{path} is no text in UTF-8.").format(path=path)) from None
    sign = max(",;\t", key=lambda each: text.partition("\n")[0].count(each))
    names = ("x₁", "x₂")
    xs: list[tuple[float | None, float | None]] = []
    labels: list[tuple[int, str]] = []
    try:
        rows = [*islice(csv.reader(text.splitlines(), delimiter=sign), MOST_ROWS + 2)]
    except csv.Error as error:
        told = _("{path} cannot be read: {reason}.")
        raise UserError(told.format(path=path, reason=error)) from None
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        where = _("{path}, line {number}:").format(path=path, number=number)
        if len(cells) != 3:
            told = _("there are {count} columns, not 3. Write two numbers and a label.")
            raise UserError(f"{where} {told.format(count=len(cells))}")
        x = (_number(cells[0]), _number(cells[1]))
        if x[0] is None and x[1] is None and not xs and number == 1:
            names = (cells[0] or names[0], cells[1] or names[1])
            continue
        for cell, value in zip(cells[:2], x, strict=True):
            if value is None:
                told = _("“{cell}” is no number.")
                raise UserError(f"{where} {told.format(cell=cell)}")
        if not cells[2]:
            raise UserError(where + " " + _("the label is missing."))
        xs.append(x)
        labels.append((number, cells[2]))
    if len(xs) < LEAST_POINTS or len(xs) > MOST_ROWS:
        told = _("{path} has {count} points. Give {least} to {most}.")
        raise UserError(told.format(path=path, count=len(xs), least=LEAST_POINTS, most=MOST_ROWS))
    points = np.array(xs, dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    half = np.where(high > low, (high - low) / 2, 1.0)
    return _labelled(path, MARGIN * (points - (low + high) / 2) / half, labels, names)


def _labelled(
    path: Path, x: np.ndarray, labels: list[tuple[int, str]], names: tuple[str, str]
) -> Points:
    different = sorted({label for _line, label in labels}, key=lambda each: (len(each), each))
    if len(different) == 1:
        told = _("{path}: all labels are “{label}”, so there is nothing to learn.")
        raise UserError(told.format(path=path, label=different[0]))
    if len(different) == 2:
        y = np.array([float(label == different[1]) for _line, label in labels])
        return Points(x, y, False, names, (different[0], different[1]))
    numbers = []
    for line, label in labels:
        value = _number(label)
        if value is None:
            told = _(
                "{path}, line {number}: the label “{label}” is a third class. Give two classes, or"
                " numbers for a regression."
            )
            raise UserError(told.format(path=path, number=line, label=label))
        numbers.append(value)
    y = np.array(numbers)
    low, high = y.min(), y.max()
    return Points(x, 2 * (y - low) / ((high - low) or 1.0) - 1, True, names)


def _number(text: str) -> float | None:
    try:
        value = float(typed(text))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
