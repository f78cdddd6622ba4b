"""The programs that `classification/fashion-mnist` shows and runs."""

from __future__ import annotations

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import Compose, Resize, ToTensor, v2

from engine.labs.gallery import load_set


def count_classes() -> None:
    """Print how often each class occurs in both parts."""
    data, _ = load_set()
    train = torch.bincount(data.train_labels, minlength=10)
    test = torch.bincount(data.test_labels, minlength=10)
    print(f"{data.title}: {train.sum()} + {test.sum()} images")
    for label, name in enumerate(data.classes):
        print(f"{label} {name:<12} {train[label]:5} {test[label]:5}")


def look_at_one() -> None:
    """Print what the first training image is made of."""
    data, _ = load_set()
    image, label = data.train_images[0], int(data.train_labels[0])
    print(data.title)
    print("shape:", tuple(image.shape), " dtype:", image.dtype)
    print("label:", label, "=", data.classes[label])
    print("row 14:", *image[14].tolist())


def to_tensor_scales() -> None:
    """Scale a row of grey values in five ways."""
    grey = torch.tensor([[0, 51, 102, 255]], dtype=torch.uint8)
    image = Image.fromarray(grey.numpy())
    once = ToTensor()(image)
    new = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    unscaled = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32)])
    print("shape:", tuple(once.shape), " dtype:", once.dtype)
    for name, values in (
        ("v2, scale=True", new(image)),
        ("v2, no scale", unscaled(image)),
        ("ToTensor", once),
        ("by hand", grey.float() / 255),
        ("once more", once / 255),
    ):
        print(f"{name:<14}", *(f"{v:8.4f}" for v in values.flatten()))


def one_after_the_other() -> None:
    """Give two transforms a picture of 28 rows and 56 columns."""
    image = Image.new("L", (56, 28))  # Pillow writes the width first
    for size in (14, (14, 14)):
        transform = Compose([Resize(size), ToTensor()])
        print(f"Resize({size}):", tuple(transform(image).shape))


def scaled_or_not() -> None:
    """Train with bytes and with numbers from 0 to 1; print the loss."""
    data, _ = load_set()
    X, y = data.train_images[:1000].flatten(1).float(), data.train_labels[:1000]
    print(data.title)
    for name, inputs, rate in (
        ("from 0 to 1, rate 0.1", X / 255, 0.1),
        ("bytes, rate 0.1", X, 0.1),
        ("bytes, rate 0.1 / 65025", X, 0.1 / 65025),
    ):
        first, *_, last = losses_of(inputs, y, rate, 50)
        print(f"{name:<24} loss {first:.4f}, after 50 updates {last:10.4f}")


def losses_of(X: Tensor, y: Tensor, rate: float, updates: int) -> list[float]:
    """The losses of softmax regression without biases, before the first update and after each.

    X: (n, d), y: (n,). The weights start at 0, and each update looks at all samples.
    """
    W = torch.zeros(X.shape[1], 10, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = cross_entropy(X @ W, y)
        losses.append(float(loss.detach()))
        (gradient,) = torch.autograd.grad(loss, W)
        W = (W - rate * gradient).detach().requires_grad_()
    return [*losses, float(cross_entropy(X @ W, y).detach())]


def first_batches() -> None:
    """Read batches of the numbers 0 to 9, which stand for images."""
    order = torch.Generator().manual_seed(0)
    data = TensorDataset(torch.arange(10))
    loader = DataLoader(data, batch_size=4, shuffle=True, generator=order)
    (batch,) = next(iter(loader))
    print("next(iter(loader)):", batch.tolist())
    (batch,) = next(iter(loader))
    print("once again:        ", batch.tolist())
    batches = iter(loader)
    read = [next(batches)[0].tolist() for _ in range(3)]
    print("one iterator:      ", *read)
    print("a fourth batch:    ", next(batches, "none: the epoch is over"))
