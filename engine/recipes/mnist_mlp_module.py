"""The network of three layers on handwritten digits as a class.

Shapes: n images are x (n, 1, 28, 28), their labels y (n,). The layers hold what were bare tensors:
fc1.weight is w1 (200, 784), fc1.bias is b1 (200,), and so on.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import setting
from engine.recipes.images import to_numbers
from engine.recipes.mnist_mlp import MEAN, STD, UNITS, init_weight
from engine.recipes.modules import linears
from engine.recipes.plumbing import start
from engine.recipes.softmax_concise import SoftmaxConciseTask
from engine.recipes.two_layer_optim import make_optimizer
from engine.training.recipe import Recipe
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


RECIPE = Recipe(
    name="mnist-mlp-module",
    title=_("Three layers on digits, as an nn.Module"),
    module=__name__,
    dataset="mnist",
    classes=10,
    hyperparameters=(
        setting.epochs(10),
        setting.learning_rate(0.01),
        setting.batch_size(200),
        setting.activation("relu", "leaky_relu", "selu", "softplus", "sigmoid", "tanh"),
        setting.optimiser(),
        setting.first_weights(
            "kaiming_normal",
            kaiming_normal=_("from N(0, 2/in), made for ReLU"),
            small_normal=_("from N(0, 0.01²)"),
            standard_normal=_("from N(0, 1), too large"),
            zeros=_("all units stay alike"),
        ),
        setting.validation(),
        setting.seed(),
        setting.threads(),
    ),
    usual_rates=((("rmsprop",), 0.001), (("adam",), 0.001)),
    place=41,
)


class MnistModuleTask(SoftmaxConciseTask):
    """The class above, trained by the loader and the update of softmax regression."""

    KEEPS_BYTES = False  # `normalise` takes three passes


def mnist_task(data: ImageData, settings: Mapping[str, Setting], source: Source) -> MnistModuleTask:
    """The task of the network above, with its first weights."""
    begin = start(settings, source)
    net = MLP(ACTIVATIONS[str(settings["activation"])])
    init_layers(net, str(settings["init"]), begin.generator)
    net.to(begin.device)
    optimizer = make_optimizer(str(settings["optimizer"]), net.parameters(), float(settings["lr"]))
    names = {"hidden 1": ("w1", "b1"), "hidden 2": ("w2", "b2"), "output": ("w3", "b3")}
    return MnistModuleTask(data, normalise, net, optimizer, names, begin)


def build(settings: Mapping[str, Setting], source: Source) -> MnistModuleTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("mnist", source.data_dir, source.allow_synthetic)
    return mnist_task(data, settings, source)
