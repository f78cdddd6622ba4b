"""Adam: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("adam",)


def adam(w: Any, m: Any, v: Any, g: Any, t: Any, rate: Any, b1: Any, b2: Any, eps: Any) -> Any:
    """The weight and both running means after update t."""
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def _wrong(kind: str) -> Any:
    def step(w: Any, m: Any, v: Any, g: Any, t: Any, rate: Any, b1: Any, b2: Any, eps: Any) -> Any:
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * (g if kind == "square" else g**2)
        done = {"before": t - 1, "after": t + 1, "once": 1}.get(kind, t)
        a, b = m / (1 - b1**done), v / (1 - b2**done)
        if kind == "times":
            a, b = m / (1 - b1 * t), v / (1 - b2 * t)
        if kind == "first":
            a = m
        if kind == "uncorrected":
            a, b = m, v
        if kind == "second":
            b = v
        if kind == "inside":
            return w - rate * a / np.sqrt(b + eps), m, v
        below = b if kind == "root" else np.sqrt(b)
        w = w - rate * a / (below + eps)
        return (w, a, b) if kind == "kept" else (w, m, v)

    return step


def _exchanged(
    w: Any, m: Any, v: Any, g: Any, t: Any, rate: Any, b1: Any, b2: Any, eps: Any
) -> Any:
    return adam(w, m, v, g, t, rate, b2, b1, eps)


def _uphill(w: Any, m: Any, v: Any, g: Any, t: Any, rate: Any, b1: Any, b2: Any, eps: Any) -> Any:
    return adam(w, m, v, g, t, -rate, b1, b2, eps)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "uncorrected": {"adam": _wrong("uncorrected")},
    "eps-inside": {"adam": _wrong("inside")},
    "no-root": {"adam": _wrong("root")},
    "gradient-not-squared": {"adam": _wrong("square")},
    "corrected-kept": {"adam": _wrong("kept")},
    "second-uncorrected": {"adam": _wrong("second")},
    "rates-exchanged": {"adam": _exchanged},
    "uphill": {"adam": _uphill},
    "first-uncorrected": {"adam": _wrong("first")},
    "no-power": {"adam": _wrong("once")},
    "count": {"adam": _wrong("after")},
}
FORMS = [
    ("no-power", {"adam": _wrong("times")}),
    ("count", {"adam": _wrong("before")}),
]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """The first update, then a later one."""
    zero = np.zeros(2)
    yield call(
        "adam", np.array([1.0, 2.0]), zero, zero, np.array([0.5, 0.1]), 1, 0.1, 0.9, 0.999, 1e-3
    )
    w, m, g = rng.normal(size=(3, 4))
    yield call("adam", w, m, rng.random(4), g, 7, 0.01, 0.9, 0.99, 1e-2)
