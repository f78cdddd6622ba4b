"""What the formulas of `classification/fashion-mnist` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

from engine.data.sets import image_set
from engine.formulas.draws import uniform
from engine.formulas.notation import Notation
from engine.labs.reading_data import WAYS
from lessons.judge.values import Choice, Number, QuestionValues, Shape

SET = image_set("fashion-mnist")


TRAIN, HEIGHT, WIDTH = SET.train_images.shape


TEST = SET.test_images.shape[0]


CLASSES = len(SET.classes)


BATCH = 256


CHANNELS = 1


WHITE = 255
"""The largest grey value."""


GREY = 51
"""A grey value that is scaled."""


SMALL, WIDE = 14, 56
"""The size that images are changed to, and the columns of a wide one with as many rows as ours."""


RATE = 0.1
"""The learning rate of an example."""


READ = 3
"""How often a first batch is asked for."""


FLOAT_BYTES = 4


NOTATION = (
    Notation()
    .fixed(r"\text{rows}", HEIGHT)
    .fixed(r"\text{columns}", WIDTH)
    .fixed(r"\text{channels}", CHANNELS)
    .fixed(r"\text{images}", TRAIN)
    .fixed(r"\text{batch}", BATCH)
    .fixed(r"\text{batches}", math.ceil(TRAIN / BATCH))
    .fixed(r"\text{pixels}", HEIGHT * WIDTH)
    .fixed(r"\text{MB}", TRAIN * HEIGHT * WIDTH * FLOAT_BYTES / 1e6)
    .fixed(r"\text{right}", TEST // CLASSES)
    .fixed(r"\text{all}", TEST)
    .fixed(r"\text{wrong}", TEST - TEST // CLASSES)
    .defined(r"\text{accuracy} = \frac{\text{right}}{\text{all}}", "")
    .fixed(r"\text{old}", GREY)
    .fixed(r"\text{new}", GREY / WHITE)
    .drawn("x")
    .drawn("w")
    .drawn("g")
    .drawn(r"\eta", "", uniform(0.01, 1.0))
    .defined(r"w_{\mathrm{new}} = w - \eta g x", "")
    .fixed(r"\text{times}", WHITE**2)
    .fixed(r"\text{seen}", BATCH)
)


_LABELS = (
    ("t_shirt", "T-shirt/top"),
    ("trouser", "Trouser"),
    ("pullover", "Pullover"),
    ("dress", "Dress"),
    ("coat", "Coat"),
    ("sandal", "Sandal"),
    ("shirt", "Shirt"),
    ("sneaker", "Sneaker"),
    ("bag", "Bag"),
    ("ankle_boot", "Ankle boot"),
)
"""How texts call the classes, and their names."""


def _label(name: str) -> int:
    """The label of a class."""
    return SET.classes.index(name)


def _resized(size: int | tuple[int, int]) -> tuple[int, ...]:
    """The shape of a wide picture after Resize and ToTensor."""
    from PIL import Image
    from torchvision.transforms import Compose, Resize, ToTensor

    image = Image.new("L", (WIDE, HEIGHT))
    return tuple(Compose([Resize(size), ToTensor()])(image).shape)


def _images_seen() -> float:
    """Ask a loader that does not shuffle for a first batch, again and again: how many different
    images come."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(torch.arange(5 * BATCH)), batch_size=BATCH)
    read = [next(iter(loader))[0] for _ in range(READ)]
    return float(len(torch.cat(read).unique()))


def _spawned_without_guard() -> int:
    """Start a worker at the top level of a program: the option that tells how it ends."""
    from lessons.course.classification.fashion_mnist.claims import run_program

    error = run_program(guard=False)
    return 1 if "RuntimeError" in error and "bootstrapping" in error else 0


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(TRAIN)[start : start + BATCH]) for start in range(0, TRAIN, BATCH)]


def _last_batch() -> int:
    """How many images are left for the last batch."""
    return _batch_sizes()[-1]


NUMBERS: Mapping[str, Callable[[], float]] = {
    "example_rate": lambda: RATE,
    "fashion_batch": lambda: BATCH,
    "fashion_bytes": lambda: TRAIN * HEIGHT * WIDTH,
    "fashion_channels": lambda: CHANNELS,
    "fashion_colour": lambda: 3 * HEIGHT * WIDTH,
    "fashion_columns": lambda: WIDTH,
    "fashion_grey": lambda: GREY,
    "fashion_megabytes": lambda: TRAIN * HEIGHT * WIDTH / 1e6,
    "fashion_rows": lambda: HEIGHT,
    "fashion_test": lambda: TEST,
    "fashion_test_each": lambda: TEST / CLASSES,
    "fashion_train": lambda: TRAIN,
    "fashion_train_each": lambda: TRAIN / CLASSES,
    "fashion_small": lambda: SMALL,
    "fashion_white": lambda: WHITE,
    "fashion_wide": lambda: WIDE,
    "first_asked": lambda: READ,
    "fewer_workers": lambda: WAYS[1],
    **{f"label_{name}": partial(_label, place) for name, place in _LABELS},
    "last_fashion_batch": _last_batch,
    "last_label": lambda: CLASSES - 1,
    "more_workers": lambda: WAYS[2],
}


def _lab_fastest_pass() -> int:
    """Whether a pass from memory is several times as fast as a DataLoader, as the lesson claims."""
    from lessons.course.classification.fashion_mnist.claims import memory_is_faster

    return 2 if memory_is_faster() else 0


def _lab_same_pixels() -> int:
    """Where the images of the program differ least: in the corners, the middle, the upper edge."""
    from engine.data.glyphs import glyph_images

    spread = glyph_images(0, 500, 10).train_images.reshape(-1, 28, 28).float().std(0)
    places = (spread[:4, :4], spread[12:16, 12:16], spread[:4, 12:16])
    means = [float(place.mean()) for place in places]
    return means.index(min(means))


QUESTIONS: Mapping[str, QuestionValues] = {
    "fashion_guessing": Number(
        lambda: (TEST / CLASSES) / TEST,
        slips={
            "counted-not-divided": lambda: TEST / CLASSES,
            "right-or-wrong": lambda: 0.5,
            "wrong-share": lambda: 1 - 1 / CLASSES,
            "part-of-the-set": lambda: (TEST / CLASSES) / TRAIN,
        },
    ),
    "fashion_pixels": Number(
        lambda: HEIGHT * WIDTH,
        slips={
            "rows-plus-columns": lambda: HEIGHT + WIDTH,
            "three-channels": lambda: 3 * HEIGHT * WIDTH,
            "grey-values": lambda: HEIGHT * WIDTH * (WHITE + 1),
            "one-side": lambda: HEIGHT,
        },
        tolerance=0,
    ),
    "fashion_batch_shape": Shape(
        lambda: (BATCH, CHANNELS, HEIGHT, WIDTH),
        slips={
            "no-channel": lambda: (BATCH, HEIGHT, WIDTH),
            "channel-last": lambda: (BATCH, HEIGHT, WIDTH, CHANNELS),
            "flattened": lambda: (BATCH, HEIGHT * WIDTH),
            "three-channels": lambda: (BATCH, 3, HEIGHT, WIDTH),
            "one-image": lambda: (CHANNELS, HEIGHT, WIDTH),
            "channel-first-of-all": lambda: (CHANNELS, BATCH, HEIGHT, WIDTH),
            "batch-at-the-end": [
                lambda: (CHANNELS, HEIGHT, WIDTH, BATCH),
                lambda: (HEIGHT, WIDTH, CHANNELS, BATCH),
            ],
        },
    ),
    "fashion_scaled": Number(
        lambda: GREY / WHITE,
        slips={
            "not-scaled": lambda: float(GREY),
            "by-256": lambda: GREY / (WHITE + 1),
            "divided-again": lambda: GREY / WHITE / WHITE,
            "from-minus-one": lambda: 2 * GREY / WHITE - 1,
            "upside-down": lambda: WHITE / GREY,
        },
        tolerance=1e-3,
    ),
    "fashion_growth": Number(
        lambda: WHITE**2,
        slips={
            "once-only": lambda: WHITE,
            "added": lambda: 2 * WHITE,
            "no-change": lambda: 1.0,
            "upside-down": lambda: 1 / WHITE**2,
            "by-256": lambda: (WHITE + 1) ** 2,
        },
        exact=True,
        tolerance=1e-6,
    ),
    "fashion_resized": Shape(
        lambda: _resized(SMALL),
        slips={
            "both-sides": lambda: _resized((SMALL, SMALL)),
            "longer-side": lambda: (CHANNELS, SMALL * HEIGHT // WIDE, SMALL),
            "transposed": lambda: (CHANNELS, SMALL * WIDE // HEIGHT, SMALL),
            "no-channel": lambda: (SMALL, SMALL * WIDE // HEIGHT),
            "channel-last": lambda: (SMALL, SMALL * WIDE // HEIGHT, CHANNELS),
            "one-side-only": lambda: (CHANNELS, SMALL, WIDE),
        },
    ),
    "fashion_megabytes_float": Number(
        lambda: TRAIN * HEIGHT * WIDTH * FLOAT_BYTES / 1e6,
        slips={
            "one-byte": lambda: TRAIN * HEIGHT * WIDTH / 1e6,
            "bits-for-bytes": lambda: TRAIN * HEIGHT * WIDTH * 8 * FLOAT_BYTES / 1e6,
            "mebibytes": lambda: TRAIN * HEIGHT * WIDTH * FLOAT_BYTES / 2**20,
            "eight-bytes": lambda: TRAIN * HEIGHT * WIDTH * 8 / 1e6,
            "test-added": lambda: (TRAIN + TEST) * HEIGHT * WIDTH * FLOAT_BYTES / 1e6,
            "test-images": lambda: TEST * HEIGHT * WIDTH * FLOAT_BYTES / 1e6,
        },
        unit="MB",
        tolerance=5e-3,
    ),
    "fashion_batches": Number(
        lambda: math.ceil(TRAIN / BATCH),
        slips={
            "last-batch": lambda: TRAIN // BATCH,
            "test-images": lambda: math.ceil(TEST / BATCH),
            "all-images": lambda: math.ceil((TRAIN + TEST) / BATCH),
        },
        tolerance=0,
    ),
    "fashion_next": Number(
        _images_seen,
        slips={
            "goes-on": lambda: READ * BATCH,
            "batches-counted": [lambda: 1.0, lambda: READ],
            "whole-epoch": lambda: TRAIN,
        },
        exact=True,
    ),
    "fashion_guard": Choice(_spawned_without_guard),
    "lab_fastest_pass": Choice(_lab_fastest_pass),
    "lab_same_pixels": Choice(_lab_same_pixels),
}
