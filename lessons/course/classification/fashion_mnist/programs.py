"""The programs that `classification/fashion-mnist` shows and runs."""

from __future__ import annotations

import torch
from PIL import Image
from torchvision.transforms import ToTensor

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
    """Give ToTensor a row of grey values; divide by hand; divide again."""
    grey = torch.tensor([[0, 51, 102, 255]], dtype=torch.uint8)
    once = ToTensor()(Image.fromarray(grey.numpy()))
    print("shape:", tuple(once.shape), " dtype:", once.dtype)
    by_hand, twice = grey.float() / 255, once / 255
    for name, values in (
        ("ToTensor", once),
        ("by hand", by_hand),
        ("once more", twice),
    ):
        print(f"{name:<10}", *(f"{v:.4f}" for v in values.flatten()))
