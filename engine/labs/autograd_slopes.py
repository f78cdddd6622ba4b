"""The local derivative of each operation, as a formula and as a number.

At kinks they are those of PyTorch: ReLU and |u| have slope 0 at 0, and equal arguments of max and
min get one half each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from engine.language import _

Pair: TypeAlias = tuple[str, float | None]
"""The formula and its value; None if it has none."""


def local_slopes(
    operator: str, u: Sequence[float], v: float, names: Sequence[str], symbol: str
) -> list[Pair]:
    """∂v/∂u for every operand u of v = operator(u…), in terms of `names` and the `symbol` of v."""
    if operator in _BINARY:
        return _binary(operator, u[0], u[1], v, names)
    return [_single(operator, u[0], v, names[0], symbol)]


_BINARY = frozenset({"+", "-", "*", "/", "^", "max", "min"})


def _binary(operator: str, a: float, b: float, v: float, names: Sequence[str]) -> list[Pair]:
    first, second = names
    match operator:
        case "+":
            return [("1", 1.0), ("1", 1.0)]
        case "-":
            return [("1", 1.0), ("−1", -1.0)]
        case "*":
            return [(second, b), (first, a)]
        case "/":
            return [(f"1/{second}", _divided(1.0, b)), (f"−{first}/{second}²", _divided(-v, b))]
        case "^":
            return [
                (f"{second}·{first}^({second} − 1)", _power_by_base(a, b)),
                (f"{first}^{second}·ln({first})", _power_by_exponent(a, b, v)),
            ]
        case _:
            if a == b:
                rule = _("one half each, as both are equal")
                return [(rule, 0.5), (rule, 0.5)]
            if operator == "max":
                rule = _("1 for the larger one, else 0")
                return [(rule, float(a > b)), (rule, float(b > a))]
            rule = _("1 for the smaller one, else 0")
            return [(rule, float(a < b)), (rule, float(b < a))]


def _single(operator: str, u: float, v: float, name: str, symbol: str) -> Pair:
    match operator:
        case "neg":
            return "−1", -1.0
        case "exp":
            return f"exp({name})", v
        case "ln":
            return f"1/{name}", _divided(1.0, u)
        case "sqrt":
            return f"1/(2·{symbol})", _divided(0.5, v)
        case "sigmoid":
            return f"{symbol}·(1 − {symbol})", v * (1 - v)
        case "tanh":
            return f"1 − {symbol}²", 1 - v * v
        case "relu":
            return _("1 if {name} > 0, else 0").format(name=name), float(u > 0)
        case "abs":
            return _("the sign of {name}").format(name=name), math.copysign(1.0, u) if u else 0.0
        case "sin":
            return f"cos({name})", math.cos(u)
        case "cos":
            return f"−sin({name})", -math.sin(u)
        case _:
            raise AssertionError(f"no slope is known for {operator}")


def _divided(above: float, below: float) -> float | None:
    return above / below if below else None


def _power_by_base(a: float, b: float) -> float | None:
    if b == 0:
        return 0.0
    try:
        return b * math.pow(a, b - 1)
    except (OverflowError, ValueError):
        return None


def _power_by_exponent(a: float, b: float, v: float) -> float | None:
    if a == 0:
        return 0.0 if b >= 0 else None
    return v * math.log(a) if a > 0 else None
