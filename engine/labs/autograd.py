"""A small expression as a graph: values forward, gradients backward one node at a time.

Reverse-mode differentiation: starting from ∂f/∂f = 1, each node v passes ∂f/∂v · ∂v/∂u to every
operand u, and each node sums what it receives (Griewank and Walther, Evaluating Derivatives,
ch. 3). Everything is float64; at kinks the slopes are those of PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from engine.errors import UserError
from engine.expressions import Binary, Call, Name, Negate, Node, Number, compute, parse
from engine.language import _
from engine.naming import Shown

NAMES = ("x", "w", "b")
"""The variables of an expression."""
MAX_OPERATIONS = 24
MAX_LINES = 5
"""Values in use at the same time; more do not fit side by side."""

STARTS: Mapping[str, tuple[str, tuple[float, float, float]]] = {
    "chain": ("2*(1/(1+exp(-x*w+b)))+1", (1.0, 0.0, 0.0)),
    "line": ("w*x + b", (1.0, 2.0, 3.0)),
}
"""What a lesson may start with: an expression, and the values of x, w, b."""

Operand: TypeAlias = int | float
"""The index of a node, or a constant (always a float)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A leaf, or one operation on nodes and constants."""

    symbol: str
    """Name of the value: `x`, `v3`, or `f` for the result of the last operation."""
    operator: str
    """`leaf`, `neg`, one of `+ - * / ^`, or the name of a function."""
    operands: tuple[Operand, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether the value is given rather than computed."""
        return self.operator == "leaf"


@dataclass(frozen=True)
class Graph:
    """An expression split into operations; leaves first, every node after its operands."""

    text: str
    steps: tuple[Step, ...]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names that the expression uses, in the order x, w, b."""
        return tuple(step.symbol for step in self.steps if step.is_leaf)

    @cached_property
    def last_use(self) -> tuple[int, ...]:
        """For each node, the index of the last node that uses it, or its own if none does."""
        last = list(range(len(self.steps)))
        for place, step in enumerate(self.steps):
            for operand in step.operands:
                if isinstance(operand, int):
                    last[operand] = place
        return tuple(last)

    @cached_property
    def lines(self) -> int:
        """The largest number of values in use at the same time."""
        return max(
            sum(made <= place < used for made, used in enumerate(self.last_use))
            for place in range(len(self.steps))
        )

    def name(self, operand: Operand) -> str:
        """An operand as it is shown."""
        return constant_text(operand) if isinstance(operand, float) else self.steps[operand].symbol

    def formula(self, place: int) -> str:
        """The operation of a node, in the names of its operands."""
        step = self.steps[place]
        names = [self.name(operand) for operand in step.operands]
        if step.is_leaf:
            return _("given")
        if step.operator == "neg":
            return f"−{names[0]}"
        if step.operator in _SIGNS:
            return _SIGNS[step.operator].join(names)
        return f"{step.operator}({', '.join(names)})"


_SIGNS = {"+": " + ", "-": " − ", "*": "·", "/": "/", "^": "^"}


def constant_text(value: float) -> str:
    """A constant with up to six digits; a negative one is in brackets."""
    shown = f"{Shown(value):.6g}"
    return f"({shown})" if value < 0 else shown


def build(text: str) -> Graph:
    """Parse an expression in x, w and b; raises UserError if it cannot be drawn."""
    tree = parse(text, NAMES)
    used = [name for name in NAMES if _uses(tree, name)]
    if not used:
        raise UserError(
            _(
                "The expression uses none of x, w and b, so there is no gradient. Type one such "
                "as w*x+b."
            )
        )
    steps = [Step(name, "leaf") for name in used]
    _add(tree, steps, {name: place for place, name in enumerate(used)})
    operations = len(steps) - len(used)
    if operations > MAX_OPERATIONS:
        raise UserError(
            _(
                "This expression takes {count} operations; the lab draws at most {most}. Type a "
                "shorter one."
            ).format(count=operations, most=MAX_OPERATIONS)
        )
    if operations:
        steps[-1] = replace(steps[-1], symbol="f")
    graph = Graph(text.strip(), tuple(steps))
    if graph.lines > MAX_LINES:
        raise UserError(
            _(
                "This expression keeps {count} values in use at once, and {most} fit side by side. "
                "Type a shorter one."
            ).format(count=graph.lines, most=MAX_LINES)
        )
    return graph


def _uses(tree: Node, name: str) -> bool:
    match tree:
        case Name(found):
            return found == name
        case Negate(operand):
            return _uses(operand, name)
        case Binary(_, left, right):
            return _uses(left, name) or _uses(right, name)
        case Call(_, arguments):
            return any(_uses(part, name) for part in arguments)
        case _:
            return False


def _add(tree: Node, steps: list[Step], leaves: Mapping[str, int]) -> Operand:
    """Append what `tree` needs; its index, or its value if it holds no variable."""
    if not any(_uses(tree, name) for name in leaves):
        return compute(tree)
    parts: tuple[Node, ...]
    match tree:
        case Name(name):
            return leaves[name]
        case Negate(operand):
            operator, parts = "neg", (operand,)
        case Binary(sign, left, right):
            operator, parts = ("^" if sign == "**" else sign), (left, right)
        case Call(function, arguments):
            operator, parts = ("ln" if function == "log" else function), arguments
        case Number():  # pragma: no cover - holds no variable
            raise AssertionError
    operands = tuple(_add(part, steps, leaves) for part in parts)
    count = sum(not step.is_leaf for step in steps)
    steps.append(Step(f"v{count + 1}", operator, operands))
    return len(steps) - 1


def forward(graph: Graph, given: Mapping[str, float]) -> tuple[float, ...]:
    """The value of every node; raises UserError if one is not finite."""
    values: list[float] = []
    for place, step in enumerate(graph.steps):
        if step.is_leaf:
            values.append(given[step.symbol])
            continue
        parts = tuple(Number(_value(operand, values)) for operand in step.operands)
        try:
            values.append(compute(_tree(step.operator, parts)))
        except UserError as error:
            shown = ", ".join(f"{name} = {given[name]:g}" for name in graph.leaves)
            text = _("At {values}, {formula}: {problem}").format(
                values=shown, formula=graph.formula(place), problem=error
            )
            raise UserError(text) from None
    return tuple(values)


def _tree(operator: str, parts: tuple[Number, ...]) -> Node:
    if operator == "neg":
        return Negate(parts[0])
    if operator in _SIGNS:
        return Binary(operator, parts[0], parts[1])
    return Call(operator, parts)


def _value(operand: Operand, values: list[float] | tuple[float, ...]) -> float:
    return operand if isinstance(operand, float) else values[operand]


@dataclass(frozen=True, slots=True)
class Slope:
    """∂v/∂u of one node v by one of its operands u."""

    operand: int
    """Index of u."""
    formula: str
    """In the names of the graph, like `−1/v5²`."""
    value: float


def slopes(graph: Graph, values: tuple[float, ...], place: int) -> tuple[Slope, ...]:
    """The local derivatives of a node with respect to its operands, constants left out.

    Raises UserError if one is not finite.
    """
    from engine.labs.autograd_slopes import local_slopes

    step = graph.steps[place]
    if step.is_leaf:
        return ()
    names = [graph.name(operand) for operand in step.operands]
    numbers = [_value(operand, values) for operand in step.operands]
    found = []
    pairs = local_slopes(step.operator, numbers, values[place], names, step.symbol)
    for operand, (formula, value) in zip(step.operands, pairs, strict=True):
        if isinstance(operand, float):
            continue
        if value is None or not math.isfinite(value):
            raise UserError(
                _(
                    "{formula} has no finite derivative with respect to {name} at this point. "
                    "Choose other values."
                ).format(formula=graph.formula(place), name=graph.name(operand))
            )
        found.append(Slope(operand, formula, value))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Backward:
    """How far backward() has progressed; each step gives a new state, so that it can be undone."""

    graph: Graph
    values: tuple[float, ...]
    grads: tuple[float | None, ...]
    """`.grad` of each leaf; None until its first gradient arrives."""
    arrived: tuple[float | None, ...]
    """∂f/∂v of each node in this pass, as summed so far; None before anything has arrived."""
    calls: int = 0
    """How many times backward() was called, including the current pass."""
    done: int = 0
    """Nodes that have passed on their gradient in this pass."""

    @classmethod
    def begin(cls, graph: Graph, given: Mapping[str, float]) -> Backward:
        """The state after the forward pass; raises UserError if a value or slope is not finite."""
        values = forward(graph, given)
        for place in range(len(graph.steps)):
            slopes(graph, values, place)
        none = (None,) * len(values)
        return cls(graph, values, none[: len(graph.leaves)], none)

    @property
    def is_between(self) -> bool:
        """Whether no pass is in progress."""
        return self.calls == 0 or self.done == len(self.values)

    @property
    def place(self) -> int | None:
        """The node that passed on its gradient last; None before the first."""
        return len(self.values) - self.done if self.done else None

    def step(self) -> Backward:
        """The next node passes on its gradient; after a whole pass another one begins."""
        count = len(self.values)
        arrived = list(self.arrived)
        calls, done = self.calls, self.done
        if self.is_between:
            arrived = [None] * count
            arrived[-1] = 1.0
            calls, done = calls + 1, 0
        place = count - 1 - done
        here = arrived[place]
        assert here is not None, "every node leads to the result"
        grads = list(self.grads)
        if self.graph.steps[place].is_leaf:
            grads[place] = (grads[place] or 0.0) + here
        for slope in slopes(self.graph, self.values, place):
            arrived[slope.operand] = (arrived[slope.operand] or 0.0) + here * slope.value
        return replace(self, grads=tuple(grads), arrived=tuple(arrived), calls=calls, done=done + 1)

    def whole(self) -> Backward:
        """The rest of the pass, or a whole one if none is in progress."""
        state = self.step()
        while not state.is_between:
            state = state.step()
        return state

    def zeroed(self) -> Backward:
        """Every existing `.grad` set to 0, as `w.grad.zero_()` does."""
        return replace(self, grads=tuple(None if grad is None else 0.0 for grad in self.grads))


@dataclass(frozen=True, slots=True)
class Reference:
    """What PyTorch computes."""

    values: tuple[float, ...]
    arrived: tuple[float, ...]
    """∂f/∂v of every node."""


def by_torch(graph: Graph, given: Mapping[str, float]) -> Reference:
    """The same graph with torch tensors, its gradients by autograd. Imports torch."""
    import torch

    functions: dict[str, Callable[..., torch.Tensor]] = {
        "neg": torch.neg, "+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div,
        "^": torch.pow, "exp": torch.exp, "ln": torch.log, "sqrt": torch.sqrt,
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "abs": torch.abs,
        "sin": torch.sin, "cos": torch.cos, "max": torch.maximum, "min": torch.minimum,
    }  # fmt: skip
    nodes: list[torch.Tensor] = []
    for step in graph.steps:
        if step.is_leaf:
            leaf = torch.tensor(given[step.symbol], dtype=torch.float64, requires_grad=True)
            nodes.append(leaf)
            continue
        parts = [
            torch.tensor(operand, dtype=torch.float64)
            if isinstance(operand, float)
            else nodes[operand]
            for operand in step.operands
        ]
        nodes.append(functions[step.operator](*parts))
    arrived = torch.autograd.grad(nodes[-1], nodes)
    return Reference(
        tuple(float(node.detach()) for node in nodes), tuple(float(grad) for grad in arrived)
    )
