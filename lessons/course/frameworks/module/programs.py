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


def two_modes() -> None:
    """Send ones through dropout, twice in each mode."""
    torch.manual_seed(0)
    dropout = nn.Dropout(p=0.5)
    for mode in ("train", "eval"):
        getattr(dropout, mode)()
        for _ in range(2):
            print(f"{mode:6}", dropout(torch.ones(10)).tolist())


def dropout_model() -> nn.Sequential:
    """A network for 20 features and two classes that drops half of its hidden units."""
    return nn.Sequential(nn.Linear(20, 50), nn.ReLU(), nn.Dropout(p=0.5), nn.Linear(50, 2))


def train_and_measure(
    model: nn.Module, x: Tensor, y: Tensor, test_x: Tensor, test_y: Tensor
) -> float:
    """Train for 50 updates, then return the accuracy on the test samples."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    model.train()
    for _ in range(50):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        right = model(test_x).argmax(dim=1) == test_y
    return float(right.float().mean())


def noisy_classes() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test samples of two classes that overlap."""
    y, test_y = torch.arange(200) % 2, torch.arange(1000) % 2
    x = torch.randn(200, 20) + 0.5 * y[:, None]
    test_x = torch.randn(1000, 20) + 0.5 * test_y[:, None]
    return x, y, test_x, test_y


def forgotten_eval() -> None:
    """Train a model with dropout, and measure it in both modes."""
    torch.manual_seed(0)
    model = dropout_model()
    x, y, test_x, test_y = noisy_classes()
    train_and_measure(model, x, y, test_x, test_y)
    for mode in ("train", "eval"):
        getattr(model, mode)()
        with torch.no_grad():
            found = [(model(test_x).argmax(dim=1) == test_y).float().mean() for _ in range(3)]
        print(f"{mode:6}" + "".join(f"{accuracy:8.3f}" for accuracy in found))
