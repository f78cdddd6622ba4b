"""The figures of `backprop/chain-rule`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lessons.course.backprop.chain_rule.facts import FIRST_POINT
from lessons.format.drawings import Drawing, Graph, Hue, Node

_INPUTS = {"u": ("x", "w", "b"), "v": ("u",), "s": ("v",), "fc₁": ("s",), "fc₂": ("fc₁",)}
_HUES = {"x": Hue.INPUT, "w": Hue.WEIGHT, "b": Hue.WEIGHT}


def _chain(values: Mapping[str, float], gradients: Mapping[str, float]) -> Graph:
    return Graph(
        tuple(
            Node(
                name,
                _INPUTS.get(name, ()),
                values.get(name),
                gradients.get(name),
                _HUES.get(name, Hue.COMPUTED),
            )
            for name in ("x", "w", "b", *_INPUTS)
        )
    )


def _with_numbers() -> Graph:
    """The first point: values forward, then what each moves the last one by."""
    x, w, b = FIRST_POINT
    u = -x * w + b
    v = math.exp(u)
    s = 1 + v
    to_s = -2 / s**2
    to_u = to_s * v
    values = {"x": x, "w": w, "b": b, "u": u, "v": v, "s": s, "fc₁": 1 / s, "fc₂": 2 / s + 1}
    gradients = {
        "x": -w * to_u, "w": -x * to_u, "b": to_u, "u": to_u, "v": to_s, "s": to_s,
        "fc₁": 2.0, "fc₂": 1.0,
    }  # fmt: skip
    return _chain(values, gradients)


def _two_ways() -> Graph:
    return Graph(
        (
            Node("w", hue=Hue.WEIGHT),
            Node("u", ("w",)),
            Node("v", ("u",)),
            Node("s", ("v",)),
            Node("fc₁", ("s",)),
            Node("g", ("fc₁", "w")),
        )
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "chain": lambda: _chain({}, {}),
    "chain_numbers": _with_numbers,
    "two_ways": _two_ways,
}
