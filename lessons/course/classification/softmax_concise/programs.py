"""The programs that `classification/softmax-concise` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler

from engine.labs.gallery import load_set
from engine.recipes.linear import synthetic_data
from engine.recipes.linear_concise import make_net
from engine.recipes.softmax import accuracy, cross_entropy, flatten


def first_draw() -> None:
    """Print how nn.Linear itself starts, for two widths."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for d in (784, 2):
            weight = nn.Linear(d, 10).weight.detach()
            largest, spread = float(weight.abs().max()), float(weight.std())
            print(f"{d:>3} in: largest |w| {largest:.4f}  1/sqrt({d}) = {d**-0.5:.4f}", end="")
            print(f"  standard deviation {spread:.4f}")


COUNTED_IMAGES = 1024
"""How many images are fetched and counted."""


class Counting(Dataset[tuple[Tensor, Tensor]]):
    """Small images that count how often somebody fetches from them."""

    def __init__(self) -> None:
        self.X, self.y = torch.zeros(COUNTED_IMAGES, 1, 28, 28), torch.zeros(COUNTED_IMAGES)
        self.fetched = 0

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index: int | list[int]) -> tuple[Tensor, Tensor]:
        self.fetched += 1
        return self.X[index], self.y[index]


def count_fetches() -> None:
    """Print how often one epoch fetches: sample by sample, and batch by batch."""
    samples, batches = Counting(), Counting()
    whole = BatchSampler(RandomSampler(batches), 256, drop_last=False)
    by_sample = DataLoader(samples, batch_size=256, shuffle=True)
    by_batch = DataLoader(batches, batch_size=None, sampler=whole)
    for name, loader, data in (("sample", by_sample, samples), ("batch", by_batch, batches)):
        count = sum(1 for _ in loader)
        print(f"{name + ' by ' + name:<16} {count} batches, fetched {data.fetched} times")


HUGE_SCORE = 300.0


def two_losses() -> None:
    """Print both losses of three images: ready-made, and by hand."""
    Z = torch.tensor([[2.0, 0.5, -1.0], [0.0, 0.0, 0.0], [-1.0, HUGE_SCORE, 2.0]])
    y = torch.tensor([0, 2, 2])
    print("each image, by hand   ", cross_entropy(Z, y).tolist())
    print("nn.CrossEntropyLoss() ", nn.CrossEntropyLoss()(Z, y).item())
    print("mean, by hand         ", cross_entropy(Z, y).mean().item())


def train_clusters(*, softmax_layer: bool, updates: int = 300) -> tuple[float, float]:
    """Train on ten clusters of points; loss and accuracy at the end."""
    generator = torch.Generator().manual_seed(0)
    centres = torch.randn(10, 20, generator=generator)
    y = torch.arange(1000) % 10
    X = centres[y] + 0.3 * torch.randn(1000, 20, generator=generator)
    net = nn.Sequential(nn.Linear(20, 10), *([nn.Softmax(dim=1)] if softmax_layer else []))
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(updates):
        loss = nn.CrossEntropyLoss()(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item(), float((net(X).argmax(dim=1) == y).float().mean())


def softmax_twice() -> None:
    """Train without and with a softmax layer before the loss."""
    for name, layer in (("scores into the loss", False), ("softmax before it", True)):
        for updates in (30, 300):
            loss, accuracy = train_clusters(softmax_layer=layer, updates=updates)
            print(f"{name:<21} {updates:>3} updates: loss {loss:.3f}  accuracy {accuracy:.2f}")


class Flatten(nn.Module):
    """Turn each image into one row of numbers."""

    def forward(self, X: Tensor) -> Tensor:
        return X.reshape(len(X), -1)


def own_layer() -> None:
    """Put our own layer beside that of PyTorch, and into a model."""
    X = torch.arange(2 * 1 * 28 * 28.0).reshape(2, 1, 28, 28)
    print("the same:", torch.equal(Flatten()(X), nn.Flatten()(X)))
    print("parameters:", len(list(Flatten().parameters())))
    net = nn.Sequential(Flatten(), nn.Linear(28 * 28, 10))
    print(net)
    print("scores:", tuple(net(X).shape))


def choose_rate() -> None:
    """Try learning rates; choose by validation, and test once."""
    data, _ = load_set()
    print(data.title)
    X, y = flatten(data.train_images[:2000]), data.train_labels[:2000]
    nets = {}
    for lr in (0.001, 0.01, 0.1, 1.0):
        net = fitted(X[:1500], y[:1500], lr)
        nets[lr] = net, accuracy(net(X[1500:]), y[1500:])
        print(f"rate {lr:<6} validation accuracy {nets[lr][1]:.3f}")
    best = max(nets, key=lambda lr: nets[lr][1])
    net, _ = nets[best]
    test = accuracy(net(flatten(data.test_images)), data.test_labels)
    print(f"chosen: {best}; test accuracy {test:.3f}")


def fitted(X: Tensor, y: Tensor, lr: float) -> nn.Linear:
    """A layer after 5 epochs on images (n, 784) with labels (n,), in batches of 50."""
    net = nn.Linear(28 * 28, 10)
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(5):
        for X_batch, y_batch in zip(X.split(50), y.split(50), strict=True):
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(net(X_batch), y_batch).backward()
            optimizer.step()
    return net


TRUE_W, TRUE_B = torch.tensor([2.0, 3.4]), 4.2


def first_step(*, halve: bool, lr: float) -> Tensor:
    """How far w moves in one update from 0, with nn.MSELoss halved or as it is."""
    X, y = synthetic_data(TRUE_W, TRUE_B, 1000, torch.Generator().manual_seed(0))
    net = make_net(2)
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    loss = nn.MSELoss()(net(X).squeeze(1), y)
    (loss / 2 if halve else loss).backward()
    torch.optim.SGD(net.parameters(), lr=lr).step()
    return next(net.parameters()).detach().flatten()
