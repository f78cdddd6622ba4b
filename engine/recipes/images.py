"""What all image classifiers share: where the images are kept, measuring, and what is shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data import ImageData
from engine.devices import Placement, place, stream
from engine.recipes.images_panels import confusion_rows, gallery, judge, weight_images, worst
from engine.recipes.parts import MeasuredTask, Parts, probe
from engine.recipes.plumbing import Start, converted, gathered
from engine.training.digest import sha256_of
from engine.training.film import Sheet, image_sheet
from engine.training.guess import Theory, equal_classes
from engine.training.inside import Hidden, Inside, Pass, entropy_of
from engine.training.snapshot import Panels
from engine.training.task import Batch, Evaluation

TEST_BATCH = 2048
GRADIENT_SAMPLES = 1024
"""How many training samples, the first ones, the gradient norms are measured on."""
BYTES_PER_NUMBER = 4


def to_numbers(images: Tensor) -> Tensor:
    """Turn (n, 28, 28) bytes from 0 to 255 into (n, 1, 28, 28) numbers from 0 to 1.

    The 1 is the number of channels: one grey value per pixel, where a colour image has three. This
    is what ToTensor of torchvision does with one image, done for all at once.
    """
    return images.unsqueeze(1) / 255


def in_parts(features: Callable[[Tensor], Tensor], images: Tensor, home: torch.device) -> Tensor:
    """`features(images)` on the device `home`, without room for what is made on the way to it."""
    first = features(images[:1])
    numbers = torch.empty((len(images), *first.shape[1:]), dtype=first.dtype, device=home)
    for some, part in zip(images.split(TEST_BATCH), numbers.split(TEST_BATCH), strict=True):
        part.copy_(features(some))
    return numbers


def evaluate(scores: Callable[[Tensor], Tensor], X: Tensor, y: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy over all samples, batch by batch, from running sums."""
    loss, correct = 0.0, 0
    with torch.no_grad():
        for X_batch, y_batch in zip(X.split(TEST_BATCH), y.split(TEST_BATCH), strict=True):
            Z = scores(X_batch)
            loss += float(F.cross_entropy(Z, y_batch, reduction="sum"))
            correct += int((Z.argmax(dim=1) == y_batch).sum())
    return loss / len(y), correct / len(y)


class ImageTask(MeasuredTask):
    """A classifier on an image set.

    The training samples are kept on the device if they fit, else in the memory of the machine, from
    which each batch is copied; the test set is always on the device. A subclass makes the updates,
    and gives the scores and the weights of the first layer.

    On the CPU they stay bytes, a quarter of the memory, and each batch is made numbers when its
    turn comes: gathering so much less takes as long as that.
    """

    KEEPS_BYTES: ClassVar[bool] = True
    """Whether the training samples stay bytes on the CPU; not where `features` is slow."""

    def __init__(
        self,
        data: ImageData,
        features: Callable[[Tensor], Tensor],
        parameters: Mapping[str, Tensor],
        layers: Mapping[str, Sequence[Tensor]],
        start: Start,
    ) -> None:
        """`features` turns bytes into the input of the model; `layers` are parameters by layer.

        The parameters are already on the device.
        """
        self.data, device = data, start.device
        self.features = features
        images, labels = data.train_images, data.train_labels
        kept, held = start.split(len(labels))
        validation = None
        if kept is not None and held is not None:
            validation = features(images[held]).to(device), labels[held].to(device)
            images, labels = images[kept], labels[kept]
        size = BYTES_PER_NUMBER * images.numel()
        self.placement = place(size, device, start.placement)
        home = device if self.placement is Placement.RESIDENT else torch.device("cpu")
        self._images, self.y = images, labels.to(home)
        self._own: Callable[[int], slice] | None = None
        """Where several processes train: which samples of a batch are those of this one."""
        self._numbers: Tensor | None = None
        """The training samples as numbers; None where they stay bytes."""
        if device.type != "cpu" or not self.KEEPS_BYTES:
            self._numbers = in_parts(features, images, home)
        self.test_X = in_parts(features, data.test_images, device)
        self.test_y = data.test_labels.to(device)
        few = probe(len(self.y))
        train = features(images[few]).to(device), self.y[few].to(device)
        self.parts = Parts((self.test_X, self.test_y), train, validation)
        self._probe_X = features(images[:GRADIENT_SAMPLES]).to(device)
        self._probe_y = self.y[:GRADIENT_SAMPLES].to(device)
        self._layers = tuple(tuple(parameters) for parameters in layers.values())
        super().__init__(
            parameters=dict(parameters),
            generator=start.generator,
            device=device,
            dataset=data.title,
            dataset_name=data.name,
            synthetic=data.synthetic,
            train_samples=len(self.y),
            classes=data.classes,
            layers=tuple(layers),
            **self.counts(),
        )

    def shuffled(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches, on the device that holds the training samples."""
        order = torch.randperm(self.train_samples, generator=self.generator)
        return self.gathered(order.to(self.y.device).split(batch_size))

    def shares(self, batch_size: int, own: Callable[[int], slice]) -> Iterator[Batch]:
        """As `batches`, but of each only the samples at `own(its size)`: no others are gathered."""
        self._own = own
        return self.batches(batch_size)

    def gathered(self, batches: Iterable[Tensor]) -> Iterator[Batch]:
        """The mini-batches of the training samples of these numbers, each of shape (n,)."""
        if self._own is not None:
            own = self._own
            batches = (rows[own(len(rows))] for rows in batches)
        if self._numbers is not None:
            return gathered(self._numbers, self.y, batches)
        return converted(self._images, self.y, batches, self.features)

    @property
    def kept(self) -> Tensor:
        """All training samples as they are kept: numbers, or the bytes of the images."""
        return self._images if self._numbers is None else self._numbers

    @property
    def X(self) -> Tensor:  # noqa: N802 - a matrix, as in the lessons
        """All training samples as numbers; where they are kept as bytes, made anew each time."""
        return self.features(self._images) if self._numbers is None else self._numbers

    @abstractmethod
    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, q)."""

    @abstractmethod
    def first_weights(self) -> Tensor:
        """The weights that the pixels are multiplied by, (784, units)."""

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches, on the device."""
        batches = self.shuffled(batch_size)
        return batches if self.placement is Placement.RESIDENT else stream(batches, self.device)

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        """Mean loss and accuracy over the samples."""
        return Evaluation(*evaluate(self.scores, X, y))

    def predict(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """The most probable class of each sample, and its probability; both of shape (n,)."""
        with torch.no_grad():
            probability, label = torch.softmax(self.scores(X), dim=1).max(dim=1)
        return label, probability

    def fingerprint(self) -> str:
        return sha256_of({"images": self.data.train_images, "labels": self.data.train_labels})

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient of the mean loss over each layer, on the first 1024 samples."""
        loss = F.cross_entropy(self.scores(self._probe_X), self._probe_y)
        flat = [parameter for layer in self._layers for parameter in layer]
        squares = iter([grad.square().sum() for grad in torch.autograd.grad(loss, flat)])
        norms = [sum(next(squares) for _ in layer) ** 0.5 for layer in self._layers]
        lengths: list[float] = torch.stack([torch.as_tensor(norm) for norm in norms]).tolist()
        return tuple(lengths)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return int(self.data.test_images.shape[1]), int(self.data.test_images.shape[2])

    def film_sheets(self) -> tuple[Sheet, ...]:
        """The first weights as images."""
        return (image_sheet(self.first_weights(), self.image_shape, len(self.classes)),)

    def first_loss(self) -> Theory:
        """Small weights make all classes start nearly equally probable."""
        return equal_classes(len(self.classes))

    def traced(self, X: Tensor) -> tuple[Tensor, list[Hidden]]:
        """As `scores`, and what each activation function did; a model with hidden layers says."""
        return self.scores(X), []

    def inside(self) -> Inside:
        """A look inside, on the first training samples."""

        def forward(samples: int) -> Pass:
            scores, hidden = self.traced(self._probe_X[:samples])
            loss = F.cross_entropy(scores, self._probe_y[:samples])
            return Pass(loss, self._layers, hidden)

        return Inside(
            samples=len(self._probe_y),
            forward=forward,
            chance=lambda samples: entropy_of(self._probe_y[:samples]),
        )

    def panels(self) -> Panels:
        """Predictions, the confusion matrix of the test set, first weights, worst images."""
        judged = judge(self.scores, self.test_X, self.test_y)
        return Panels(
            gallery(self.data, judged.predicted, judged.probability),
            confusion_rows(self.data.test_labels, judged.predicted, len(self.classes)),
            weight_images(self.first_weights(), self.image_shape, len(self.classes)),
            worst=worst(self.data, judged),
        )
