"""Softmax regression with what PyTorch has ready: a Sequential, its loss on scores, its SGD.

Shapes: n images are X (n, 1, 28, 28); their labels y (n,), whole numbers from 0; the model gives a
score per class, (n, q). nn.Linear keeps its weight as (out, in), the transpose of our W.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset

from engine.data import ImageData, load_images
from engine.devices import Placement, choose
from engine.recipes import modules
from engine.recipes.images import ImageTask, to_numbers
from engine.recipes.modules import NamedLinear, for_one_epoch, linears
from engine.training.snapshot import Setting
from engine.training.task import Batch, BatchSums, Source


def loader(
    X: Tensor, y: Tensor, batch_size: int, generator: torch.Generator
) -> DataLoader[tuple[Tensor, ...]]:
    """Go through all samples once, in random order, a mini-batch at a time.

    The sampler gives the numbers of a whole batch, and batch_size=None tells the loader to leave
    it at that. So the tensors are indexed once a batch, not once a sample.
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

    W is drawn as (in, out), like the one from scratch, and laid down as (out, in).
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


class ImageModuleTask(ImageTask):
    """Trains any nn.Module on images, by the loader, the loss and the update above."""

    def __init__(
        self,
        data: ImageData,
        features: Callable[[Tensor], Tensor],
        net: nn.Module,
        optimizer: torch.optim.Optimizer,
        names: Mapping[str, tuple[str, str]],
        generator: torch.Generator,
        device: torch.device,
        placement: Placement = Placement.AUTO,
    ) -> None:
        """`names` holds, for each linear layer, what it is called and what its weight and bias are.

        The parameters of `net` lie on `device` already, and `optimizer` moves them.
        """
        self.net, self.optimizer = net, optimizer
        layers = linears(net)
        self.named: Sequence[NamedLinear] = [
            NamedLinear(layer, *parameters)
            for layer, parameters in zip(layers, names.values(), strict=True)
        ]
        super().__init__(
            data,
            features,
            dict(net.named_parameters()),
            {name: list(layer.parameters()) for name, layer in zip(names, layers, strict=True)},
            generator,
            device,
            placement,
        )

    def shuffled(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches."""
        shuffle = for_one_epoch(self.generator, self.train_samples)
        yield from loader(self.X, self.y, batch_size, shuffle)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        loss, Z = update(self.net, self.optimizer, X, y)
        return BatchSums(loss * len(y), (Z.argmax(dim=1) == y).sum(), len(y))

    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, q)."""
        Z: Tensor = self.net(X)
        return Z

    def first_weights(self) -> Tensor:
        """The weights of the first layer, (784, units)."""
        return self.named[0].layer.weight.t()

    def exchange(self) -> dict[str, Tensor]:
        """All parameters on the CPU, as the version from scratch names and lays them out."""
        return modules.exchange(self.named)

    def take(self, values: Mapping[str, Tensor]) -> None:
        """Set all parameters to those of another version; raises ValueError."""
        modules.take(self.named, values)


def softmax_task(data: ImageData, seed: int, lr: float, source: Source) -> ImageModuleTask:
    """Softmax regression by the functions above."""
    device = choose(source.device)
    generator = torch.Generator().manual_seed(seed)
    net = make_net(len(data.classes))
    init_weights(net, generator)
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    names = {"output": ("W", "b")}
    return ImageModuleTask(
        data, to_numbers, net, optimizer, names, generator, device, source.placement
    )


def build(settings: Mapping[str, Setting], source: Source) -> ImageModuleTask:
    """The task for `settings`; raises DataMissing where the images are nowhere to be found."""
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return softmax_task(data, int(settings["seed"]), float(settings["lr"]), source)
