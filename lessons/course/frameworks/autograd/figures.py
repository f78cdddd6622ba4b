"""The figures of `frameworks/autograd`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.frameworks.autograd.facts import LINE
from lessons.format.drawings import Drawing, Graph, Hue, Node


def _line() -> Graph:
    x, w, b = LINE
    return Graph(
        (
            Node("x", (), x, w, Hue.INPUT),
            Node("w", (), w, x, Hue.WEIGHT),
            Node("b", (), b, 1.0, Hue.WEIGHT),
            Node("w·x", ("x", "w"), w * x, 1.0),
            Node("y", ("w·x", "b"), w * x + b, 1.0),
        )
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "line": _line,
}
