"""The programs that `mlp/watching` shows and runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.glyphs import glyph_images
from engine.recipes.linear import data_iter
from engine.recipes.mnist_mlp import forward, init_params, normalise, update
from engine.training.metrics import RunningSums


def losses_of_an_epoch() -> tuple[Tensor, ...]:
    """The losses of 100 samples in batches of 64: the last batch is smaller, and worse."""
    return torch.full((64,), 0.5), torch.full((36,), 1.0)


def three_figures() -> None:
    """Print three figures called the loss of the epoch; one is right."""
    batches = losses_of_an_epoch()
    sums = RunningSums()
    for losses in batches:
        sums.add(loss=float(losses.sum()), correct=0, samples=len(losses))
    means = [float(losses.mean()) for losses in batches]
    print(f"the last batch       {means[-1]:.3f}")
    print(f"the mean of means    {sum(means) / len(means):.3f}")
    print(f"the running sums     {sums.mean_loss:.3f}")


class Epoch(NamedTuple):
    """Three accuracies of one epoch."""

    running: float
    """Train, summed up during the epoch: each batch just before the update that uses it."""
    after: float
    """Train, all samples at the end of the epoch."""
    test: float
    """Test, all samples at the end of the epoch."""


class Learned(NamedTuple):
    """A trained network for digits."""

    epochs: list[Epoch]
    start: Tensor
    """The weights of the first layer before the first update, (200, 784)."""
    end: Tensor
    """The same weights after the last one."""


@lru_cache(maxsize=4)
def learn_digits(epochs: int, lr: float = 0.05) -> Learned:
    """Train the network 784-200-200-10 on 2000 digits that the program draws."""
    data = glyph_images(0, 2000, 500)
    x, y = normalise(data.train_images), data.train_labels
    x_test, y_test = normalise(data.test_images), data.test_labels
    generator = torch.Generator().manual_seed(0)
    params = init_params("kaiming_normal", generator)
    start = params["w1"].clone()
    for param in params.values():
        param.requires_grad_()
    optimizer = torch.optim.SGD(params.values(), lr=lr)
    measured = []
    for _ in range(epochs):
        correct = 0
        for images, labels in data_iter(50, x, y, generator):
            _, logits = update(images, labels, params, F.relu, optimizer)
            correct += int((logits.argmax(dim=1) == labels).sum())
        with torch.no_grad():
            shares = [
                float((forward(images, params).argmax(dim=1) == labels).float().mean())
                for images, labels in ((x, y), (x_test, y_test))
            ]
        measured.append(Epoch(correct / len(y), *shares))
    return Learned(measured, start, params["w1"].detach().clone())


def accuracy_twice() -> None:
    """Print two kinds of train accuracy, and the test accuracy."""
    print("epoch  train, running  train, after  test")
    for number, epoch in enumerate(learn_digits(4).epochs, start=1):
        row = f"{epoch.running:14.3f}  {epoch.after:12.3f}  {epoch.test:.3f}"
        print(f"{number:5}  {row}")


BLOCKS = "▁▂▃▄▅▆▇█"


HIGHEST = 2.0
"""The loss at which a block is full."""


SHAPES = (
    ("as it should be", 0.05, 500),
    ("rate too large", 1.0, 500),
    ("rate too small", 1e-4, 500),
    ("too few samples", 0.1, 60),
)
"""Name, learning rate and number of samples of four trainings."""


class Curves(NamedTuple):
    """What was measured before each update."""

    train: list[float]
    test: list[float]
    accuracy: list[float]
    """The share of the test samples that is right."""
    of_wrong: list[float]
    """The mean loss of the test samples that are wrong."""
    of_right: list[float]
    """The mean loss of those that are right."""


def clusters(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Samples of three classes that overlap: no model can tell all of them apart."""
    y = torch.randint(0, 3, (n,), generator=generator)
    return 1.2 * F.one_hot(y, 20) + torch.randn(n, 20, generator=generator), y


class Stage(NamedTuple):
    """A small network before one of its updates; features and labels."""

    net: nn.Sequential
    own: tuple[Tensor, Tensor]
    """The samples that it learns from."""
    others: tuple[Tensor, Tensor]
    """500 that it does not."""


def stages(lr: float, samples: int, batch: int = 10) -> Iterator[Stage]:
    """A training of a small network, without end."""
    generator = torch.Generator().manual_seed(0)
    X, y = clusters(samples, generator)
    others = clusters(500, generator)
    net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 3))
    for parameter in net.parameters():
        nn.init.normal_(parameter, std=0.1, generator=generator)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    while True:
        yield Stage(net, (X, y), others)
        rows = torch.randint(samples, (batch,), generator=generator)
        loss = F.cross_entropy(net(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def train(
    lr: float, samples: int, batch: int = 10, updates: int = 300, *, only_last: bool = False
) -> Curves:
    """Train a small network; measure it on its samples and on 500 others, before each update.

    With `only_last`, before the last update alone: it takes a third of the time.
    """
    curves = Curves([], [], [], [], [])
    first = updates - 1 if only_last else 0
    for net, (X, y), (X_test, y_test) in islice(stages(lr, samples, batch), first, updates):
        with torch.no_grad():
            Z = net(X_test)
            losses = F.cross_entropy(Z, y_test, reduction="none")
            right = Z.argmax(dim=1) == y_test
            curves.train.append(F.cross_entropy(net(X), y).item())
            curves.test.append(losses.mean().item())
            curves.accuracy.append(right.float().mean().item())
            curves.of_wrong.append(losses[~right].mean().item())
            curves.of_right.append(losses[right].mean().item())
    return curves


def blocks(values: list[float]) -> str:
    """A row of blocks, one for ten updates: the higher, the larger the loss."""
    places = [min(int(value / HIGHEST * len(BLOCKS)), len(BLOCKS) - 1) for value in values[::10]]
    return "".join(BLOCKS[place] for place in places)


def four_shapes() -> None:
    """Train four times and draw what the losses do."""
    for name, lr, samples in SHAPES:
        curves = train(lr, samples)
        rows = (name, "train", curves.train), ("", "test", curves.test)
        for title, which, losses in rows:
            print(f"{title:<15} {which:5} {blocks(losses)} {losses[-1]:.3f}")


def two_axes() -> None:
    """Draw test loss and test accuracy in one chart with two axes."""
    curves = train(0.1, 60)
    loss, accuracy = curves.test, curves.accuracy
    rows, low, high = 11, 0.8, 1.3
    for row in range(rows, -1, -1):
        left = low + (high - low) * row / rows
        right = row / rows
        line = ""
        for at in range(0, len(loss), 6):
            is_loss = round((loss[at] - low) / (high - low) * rows) == row
            is_right = round(accuracy[at] * rows) == row
            line += "L" if is_loss else "a" if is_right else " "
        print(f"{left:5.2f} |{line}| {right:.2f}")
    print(" loss" + " " * 46 + "accuracy")


def deep_net() -> nn.Sequential:
    """Four layers with sigmoids between them, the same at each call."""
    generator = torch.Generator().manual_seed(0)
    net = nn.Sequential()
    for d, h in ((20, 32), (32, 32), (32, 32), (32, 3)):
        linear = nn.Linear(d, h)
        nn.init.normal_(linear.weight, std=0.1, generator=generator)
        nn.init.zeros_(linear.bias)
        net.extend([linear, nn.Sigmoid()])
    return net[:-1]


def ratios(rule: str, lr: float) -> list[tuple[float, float]]:
    """Gradient length, and update ÷ weight, of each layer in the first update by a rule."""
    X, y = clusters(500, torch.Generator().manual_seed(0))
    net = deep_net()
    optimizer = getattr(torch.optim, rule)(net.parameters(), lr=lr)
    F.cross_entropy(net(X), y).backward()
    weights = [layer.weight for layer in net if isinstance(layer, nn.Linear)]
    before = [w.detach().clone() for w in weights]
    optimizer.step()
    found = []
    for w, old in zip(weights, before, strict=True):
        assert w.grad is not None
        moved = (w.detach() - old).norm() / old.norm()
        found.append((float(w.grad.norm()), float(moved)))
    return found


def update_over_weight() -> None:
    """Print the gradient of each layer, and how far three rules move it."""
    rules = [("SGD", 0.05), ("RMSprop", 0.001), ("Adam", 0.001)]
    columns = [ratios(rule, lr) for rule, lr in rules]
    print("layer  gradient", *(f"{rule:>9}" for rule, _ in rules))
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        moved = (f"{ratio:9.1e}" for _, ratio in row)
        print(f"{number:5}  {row[0][0]:8.1e}", *moved)


def likeness(weights: Tensor) -> float:
    """The correlation of each weight with that of the next pixel to the right: 0 for snow."""
    images = weights.reshape(-1, 28, 28)
    pairs = torch.stack([images[..., :-1].flatten(), images[..., 1:].flatten()])
    return float(torch.corrcoef(pairs)[0, 1])


def drawn(image: Tensor) -> list[str]:
    """28 × 28 weights as 14 lines: # and + are above 0, - and = below."""
    small = F.avg_pool2d(image.reshape(1, 1, 28, 28), 2)[0, 0]
    scaled = small / small.abs().max()
    levels = (2.5 * scaled).round().long().clamp(-2, 2) + 2
    return ["".join(2 * "=- +#"[level] for level in row) for row in levels.tolist()]


def snow() -> None:
    """Draw the weights of one unit, and their change since the start."""
    learned = learn_digits(5)
    print(f"test accuracy {learned.epochs[-1].test:.3f}")
    change = learned.end - learned.start
    for name, weights in (("W", learned.end), ("W - W0", change)):
        print(f"{name:6}  neighbours alike: {likeness(weights):.2f}")
    unit = int(change.norm(dim=1).argmax())
    print(f"{'W':28}  {'W - W0':28}")
    pairs = zip(drawn(learned.end[unit]), drawn(change[unit]), strict=True)
    for left, right in pairs:
        print(f"{left}  {right}".rstrip())
