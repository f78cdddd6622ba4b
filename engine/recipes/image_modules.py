"""Any nn.Module as an image classifier: what the recipes that use PyTorch's layers share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from engine.data import ImageData
from engine.recipes import modules
from engine.recipes.images import ImageTask
from engine.recipes.modules import NamedLinear, for_one_epoch, linears
from engine.recipes.plumbing import Start, classified, set_rate
from engine.training.inside import Hidden, run_module
from engine.training.task import Batch, BatchSums, Gradient


class ImageModuleTask(ImageTask):
    """Trains any nn.Module on images; a subclass gives the loader and the update."""

    gradient = Gradient.MEAN

    def __init__(
        self,
        data: ImageData,
        features: Callable[[Tensor], Tensor],
        net: nn.Module,
        optimizer: torch.optim.Optimizer,
        names: Mapping[str, tuple[str, str]],
        start: Start,
    ) -> None:
        """`names` holds the name of each linear layer, and the names of its weight and bias.

        The parameters of `net` are already on the device, and `optimizer` updates them.
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
            start,
        )

    @staticmethod
    @abstractmethod
    def loader(
        X: Tensor, y: Tensor, batch_size: int, generator: torch.Generator
    ) -> DataLoader[tuple[Tensor, ...]]:
        """Give one epoch's mini-batches, shuffled by `generator`.

        Where the training samples stay bytes, X holds those: the sampler counts them, no more.
        """

    @staticmethod
    @abstractmethod
    def step(
        net: nn.Module, optimizer: torch.optim.Optimizer, X: Tensor, y: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Make one update; return its mean loss () and its scores (n, q), both from before."""

    def shuffled(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches: the loader says which samples each of them holds."""
        shuffle = for_one_epoch(self.generator, self.train_samples)
        batches = self.loader(self.kept, self.y, batch_size, shuffle).sampler
        return self.gathered(map(self._rows, batches))

    def _rows(self, batch: Sequence[int]) -> Tensor:
        return torch.tensor(batch, device=self.y.device)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        set_rate(self.optimizer, learning_rate)
        loss, Z = self.step(self.net, self.optimizer, X, y)
        return classified(loss, Z, y)

    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, q)."""
        Z: Tensor = self.net(X)
        return Z

    def traced(self, X: Tensor) -> tuple[Tensor, list[Hidden]]:
        """The scores, and what the activation functions did."""
        return run_module(self.net, X)

    def first_weights(self) -> Tensor:
        """The weights of the first layer, (784, units)."""
        return self.named[0].layer.weight.t()

    def exchange(self) -> dict[str, Tensor]:
        """All parameters on the CPU, as the version from scratch names and lays them out."""
        return modules.exchange(self.named)

    def take(self, values: Mapping[str, Tensor]) -> None:
        """Set all parameters to those of another version; raises ValueError."""
        modules.take(self.named, values)
