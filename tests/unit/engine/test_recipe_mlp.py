"""The parts of the multilayer perceptrons: activations, first weights, normalised digits."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from engine.recipes import mlp, mlp_concise, mnist_mlp, mnist_mlp_module
from tests.cases import for_each

REFERENCES = {"relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


@for_each("name", mlp.ACTIVATIONS)
def test_activations_agree_with_pytorch_in_value_and_slope(name: str) -> None:
    z = torch.linspace(-20, 20, 401).requires_grad_()
    other = z.detach().clone().requires_grad_()
    a, reference = mlp.ACTIVATIONS[name](z), REFERENCES[name](other)
    torch.testing.assert_close(a, reference, rtol=1e-5, atol=2e-7)
    a.sum().backward()
    reference.sum().backward()
    assert z.grad is not None
    assert other.grad is not None
    torch.testing.assert_close(z.grad, other.grad, rtol=1e-4, atol=2e-7)


@for_each("name", mlp.ACTIVATIONS)
def test_far_from_zero_all_numbers_stay_finite(name: str) -> None:
    z = torch.tensor([-1e4, -100.0, 100.0, 1e4]).requires_grad_()
    a = mlp.ACTIVATIONS[name](z)
    a.sum().backward()
    assert z.grad is not None
    assert torch.isfinite(a).all()
    assert torch.isfinite(z.grad).all()
    ends = {"relu": (0.0, 1e4), "sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}[name]
    first, _, _, last = a.tolist()
    assert (first, last) == pytest.approx(ends, abs=1e-30)


def test_relu_takes_the_slope_0_at_0() -> None:
    z = torch.zeros(1).requires_grad_()
    mlp.relu(z).sum().backward()
    assert z.grad is not None
    assert z.grad.tolist() == [0.0]


@for_each("name", mlp.ACTIVATIONS)
def test_scores_are_two_layers_with_an_activation_between(name: str) -> None:
    generator = torch.Generator().manual_seed(0)
    params = mlp.init_params(6, 5, 3, generator)
    params["b1"] = torch.randn(5, generator=generator)
    X = torch.rand(4, 6, generator=generator)
    hidden = REFERENCES[name](functional.linear(X, params["W1"].T, params["b1"]))
    expected = functional.linear(hidden, params["W2"].T, params["b2"])
    Z = mlp.scores(X, params, mlp.ACTIVATIONS[name])
    torch.testing.assert_close(Z, expected)


def test_it_starts_near_zero() -> None:
    params = mlp.init_params(784, 256, 10, torch.Generator().manual_seed(0))
    for name in ("W1", "W2"):
        assert float(params[name].std()) == pytest.approx(0.01, rel=0.05)
    assert not params["b1"].any()
    assert not params["b2"].any()


@for_each(
    ("init", "deviation"),
    [
        ("kaiming_normal", math.sqrt(2 / 784)),
        ("small_normal", 0.01),
        ("standard_normal", 1.0),
        ("zeros", 0.0),
    ],
)
def test_the_first_weights_spread_as_they_say(init: str, deviation: float) -> None:
    params = mnist_mlp.init_params(init, torch.Generator().manual_seed(0))
    assert [tuple(value.shape) for value in params.values()] == [
        (200, 784), (200,), (200, 200), (200,), (10, 200), (10,),
    ]  # fmt: skip
    assert float(params["w1"].std()) == pytest.approx(deviation, rel=0.02)
    if init == "kaiming_normal":
        assert float(params["w2"].std()) == pytest.approx(math.sqrt(2 / 200), rel=0.02)
    assert not any(params[name].any() for name in ("b1", "b2", "b3"))


def test_an_unknown_start_is_refused() -> None:
    with pytest.raises(ValueError, match="no initialisation 'other'"):
        mnist_mlp.init_params("other", torch.Generator())


def test_digits_are_normalised() -> None:
    images = torch.tensor([[[0, 255], [51, 102]]], dtype=torch.uint8)
    expected = (torch.tensor([0.0, 1.0, 0.2, 0.4]) - 0.1307) / 0.3081
    torch.testing.assert_close(mnist_mlp.normalise(images), expected[None])
    torch.testing.assert_close(mnist_mlp_module.normalise(images), expected.reshape(1, 1, 2, 2))


@for_each("name", mnist_mlp.ACTIVATIONS)
def test_functions_and_modules_of_one_name_are_one_function(name: str) -> None:
    z = torch.linspace(-5, 5, 101)
    function, module = mnist_mlp.ACTIVATIONS[name], mnist_mlp_module.ACTIVATIONS[name]
    assert torch.equal(function(z), module()(z))
    assert mnist_mlp.ACTIVATIONS.keys() == mnist_mlp_module.ACTIVATIONS.keys()


def test_the_last_layer_has_no_activation() -> None:
    """ReLU on the scores would clip all that speaks against a class."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 784, generator=generator)
    params = mnist_mlp.init_params("kaiming_normal", generator)
    assert (mnist_mlp.forward(x, params) < 0).any()
    net = mlp_concise.make_net(8, 10)
    assert not isinstance(list(net.modules())[-1], torch.nn.ReLU)
