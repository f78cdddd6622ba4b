"""The model of the activations lab: its numbers are torch's, its shares those of the sample."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS, Activation, Array, LeakyRelu
from engine.errors import UserError
from engine.labs.activations import (
    DEAD_BELOW,
    INPUTS,
    NAMES,
    SATURATED_BELOW,
    UNITS,
    Choice,
    curves,
    rows,
    saturated_share,
    slopes_by_autograd,
    standard_inputs,
)
from tests.cases import for_each

ALL = Choice(names=NAMES)
COUNTERPARTS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "selu": torch.selu,
    "softplus": torch.nn.functional.softplus,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
}
EDGES = [-1000.0, -30.0, -1.0, 0.0, 1e-9, 0.5, 19.0, 1000.0]


@given(st.floats(-1000, 1000) | st.sampled_from(EDGES), st.floats(0, 1))
def test_values_and_slopes_are_torch_s(x: float, slope: float) -> None:
    choice = replace(ALL, probe=x, slope=slope)
    autograd = slopes_by_autograd(choice)
    for row, by_autograd in zip(rows(choice), autograd, strict=True):
        z = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        if row.name == "leaky_relu":
            f = torch.nn.functional.leaky_relu(z, slope)
        elif row.name == "softplus":
            f = torch.nn.functional.softplus(z, threshold=40)
        else:
            f = COUNTERPARTS[row.name](z)
        (expected,) = torch.autograd.grad(f, z)
        assert row.value == pytest.approx(float(f.detach()), rel=1e-12, abs=1e-12)
        assert row.derivative == pytest.approx(float(expected), rel=1e-12, abs=1e-12)
        assert by_autograd == pytest.approx(row.derivative, rel=1e-12, abs=1e-12)


@for_each("spread", [0.01, 0.5, 1.0, 3.0, 20.0, 1000.0])
def test_shares_are_those_that_autograd_counts(spread: float) -> None:
    choice = replace(ALL, spread=spread)
    for function, row in zip(choice.functions, rows(choice), strict=True):
        z = torch.tensor(standard_inputs() * spread, requires_grad=True)
        (slopes,) = torch.autograd.grad(function.torch_function()(z).sum(), z)
        assert row.saturated == float((slopes.abs() < SATURATED_BELOW).double().mean())
        assert row.dead == float((slopes.abs() < DEAD_BELOW).all(dim=1).double().mean())


def test_the_sample_is_normal_and_does_not_change() -> None:
    sample = standard_inputs()
    assert sample.shape == (UNITS, INPUTS)
    assert abs(sample.mean()) < 0.05
    assert abs(sample.std() - 1) < 0.05
    assert sample is standard_inputs()
    assert not sample.flags.writeable


@for_each("spread", [0.3, 1.0, 2.5, 10.0, 200.0])
@for_each("slope", [0.0, 0.005, 0.01, 0.5])
def test_the_exact_share_is_near_that_of_the_sample(spread: float, slope: float) -> None:
    choice = replace(ALL, spread=spread, slope=slope)
    for row in rows(choice):
        deviation = np.sqrt(row.saturated_exactly * (1 - row.saturated_exactly) / (UNITS * INPUTS))
        assert abs(row.saturated - row.saturated_exactly) <= 4 * deviation + 1e-4


def test_exact_shares_that_can_be_written_down() -> None:
    assert saturated_share(ACTIVATIONS["relu"], 3.0) == 0.5
    assert saturated_share(LeakyRelu(0.02), 3.0) == 0.0
    assert saturated_share(LeakyRelu(0.001), 3.0) == 0.5
    # tanh' < 0.01 where |z| > artanh √0.99.
    edge = float(np.arctanh(np.sqrt(1 - SATURATED_BELOW)))
    normal = torch.distributions.Normal(0.0, 1.0)
    beyond = 2 * float(1 - normal.cdf(torch.tensor(edge / 2.0, dtype=torch.float64)))
    assert saturated_share(ACTIVATIONS["tanh"], 2.0) == pytest.approx(beyond, rel=1e-6)


def test_relu_units_die_and_leaky_ones_do_not() -> None:
    found = {row.name: row for row in rows(ALL)}
    # All four inputs lie below 0 for one unit in sixteen.
    assert found["relu"].dead == pytest.approx(0.5**INPUTS, abs=0.01)
    assert found["leaky_relu"].dead == 0
    assert rows(replace(ALL, slope=0.0))[3].dead == found["relu"].dead


def test_curves_pass_the_kink_on_both_sides() -> None:
    for function, x, f, slope in curves(ALL, 21):
        assert np.all(np.diff(x) >= 0)
        assert 0.0 in x
        assert np.array_equal(f, function.value(x))
        assert np.array_equal(slope, function.derivative(x))
        if function.name == "relu":
            assert set(slope) == {0.0, 1.0}


def test_functions_come_and_go_in_their_order() -> None:
    choice = Choice(names=("relu",)).toggled("softplus").toggled("sigmoid")
    assert choice.names == ("sigmoid", "relu", "softplus")
    assert choice.toggled("relu").names == ("sigmoid", "softplus")


@for_each(
    "wrong",
    [
        {"names": ()},
        {"probe": 1001.0},
        {"probe": -2e9},
        {"low": 3.0, "high": 3.0},
        {"low": 4.0, "high": -4.0},
        {"low": -5000.0},
        {"slope": -0.1},
        {"slope": 1.5},
        {"spread": 0.0},
        {"spread": -1.0},
        {"spread": 1e9},
    ],
)
def test_what_cannot_be_used_is_said(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError) as caught:
        replace(Choice(), **wrong)  # type: ignore[arg-type]  # names of fields
    assert str(caught.value).endswith(".")


def test_zooming_keeps_the_middle() -> None:
    choice = Choice(low=1.0, high=5.0).zoomed(2.0)
    assert (choice.low, choice.high) == (-1.0, 7.0)
    assert choice.zoomed(0.5) == Choice(low=1.0, high=5.0)


@dataclass(frozen=True, slots=True)
class FlatInBands(Activation):
    """A slope of 0 where 1 < |z| < 2, else 1: flat, and then no longer."""

    name: ClassVar[str] = "bands"

    def value(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array) -> Array:
        return np.where((np.abs(z) > 1) & (np.abs(z) < 2), 0.0, 1.0)


def test_a_slope_may_be_flat_in_the_middle() -> None:
    share = math.erf(2 / math.sqrt(2)) - math.erf(1 / math.sqrt(2))
    assert saturated_share(FlatInBands(), 1.0) == pytest.approx(share, rel=1e-9)
