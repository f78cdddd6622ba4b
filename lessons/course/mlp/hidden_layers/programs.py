"""The programs that `mlp/hidden-layers` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from lessons.course.mlp.hidden_layers.facts import XOR


def relu(Z: Tensor) -> Tensor:
    """The larger of z and 0."""
    return torch.maximum(Z, torch.zeros(()))


def hidden_then_output(X: Tensor) -> tuple[Tensor, Tensor]:
    """Two ReLU units and an output that compute XOR."""
    W1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    B1 = torch.tensor([0.0, -1.0])
    W2 = torch.tensor([[1.0], [-2.0]])
    B2 = torch.tensor([0.0])
    A2 = relu(X @ W1 + B1)
    return A2, A2 @ W2 + B2


XOR_X = torch.tensor(XOR)[:, :2]


def xor_by_hand() -> None:
    """Print what the two hidden units and the output say."""
    for x in XOR_X:
        hidden, out = hidden_then_output(x)
        print(x.tolist(), "hidden", hidden.tolist(), "output", out.item())


def linear_collapse() -> None:
    """Compare two layers with the one layer that they are worth."""
    shapes = (5, 4), (4, 6), (6,), (6, 3), (3,)
    made = torch.Generator().manual_seed(0)
    tensors = [torch.randn(shape, generator=made) for shape in shapes]
    X, W1, B1, W2, B2 = (tensor.double() for tensor in tensors)
    one_layer = X @ (W1 @ W2) + (B1 @ W2 + B2)
    plain = (X @ W1 + B1) @ W2 + B2
    bent = relu(X @ W1 + B1) @ W2 + B2
    print(f"without activation: {(plain - one_layer).abs().max():.1e}")
    print(f"with ReLU:          {(bent - one_layer).abs().max():.1e}")


def sigmoid(Z: Tensor) -> Tensor:
    """1 / (1 + e^-z), as it is written."""
    return 1 / (1 + torch.exp(-Z))


def tanh(Z: Tensor) -> Tensor:
    """(1 - e^-2z) / (1 + e^-2z), as it is written."""
    return (1 - torch.exp(-2 * Z)) / (1 + torch.exp(-2 * Z))


def stable_sigmoid(Z: Tensor) -> Tensor:
    """Two forms; neither takes e to a power above 0."""
    up = Z >= 0
    small = torch.exp(torch.where(up, -Z, Z))
    return torch.where(up, 1.0, small) / (1 + small)


def stable_tanh(Z: Tensor) -> Tensor:
    """2 sigma(2z) - 1, which inherits what sigma can do."""
    return 2 * stable_sigmoid(2 * Z) - 1


def tanh_overflows() -> None:
    """Print tanh as it is written beside the stable form."""
    for z in (-1.0, -40.0, -100.0, 100.0):
        Z = torch.tensor(z)
        written, stable = tanh(Z), stable_tanh(Z)
        print(f"z {z:5.0f}  written {written:8.5f}  stable {stable:8.5f}")


def sigmoid_slopes() -> None:
    """Print value and slope of both sigmoids at a very negative z."""
    for function in (sigmoid, stable_sigmoid):
        Z = torch.tensor([-1.0, -100.0], requires_grad=True)
        A = function(Z)
        A.sum().backward()
        assert Z.grad is not None
        print(function.__name__)
        for value, slope in zip(A.tolist(), Z.grad.tolist(), strict=True):
            print(f"    value {value:.6g}  slope {slope:.6g}")


def relu_at_zero() -> None:
    """Print the slope at 0 of two programs for the same function."""
    for name, function in (("maximum", relu), ("torch.relu", torch.relu)):
        Z = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)
        function(Z).sum().backward()
        assert Z.grad is not None
        print(f"{name:10}  slopes at -1, 0, 1: {Z.grad.tolist()}")


XOR_Y = torch.tensor(XOR)[:, 2:]


Params = tuple[Tensor, Tensor, Tensor, Tensor]


def start(kind: str) -> Params:
    """Parameters of a 2-3-1 network: all 0, all 0.5, or random."""
    shapes = (2, 3), (3,), (3, 1), (1,)
    generator = torch.Generator().manual_seed(1)
    tensors = []
    for shape in shapes:
        if kind == "random":
            tensor = torch.randn(shape, generator=generator)
        else:
            tensor = torch.full(shape, 0.5 if kind == "equal" else 0.0)
        tensors.append(tensor.double().requires_grad_())
    W1, B1, W2, B2 = tensors
    return W1, B1, W2, B2


def xor_loss(params: Params) -> Tensor:
    """Cross entropy of the four samples; the hidden layer has tanh."""
    W1, B1, W2, B2 = params
    X, y = XOR_X.double(), XOR_Y.double()
    scores = torch.tanh(X @ W1 + B1) @ W2 + B2
    return binary_cross_entropy_with_logits(scores, y)


def train_xor(kind: str, updates: int = 300) -> tuple[Tensor, float]:
    """Learn XOR; returns the hidden weights and the loss."""
    params = start(kind)
    for _ in range(updates):
        gradients = torch.autograd.grad(xor_loss(params), params)
        with torch.no_grad():
            for param, gradient in zip(params, gradients, strict=True):
                param -= gradient
    return params[0].detach(), xor_loss(params).item()


def xor_symmetry() -> None:
    """Train from three starts; a column of W1 is a hidden unit."""
    for kind in ("zero", "equal", "random"):
        W1, loss = train_xor(kind)
        print(f"{kind:7} loss {loss:.6f}")
        for row in W1.tolist():
            print("    W1", " ".join(f"{weight:9.6f}" for weight in row))
