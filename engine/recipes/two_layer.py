"""What the six versions of the two-layer network share: the data, the first weights, measuring.

The network has one hidden layer with ReLU and no biases: y_pred = max(0, x·w1)·w2. Shapes: n
samples are x (n, d_in) and y (n, d_out); the weights lead from rows to columns, w1 (d_in, h) and
w2 (h, d_out). The loss is the squared error, summed over outputs and samples: Σ (y_pred − y)².
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.language import _
from engine.recipes.parts import MeasuredTask, Parts
from engine.recipes.plumbing import Start
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from engine.training.digest import sha256_of
from engine.training.guess import Theory
from engine.training.inside import Inside, Pass, Recorder
from engine.training.task import Batch, BatchSums, Evaluation, Gradient, check_exchange

LAYERS = ("hidden", "output")


@dataclass(frozen=True, slots=True, eq=False)
class RandomData:
    """Features and targets without any rule behind them: the numbers are all there is to learn.

    So the loss on the training samples can fall to 0, and the loss on others cannot.
    """

    x: Tensor
    """(64, 1000), from N(0, 1) like all the others."""
    y: Tensor
    """(64, 10)."""
    test_x: Tensor
    test_y: Tensor
    validation: Batch | None = None
    """Samples held out from x and y."""

    def split(self, begin: Start) -> RandomData:
        """The same data with as many samples held out for validation as the settings say."""
        kept, held = begin.split(len(self.x))
        if kept is None or held is None:
            return self
        validation = self.x[held], self.y[held]
        return RandomData(self.x[kept], self.y[kept], self.test_x, self.test_y, validation)


def random_data(generator: torch.Generator, device: torch.device) -> RandomData:
    """Draw the training samples x and y, then as many test samples."""
    train = torch.randn(N, D_IN, generator=generator), torch.randn(N, D_OUT, generator=generator)
    test = torch.randn(N, D_IN, generator=generator), torch.randn(N, D_OUT, generator=generator)
    x, y, test_x, test_y = (part.to(device) for part in (*train, *test))
    return RandomData(x, y, test_x, test_y)


def random_weights(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw w1 (1000, 100) and w2 (100, 10) from N(0, 1)."""
    w1 = torch.randn(D_IN, H, generator=generator)
    w2 = torch.randn(H, D_OUT, generator=generator)
    return w1, w2


def init_weights(model: nn.Module, init: str, generator: torch.Generator) -> None:
    """Draw the weights of every nn.Linear in `model`, each of shape (out, in).

    normal: from N(0, 1), the same numbers as `random_weights`. uniform: from U(−1/√in, 1/√in), as
    nn.Linear draws them itself (Glorot and Bengio, 2010, equation 1).
    """
    for layer in model.modules():
        if not isinstance(layer, nn.Linear):
            continue
        if init == "normal":
            weight = torch.randn(layer.in_features, layer.out_features, generator=generator).t()
        else:
            weight = torch.empty(layer.out_features, layer.in_features)
            nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
        with torch.no_grad():
            layer.weight.copy_(weight)


class TwoLayerTask(MeasuredTask):
    """The two-layer network on random data; a subclass is one way to write it."""

    gradient = Gradient.SUM
    has_wide_weights = True
    """Whether the first weights are from N(0, 1)."""

    def __init__(
        self, parameters: Mapping[str, Tensor], data: RandomData, generator: torch.Generator
    ) -> None:
        self.data = data
        self.parts = Parts((data.test_x, data.test_y), (data.x, data.y), data.validation)
        super().__init__(
            parameters=dict(parameters),
            generator=generator,
            device=data.x.device,
            dataset=_("Random numbers: {n} samples, {d_in} features, {d_out} targets").format(
                n=N, d_in=D_IN, d_out=D_OUT
            ),
            dataset_name="random",
            synthetic=True,
            train_samples=len(data.x),
            layers=LAYERS,
            **self.counts(),
        )

    @abstractmethod
    def train_step(self, x: Tensor, y: Tensor, learning_rate: float) -> Tensor:
        """Make one update; return the squared error summed over the batch before it, shape ()."""

    @abstractmethod
    def predict(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """One batch of all samples by default; smaller batches come in the order of the samples."""
        return zip(self.data.x.split(batch_size), self.data.y.split(batch_size), strict=True)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        x, y = batch
        return BatchSums(self.train_step(x, y, learning_rate), None, len(x))

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        """Squared error per sample; the test samples are random numbers of their own."""
        with torch.no_grad():
            error = self.predict(X) - y
        return Evaluation(float(error.pow(2).sum()) / len(error), None)

    def first_loss(self) -> Theory:
        """Of weights from N(0, 1), that of their wide predictions; of small ones, that of 0.

        An input of w1 is N(0, D_IN), so a hidden unit has a mean square of D_IN/2, and a prediction
        one of H·D_IN/2. To it comes the target's own, 1; all D_OUT targets add up.
        """
        if self.has_wide_weights:
            return Theory(D_OUT * (H * D_IN / 2 + 1), "wide")
        return Theory(float(self.data.y.square().sum()) / len(self.data.y), "zero")

    def fingerprint(self) -> str:
        return sha256_of({"x": self.data.x, "y": self.data.y})

    def inside(self) -> Inside:
        """A look inside all versions, whatever they are written with, by autograd."""
        x, y = self.data.x, self.data.y

        def forward(n: int) -> Pass:
            own = self.exchange()
            w1, w2 = (own[name].to(self.device).requires_grad_() for name in ("w1", "w2"))
            relu = Recorder(lambda z: z.clamp(min=0))
            loss = (relu(x[:n].mm(w1)).mm(w2) - y[:n]).pow(2).sum() / n
            return Pass(loss, [[w1], [w2]], relu.hidden)

        return Inside(
            samples=len(x),
            forward=forward,
            chance=lambda n: float(y[:n].var(dim=0, correction=0).sum()),
            summed=True,
            has_rule=False,
        )

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient of the summed squared error over w1 and w2, on all samples."""
        own = self.exchange()
        w1, w2 = (own[name].to(self.device).requires_grad_() for name in ("w1", "w2"))
        loss = (self.data.x.mm(w1).clamp(min=0).mm(w2) - self.data.y).pow(2).sum()
        grads = torch.autograd.grad(loss, (w1, w2))
        return tuple(float(grad.norm()) for grad in grads)


class TwoLayerModelTask(TwoLayerTask):
    """A version whose weights are in two nn.Linear layers, transposed: (out, in)."""

    def __init__(
        self, model: nn.Module, data: RandomData, init: str, generator: torch.Generator
    ) -> None:
        init_weights(model, init, generator)
        self.has_wide_weights = init == "normal"
        self.model = model.to(data.x.device)
        super().__init__(dict(model.named_parameters()), data, generator)

    def predict(self, x: Tensor) -> Tensor:
        """y_pred (n, d_out) for x (n, d_in)."""
        y_pred: Tensor = self.model(x)
        return y_pred

    def exchange(self) -> dict[str, Tensor]:
        """w1 and w2 on the CPU, (in, out) as in the versions by hand."""
        weights = (weight.detach().t().cpu().clone() for weight in self.model.parameters())
        return dict(zip(("w1", "w2"), weights, strict=True))

    def take(self, values: Mapping[str, Tensor]) -> None:
        """Set the layers' weights to w1 and w2, transposed; raises ValueError."""
        check_exchange(self.exchange(), values)
        with torch.no_grad():
            for weight, name in zip(self.model.parameters(), ("w1", "w2"), strict=True):
                weight.copy_(values[name].t())
