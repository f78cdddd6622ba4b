"""Softmax regression from scratch: the functions that the lesson shows are the ones that train.

Shapes: n images of d = 784 pixels are X (n, d); their labels y (n,), whole numbers from 0; weights
W (d, q) and biases b (q,) for q classes. The data iterator and sgd are those of linear regression.

Sources: Bishop (2006), Pattern Recognition and Machine Learning, equations 4.104 for softmax and
4.108 for cross-entropy; Blanchard, Higham and Higham (2021) on shifting the scores.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engine.data import ImageData, load_images
from engine.language import _
from engine.recipes import setting
from engine.recipes.images import ImageTask
from engine.recipes.images_panels import confusion_matrix as confusion_matrix
from engine.recipes.linear import sgd
from engine.recipes.plumbing import start
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Answers, Batch, BatchSums, Evaluation, Gradient, Source

TEST_BATCH = 2048


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
    return Z - Z.detach().amax(dim=1, keepdim=True)


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

    That is −`log_softmax(Z)[rows, y]`, computed for the label alone: ln Σ_k exp(z_k) − z_y. From
    row i, `gather` takes the number at the place y[i]; no one-hot vector is needed.
    """
    shifted = shift(Z)
    log_sums = shifted.exp().sum(dim=1, keepdim=True).log()
    at_labels = shifted.gather(dim=1, index=y.unsqueeze(1))
    return (log_sums - at_labels).squeeze(1)


def count_correct(Z: Tensor, y: Tensor) -> Tensor:
    """How many samples give their highest score to their label."""
    return (Z.argmax(dim=1) == y).sum()


def accuracy(Z: Tensor, y: Tensor) -> float:
    """Fraction of the samples that give their highest score to their label."""
    return float(count_correct(Z, y)) / len(y)


def update(X: Tensor, y: Tensor, W: Tensor, b: Tensor, lr: float) -> tuple[Tensor, Tensor]:
    """One update from one mini-batch.

    Returns the sum of its losses and its scores (n, q), both before the update.
    """
    Z = scores(X, W, b)  # forward
    loss = cross_entropy(Z, y).sum()
    loss.backward()  # gradients
    sgd([W, b], lr, len(y))  # update
    return loss.detach(), Z.detach()


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


RECIPE = Recipe(
    name="softmax",
    title=_("Softmax regression from scratch"),
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
    place=20,
)


class SoftmaxTask(ImageTask):
    """Softmax regression by the functions above."""

    gradient = Gradient.DIVIDED_SUM

    def __init__(self, data: ImageData, settings: Mapping[str, Setting], source: Source) -> None:
        begin = start(settings, source)
        d, q = data.train_images[0].numel(), len(data.classes)
        W, b = init_params(d, q, begin.generator)
        params = begin.parameters(W=W, b=b)
        self.W, self.b = params.values()
        super().__init__(data, flatten, params, {"output": [self.W, self.b]}, begin)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; what it measures stays on the device."""
        X, y = batch
        loss, Z = update(X.flatten(1), y, self.W, self.b, learning_rate)
        return BatchSums(loss, Answers(Z, y), len(y))

    def scores(self, X: Tensor) -> Tensor:
        """One score per class and sample, (n, q)."""
        return scores(X, self.W, self.b)

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        """Mean loss and accuracy over the samples."""
        return Evaluation(*evaluate(X, y, self.W, self.b))

    def predict(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """The most probable class of each sample, and its probability; both of shape (n,)."""
        return predict(X, self.W, self.b)

    def first_weights(self) -> Tensor:
        """The weights of the classes, (784, q)."""
        return self.W


def build(settings: Mapping[str, Setting], source: Source) -> SoftmaxTask:
    """The task for `settings`; raises DataMissing where the images are not found."""
    data = load_images("fashion-mnist", source.data_dir, source.allow_synthetic)
    return SoftmaxTask(data, settings, source)
