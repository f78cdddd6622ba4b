"""A multilayer perceptron from scratch: softmax regression with one hidden layer before it.

Shapes: n images of d = 784 pixels are X (n, d); their labels y (n,), whole numbers from 0. The
hidden layer of h units has weights W1 (d, h) and biases b1 (h,), the output layer W2 (h, q) and
b2 (q,) for q classes. Softmax and its loss are those of softmax regression. For ReLU, see Glorot,
Bordes and Bengio (2011).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import torch
from torch import Tensor

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import rules, setting
from engine.recipes.images import ImageTask
from engine.recipes.optimisers import Optimiser
from engine.recipes.plumbing import classified, start
from engine.recipes.softmax import cross_entropy, flatten
from engine.training.inside import Hidden, Recorder
from engine.training.optimiser_state import OptimiserState
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Batch, BatchSums, Gradient, Source

Activation: TypeAlias = Callable[[Tensor], Tensor]


def init_params(d: int, h: int, q: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Start with all weights ~ N(0, 0.01²) and all biases 0."""
    return {
        "W1": 0.01 * torch.randn(d, h, generator=generator),
        "b1": torch.zeros(h),
        "W2": 0.01 * torch.randn(h, q, generator=generator),
        "b2": torch.zeros(q),
    }


def sigmoid(z: Tensor) -> Tensor:
    """1 / (1 + exp(−z)), between 0 and 1; of the shape of z.

    exp(−z) overflows where z is far below 0, and its gradient is then no longer a number. At
    z = −80 the value is 2·10⁻³⁵: to stop there changes nothing and keeps all numbers finite.
    """
    return 1 / (1 + torch.exp(-z.clamp(min=-80)))


def tanh(z: Tensor) -> Tensor:
    """(1 − exp(−2z)) / (1 + exp(−2z)), between −1 and 1; of the shape of z.

    Written like that, it is ∞/∞ where z is far below 0. It is also 2·sigmoid(2z) − 1, and that
    cannot overflow.
    """
    return 2 * sigmoid(2 * z) - 1


def relu(z: Tensor) -> Tensor:
    """max(0, z), of the shape of z: each number times 1 where it is above 0, and times 0 elsewhere.

    So its slope is 1 where z is above 0, and 0 elsewhere, also at z = 0.
    """
    slope = torch.empty_like(z, requires_grad=False)
    torch.gt(z.detach(), 0, out=slope)  # z > 0 as numbers: 1 where it is so, else 0
    return z * slope


ACTIVATIONS: dict[str, Activation] = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh}


def scores(X: Tensor, params: Mapping[str, Tensor], activation: Activation) -> Tensor:
    """The model: H = activation(X·W1 + b1), (n, h); then the scores H·W2 + b2, (n, q)."""
    H = activation(X @ params["W1"] + params["b1"])
    return H @ params["W2"] + params["b2"]


def update(
    X: Tensor,
    y: Tensor,
    params: Mapping[str, Tensor],
    activation: Activation,
    optimiser: Optimiser,
    lr: float,
) -> tuple[Tensor, Tensor]:
    """One update of `params` from one mini-batch.

    Returns its mean loss and its scores (n, q), both before the update.
    """
    Z = scores(X, params, activation)  # forward
    loss = cross_entropy(Z, y).mean()
    loss.backward()  # gradients
    optimiser.step(lr)  # update
    return loss.detach(), Z.detach()


RECIPE = Recipe(
    name="mlp",
    title=_("Multilayer perceptron from scratch"),
    module=__name__,
    dataset="fashion-mnist",
    classes=10,
    hyperparameters=(
        setting.epochs(5),
        setting.learning_rate(0.5),
        setting.batch_size(256),
        setting.hidden(256),
        setting.activation("relu", "sigmoid", "tanh"),
        setting.optimiser(our_own=True),
        setting.validation(),
        setting.seed(),
        setting.threads(),
    ),
    usual_rates=setting.usual_rates(momentum=0.05, rmsprop=0.001, adam=0.001),
    place=30,
)


class MlpTask(ImageTask):
    """The multilayer perceptron by the functions above."""

    gradient = Gradient.MEAN

    def __init__(self, data: ImageData, settings: Mapping[str, Setting], source: Source) -> None:
        begin = start(settings, source)
        d, q = data.train_images[0].numel(), len(data.classes)
        drawn = init_params(d, int(settings["hidden"]), q, begin.generator)
        self.params = begin.parameters(**drawn)
        self.activation = ACTIVATIONS[str(settings["activation"])]
        self.optimiser = rules.rule_class(str(settings["optimizer"]))(self.params)
        W1, b1, W2, b2 = self.params.values()
        layers = {"hidden": [W1, b1], "output": [W2, b2]}
        super().__init__(data, flatten, self.params, layers, begin)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        loss, Z = update(
            X.flatten(1), y, self.params, self.activation, self.optimiser, learning_rate
        )
        return classified(loss, Z, y)

    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, q)."""
        return scores(X, self.params, self.activation)

    def traced(self, X: Tensor) -> tuple[Tensor, list[Hidden]]:
        """The scores, and what the activation functions did."""
        noted = Recorder(self.activation)
        return scores(X, self.params, noted), noted.hidden

    def first_weights(self) -> Tensor:
        """The weights of the hidden units, (784, h)."""
        return self.params["W1"]

    def use_float64(self) -> None:
        """Compute in float64; the memory of the optimiser must be of that type too."""
        super().use_float64()
        self.optimiser = type(self.optimiser)(self.params)

    def optimiser_state(self) -> OptimiserState:
        return self.optimiser.state()

    def restore_optimiser(self, state: OptimiserState) -> None:
        """Restore the memory of the optimiser; raises ValueError."""
        self.optimiser.restore(state)


def build(settings: Mapping[str, Setting], source: Source) -> MlpTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return MlpTask(data, settings, source)
