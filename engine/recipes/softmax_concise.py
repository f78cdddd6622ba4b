"""Softmax regression with the modules of PyTorch: a Sequential, its loss on scores, its SGD.

Shapes: n images are X (n, 1, 28, 28); their labels y (n,), whole numbers from 0; the model gives a
score per class, (n, q). nn.Linear keeps its weight as (out, in), the transpose of our W.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import setting
from engine.recipes.image_modules import ImageModuleTask
from engine.recipes.images import to_numbers
from engine.recipes.modules import linears
from engine.recipes.plumbing import start
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source


def loader(
    X: Tensor, y: Tensor, batch_size: int, generator: torch.Generator
) -> DataLoader[tuple[Tensor, ...]]:
    """Go through all samples once, in random order, a mini-batch at a time.

    The sampler gives the numbers of a whole batch, and batch_size=None tells the loader to leave
    it at that. So the tensors are indexed once per batch, not once per sample.
    """
    dataset = TensorDataset(X, y)
    order = RandomSampler(dataset, generator=generator)
    batches = BatchSampler(order, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)


def make_net(q: int) -> nn.Sequential:
    """The model: flatten each image to 784 numbers, then one layer to q scores.

    There is no softmax: the loss takes care of it.
    """
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, q))


def init_weights(net: nn.Module, generator: torch.Generator) -> None:
    """Start every layer with W ~ N(0, 0.01²) and b = 0.

    W is drawn as (in, out), like the one from scratch, and stored as (out, in).
    """
    for layer in linears(net):
        W = torch.empty(layer.in_features, layer.out_features)
        nn.init.normal_(W, std=0.01, generator=generator)
        with torch.no_grad():
            layer.weight.copy_(W.T)
            layer.bias.zero_()


loss_fn = nn.CrossEntropyLoss()
"""The loss on scores: −ln of the probability that softmax gives to the label, as a batch mean."""


def update(
    net: nn.Module, optimizer: torch.optim.Optimizer, X: Tensor, y: Tensor
) -> tuple[Tensor, Tensor]:
    """One update from one mini-batch; its mean loss and its scores (n, q), both from before."""
    Z = net(X)  # forward
    loss: Tensor = loss_fn(Z, y)
    optimizer.zero_grad()
    loss.backward()  # gradients
    optimizer.step()  # update
    return loss.detach(), Z.detach()


RECIPE = Recipe(
    name="softmax-concise",
    title=_("Softmax regression with nn.Linear"),
    module=__name__,
    dataset="fashion-mnist",
    classes=10,
    hyperparameters=(
        setting.epochs(10),
        setting.learning_rate(0.1),
        setting.batch_size(256),
        setting.validation(),
        setting.seed(),
        setting.threads(),
    ),
    place=21,
)


class SoftmaxConciseTask(ImageModuleTask):
    """Trains any nn.Module on images by the loader and the update above."""

    loader = staticmethod(loader)
    step = staticmethod(update)


def softmax_task(
    data: ImageData, settings: Mapping[str, Setting], source: Source
) -> SoftmaxConciseTask:
    """Softmax regression by the functions above."""
    begin = start(settings, source)
    net = make_net(len(data.classes))
    init_weights(net, begin.generator)
    net.to(begin.device)
    optimizer = torch.optim.SGD(net.parameters(), lr=float(settings["lr"]))
    return SoftmaxConciseTask(data, to_numbers, net, optimizer, {"output": ("W", "b")}, begin)


def build(settings: Mapping[str, Setting], source: Source) -> SoftmaxConciseTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return softmax_task(data, settings, source)
