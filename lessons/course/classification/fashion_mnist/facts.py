"""What the formulas of `classification/fashion-mnist` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

from engine.data.sets import image_set
from engine.formulas.notation import Notation
from engine.labs.reading_data import WAYS
from lessons.judge.values import Number, QuestionValues, Shape

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


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(TRAIN)[start : start + BATCH]) for start in range(0, TRAIN, BATCH)]


def _last_batch() -> int:
    """How many images are left for the last batch."""
    return _batch_sizes()[-1]


NUMBERS: Mapping[str, Callable[[], float]] = {
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
    "fashion_white": lambda: WHITE,
    "fewer_workers": lambda: WAYS[1],
    **{f"label_{name}": partial(_label, place) for name, place in _LABELS},
    "last_fashion_batch": _last_batch,
    "last_label": lambda: CLASSES - 1,
    "more_workers": lambda: WAYS[2],
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "fashion_guessing": Number(
        lambda: (TEST / CLASSES) / TEST,
        slips={
            "counted-not-divided": lambda: TEST / CLASSES,
            "right-or-wrong": lambda: 0.5,
            "wrong-share": lambda: 1 - 1 / CLASSES,
        },
    ),
    "fashion_pixels": Number(
        lambda: HEIGHT * WIDTH,
        slips={
            "rows-plus-columns": lambda: HEIGHT + WIDTH,
            "three-channels": lambda: 3 * HEIGHT * WIDTH,
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
        },
    ),
    "fashion_scaled": Number(
        lambda: GREY / WHITE,
        slips={
            "not-scaled": lambda: float(GREY),
            "by-256": lambda: GREY / (WHITE + 1),
            "divided-again": lambda: GREY / WHITE / WHITE,
        },
        tolerance=1e-3,
    ),
    "fashion_megabytes_float": Number(
        lambda: TRAIN * HEIGHT * WIDTH * FLOAT_BYTES / 1e6,
        slips={
            "one-byte": lambda: TRAIN * HEIGHT * WIDTH / 1e6,
            "bits-for-bytes": lambda: TRAIN * HEIGHT * WIDTH * 8 * FLOAT_BYTES / 1e6,
        },
        tolerance=1e-2,
    ),
    "fashion_batches": Number(
        lambda: math.ceil(TRAIN / BATCH),
        slips={
            "last-batch": lambda: TRAIN // BATCH,
        },
        tolerance=0,
    ),
}
