from __future__ import annotations

import math
import re
import subprocess
import sys

import numpy as np
import pytest

from engine.errors import UserError
from engine.naming import Names, latex_name
from engine.network import BiasMode, DenseNetwork
from engine.trace import Phase
from engine.worked_example import Problem, drawn_problem, worked_example
from tests.cases import for_each

FIGURES = {
    "out_h1": 0.593269992,
    "out_h2": 0.596884378,
    "out_o1": 0.751365070,
    "out_o2": 0.772928465,
    "E_o1": 0.274811083,
    "E_o2": 0.023560026,
    "E": 0.298371109,
    "∂E/∂w5": 0.082167041,
    "∂E/∂w6": 0.082667628,
    "∂E/∂w7": -0.022602540,
    "∂E/∂w8": -0.022740242,
    "∂E/∂w1": 0.000438568,
    "∂E/∂w2": 0.000877135,
    "∂E/∂w3": 0.000497713,
    "∂E/∂w4": 0.000995425,
    "δ_o1": 0.138498562,
    "δ_o2": -0.038098237,
    "δ_h1": 0.008771355,
    "δ_h2": 0.009954255,
}


@for_each("mode", [BiasMode.FROZEN, BiasMode.PER_UNIT, BiasMode.SHARED])
def test_worked_example_gives_the_published_figures(mode: BiasMode) -> None:
    values = worked_example(mode).trace().values()
    for symbol, figure in FIGURES.items():
        assert round(values[symbol], 9) == figure, symbol


def test_loss_after_one_update_belongs_to_frozen_biases() -> None:
    losses = {mode: worked_example(mode).after(1).trace().loss for mode in BiasMode}
    assert round(losses[BiasMode.FROZEN], 9) == 0.291027774
    assert round(losses[BiasMode.PER_UNIT], 9) == 0.280471447
    assert round(losses[BiasMode.SHARED], 9) == 0.285750887


def test_ten_thousand_updates_with_frozen_biases() -> None:
    trace = worked_example(BiasMode.FROZEN).after(10_000).trace()
    assert f"{trace.loss:.6e}" == "3.510188e-05"
    assert trace.forward.output.round(9).tolist() == [0.015913620, 0.984064274]


def test_shared_bias_gets_the_sum_of_the_deltas() -> None:
    trace = worked_example(BiasMode.SHARED).trace()
    for b, delta in zip(trace.backward.gradients.b, trace.backward.deltas, strict=True):
        assert b.tolist() == [delta.sum()]
    assert trace.values()["b1⁺"] == 0.35 - 0.5 * trace.backward.deltas[0].sum()


def test_frozen_biases_have_gradients_and_stay() -> None:
    trace = worked_example(BiasMode.FROZEN).trace()
    assert trace.backward.gradients.b[0].tolist() == trace.backward.deltas[0].tolist()
    assert [b.tolist() for b in trace.updated.b] == [[0.35, 0.35], [0.6, 0.6]]
    assert not any(o.symbol.startswith("b") for o in trace.operations)


def test_a_network_never_changes_in_place() -> None:
    network = worked_example().network()
    with pytest.raises(ValueError):
        network.W[0][0, 0] = 1.0


def test_shapes_that_do_not_fit_are_refused() -> None:
    network = worked_example().network()
    with pytest.raises(ValueError, match="do not fit"):
        DenseNetwork((network.W[0], np.ones((2, 3))), network.b, network.activations)
    with pytest.raises(ValueError, match="one entry"):
        DenseNetwork(network.W, network.b[:1], network.activations)


def _problems() -> list[Problem]:
    return [
        worked_example(),
        worked_example(BiasMode.SHARED),
        drawn_problem((3, 4, 2), ("tanh", "identity"), BiasMode.FROZEN, 1),
        drawn_problem((1, 2, 3, 1), ("relu", "leaky_relu", "sigmoid"), BiasMode.SHARED, 2),
        drawn_problem((4, 2, 1, 2, 2), ("softplus",), BiasMode.PER_UNIT, 3),
        drawn_problem((2, 1), ("selu",), BiasMode.PER_UNIT, 4),
    ]


@for_each("problem", _problems(), ids=lambda p: "-".join(map(str, p.layers)))
def test_every_formula_gives_its_value_from_what_it_depends_on(problem: Problem) -> None:
    trace = problem.trace()
    known = dict(trace.givens)
    for operation in trace.operations:
        symbol, formula = operation.formula.split(" = ", 1)
        assert symbol == operation.symbol
        assert set(operation.depends_on) <= known.keys(), "nothing is used before it is known"
        assert _evaluate(formula, known) == pytest.approx(operation.value, rel=1e-7, abs=1e-12)
        numbers = operation.substitution.split(" = ", 1)[1]
        assert _evaluate(numbers, {}) == pytest.approx(operation.value, rel=1e-6, abs=1e-8)
        known[symbol] = operation.value


@for_each("problem", _problems(), ids=lambda p: "-".join(map(str, p.layers)))
def test_operations_come_in_phases_with_names_of_their_own(problem: Problem) -> None:
    trace = problem.trace()
    phases = [operation.phase for operation in trace.operations]
    assert phases == sorted(phases, key=list(Phase).index)
    symbols = [*trace.givens, *(operation.symbol for operation in trace.operations)]
    assert len(set(symbols)) == len(symbols)
    for operation in trace.operations:
        for layer, i, j in operation.edges:
            assert i < problem.layers[layer + 1]
            assert j < problem.layers[layer]


def _evaluate(formula: str, known: dict[str, float]) -> float:
    """A formula as the screen shows it, computed with Python's own arithmetic."""
    for name in sorted(known, key=len, reverse=True):
        formula = re.sub(
            rf"(?<![\w∂/]){re.escape(name)}(?![A-Za-z0-9_/⁺])", f"({known[name]!r})", formula
        )
    replaced = {"−": "-", "·": "*", "½": "0.5", "²": "**2", "^": "**"}
    for sign, python in replaced.items():
        formula = formula.replace(sign, python)
    formula = re.sub(r"^(.*) if (.*), else (.*)$", r"(\1) if \2 else (\3)", formula)
    names = {"e": math.e, "tanh": math.tanh, "ln": math.log, "max": max}
    return float(eval(formula, {"__builtins__": {}}, names))


def test_names_of_one_to_three_hidden_layers() -> None:
    assert Names((2, 2, 2)).weight(1, 0, 0) == "w5"
    assert Names((2, 3, 1)).weight(0, 2, 1) == "w6"
    assert [Names((1, 1, 1, 1)).unit(layer, 0) for layer in range(4)] == ["x1", "h1", "k1", "o1"]
    assert Names((1, 1, 1, 1, 1)).z(3, 0) == "z_m1"
    assert Names((1,) * 6).unit(4, 0) == "h4_1"
    assert Names((2, 2), shared_bias=True).bias(0, 1) == "b1"
    assert Names((2, 2)).bias(0, 1) == "b_o2"


def test_latex_names() -> None:
    assert latex_name("∂E/∂out_h1") == r"\frac{\partial E}{\partial \mathrm{out}_{h1}}"
    assert latex_name("w12⁺") == "w_{12}^{+}"
    assert latex_name("δ_o1") == r"\delta_{o1}"
    assert latex_name("b_h1") == "b_{h1}"
    assert latex_name("η") == r"\eta"
    assert latex_name("out_h4_1") == r"\mathrm{out}_{h4,1}"


def test_values_are_changed_by_their_names() -> None:
    problem = drawn_problem((2, 3, 1), seed=5)
    for i, symbol in enumerate(problem.trace().givens):
        changed = problem.with_value(symbol, 0.125 + i)
        givens = changed.trace().givens
        assert givens[symbol] == 0.125 + i
        others = problem.trace().givens
        assert {k: v for k, v in givens.items() if k != symbol} == {
            k: v for k, v in others.items() if k != symbol
        }
    with pytest.raises(UserError, match="no number called 'w99'"):
        problem.with_value("w99", 1.0)


def test_values_that_cannot_be_computed_with_are_refused() -> None:
    for value in (math.nan, math.inf):
        for symbol in ("w1", "x2", "b_o1", "target_o2", "η"):
            with pytest.raises(UserError):
                worked_example().with_value(symbol, value)
    with pytest.raises(UserError, match="learning rate -1"):
        worked_example().with_value("η", -1.0)


def test_bias_modes_turn_into_each_other() -> None:
    problem = worked_example().with_value("b_h1", 0.25)
    shared = problem.with_bias_mode(BiasMode.SHARED)
    assert shared.b == ((0.3,), (0.6,))
    assert shared.with_bias_mode(BiasMode.FROZEN).b == ((0.3, 0.3), (0.6, 0.6))


def test_overflow_is_told_in_a_sentence() -> None:
    linear = drawn_problem((2, 2, 2), ("identity",)).with_value("η", 1e6)
    with pytest.raises(UserError, match=r"Update \d+ made a parameter too large"):
        linear.after(10_000)
    with pytest.raises(UserError, match="too large for a 64-bit number"):
        worked_example().with_value("target_o1", 1e200).trace()
    with pytest.raises(UserError, match="The number of updates cannot be -1"):
        linear.after(-1)


def test_drawn_numbers_depend_on_the_seed_alone() -> None:
    assert drawn_problem((3, 2), seed=7) == drawn_problem((3, 2), seed=7)
    assert drawn_problem((3, 2), seed=7) != drawn_problem((3, 2), seed=8)


def test_import_leaves_torch_alone() -> None:
    modules = "engine.network, engine.gradients, engine.worked_example, engine.slips"
    code = f"import sys, {modules}, tui.commands.trace; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
