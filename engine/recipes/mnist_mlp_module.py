"""The network of three layers on handwritten digits as a class of its own.

Shapes: n images are x (n, 1, 28, 28), their labels y (n,). The layers hold what were bare tensors:
fc1.weight is w1 (200, 784), fc1.bias is b1 (200,), and so on.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.data import ImageData, load_images
from engine.devices import choose
from engine.recipes.images import to_numbers
from engine.recipes.mnist_mlp import MEAN, STD, UNITS, init_weight
from engine.recipes.modules import linears
from engine.recipes.softmax_concise import ImageModuleTask
from engine.recipes.two_layer_optim import make_optimizer
from engine.training.snapshot import Setting
from engine.training.task import Source

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "selu": nn.SELU,
    "softplus": nn.Softplus,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}


def normalise(images: Tensor) -> Tensor:
    """Turn (n, 28, 28) bytes into (n, 1, 28, 28) numbers of mean 0 and standard deviation 1."""
    return (to_numbers(images) - MEAN) / STD


class MLP(nn.Module):
    """784-200-200-10: the layers are made once, and forward says how they follow each other.

    The activation is a module here, nn.ReLU(), made once and called like a layer; F.relu is the
    same as a function, called where it is needed.
    """

    def __init__(self, activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, UNITS)
        self.fc2 = nn.Linear(UNITS, UNITS)
        self.fc3 = nn.Linear(UNITS, 10)
        self.activation = activation()

    def forward(self, x: Tensor) -> Tensor:
        """A score per class, (n, 10); called by net(x)."""
        x = x.flatten(1)
        x = self.activation(self.fc1(x))
        x = self.activation(self.fc2(x))
        logits: Tensor = self.fc3(x)
        return logits


def init_layers(net: nn.Module, init: str, generator: torch.Generator) -> None:
    """Fill the weights of all layers as those of the version with bare tensors; biases are 0."""
    for layer in linears(net):
        init_weight(layer.weight, init, generator)
        nn.init.zeros_(layer.bias)


def mnist_task(data: ImageData, settings: Mapping[str, Setting], source: Source) -> ImageModuleTask:
    """The network by the class above."""
    device = choose(source.device)
    generator = torch.Generator().manual_seed(int(settings["seed"]))
    net = MLP(ACTIVATIONS[str(settings["activation"])])
    init_layers(net, str(settings["init"]), generator)
    net.to(device)
    optimizer = make_optimizer(str(settings["optimizer"]), net.parameters(), float(settings["lr"]))
    names = {"hidden 1": ("w1", "b1"), "hidden 2": ("w2", "b2"), "output": ("w3", "b3")}
    return ImageModuleTask(
        data, normalise, net, optimizer, names, generator, device, source.placement
    )


def build(settings: Mapping[str, Setting], source: Source) -> ImageModuleTask:
    """The task for `settings`; raises DataMissing where the images are nowhere to be found."""
    data = load_images("mnist", source.data_dir, source.allow_synthetic)
    return mnist_task(data, settings, source)
