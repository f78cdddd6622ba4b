"""The derivation of `classification/softmax-concise`, and what its questions are proved by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Draw, Line

CLASSES = 5


def _draw(rng: np.random.Generator) -> Draw:
    """Scores of one image, and its label."""
    return Draw(o=rng.normal(0, 1.5, size=CLASSES), label=int(rng.integers(CLASSES)))


def _sum(d: Draw) -> float:
    return float(sum(np.exp(score) for score in d.o))


def _cross_entropy(d: Draw) -> float:
    """The loss by PyTorch's own function, which the lesson speaks of."""
    import torch

    loss = torch.nn.functional.cross_entropy(torch.tensor(d.o[None]), torch.tensor([d.label]))
    return float(loss)


def _probabilities(d: Draw) -> Array:
    """Softmax by PyTorch."""
    import torch

    values: Array = torch.softmax(torch.tensor(d.o), dim=0).numpy()
    return values


SCORE_LOSS = DerivationCheck(
    draw=_draw,
    left=_cross_entropy,
    lines=(
        Line(
            value=lambda d: -np.log(_probabilities(d)[d.label]),
            wrong=(
                lambda d: np.log(_probabilities(d)[d.label]),
                lambda d: -np.log(_probabilities(d)[d.label - 1]),
            ),
        ),
        Line(
            value=lambda d: -np.log(np.exp(d.o[d.label]) / _sum(d)),
            # Divided by the other exponentials only.
            wrong=(
                lambda d: -np.log(np.exp(d.o[d.label]) / (_sum(d) - np.exp(d.o[d.label]))),
                lambda d: -np.log(d.o[d.label] ** 2 / _sum(d)),
            ),
        ),
        Line(
            value=lambda d: np.log(_sum(d)) - np.log(np.exp(d.o[d.label])),
            wrong=(
                lambda d: np.log(np.exp(d.o[d.label])) - np.log(_sum(d)),
                lambda d: np.log(_sum(d) - np.exp(d.o[d.label])),
            ),
        ),
        Line(
            value=lambda d: np.log(_sum(d)) - d.o[d.label],
            wrong=(
                lambda d: d.o.sum() - d.o[d.label],
                lambda d: np.log(_sum(d)) + d.o[d.label],
            ),
        ),
    ),
)


def draw_scores(rng: np.random.Generator) -> Draw:
    """The draw of the derivation, for the formula with a blank."""
    return _draw(rng)


def loss_on_scores(d: Draw) -> float:
    """The left side of that formula."""
    return _cross_entropy(d)


def with_blank(blank: float, d: Draw) -> float:
    """The right side of that formula, with `blank` in it."""
    return float(blank - d.o[d.label])


def flattened() -> tuple[int, ...]:
    """The shape that the first layer of the recipe's own model makes."""
    import torch

    from engine.recipes.softmax_concise import make_net

    return tuple(make_net(10)[0](torch.zeros(256, 1, 28, 28)).shape)


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


BOOK = CheckBook("classification", derivations={"score_loss": SCORE_LOSS})
