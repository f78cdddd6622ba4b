"""Autograd in sixty lines: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case
from lessons.exercises.gradients import GradientCase

FUNCTIONS = ("Value",)


class Value:
    """A number that remembers where it came from."""

    def __init__(self, data: Any, parents: Any = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.pass_on: Any = lambda: None

    def __add__(self, other: Any) -> Any:
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data + other.data, (self, other))

        def pass_on() -> None:
            self.grad += result.grad
            other.grad += result.grad

        result.pass_on = pass_on
        return result

    def __mul__(self, other: Any) -> Any:
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data * other.data, (self, other))

        def pass_on() -> None:
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result.pass_on = pass_on
        return result

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self) -> Any:
        result = Value(max(0.0, self.data), (self,))

        def pass_on() -> None:
            self.grad += (result.data > 0) * result.grad

        result.pass_on = pass_on
        return result

    def backward(self) -> Any:
        order: list[Any] = []
        seen: set[Any] = set()

        def visit(value: Any) -> None:
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.pass_on()


class _Slipped:
    """The solution with one slip in what is passed on."""

    kind = ""

    def __init__(self, data: Any, parents: Any = ()) -> None:
        self.data, self.grad, self.parents = data, 0.0, parents
        self.factors: tuple[float, ...] = ()

    def _made(self, data: Any, parents: Any, factors: tuple[float, ...]) -> Any:
        result = type(self)(data, parents)
        result.factors = factors
        return result

    def _other(self, other: Any) -> Any:
        return other if isinstance(other, _Slipped) else type(self)(other)

    def __add__(self, other: Any) -> Any:
        other = self._other(other)
        return self._made(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Any:
        other = self._other(other)
        factors = (other.data, self.data)
        if self.kind == "factor":
            factors = (self.data, other.data)
        return self._made(self.data * other.data, (self, other), factors)

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self) -> Any:
        is_open = self.kind == "open" or self.data > 0
        return self._made(max(0.0, self.data), (self,), (float(is_open),))

    def backward(self) -> Any:
        order: list[Any] = []

        def visit(value: Any) -> None:
            if value not in order:
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        if self.kind in ("path", "order"):
            self._walk(every=self.kind == "path")
            return
        visit(self)
        self.grad = 0.0 if self.kind == "zero" else 1.0
        for value in reversed(order):
            for parent, factor in zip(value.parents, value.factors, strict=True):
                part = factor * value.grad
                parent.grad = part if self.kind == "set" else parent.grad + part

    def _walk(self, *, every: bool) -> None:
        """Every path by itself; or each value once, breadth first."""
        self.grad = 1.0
        waiting: list[Any] = [self]
        seen: list[Any] = []
        while waiting:
            value = waiting.pop(0 if not every else -1)
            if not every and value in seen:
                continue
            seen.append(value)
            for parent, factor in zip(value.parents, value.factors, strict=True):
                parent.grad += factor * value.grad
            waiting += value.parents if not every else reversed(value.parents)


def _with(slip: str) -> type[_Slipped]:
    return type("Value", (_Slipped,), {"kind": slip})


class _OneSided(_Slipped):
    __radd__ = None  # type: ignore[assignment]
    __rmul__ = None  # type: ignore[assignment]


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "overwritten": {"Value": _with("set")},
    "sum-rule-for-product": {"Value": _with("factor")},
    "relu-always-open": {"Value": _with("open")},
    "start-at-zero": {"Value": _with("zero")},
    "every-path": {"Value": _with("path")},
    "order": {"Value": _with("order")},
    "numbers-left": {"Value": _OneSided},
}


def _graph(text: str, formula: Any, **numbers: float) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        leaves = [namespace["Value"](number) for number in numbers.values()]
        result = formula(*leaves)
        result.backward()
        return [result.data, *(leaf.grad for leaf in leaves)]

    given = ", ".join(f"{name} = {number:g}" for name, number in numbers.items())
    grads = ", ".join(f"{name}.grad" for name in numbers)
    return Case(f"[y.data, {grads}] for {given}, {text}", run)


def _two_results(namespace: Mapping[str, Any]) -> object:
    a, b = namespace["Value"](2.0), namespace["Value"](5.0)
    y, z = a * b, a + b
    y.backward()
    z.backward()
    return [a.grad, b.grad]


def _formula(a: Any, b: Any, c: Any) -> Any:
    return (a * b + c).relu() * a


def _shut(d: Any, e: Any) -> Any:
    return (d * e).relu()


def _twice(f: Any, g: Any) -> Any:
    product = f * g
    return product * (product + f)


def _grads(formula: Any, *numbers: float) -> Any:
    def mine(namespace: Mapping[str, Any]) -> Any:
        leaves = [namespace["Value"](number) for number in numbers]
        formula(*leaves).backward()
        return [leaf.grad for leaf in leaves]

    return mine


GRADIENTS = (
    GradientCase(
        ("a.grad", "b.grad", "c.grad"),
        (2.0, 3.0, -1.0),
        lambda x: _formula(*x),
        _grads(_formula, 2.0, 3.0, -1.0),
    ),
    GradientCase(("d.grad", "e.grad"), (2.0, -3.0), lambda x: _shut(*x), _grads(_shut, 2.0, -3.0)),
    GradientCase(("f.grad", "g.grad"), (1.5, 0.5), lambda x: _twice(*x), _grads(_twice, 1.5, 0.5)),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Sums and products, a value used twice, both sides of ReLU, an order that matters."""
    yield _graph("y = a + b", lambda a, b: a + b, a=1.5, b=-2.0)
    yield _graph("y = a * b", lambda a, b: a * b, a=2.0, b=5.0)
    yield _graph("y = a * a + a", lambda a: a * a + a, a=3.0)
    yield _graph("y = 2 * a + 1", lambda a: 2 * a + 1, a=0.5)
    yield _graph("y = (a * b).relu()", lambda a, b: (a * b).relu(), a=2.0, b=-3.0)
    yield _graph("y = (a * b + c).relu() * a", _formula, a=0.7, b=1.2, c=-0.4)

    def diamond(a: Any, b: Any) -> Any:
        d = a * b
        return d * (d + a)

    yield _graph("d = a * b, y = d * (d + a)", diamond, a=1.5, b=2.0)
    yield Case(
        "[a.grad, b.grad] for a = 2, b = 5, (a * b).backward(), (a + b).backward()", _two_results
    )
