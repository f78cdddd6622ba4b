"""A multilayer perceptron with the modules of PyTorch: one more layer and an activation.

Shapes: n images are X (n, 1, 28, 28); their labels y (n,), whole numbers from 0; the model gives a
score per class, (n, q). Loader, loss, first weights and update are those of softmax regression.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import setting
from engine.recipes.images import to_numbers
from engine.recipes.plumbing import start
from engine.recipes.softmax_concise import SoftmaxConciseTask, init_weights
from engine.recipes.two_layer_optim import make_optimizer
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}


def make_net(h: int, q: int, activation: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    """The model: 784 numbers per image, h hidden units, q scores."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(28 * 28, h),
        activation(),
        nn.Linear(h, q),
    )


RECIPE = Recipe(
    name="mlp-concise",
    title=_("Multilayer perceptron with nn.Sequential"),
    module=__name__,
    dataset="fashion-mnist",
    classes=10,
    hyperparameters=(
        setting.epochs(5),
        setting.learning_rate(0.5),
        setting.batch_size(256),
        setting.hidden(256),
        setting.activation("relu", "sigmoid", "tanh"),
        setting.optimiser(),
        setting.validation(),
        setting.seed(),
        setting.threads(),
    ),
    usual_rates=((("momentum",), 0.05), (("rmsprop",), 0.001), (("adam",), 0.001)),
    place=31,
)


def mlp_task(
    data: ImageData, settings: Mapping[str, Setting], source: Source
) -> SoftmaxConciseTask:
    """The multilayer perceptron, trained by the loader and the update of softmax regression."""
    begin = start(settings, source)
    activation = ACTIVATIONS[str(settings["activation"])]
    net = make_net(int(settings["hidden"]), len(data.classes), activation)
    init_weights(net, begin.generator)
    net.to(begin.device)
    optimizer = make_optimizer(str(settings["optimizer"]), net.parameters(), float(settings["lr"]))
    names = {"hidden": ("W1", "b1"), "output": ("W2", "b2")}
    return SoftmaxConciseTask(data, to_numbers, net, optimizer, names, begin)


def build(settings: Mapping[str, Setting], source: Source) -> SoftmaxConciseTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return mlp_task(data, settings, source)
