"""The programs that `mlp/mnist-low-level` shows and runs."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from engine.data import DataDamaged, DataMissing, ImageData, load_images
from engine.data.glyphs import glyph_images
from engine.recipes.linear import data_iter
from engine.recipes.mnist_mlp import ACTIVATIONS, forward, init_params, normalise, update
from engine.recipes.two_layer_optim import make_optimizer


def digits() -> ImageData:
    """MNIST where it is found, else digits that the program draws."""
    try:
        return load_images("mnist")
    except (DataMissing, DataDamaged):
        return load_images("glyphs")


def measure_pixels() -> None:
    """Print mean and standard deviation of all pixels, twice."""
    data = digits()
    raw, scaled = data.train_images / 255, normalise(data.train_images)
    print(data.title, tuple(data.train_images.shape))
    for name, pixels in (("from 0 to 1", raw), ("normalised", scaled)):
        mean, std = float(pixels.mean()), float(pixels.std())
        ends = f"{pixels.min():.4f} to {pixels.max():.4f}"
        print(f"{name:12} mean {mean:7.4f}  std {std:.4f}  {ends}")


def signal_sizes() -> None:
    """Print the size of what each layer hands on, by first weights."""
    x = torch.randn(1000, 784, generator=torch.Generator().manual_seed(1))
    for init in ("kaiming_normal", "small_normal", "standard_normal"):
        p = init_params(init, torch.Generator().manual_seed(0))
        h1 = F.relu(x @ p["w1"].t() + p["b1"])
        h2 = F.relu(h1 @ p["w2"].t() + p["b2"])
        all_layers = (x, h1, h2, forward(x, p))
        sizes = [h.square().mean().sqrt() for h in all_layers]
        row = "  ".join(f"{size:10.4f}" for size in sizes)
        print(f"{init:16} {row}")


def zero_start() -> None:
    """Print how much each parameter moves in one update from zeros."""
    x = torch.randn(200, 784, generator=torch.Generator().manual_seed(1))
    y = torch.arange(200) % 7
    params = init_params("zeros", torch.Generator())
    for param in params.values():
        param.requires_grad_()
    optimizer = torch.optim.SGD(params.values(), lr=0.01)
    update(x, y, params, F.relu, optimizer)
    for name, param in params.items():
        moved = param.detach().norm()
        print(f"{name}  {tuple(param.shape)!s:12} moved {moved:.6f}")


def one_epoch() -> None:
    """Train for one epoch; print the loss every 100 batches."""
    data = digits()
    generator = torch.Generator().manual_seed(0)
    params = init_params("kaiming_normal", generator)
    for param in params.values():
        param.requires_grad_()
    optimizer = torch.optim.SGD(params.values(), lr=0.01)
    x, y = normalise(data.train_images), data.train_labels
    print(data.title)
    batches = data_iter(200, x, y, generator)
    for batch, (images, labels) in enumerate(batches):
        loss, _ = update(images, labels, params, F.relu, optimizer)
        if batch % 100 == 0:
            print(f"{batch * 200:>6} of {len(y)}  loss {loss.item():.4f}")
    with torch.no_grad():
        logits = forward(normalise(data.test_images), params)
    test_loss = F.cross_entropy(logits, data.test_labels).item()
    right = int((logits.argmax(dim=1) == data.test_labels).sum())
    print(f"test loss {test_loss:.4f}, right {right} of {len(logits)}")


def accuracies(
    epochs: int,
    init: str = "kaiming_normal",
    lr: float = 0.01,
    *,
    scaled: bool = True,
    activation: str = "relu",
    rule: str = "sgd",
) -> list[float]:
    """Test accuracy after each epoch, of 2000 digits that the program draws in batches of 50."""
    data = glyph_images(0, 2000, 500)
    x, x_test = (images.flatten(1) / 255 for images in (data.train_images, data.test_images))
    if scaled:
        mean, std = x.mean(), x.std()
        x, x_test = (x - mean) / std, (x_test - mean) / std
    generator = torch.Generator().manual_seed(0)
    params = init_params(init, generator)
    for param in params.values():
        param.requires_grad_()
    optimizer = make_optimizer(rule, params.values(), lr)
    function, found = ACTIVATIONS[activation], []
    for _ in range(epochs):
        for images, labels in data_iter(50, x, data.train_labels, generator):
            update(images, labels, params, function, optimizer)
        with torch.no_grad():
            right = forward(x_test, params, function).argmax(dim=1) == data.test_labels
        found.append(float(right.float().mean()))
    return found


def with_and_without() -> None:
    """Print test accuracies with and without normalising."""
    for name, scaled in (("normalised", True), ("from 0 to 1", False)):
        shares = accuracies(4, scaled=scaled)
        print(f"{name:12}", *(f"{share:.3f}" for share in shares))
