"""The programs that `frameworks/module` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.recipes.two_layer import random_data
from engine.recipes.two_layer_module import TwoLayerNet
from engine.recipes.two_layer_nn import make_model
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H


def read_register() -> None:
    """Print a TwoLayerNet and its parameters."""
    model = TwoLayerNet(D_IN, H, D_OUT)
    print(model)
    for name, param in model.named_parameters():
        print(f"{name:16} {tuple(param.shape)}")


class InPlainList(nn.Module):
    """The network with its layers in a Python list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.Linear(D_IN, H), nn.Linear(H, D_OUT)]

    def forward(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        y_pred: Tensor = self.layers[1](self.layers[0](x).clamp(min=0))
        return y_pred


class InModuleList(nn.Module):
    """The same with an nn.ModuleList."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(D_IN, H), nn.Linear(H, D_OUT)])

    def forward(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        y_pred: Tensor = self.layers[1](self.layers[0](x).clamp(min=0))
        return y_pred


CPU = torch.device("cpu")


def compare_lists() -> None:
    """Print what both models compute, and which parameters they find."""
    x = random_data(torch.Generator().manual_seed(0), CPU).x
    for model in (InPlainList(), InModuleList()):
        names = [name for name, _ in model.named_parameters()]
        print(type(model).__name__, "gives", tuple(model(x).shape))
        print("  parameters:", ", ".join(names) or "none")


def carry_over() -> None:
    """Move the weights of a Sequential into a TwoLayerNet, by name."""
    x = random_data(torch.Generator().manual_seed(0), CPU).x
    old, new = make_model(D_IN, H, D_OUT), TwoLayerNet(D_IN, H, D_OUT)
    state = old.state_dict()
    print("from:", ", ".join(state))
    print("to:  ", ", ".join(new.state_dict()))
    renamed = {"linear1.weight": state["0.weight"]}
    renamed["linear2.weight"] = state["2.weight"]
    new.load_state_dict(renamed)
    print("outputs apart by", (old(x) - new(x)).abs().max().item())


def five_steps() -> None:
    """A whole training, as short as it gets."""
    # 1. data
    torch.manual_seed(0)
    x, y = torch.randn(64, 1000), torch.randn(64, 10)
    # 2. model
    model = TwoLayerNet(1000, 100, 10)
    # 3. loss
    loss_fn = nn.MSELoss(reduction="sum")
    # 4. optimizer
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    # 5. loop
    for t in range(1, 101):
        y_pred = model(x)
        loss = loss_fn(y_pred, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if t in (1, 25, 50, 75, 100):
            print(f"step {t:3}  loss {loss.item():.4f}")
