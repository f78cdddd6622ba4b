"""Expressions as graphs: what is drawn, and that every number is PyTorch's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.expressions import evaluate
from engine.labs.autograd import (
    MAX_LINES,
    NAMES,
    STARTS,
    Backward,
    Graph,
    build,
    by_torch,
    forward,
    slopes,
)
from engine.labs.autograd_slopes import local_slopes
from tests.cases import for_each

POINT = {"x": 1.0, "w": 2.0, "b": 3.0}


def random_expression(rng: np.random.Generator, depth: int) -> str:
    """Any operation and function, on values that keep away from where they are not defined."""
    if depth == 0:
        return str(rng.choice(["x", "w", "b", "0.5", "2"]))

    def part() -> str:
        return random_expression(rng, depth - 1)

    kind = int(rng.integers(12))
    if kind < 4:
        return f"({part()} {'+-*'[int(rng.integers(3))]} {part()})"
    if kind == 4:
        return f"({part()} / (2 + tanh({part()})))"
    if kind == 5:
        return f"(0.5 + sigmoid({part()}))^({part()})"
    if kind == 6:
        return f"ln(1 + abs({part()}))"
    if kind == 7:
        return f"sqrt(1 + relu({part()}))"
    if kind == 8:
        return f"{rng.choice(['max', 'min'])}({part()}, {part()})"
    if kind == 9:
        return f"-({part()})"
    return f"{rng.choice(['sigmoid', 'tanh', 'sin', 'cos', 'relu', 'abs'])}({part()})"


def random_graphs(count: int) -> list[tuple[Graph, dict[str, float]]]:
    rng = np.random.default_rng(7)
    found: list[tuple[Graph, dict[str, float]]] = []
    while len(found) < count:
        text = random_expression(rng, int(rng.integers(1, 4)))
        given = {name: float(rng.normal()) for name in NAMES}
        try:
            graph = build(text)
            Backward.begin(graph, given)
        except UserError:
            continue  # no variable in it, too wide, or too large a number
        found.append((graph, given))
    return found


def close(mine: float, theirs: float) -> bool:
    return math.isclose(mine, theirs, rel_tol=1e-12, abs_tol=1e-12)


@for_each("number", range(120))
def test_every_value_and_gradient_is_that_of_pytorch(number: int) -> None:
    graph, given = _GRAPHS[number]
    state = Backward.begin(graph, given).whole()
    reference = by_torch(graph, given)
    assert close(state.values[-1], evaluate(graph.text, given))
    for mine, theirs in zip(state.values, reference.values, strict=True):
        assert close(mine, theirs), graph.text
    for arrived, theirs in zip(state.arrived, reference.arrived, strict=True):
        assert arrived is not None
        assert abs(arrived - theirs) <= 1e-12 * max(1.0, *map(abs, reference.arrived)), graph.text


_GRAPHS = random_graphs(120)


def test_the_random_graphs_use_every_operation() -> None:
    used = {step.operator for graph, _ in _GRAPHS for step in graph.steps}
    assert used >= {"leaf", "neg", "+", "-", "*", "/", "^", "ln", "sqrt", "sigmoid", "tanh",
                    "relu", "abs", "sin", "cos", "max", "min"}  # fmt: skip


@for_each(
    ("text", "point"),
    [
        ("relu(x)", 0.0),
        ("abs(x)", 0.0),
        ("max(x, 0)", 0.0),
        ("max(x, x)", 0.0),
        ("x^2", 0.0),
        ("x^0", 0.0),
        ("exp(x)", 1.5),
        ("x*x*x", -2.0),
        ("(-x)^3", 2.0),
        ("log(x)", 0.1),
        ("tanh(x)", 9.0),
    ],
)
def test_kinks_and_repeated_uses_are_those_of_pytorch(text: str, point: float) -> None:
    graph, given = build(text), {"x": point, "w": 0.0, "b": 0.0}
    state = Backward.begin(graph, given).whole()
    reference = by_torch(graph, given)
    assert state.arrived == pytest.approx(reference.arrived, rel=1e-12, abs=1e-15)
    assert state.values == pytest.approx(reference.values, rel=1e-12)


def test_gradients_add_up_as_in_pytorch_and_can_be_zeroed() -> None:
    leaves = {name: torch.tensor(v, dtype=torch.float64, requires_grad=True)
              for name, v in POINT.items()}  # fmt: skip
    f = leaves["w"] * leaves["x"] + leaves["b"]
    state = Backward.begin(build("w*x + b"), POINT)
    assert state.grads == (None, None, None)
    for _ in range(3):
        f.backward(retain_graph=True)
        state = state.whole()
        assert state.grads == tuple(float(leaves[name].grad) for name in NAMES)  # type: ignore[arg-type]  # it has one
    assert state.grads == (6.0, 3.0, 3.0)
    assert state.calls == 3
    state = state.zeroed()
    assert state.grads == (0.0, 0.0, 0.0)
    assert state.whole().grads == (2.0, 1.0, 1.0)


def test_zeroing_before_the_first_pass_leaves_none() -> None:
    assert Backward.begin(build("x"), POINT).zeroed().grads == (None,)


def test_the_starts_give_the_numbers_of_the_course() -> None:
    for name, value, wanted in (("chain", 2.0, {"w": 0.5, "b": -0.5, "x": 0.0}),
                                ("line", 5.0, {"x": 2.0, "w": 1.0, "b": 1.0})):  # fmt: skip
        text, point = STARTS[name]
        state = Backward.begin(build(text), dict(zip(NAMES, point, strict=True))).whole()
        assert state.values[-1] == value
        assert dict(zip(state.graph.leaves, state.grads, strict=True)) == wanted


def test_one_step_is_one_node() -> None:
    state = Backward.begin(build("w*x + b"), POINT)
    assert state.place is None
    seen = []
    for _ in range(5):
        state = state.step()
        assert state.place is not None
        seen.append((state.graph.steps[state.place].symbol, state.arrived))
    assert [symbol for symbol, _ in seen] == ["f", "v1", "b", "w", "x"]
    assert seen[0][1] == (None, None, 1.0, 1.0, 1.0)
    assert seen[1][1] == (2.0, 1.0, 1.0, 1.0, 1.0)
    assert state.is_between
    assert state.step().calls == 2


def test_a_graph_has_the_names_and_formulas_of_its_operations() -> None:
    graph = build("2*sigmoid(w*x + b) - (-3)^2 * w")
    assert graph.leaves == ("x", "w", "b")
    formulas = {step.symbol: graph.formula(i) for i, step in enumerate(graph.steps)}
    assert formulas == {
        "x": "given", "w": "given", "b": "given", "v1": "w·x", "v2": "v1 + b", "v3": "sigmoid(v2)",
        "v4": "2·v3", "v5": "9·w", "f": "v4 − v5",
    }  # fmt: skip
    assert build("x - -2").formula(1) == "x − (−2)"


def test_a_leaf_alone_is_a_graph() -> None:
    state = Backward.begin(build("w"), POINT).whole()
    assert state.values == (2.0,)
    assert state.grads == (1.0,)


def test_local_slopes_are_written_in_the_names_of_the_graph() -> None:
    graph = build("1/(1+exp(w))")
    values = forward(graph, POINT)
    (slope,) = slopes(graph, values, 3)
    assert slope.formula == "−1/v2²"
    assert slope.value == pytest.approx(-1 / values[2] ** 2, rel=1e-15)
    assert slopes(graph, values, 0) == ()


@for_each("text", [
    "", "   ", "2*3", "y", "x +", "x**", "exp", "x)", "__import__('os')", "x" * 300,
    "+".join(["x*w*b"] * 9), "1/0*x", "x if w else b",
])  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        build(text)
    assert str(caught.value).rstrip().endswith((".", ")"))


@for_each(
    ("text", "point"),
    [
        ("ln(x)", -1.0),
        ("1/x", 0.0),
        ("exp(exp(x))", 7.0),
        ("sqrt(x)", 0.0),
        ("x^0.5", 0.0),
        ("x^x", -2.0),
        ("(x^3)^300", 1e5),
    ],
)
def test_a_point_without_value_or_slope_is_said_in_a_sentence(text: str, point: float) -> None:
    with pytest.raises(UserError) as caught:
        Backward.begin(build(text), {"x": point, "w": 1.0, "b": 1.0})
    assert str(caught.value).endswith(".")


def test_a_graph_that_is_too_wide_is_refused() -> None:
    text = "(x+w)*((w+b)*((x+b)*((x-w)*((w-b)*(b-x)))))"
    with pytest.raises(UserError, match=f"and {MAX_LINES} fit"):
        build(text)


def test_an_operation_without_a_slope_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        local_slopes("gamma", [1.0], 1.0, ["x"], "v1")
