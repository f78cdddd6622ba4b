"""A network of three layers on handwritten digits, from bare tensors and functions of PyTorch.

Shapes: n images are x (n, 784), their labels y (n,). Layer i has a weight of (out, in) and a bias
of (out,), as nn.Linear keeps them: w1 (200, 784), w2 (200, 200), w3 (10, 200). The choice
kaiming_normal of first weights is the rule of He, Zhang, Ren and Sun (2015), equation 10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import setting
from engine.recipes.images import ImageTask
from engine.recipes.plumbing import classified, set_rate, start
from engine.recipes.two_layer_optim import make_optimizer
from engine.training.inside import Hidden, Recorder
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Batch, BatchSums, Gradient, Source, check_exchange

MEAN, STD = 0.1307, 0.3081
"""Mean and standard deviation of all pixels of the 60 000 digits, each from 0 to 1."""
UNITS = 200

Params: TypeAlias = Mapping[str, Tensor]


def normalise(images: Tensor) -> Tensor:
    """Turn (n, 28, 28) bytes into (n, 784) numbers of mean 0 and standard deviation 1."""
    pixels = images.reshape(len(images), -1) / 255
    return (pixels - MEAN) / STD


def init_weight(w: Tensor, init: str, generator: torch.Generator) -> None:
    """Fill a weight of shape (out, in), in place.

    kaiming_normal: N(0, 2/in), which lets ReLU layers pass on numbers of the same size as they
    get. small_normal: N(0, 0.01²). standard_normal: N(0, 1), far too large here. zeros: all units
    of a layer alike, and so they stay.
    """
    match init:
        case "kaiming_normal":
            nn.init.kaiming_normal_(w, nonlinearity="relu", generator=generator)
        case "small_normal":
            nn.init.normal_(w, std=0.01, generator=generator)
        case "standard_normal":
            nn.init.normal_(w, generator=generator)
        case "zeros":
            nn.init.zeros_(w)
        case _:
            raise ValueError(f"there is no initialisation {init!r}")


def init_params(init: str, generator: torch.Generator) -> dict[str, Tensor]:
    """Make w1, b1, w2, b2, w3, b3 for the network 784-200-200-10; all biases start at 0."""
    sizes = (784, UNITS, UNITS, 10)
    params: dict[str, Tensor] = {}
    for i, (d_in, d_out) in enumerate(pairwise(sizes), start=1):
        w = torch.empty(d_out, d_in)
        init_weight(w, init, generator)
        params |= {f"w{i}": w, f"b{i}": torch.zeros(d_out)}
    return params


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "selu": F.selu,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def forward(x: Tensor, p: Params, activation: Callable[[Tensor], Tensor] = F.relu) -> Tensor:
    """The model: a score per class, (n, 10); the last layer has no activation."""
    x = activation(x @ p["w1"].t() + p["b1"])
    x = activation(x @ p["w2"].t() + p["b2"])
    return x @ p["w3"].t() + p["b3"]


def update(
    x: Tensor,
    y: Tensor,
    params: Params,
    activation: Callable[[Tensor], Tensor],
    optimizer: torch.optim.Optimizer,
) -> tuple[Tensor, Tensor]:
    """One update from one mini-batch; its mean loss and its scores (n, 10), both from before."""
    logits = forward(x, params, activation)
    loss = F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), logits.detach()


RECIPE = Recipe(
    name="mnist-mlp",
    title=_("Three layers on digits, from bare tensors"),
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
    place=40,
)


class MnistMlpTask(ImageTask):
    """The network by the functions above."""

    gradient = Gradient.MEAN
    KEEPS_BYTES = False  # `normalise` takes three passes

    def __init__(self, data: ImageData, settings: Mapping[str, Setting], source: Source) -> None:
        begin = start(settings, source)
        self.params = begin.parameters(**init_params(str(settings["init"]), begin.generator))
        self.activation = ACTIVATIONS[str(settings["activation"])]
        self.optimizer = make_optimizer(
            str(settings["optimizer"]), self.params.values(), float(settings["lr"])
        )
        w1, b1, w2, b2, w3, b3 = self.params.values()
        layers = {"hidden 1": [w1, b1], "hidden 2": [w2, b2], "output": [w3, b3]}
        super().__init__(data, normalise, self.params, layers, begin)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        set_rate(self.optimizer, learning_rate)
        loss, logits = update(X.flatten(1), y, self.params, self.activation, self.optimizer)
        return classified(loss, logits, y)

    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, 10)."""
        return forward(X, self.params, self.activation)

    def traced(self, X: Tensor) -> tuple[Tensor, list[Hidden]]:
        """The scores, and what the activation functions did."""
        noted = Recorder(self.activation)
        return forward(X, self.params, noted), noted.hidden

    def first_weights(self) -> Tensor:
        """The weights of the first hidden units, (784, 200)."""
        return self.params["w1"].t()

    def exchange(self) -> dict[str, Tensor]:
        """All parameters on the CPU, the weights transposed to (in, out)."""
        return {name: value.t().contiguous() for name, value in super().exchange().items()}

    def take(self, values: Mapping[str, Tensor]) -> None:
        """Set all parameters to those of another version; raises ValueError."""
        check_exchange(self.exchange(), values)
        with torch.no_grad():
            for name, value in values.items():
                self.params[name].copy_(value.t())


def build(settings: Mapping[str, Setting], source: Source) -> MnistMlpTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("mnist", source.data_dir, source.allow_synthetic)
    return MnistMlpTask(data, settings, source)
