"""What the questions of `classification/softmax-concise` are proved by."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.checks.base import CheckBook
from lessons.course.classification.fashion_mnist.facts import BATCH, CHANNELS, HEIGHT, WIDTH


def flattened() -> tuple[int, ...]:
    """The shape that the first layer of the recipe's own model makes."""
    import torch

    from engine.recipes.softmax_concise import make_net

    return tuple(make_net(10)[0](torch.zeros(BATCH, CHANNELS, HEIGHT, WIDTH)).shape)


def fetches(samples: int, batch: int) -> float:
    """How many times the recipe's own loader fetches in an epoch."""
    import torch

    from engine.recipes.softmax_concise import loader

    generator = torch.Generator().manual_seed(0)
    batches = loader(torch.zeros(samples, 1), torch.zeros(samples), batch, generator)
    return float(sum(1 for _ in batches))


def loss_of(probabilities: list[float], label: int) -> float:
    """What CrossEntropyLoss makes of probabilities that it takes for scores."""
    import torch

    scores = torch.tensor([probabilities], dtype=torch.float64)
    return float(torch.nn.functional.cross_entropy(scores, torch.tensor([label])))


def second_softmax(probabilities: Sequence[float]) -> float:
    """The first entry of softmax, applied to probabilities as if they were scores."""
    import torch

    return float(torch.softmax(torch.tensor(probabilities, dtype=torch.float64), dim=0)[0])


def share_of_an_image(n: int) -> float:
    """How strongly one image of a batch of n moves its scores, by CrossEntropyLoss."""
    import torch

    Z = torch.zeros(n, 10, dtype=torch.float64, requires_grad=True)
    torch.nn.CrossEntropyLoss()(Z, torch.zeros(n, dtype=torch.long)).backward()
    assert Z.grad is not None
    return float(Z.grad[0].norm())


def accuracy_beside_that_loss() -> int:
    """Train with a softmax layer: the option that its accuracy at the end belongs to."""
    from lessons.examples.concise import train_clusters

    loss, accuracy = train_clusters(softmax_layer=True)
    assert loss > 1.46
    return 2 if accuracy > 0.99 else 1 if accuracy > 0.3 else 0


def why_not_equal() -> int:
    """Compute the same scores in two layouts, and the same parameters again in one.

    The option that is right: 1 where the order of the sums alone makes a difference.
    """
    import torch

    generator = torch.Generator().manual_seed(0)
    X = torch.rand(64, 784, generator=generator, dtype=torch.float64)
    W = torch.randn(784, 10, generator=generator, dtype=torch.float64)
    again = torch.equal(X @ W, X @ W)
    forwards = sum(X[:, j : j + 1] * W[j] for j in range(784))
    backwards = sum(X[:, j : j + 1] * W[j] for j in reversed(range(784)))
    assert isinstance(forwards, torch.Tensor)
    assert isinstance(backwards, torch.Tensor)
    apart = float((forwards - backwards).abs().max())
    return 1 if again and 0 < apart < 1e-11 else 0


def starting_deviation() -> float:
    """The standard deviation that the recipe's own weights start with."""
    import torch

    from engine.recipes.softmax import init_params

    W, _ = init_params(HEIGHT * WIDTH, 10, torch.Generator().manual_seed(0))
    return float(W.std())


def counted_images() -> int:
    """How many images an example fetches."""
    from lessons.examples.concise import COUNTED_IMAGES

    return COUNTED_IMAGES


def huge_score() -> float:
    """The largest score in an example."""
    from lessons.examples.concise import HUGE_SCORE

    return HUGE_SCORE


BOOK = CheckBook("classification")
