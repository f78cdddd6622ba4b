"""What an exercise is: its text, and the code behind it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy import (
    allclose,
    asarray,
    ndarray,
    stack,
    zeros,
)  # the learner's code may replace those of `np`

Namespace: TypeAlias = Mapping[str, Any]
"""Names and values: the learner's module, the solution, or the solution with a slip in it."""

MOST_SHOWN = 8
"""Numbers of an array that are written out."""
_SINGLE = (1e-4, 1e-6)
"""Relative and absolute tolerance for results in single precision."""


class ArgumentChangedError(Exception):
    """A function changed what it was given."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test: something to compute with a namespace, the same value whoever wrote the code."""

    call: str
    """What is computed, as Python, short enough for a line."""
    run: Callable[[Namespace], object]
    rtol: float = 1e-5
    atol: float = 1e-8


@dataclass(frozen=True, slots=True)
class SlipText:
    """What is said when a slip is recognised. Markdown."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ExerciseText:
    """The prose of an exercise, from its Markdown file."""

    title: str
    lesson: str
    """Slug of the lesson that it belongs to."""
    minutes: int
    place: int
    prompt: str
    """Markdown."""
    starter: str
    """The file that a learner begins with."""
    hints: tuple[str, ...] = ()
    slips: Mapping[str, SlipText] = field(default_factory=dict)


class ExerciseCode(Protocol):
    """What `exercise.py` of an exercise holds."""

    FUNCTIONS: tuple[str, ...]
    """What the learner must define: functions or classes; the module itself has the solution."""
    SLIPS: Mapping[str, Mapping[str, Any]]
    """By the id of a slip: what takes the place of the solution's names.

    The code may have `FORMS` as well, pairs of such an id and names: other ways to make a slip,
    which lead to other numbers.
    """

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        """The tests, the smallest first; all draws come from `rng`."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A function that learners write: its texts, and where its code and its tests lie."""

    name: str
    """As on the command line, with hyphens."""
    text: ExerciseText
    folder: Path
    module: str
    """Import name of its code."""


def call(name: str, *args: object, rtol: float = 1e-5, atol: float = 1e-8) -> Case:
    """A call of the function `name`; what it is given must be the same afterwards.

    Tensors and arrays are copied for each run, so one run cannot disturb another.
    """

    def run(namespace: Namespace) -> object:
        given, kept = copied(args), copied(args)
        result = namespace[name](*given)
        if not same(given, kept, 0.0, 0.0):
            raise ArgumentChangedError(name)
        return result

    return Case(f"{name}({', '.join(map(shown, args))})", run, rtol, atol)


def copied(value: Any) -> Any:
    """A deep copy; tensors keep whether they require gradients."""
    if isinstance(value, tuple | list):
        return type(value)(copied(each) for each in value)
    if hasattr(value, "detach"):
        return value.detach().clone().requires_grad_(value.requires_grad)
    return copy.deepcopy(value)


def shown(value: object, most: int = 60) -> str:
    """A value as a learner would write it, on one line of at most `most` characters."""
    try:
        text = " ".join(_text(value).split())
    except Exception:  # a learner's class may have a `__repr__` that fails
        text = f"<{type(value).__name__}>"
    text = re.sub(r"\s+,", ",", text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _text(value: Any) -> str:
    if hasattr(value, "detach"):
        found = as_array(value)
        value = str(value) if found is None else found
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        if value.size > MOST_SHOWN:
            return f"<{'×'.join(map(str, value.shape))} numbers>"
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        text = ", ".join(map(_text, value))
        return f"[{text}]" if isinstance(value, list) else f"({text})"
    if callable(value):
        return str(getattr(value, "__name__", "f"))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def same(one: Any, other: Any, rtol: float, atol: float) -> bool:
    """Whether two results are the same: shapes, and numbers within tolerance.

    A list or a tuple of numbers counts as the array that it makes. Numbers of single precision are
    compared as exactly as they can be; with `rtol` 0, everything must be equal.
    """
    one, other = _listed(one), _listed(other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(
            same(a, b, rtol, atol) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same(one[key], other[key], rtol, atol) for key in one
        )
    a, b = as_array(one), as_array(other)
    if a is None or b is None:
        return type(one) is type(other) and bool(one == other)
    if a.shape != b.shape:
        return False
    if rtol and (_is_single(one) or _is_single(other)):
        rtol, atol = max(rtol, _SINGLE[0]), max(atol, _SINGLE[1])
    return bool(allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def _listed(value: Any) -> Any:
    """An array of objects, such as parameters of several shapes, as the list that it holds."""
    is_of_objects = isinstance(value, ndarray) and value.dtype == object and value.ndim > 0
    return value.tolist() if is_of_objects else value


def _is_single(value: Any) -> bool:
    return str(getattr(value, "dtype", "")).endswith("float32")


def as_array(value: Any) -> np.ndarray[Any, Any] | None:
    """The numbers of a result; None where it is not made of numbers."""
    if isinstance(value, list | tuple):
        parts = [as_array(each) for each in value]
        arrays = [each for each in parts if each is not None]
        if len(arrays) < len(parts) or len({each.shape for each in arrays}) > 1:
            return None
        return stack(arrays) if arrays else zeros(0)
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        try:
            value = value.numpy()
        except TypeError:  # bfloat16, which NumPy does not know
            value = value.float().numpy()
    if isinstance(value, bool | int | float | np.number | np.bool_ | np.ndarray):
        array = asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    return None
