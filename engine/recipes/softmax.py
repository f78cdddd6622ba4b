"""Softmax regression from scratch: the functions that the lesson shows are the ones that train.

Shapes: n images of d = 784 pixels are X (n, d); their labels y (n,), whole numbers from 0; weights
W (d, q) and biases b (q,) for q classes. The data iterator and sgd are those of linear regression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from engine.data import ImageData, load_images
from engine.devices import choose
from engine.recipes.linear import data_iter, sgd
from engine.training.digest import sha256_of
from engine.training.snapshot import Panels, PredictedImage, Setting, WeightImage
from engine.training.task import Batch, BatchSums, Evaluation, Source, Task

TEST_BATCH = 2048
GALLERY_POOL = 512
GALLERY_IMAGES = 24
GALLERY_WRONG = 8


def flatten(images: Tensor) -> Tensor:
    """Turn (n, 28, 28) bytes from 0 to 255 into (n, 784) numbers from 0 to 1."""
    return images.reshape(len(images), -1) / 255


def init_params(d: int, q: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Start with W ~ N(0, 0.01²), shape (d, q), and b = 0, shape (q,)."""
    W = 0.01 * torch.randn(d, q, generator=generator)
    b = torch.zeros(q)
    return W, b


def scores(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """One score per class and sample: Z = XW + b, shape (n, q)."""
    return X @ W + b


def shift(Z: Tensor) -> Tensor:
    """Subtract each row's largest score, so that exp gives at most 1 and cannot overflow.

    Softmax stays the same: the factor exp(−max) stands above and below the fraction line and
    cancels. For the same reason no gradient needs to flow through the maximum.
    """
    return Z - Z.detach().max(dim=1, keepdim=True).values


def softmax(Z: Tensor) -> Tensor:
    """Turn each row of scores into probabilities: exp(z_j) / Σ_k exp(z_k), a sum per row."""
    exps = shift(Z).exp()
    return exps / exps.sum(dim=1, keepdim=True)


def net(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """The model: a probability per class and sample, shape (n, q)."""
    return softmax(scores(X, W, b))


def log_softmax(Z: Tensor) -> Tensor:
    """The logarithm of softmax in one go: z_j − ln Σ_k exp(z_k).

    A very small probability rounds to 0, and ln 0 is −∞; its logarithm taken this way stays exact.
    """
    shifted = shift(Z)
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def cross_entropy(Z: Tensor, y: Tensor) -> Tensor:
    """The loss of each sample: −ln of the probability that its scores give to its label.

    Row i is indexed with the whole number y[i]; no one-hot vector is needed.
    """
    rows = torch.arange(len(y), device=y.device)
    return -log_softmax(Z)[rows, y]


def count_correct(Z: Tensor, y: Tensor) -> Tensor:
    """How many samples give their highest score to their label."""
    return (Z.argmax(dim=1) == y).sum()


def accuracy(Z: Tensor, y: Tensor) -> float:
    """Fraction of the samples that give their highest score to their label."""
    return float(count_correct(Z, y)) / len(y)


def update(X: Tensor, y: Tensor, W: Tensor, b: Tensor, lr: float) -> tuple[Tensor, Tensor]:
    """One update from one mini-batch.

    Returns the sum of its losses and how many were right, both before the update.
    """
    Z = scores(X, W, b)  # forward
    loss = cross_entropy(Z, y).sum()
    loss.backward()  # gradients
    sgd([W, b], lr, len(y))  # update
    return loss.detach(), count_correct(Z, y)


def evaluate(X: Tensor, y: Tensor, W: Tensor, b: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy over all samples, batch by batch, from running sums."""
    loss, correct = 0.0, 0
    with torch.no_grad():
        for X_batch, y_batch in zip(X.split(TEST_BATCH), y.split(TEST_BATCH), strict=True):
            Z = scores(X_batch, W, b)
            loss += float(cross_entropy(Z, y_batch).sum())
            correct += int(count_correct(Z, y_batch))
    return loss / len(y), correct / len(y)


def predict(X: Tensor, W: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The most probable class of each sample, and its probability; both of shape (n,)."""
    with torch.no_grad():
        probability, label = net(X, W, b).max(dim=1)
    return label, probability


def confusion_matrix(y: Tensor, predicted: Tensor, q: int) -> Tensor:
    """Count how often each class is taken for each: shape (q, q), a row a true class."""
    return torch.bincount(q * y + predicted, minlength=q * q).reshape(q, q)


class SoftmaxTask(Task):
    """Softmax regression on an image set that lies in memory, on the device."""

    def __init__(self, data: ImageData, seed: int, device: torch.device) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.data = data
        self.X, self.y = flatten(data.train_images.to(device)), data.train_labels.to(device)
        self.test_X, self.test_y = flatten(data.test_images.to(device)), data.test_labels.to(device)
        W, b = init_params(self.X.shape[1], len(data.classes), generator)
        self.W, self.b = (param.to(device).requires_grad_() for param in (W, b))
        super().__init__(
            parameters={"W": self.W, "b": self.b},
            generator=generator,
            device=device,
            dataset=data.title,
            dataset_name=data.name,
            synthetic=data.synthetic,
            train_samples=len(self.y),
            test_samples=len(self.test_y),
            classes=data.classes,
        )

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches."""
        return data_iter(batch_size, self.X, self.y, self.generator)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        loss, correct = update(X, y, self.W, self.b, learning_rate)
        return BatchSums(loss, correct, len(y))

    def evaluate(self) -> Evaluation:
        """Measure the test set."""
        return Evaluation(*evaluate(self.test_X, self.test_y, self.W, self.b))

    def fingerprint(self) -> str:
        """sha256 of the training data."""
        return sha256_of({"images": self.data.train_images, "labels": self.data.train_labels})

    def panels(self) -> Panels:
        """Predictions, the confusion matrix of the test set, and the weights as images."""
        labels, _ = predict(self.test_X, self.W, self.b)
        counts = confusion_matrix(self.test_y, labels, len(self.classes))
        rows = tuple(tuple(row) for row in counts.tolist())
        return Panels(self._gallery(), rows, self._weight_images())

    def _weight_images(self) -> tuple[WeightImage, ...]:
        weights = self.W.detach().cpu()
        # A few border pixels have far larger weights; the rest would all be grey beside them.
        limit = float(weights.abs().flatten().quantile(0.99))
        grey = (127.5 + 127.5 * (weights / limit).clamp(-1, 1)).round().to(torch.uint8)
        height, width = self.data.test_images.shape[1:]
        return tuple(
            WeightImage(label, grey[:, label].reshape(height, width).numpy().copy(), limit)
            for label in range(len(self.classes))
        )

    def _gallery(self) -> tuple[PredictedImage, ...]:
        """The first test images, of which up to 8 of 24 are taken for something else.

        The same images stay in view for as long as they are classified as they were; wrong ones
        are shown more often than they occur, because they are the ones to learn from.
        """
        labels, probabilities = predict(self.test_X[:GALLERY_POOL], self.W, self.b)
        predicted, probability = labels.tolist(), probabilities.tolist()
        actual = self.data.test_labels[:GALLERY_POOL].tolist()
        wrong = [i for i, label in enumerate(actual) if predicted[i] != label]
        right = [i for i, label in enumerate(actual) if predicted[i] == label]
        shown_wrong = wrong[: max(GALLERY_WRONG, GALLERY_IMAGES - len(right))]
        shown = sorted(shown_wrong + right[: GALLERY_IMAGES - len(shown_wrong)])
        return tuple(
            PredictedImage(
                self.data.test_images[i].numpy().copy(), actual[i], predicted[i], probability[i]
            )
            for i in shown
        )


def build(settings: Mapping[str, Setting], source: Source) -> SoftmaxTask:
    """The task for `settings`; raises DataMissing where the images are nowhere to be found."""
    device = choose(source.device)
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return SoftmaxTask(data, int(settings["seed"]), device)
