"""What the formulas of `classification/softmax-concise` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import normal, simplex, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.classification.fashion_mnist.facts import (
    BATCH,
    CHANNELS,
    CLASSES,
    HEIGHT,
    TEST,
    TRAIN,
    WIDTH,
)
from lessons.course.classification.softmax_from_scratch.facts import (
    ACCURACY,
    LAST_BATCH,
    PIXELS,
    SETTINGS,
    probabilities_of,
)
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape

KNOWN, MODELS, SEEN = 0.8, 20, 1000
"""Of models that are all equally good: how often each is right, how many there are, and on how many
images each is measured."""


HELD_BACK = 10_000
"""Training images that are kept for validation."""


COMPARED = 5
"""How many models a question compares."""


ROUNDING = 1e-15
"""More than the first updates of both versions differ by, in float64."""


REPORTED = 1.47
"""The loss that a training with two softmaxes reports."""


def _count(world: World) -> int:
    return v.whole(world.value(("C", (), None)))


def _label(world: World) -> int:
    """Every class in its turn, from 0."""
    return world.index % _count(world)


def _probability(world: World, j: int) -> Value:
    return probabilities_of(world, "bold o")[j]


def _handed(world: World, k: int) -> Value:
    return world.value(("bold p", (), None))[k]


def _sure(world: World) -> Value:
    """Probabilities of a model that is sure and right."""
    found = np.zeros(_count(world))
    found[_label(world)] = 1.0
    return found


def _more_or_less_sure(world: World) -> Value:
    """Nearly sure and right, and as it comes."""
    drawn = simplex()(world.rng("p"), (_count(world),))
    part = 0.001 if world.index % 2 == 0 else 1.0
    return (1 - part) * _sure(world) + part * drawn


NOTATION = (
    Notation()
    .size("n")
    .drawn("X", rf"n \times {PIXELS}", uniform(0.0, 1.0))
    .drawn("W", rf"{PIXELS} \times {CLASSES}", normal(0.05))
    .defined(r"V = W^\top", rf"{CLASSES} \times {PIXELS}")
    .drawn(r"\mathbf{b}", f"{CLASSES}")
    .drawn(r"\mathbf{1}", "n", lambda rng, shape: np.ones(shape))
    .defined(r"O = XW + \mathbf{1} \mathbf{b}^\top", rf"n \times {CLASSES}")
    .size("d")
    .defined(r"\text{bound} = \frac{1}{\sqrt{d}}", "")
    .size("C")
    .drawn(r"\mathbf{o}", "C", start=0)
    .defined(r"o_j = \mathbf{o}_j", "", over="j")
    .computed(r"\hat y_j", _probability, "", over="j")
    .computed("y", _label, "")
    .defined(r"\ell = -\ln \hat y_y", "")
    .drawn(r"\mathbf{p}", "C", simplex())
    .computed("p_k", _handed, "", over="k")
    .fixed(r"\text{fetches}", math.ceil(TEST / BATCH))
    .fixed(r"\text{updates}", math.ceil((TRAIN - HELD_BACK) / BATCH))
    .drawn(r"a", "", uniform(0.1, 0.9))
    .drawn(r"m", "", uniform(10.0, 1000.0))
    .defined(
        r"\text{spread} = "
        r"\sqrt{\frac{a (1 - a)}{m}}",
        "",
    )
    .fixed(r"n_{\text{last}}", LAST_BATCH)
    .defined(r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}", "")
    .index("j k", "C", start=0)
)


TWICE = NOTATION.defined(r"\mathbf{o} = \mathbf{p}", "C", start=0)
"""Probabilities that are taken for scores."""


SCOPES = {
    "twice": TWICE,
    "flatten_shape": NOTATION.fixed("n", BATCH),
    "linear_bound": NOTATION.fixed("d", PIXELS),
    "second_softmax": TWICE.fixed("C", CLASSES)
    .computed(r"\mathbf{p}", _sure, "C")
    .index("k", "C", start=0, unlike="y"),
    "softmax_twice_seen": TWICE.fixed("C", CLASSES).computed(
        r"\mathbf{p}", _more_or_less_sure, "C"
    ),
    "last_batch_share": NOTATION.fixed("n", BATCH),
    "figure_spread": NOTATION.fixed(r"a", KNOWN).fixed(r"m", SEEN),
}


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


def second_softmax(probabilities: Sequence[float]) -> float:
    """The first entry of softmax, applied to probabilities as if they were scores."""
    import torch

    return float(torch.softmax(torch.tensor(probabilities, dtype=torch.float64), dim=0)[0])


_SURE = (1.0, *[0.0] * (CLASSES - 1))


def accuracy_beside_that_loss() -> int:
    """Train with a softmax layer: the option that its accuracy at the end belongs to."""
    from lessons.course.classification.softmax_concise.programs import train_clusters

    loss, accuracy = train_clusters(softmax_layer=True)
    assert loss > 1.46
    return 2 if accuracy > 0.99 else 1 if accuracy > 0.3 else 0


def share_of_an_image(n: int) -> float:
    """How strongly one image of a batch of n moves its scores, by CrossEntropyLoss."""
    import torch

    Z = torch.zeros(n, 10, dtype=torch.float64, requires_grad=True)
    torch.nn.CrossEntropyLoss()(Z, torch.zeros(n, dtype=torch.long)).backward()
    assert Z.grad is not None
    return float(Z.grad[0].norm())


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


def updates_per_epoch() -> float:
    """Batches of the images that are left when some are held back."""
    return float(len(range(0, TRAIN - HELD_BACK, BATCH)))


def _fair_figure() -> int:
    """Draw equally good models again and again: the option whose figure is right on average."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(400):
        valid, test = (rng.binomial(SEEN, KNOWN, COMPARED) / SEEN for _ in range(2))
        chosen = int(valid.argmax())
        found.append((test[chosen], valid[chosen], test.max()))
    too_high = np.mean(found, axis=0) - KNOWN
    fair = np.flatnonzero(np.abs(too_high) < 0.002)
    assert len(fair) == 1
    assert too_high.max() > 0.01
    return {0: 1, 1: 0, 2: 2}[int(fair[0])]


def counted_images() -> int:
    """How many images an example fetches."""
    from lessons.course.classification.softmax_concise.programs import COUNTED_IMAGES

    return COUNTED_IMAGES


def huge_score() -> float:
    """The largest score in an example."""
    from lessons.course.classification.softmax_concise.programs import HUGE_SCORE

    return HUGE_SCORE


def starting_deviation() -> float:
    """The standard deviation that the recipe's own weights start with."""
    import torch

    from engine.recipes.softmax import init_params

    W, _ = init_params(HEIGHT * WIDTH, 10, torch.Generator().manual_seed(0))
    return float(W.std())


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(TRAIN)[start : start + BATCH]) for start in range(0, TRAIN, BATCH)]


def _last_batch() -> int:
    """How many images are left for the last batch."""
    return _batch_sizes()[-1]


def loss_of(probabilities: list[float], label: int) -> float:
    """What CrossEntropyLoss makes of probabilities that it takes for scores."""
    import torch

    scores = torch.tensor([probabilities], dtype=torch.float64)
    return float(torch.nn.functional.cross_entropy(scores, torch.tensor([label])))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "accuracy_high": lambda: ACCURACY[1],
    "accuracy_low": lambda: ACCURACY[0],
    "counted_batches": lambda: math.ceil(counted_images() / BATCH),
    "counted_images": counted_images,
    "double_bits": lambda: np.finfo(np.float64).bits,
    "fashion_batch": lambda: BATCH,
    "fashion_channels": lambda: CHANNELS,
    "fashion_classes": lambda: CLASSES,
    "fashion_columns": lambda: WIDTH,
    "fashion_rows": lambda: HEIGHT,
    "fashion_test": lambda: TEST,
    "fashion_train": lambda: TRAIN,
    "fashion_train_left": lambda: TRAIN - HELD_BACK,
    "held_back": lambda: HELD_BACK,
    "models_compared": lambda: COMPARED,
    "models_alike": lambda: MODELS,
    "models_right": lambda: KNOWN,
    "models_seen": lambda: SEEN,
    "guessing_accuracy": lambda: 1 / CLASSES,
    "huge_score": huge_score,
    "init_deviation": starting_deviation,
    "last_fashion_batch": _last_batch,
    "last_test_batch": lambda: TEST % BATCH,
    "lowest_loss": lambda: loss_of(list(_SURE), 0),
    "reported_loss": lambda: REPORTED,
    "rounding": lambda: ROUNDING,
    "single_bits": lambda: np.finfo(np.float32).bits,
    "softmax_batch": lambda: float(SETTINGS["batch_size"]),
    "softmax_epochs": lambda: float(SETTINGS["epochs"]),
    "softmax_rate": lambda: float(SETTINGS["lr"]),
    "taken_for_probability": lambda: math.exp(-REPORTED),
}


def _train_versions_part() -> int:
    """When both versions on drawn digits are a point apart: at once, later, or never."""
    from lessons.course.classification.softmax_concise.claims import points_apart

    apart = [epoch for epoch, points in enumerate(points_apart()) if points > 0.01]
    return 2 if not apart else 0 if apart[0] <= 1 else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "flatten_shape": Shape(
        flattened,
        slips={
            "axis-dropped": lambda: (BATCH * PIXELS,),
            "transposed": lambda: (PIXELS, BATCH),
            "channel-kept": lambda: (BATCH, CHANNELS, PIXELS),
            "channel-dropped": lambda: (BATCH, HEIGHT, WIDTH),
            "one-image": [lambda: (PIXELS,), lambda: (1, PIXELS)],
            "unchanged": lambda: (BATCH, CHANNELS, HEIGHT, WIDTH),
        },
    ),
    "linear_bound": Number(
        lambda: 1 / math.sqrt(PIXELS),
        slips={
            "no-root": lambda: 1 / PIXELS,
            "outputs-counted": lambda: 1 / math.sqrt(CLASSES),
            "upside-down": lambda: math.sqrt(PIXELS),
            "recipe": lambda: 0.01,
            "spread-for-bound": lambda: 1 / math.sqrt(3 * PIXELS),
            "lower": lambda: -1 / math.sqrt(PIXELS),
        },
    ),
    "fetches": Number(
        lambda: fetches(TEST, BATCH),
        slips={
            "samples-counted": lambda: float(TEST),
            "last-batch": lambda: float(TEST // BATCH),
            "train-images": lambda: float(math.ceil(TRAIN / BATCH)),
        },
        tolerance=0,
    ),
    "fill_score_loss": Fill(NOTATION),
    "second_softmax": Number(
        lambda: second_softmax(_SURE),
        slips={
            "probabilities-as-logits": lambda: 1.0,
            "k-for-k-minus-1": lambda: math.e / (math.e + CLASSES),
            "uniform": lambda: second_softmax((1 / CLASSES,) * CLASSES),
            "loss-for-probability": lambda: loss_of(list(_SURE), 0),
            "no-ones": lambda: math.e / CLASSES,
            "wrong-class": lambda: 1 / (math.e + CLASSES - 1),
        },
    ),
    "softmax_twice_seen": Choice(accuracy_beside_that_loss),
    "last_batch_share": Number(
        lambda: share_of_an_image(LAST_BATCH) / share_of_an_image(BATCH),
        slips={
            "last-batch": lambda: 1.0,
            "upside-down": lambda: LAST_BATCH / BATCH,
            "difference": lambda: float(BATCH - LAST_BATCH),
        },
    ),
    "why_not_equal": Choice(why_not_equal),
    "validation_updates": Number(
        updates_per_epoch,
        slips={
            "not-held-back": lambda: float(math.ceil(TRAIN / BATCH)),
            "last-batch": lambda: float((TRAIN - HELD_BACK) // BATCH),
            "validation-counted": lambda: float(math.ceil(HELD_BACK / BATCH)),
        },
        tolerance=0,
    ),
    "reported_figure": Choice(_fair_figure),
    "figure_spread": Number(
        lambda: math.sqrt(KNOWN * (1 - KNOWN) / SEEN),
        slips={
            "no-root": lambda: KNOWN * (1 - KNOWN) / SEEN,
            "not-divided": lambda: math.sqrt(KNOWN * (1 - KNOWN)),
            "no-wrong-share": lambda: math.sqrt(KNOWN / SEEN),
            "only-wrong-share": lambda: math.sqrt((1 - KNOWN) / SEEN),
            "root-too-early": lambda: math.sqrt(KNOWN * (1 - KNOWN)) / SEEN,
            "images-for-share": lambda: math.sqrt(KNOWN * (1 - KNOWN) * SEEN),
        },
    ),
    "train_versions_part": Choice(_train_versions_part),
}
