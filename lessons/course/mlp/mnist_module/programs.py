"""The programs that `mlp/mnist-module` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.recipes.mnist_mlp import forward, normalise
from engine.recipes.mnist_mlp_module import MLP, init_layers
from lessons.course.mlp.mnist_low_level.programs import digits


def same_scores() -> None:
    """Copy the module's tensors into the plain version; compare."""
    net = MLP()
    init_layers(net, "kaiming_normal", torch.Generator().manual_seed(0))
    p: dict[str, Tensor] = {}
    for i, layer in enumerate((net.fc1, net.fc2, net.fc3), start=1):
        p |= {f"w{i}": layer.weight, f"b{i}": layer.bias}
    x = torch.randn(5, 784, generator=torch.Generator().manual_seed(1))
    difference = (net(x) - forward(x, p)).abs().max()
    print("largest difference", difference.item())


def list_parameters() -> None:
    """Print what the module knows to be learned."""
    net = MLP()
    for name, p in net.named_parameters():
        print(f"{name:11} {tuple(p.shape)!s:11} {p.numel():>7}")
    print("in all", sum(p.numel() for p in net.parameters()))


class Forgetful(nn.Module):
    """The same layers, kept in a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.Linear(784, 200), nn.Linear(200, 10)]

    def forward(self, x: Tensor) -> Tensor:
        """A score per class, (n, 10)."""
        hidden = F.relu(self.layers[0](x))
        scores: Tensor = self.layers[1](hidden)
        return scores


def object_or_function() -> None:
    """Call ReLU as an object and as a function; overwrite a tensor."""
    z = torch.tensor([-2.0, 0.0, 3.0])
    layer = nn.ReLU()
    print("parameters  ", list(layer.parameters()))
    print("nn.ReLU()(z)", layer(z).tolist())
    print("F.relu(z)   ", F.relu(z).tolist())
    print("z           ", z.tolist())
    nn.ReLU(inplace=True)(z)
    print("z, in place ", z.tolist())


def silent_units() -> None:
    """Count the silent outputs and the dead units of a layer."""
    data = digits()
    x = normalise(data.train_images[:1000])
    net = MLP()
    init_layers(net, "kaiming_normal", torch.Generator().manual_seed(0))
    for bias in (0.0, -2.0, -5.0):
        nn.init.constant_(net.fc1.bias, bias)
        z = net.fc1(x)
        silent = (z <= 0).float().mean()
        dead = (z <= 0).all(dim=0).float().mean()
        row = f"outputs silent {silent:.3f}  units dead {dead:.3f}"
        print(f"bias {bias:4.0f}  {row}")


def blame_through() -> None:
    """Print the gradient that each activation lets through."""
    for function in (F.relu, F.leaky_relu):
        z = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
        function(z).sum().backward()
        assert z.grad is not None
        print(f"{function.__name__:11} ", *(f"{g:.2f}" for g in z.grad))


def relu_on_logits() -> None:
    """Give ten negative scores to the loss, with and without ReLU."""
    for last in (nn.Identity(), nn.ReLU()):
        scores = torch.linspace(-3.0, -0.3, 10)[None].requires_grad_()
        loss = F.cross_entropy(last(scores), torch.tensor([9]))
        loss.backward()
        assert scores.grad is not None
        size = scores.grad.norm()
        print(f"{last!s:11} loss {loss:.4f}  gradient {size:.4f}")
