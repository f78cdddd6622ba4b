"""The programs that `backprop/in-pytorch` shows and runs."""

from __future__ import annotations

import math

import torch
from torch import nn


def plain() -> list[float]:
    """The gradients of w1 ... w8 with nothing but arithmetic."""
    x1, x2, t1, t2 = 0.05, 0.10, 0.01, 0.99
    w1, w2, w3, w4, b1 = 0.15, 0.20, 0.25, 0.30, 0.35
    w5, w6, w7, w8, b2 = 0.40, 0.45, 0.50, 0.55, 0.60

    h1 = 1 / (1 + math.exp(-(w1 * x1 + w2 * x2 + b1)))
    h2 = 1 / (1 + math.exp(-(w3 * x1 + w4 * x2 + b1)))
    o1 = 1 / (1 + math.exp(-(w5 * h1 + w6 * h2 + b2)))
    o2 = 1 / (1 + math.exp(-(w7 * h1 + w8 * h2 + b2)))

    d_o1 = (o1 - t1) * o1 * (1 - o1)
    d_o2 = (o2 - t2) * o2 * (1 - o2)
    d_h1 = (d_o1 * w5 + d_o2 * w7) * h1 * (1 - h1)
    d_h2 = (d_o1 * w6 + d_o2 * w8) * h2 * (1 - h2)

    into_hidden = [d_h1 * x1, d_h1 * x2, d_h2 * x1, d_h2 * x2]
    into_output = [d_o1 * h1, d_o1 * h2, d_o2 * h1, d_o2 * h2]
    return into_hidden + into_output


F64 = torch.float64


def given(hidden: nn.Linear, output: nn.Linear) -> None:
    """Put the given numbers into two layers: one row per unit."""
    with torch.no_grad():
        w1_to_w4 = [[0.15, 0.20], [0.25, 0.30]]
        w5_to_w8 = [[0.40, 0.45], [0.50, 0.55]]
        hidden.weight.copy_(torch.tensor(w1_to_w4, dtype=F64))
        output.weight.copy_(torch.tensor(w5_to_w8, dtype=F64))
        hidden.bias.fill_(0.35)
        output.bias.fill_(0.60)


X = torch.tensor([0.05, 0.10], dtype=F64)


TARGET = torch.tensor([0.01, 0.99], dtype=F64)


def half_squared_error(a: torch.Tensor) -> torch.Tensor:
    """The loss of the worked network."""
    return 0.5 * ((a - TARGET) ** 2).sum()


def weight_gradients(network: nn.Module) -> list[float]:
    """What backward() left at the weights, in their order."""
    found: list[float] = []
    for name, parameter in network.named_parameters():
        if name.endswith("weight") and parameter.grad is not None:
            found += parameter.grad.flatten().tolist()
    return found


def two_linear() -> list[float]:
    """Two nn.Linear, and sigmoid written between them."""
    hidden = nn.Linear(2, 2, dtype=F64)
    output = nn.Linear(2, 2, dtype=F64)
    given(hidden, output)

    a = torch.sigmoid(hidden(X))
    a = torch.sigmoid(output(a))
    half_squared_error(a).backward()
    return weight_gradients(hidden) + weight_gradients(output)


class Network(nn.Module):
    """The network as a module of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(2, 2, dtype=F64)
        self.output = nn.Linear(2, 2, dtype=F64)
        given(self.hidden, self.output)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The two outputs."""
        a = torch.sigmoid(self.hidden(x))
        return torch.sigmoid(self.output(a))


def as_module() -> list[float]:
    """The gradients by way of the module."""
    network = Network()
    half_squared_error(network(X)).backward()
    return weight_gradients(network)


def sequential() -> nn.Sequential:
    """The network as two blocks, one after the other."""
    hidden = nn.Linear(2, 2, dtype=F64)
    output = nn.Linear(2, 2, dtype=F64)
    given(hidden, output)
    return nn.Sequential(
        nn.Sequential(hidden, nn.Sigmoid()),
        nn.Sequential(output, nn.Sigmoid()),
    )


def as_sequential() -> list[float]:
    """The gradients by way of the blocks."""
    network = sequential()
    half_squared_error(network(X)).backward()
    return weight_gradients(network)


def compare_all() -> None:
    """Print the gradients of all four, and how far they are apart."""
    ways = (plain, two_linear, as_module, as_sequential)
    columns = [way() for way in ways]
    print("    " + "".join(f"{way.__name__:>15}" for way in ways))
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        print(f"w{number}  " + "".join(f"{value:15.9f}" for value in row))
    apart = max(max(row) - min(row) for row in zip(*columns, strict=True))
    print(f"largest difference: {apart:.1e}")


def sgd_step() -> None:
    """Print the loss before and after one step."""
    for biases in (False, True):
        network = Network()
        moving: list[torch.Tensor] = [*network.parameters()]
        if not biases:
            moving = [network.hidden.weight, network.output.weight]
        optimiser = torch.optim.SGD(moving, lr=0.5)

        optimiser.zero_grad()
        loss = half_squared_error(network(X))
        loss.backward()
        optimiser.step()

        after = half_squared_error(network(X))
        print("biases move:", biases)
        print(f"  before {loss.item():.9f}  after {after.item():.9f}")


def without_zero_grad() -> None:
    """Print the gradient of w5 after each call of backward()."""
    network = Network()
    for call in (1, 2, 3):
        half_squared_error(network(X)).backward()
        grad = network.output.weight.grad
        assert grad is not None
        print(f"call {call}, not set to zero: {grad[0, 0].item():.9f}")
    network.zero_grad()
    half_squared_error(network(X)).backward()
    grad = network.output.weight.grad
    assert grad is not None
    print(f"after zero_grad:        {grad[0, 0].item():.9f}")


def rebinding() -> None:
    """Print what becomes of a leaf: replaced, and moved."""
    w = torch.tensor(2.0, dtype=F64, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    w = w - 0.1 * w.grad
    print("w = w - ...  value:", w.item(), " a leaf:", w.is_leaf)

    w = torch.tensor(2.0, dtype=F64, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    with torch.no_grad():
        w -= 0.1 * w.grad
    print("in no_grad   value:", w.item(), " a leaf:", w.is_leaf)


def mse_factor() -> None:
    """Print nn.MSELoss beside half the sum of the squares."""
    print("outputs   half the sum   MSELoss()   their ratio")
    generator = torch.Generator().manual_seed(0)
    for n in (1, 2, 3, 10):
        a, y = torch.rand(2, n, generator=generator, dtype=F64)
        half = 0.5 * ((a - y) ** 2).sum()
        mean = nn.MSELoss()(a, y)
        ratio = (mean / half).item()
        numbers = f"{half.item():>15.6f}{mean.item():>12.6f}{ratio:>14.6f}"
        print(f"{n:>7}{numbers}")
