from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.activations import ACTIVATIONS, Activation, LeakyRelu, activation
from engine.errors import UserError
from engine.losses import HalfSquaredError
from tests.cases import for_each

ALL = [*ACTIVATIONS.values(), LeakyRelu(slope=0.3)]
POINTS = np.concatenate([np.linspace(-8, 8, 101), [-700.0, -40.0, 40.0, 700.0]])


@for_each("function", ALL, ids=lambda f: f.name)
def test_value_and_derivative_are_torchs(function: Activation) -> None:
    z = torch.tensor(POINTS, requires_grad=True)
    a = function.torch_function()(z)
    a.sum().backward()
    assert z.grad is not None
    np.testing.assert_allclose(function.value(POINTS), a.detach().numpy(), rtol=1e-13, atol=1e-300)
    # torch's own 1 − a loses digits in the tails, ours does not: hence the absolute part.
    np.testing.assert_allclose(function.derivative(POINTS), z.grad.numpy(), rtol=1e-12, atol=1e-15)


@for_each("function", ALL, ids=lambda f: f.name)
def test_derivative_is_the_slope_of_the_value(function: Activation) -> None:
    z = np.linspace(-5, 5, 100)  # does not hold 0, where some have a kink
    h = 1e-5
    slope = (function.value(z + h) - function.value(z - h)) / (2 * h)
    np.testing.assert_allclose(function.derivative(z), slope, atol=1e-9)


@for_each("function", ALL, ids=lambda f: f.name)
def test_derivative_at_zero_is_torchs(function: Activation) -> None:
    z = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    function.torch_function()(z).backward()
    assert z.grad is not None
    assert function.derivative(np.zeros(1))[0] == pytest.approx(z.grad.item(), rel=1e-14)


@for_each("function", ALL, ids=lambda f: f.name)
def test_huge_inputs_overflow_nowhere(function: Activation) -> None:
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(function.value(np.array([-1e4, 1e4]))).all()
        assert np.isfinite(function.derivative(np.array([-1e4, 1e4]))).all()


def test_forms_hold_names_or_numbers() -> None:
    assert activation("sigmoid").text("z_h1") == "1/(1 + e^(−z_h1))"
    assert activation("sigmoid").derivative_text("z", "a") == "a·(1 − a)"
    assert activation("tanh").text("(−0.5)") == "tanh(−0.5)"
    assert activation("relu").derivative_text("(−2)", "0") == "1 if −2 > 0, else 0"
    assert LeakyRelu(0.2).text("(−2)") == "−2 if −2 > 0, else 0.2·(−2)"
    assert LeakyRelu(0.2).latex_of("z").startswith(r"\begin{cases} z & z > 0 \\ 0.2\,z")
    for function in ALL:
        for text in (
            function.text("z"),
            function.derivative_text("z", "a"),
            function.latex_of("z"),
            function.derivative_latex_of("z", "a"),
        ):
            assert "⟨" not in text


def test_unknown_name_is_answered_with_the_choice() -> None:
    with pytest.raises(UserError, match=r"function 'swish'\. Choose one of sigmoid"):
        activation("swish")


def test_half_squared_error_is_torchs() -> None:
    loss = HalfSquaredError()
    a, y = np.array([0.3, -2.0, 5.0]), np.array([0.0, 1.0, 5.0])
    tensor = torch.tensor(a, requires_grad=True)
    value = loss.torch_function()(tensor, torch.tensor(y))
    value.backward()
    assert tensor.grad is not None
    assert loss.value(a, y) == pytest.approx(value.item(), rel=1e-15)
    assert loss.per_output(a, y).tolist() == pytest.approx([0.045, 4.5, 0.0])
    np.testing.assert_allclose(loss.derivative(a, y), tensor.grad.numpy(), rtol=1e-15)
