from __future__ import annotations

import itertools

import numpy as np

from engine.activations import ACTIVATIONS
from engine.gradients import (
    autograd_gradients,
    central_gradients,
    difference,
    gradient_rows,
    manual_gradients,
    max_abs_difference,
    ulps_between,
    units_at_kink,
)
from engine.network import BiasMode, DenseNetwork
from engine.worked_example import drawn_problem, worked_example
from tests.cases import for_each


@for_each("mode", list(BiasMode))
def test_three_ways_agree_on_the_worked_example(mode: BiasMode) -> None:
    problem = worked_example(mode)
    sample = (problem.network(), problem.x, problem.target)
    manual = manual_gradients(*sample)
    assert max_abs_difference(manual, autograd_gradients(*sample)) < 1e-15
    assert max_abs_difference(manual, central_gradients(*sample).gradients) < 1e-9


def _random_network(seed: int) -> tuple[DenseNetwork, list[float], list[float]]:
    """1 to 3 hidden layers of 1 to 4 units, any activations, any bias mode."""
    draw = np.random.default_rng(seed)
    widths = [int(width) for width in draw.integers(1, 5, size=draw.integers(3, 6))]
    names = draw.choice(list(ACTIVATIONS), size=len(widths) - 1)
    mode = list(BiasMode)[seed % 3]
    pairs = list(itertools.pairwise(widths))
    network = DenseNetwork(
        tuple(draw.uniform(-1, 1, (after, before)) for before, after in pairs),
        tuple(draw.uniform(-1, 1, 1 if mode is BiasMode.SHARED else after) for _, after in pairs),
        tuple(ACTIVATIONS[str(name)] for name in names),
        mode,
    )
    return network, draw.uniform(-1, 1, widths[0]).tolist(), draw.uniform(0, 1, widths[-1]).tolist()


@for_each("seed", range(50))
def test_random_networks_agree_with_autograd(seed: int) -> None:
    network, x, target = _random_network(seed)
    assert not units_at_kink(network, x)
    for row in gradient_rows(network, x, target, autograd_gradients(network, x, target)):
        assert row.autograd_difference is not None
        assert row.autograd_difference.relative <= 1e-12, row
        assert row.autograd_agrees
        assert row.central_difference.absolute < 1e-9, row
        assert row.central_agrees


@for_each("scale", [1e-3, 1.0, 1e3])
def test_central_differences_know_their_own_error(scale: float) -> None:
    problem = worked_example().with_value("x1", scale).with_value("target_o2", scale)
    for row in gradient_rows(problem.network(), problem.x, problem.target):
        assert row.central_agrees, row
        wrong = row.manual * 1.1 + 1e-2 * scale
        assert abs(wrong - row.central) > 10 * row.central_error


def test_a_wrong_gradient_differs() -> None:
    problem = worked_example()
    right = autograd_gradients(problem.network(), problem.x, problem.target)
    W = right.W[0].copy()
    W[0, 0] *= 1 + 1e-9
    wrong = type(right)((W, right.W[1]), right.b)
    rows = gradient_rows(problem.network(), problem.x, problem.target, wrong)
    assert [row.symbol for row in rows if not row.autograd_agrees] == ["w1"]


def test_kink_is_found_and_named() -> None:
    problem = drawn_problem((1, 1, 1), ("relu", "identity"))
    problem = problem.with_value("w1", 0.0).with_value("b_h1", 0.0)
    network = problem.network()
    assert units_at_kink(network, problem.x) == ((1, 0),)
    rows = {row.symbol: row for row in gradient_rows(network, problem.x, problem.target)}
    assert rows["b_h1"].manual == 0.0
    assert not rows["b_h1"].central_agrees


def test_rows_wait_for_autograd() -> None:
    problem = worked_example()
    row = gradient_rows(problem.network(), problem.x, problem.target)[0]
    assert row.symbol == "w1"
    assert row.autograd_agrees is None
    assert row.autograd_difference is None


def test_ulps() -> None:
    assert ulps_between(1.0, np.nextafter(1.0, 2.0)) == 1
    assert ulps_between(-0.0, 0.0) == 0
    assert ulps_between(-5e-324, 5e-324) == 2
    assert ulps_between(1.0, 2.0) == 2**52
    assert difference(0.0, 0.0).relative == 0.0
    assert difference(2.0, 1.0) == difference(1.0, 2.0)
