"""The numbers and questions of `classification/fashion-mnist`."""

from __future__ import annotations

import math
from functools import partial

from engine.labs.reading_data import WAYS
from lessons.checks.base import (
    CheckBook,
    Hints,
    NumberCheck,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.classification.fashion_mnist.facts import (
    BATCH,
    CHANNELS,
    CLASSES,
    FLOAT_BYTES,
    GREY,
    HEIGHT,
    SET,
    TEST,
    TRAIN,
    WHITE,
    WIDTH,
)

# Answers are judged while the learner waits, so torchvision is not asked here: a test compares
# the shape of a batch and what ToTensor makes of a grey value.

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


BOOK = CheckBook(
    "classification",
    numbers={
        **{f"label_{name}": NumberCheck(partial(_label, place)) for name, place in _LABELS},
        "last_label": NumberCheck(lambda: CLASSES - 1),
        "fashion_rows": NumberCheck(lambda: HEIGHT),
        "fashion_columns": NumberCheck(lambda: WIDTH),
        "fashion_channels": NumberCheck(lambda: CHANNELS),
        "fashion_white": NumberCheck(lambda: WHITE),
        "fashion_grey": NumberCheck(lambda: GREY),
        "fashion_batch": NumberCheck(lambda: BATCH),
        "fewer_workers": NumberCheck(lambda: WAYS[1]),
        "more_workers": NumberCheck(lambda: WAYS[2]),
        "fashion_train": NumberCheck(lambda: TRAIN),
        "fashion_test": NumberCheck(lambda: TEST),
        "fashion_train_each": NumberCheck(lambda: TRAIN / CLASSES),
        "fashion_test_each": NumberCheck(lambda: TEST / CLASSES),
        "fashion_all": NumberCheck(lambda: TRAIN + TEST),
        "fashion_bytes": NumberCheck(lambda: TRAIN * HEIGHT * WIDTH),
        "fashion_megabytes": NumberCheck(lambda: TRAIN * HEIGHT * WIDTH / 1e6),
        "fashion_colour": NumberCheck(lambda: 3 * HEIGHT * WIDTH),
    },
    predicts={
        "fashion_guessing": NumberQuestion(
            answer=lambda: (TEST / CLASSES) / TEST,
            explanation="[1 000](number:fashion_test_each) of the [10 000](number:fashion_test) "
            "test images are trousers, and only those are right. "
            "An accuracy means something only beside this one.",
            slips=(
                Slip(
                    "counted-not-divided",
                    lambda: TEST / CLASSES,
                    "That is how many are right. Divide by the number of test images.",
                    line=r"\text{accuracy} = \text{right}",
                    right=r"\text{accuracy} = \frac{\text{right}}{\text{all}}",
                ),
                Slip(
                    "right-or-wrong",
                    lambda: 0.5,
                    "Right and wrong are two outcomes, but not equally frequent: one class of ten "
                    "is right.",
                    line=r"\text{accuracy} = \frac12",
                    right=r"\text{accuracy} = \frac{\text{right}}{\text{all}}",
                ),
                Slip(
                    "wrong-share",
                    lambda: 1 - 1 / CLASSES,
                    "That is the fraction of wrong answers. The accuracy is the rest.",
                    line=r"\text{accuracy} = \frac{\text{wrong}}{\text{all}}",
                    right=r"\text{accuracy} = \frac{\text{right}}{\text{all}}",
                ),
            ),
            hints=Hints(
                "only the images that really are trousers are answered rightly.",
                "right answers divided by all answers",
                r"$\text{accuracy} = 1000 / 10000$",
            ),
        ),
        "fashion_pixels": NumberQuestion(
            answer=lambda: HEIGHT * WIDTH,
            explanation="[28](number:fashion_rows) rows of [28](number:fashion_columns) pixels, "
            "one number each. A model that takes an image as one "
            "row of numbers has as many inputs.",
            tolerance=0,
            slips=(
                Slip(
                    "rows-plus-columns",
                    lambda: HEIGHT + WIDTH,
                    "That adds rows and columns. Each row holds as many pixels as there are "
                    "columns: multiply.",
                    line=r"\text{pixels} = \text{rows} + \text{columns}",
                    right=r"\text{pixels} = \text{rows} \cdot \text{columns}",
                ),
                Slip(
                    "three-channels",
                    lambda: 3 * HEIGHT * WIDTH,
                    "That would be a picture in colour, three numbers a pixel. These are grey.",
                    line=r"\text{pixels} = 3 \cdot \text{rows} \cdot \text{columns}",
                    right=r"\text{pixels} = 1 \cdot \text{rows} \cdot \text{columns}",
                ),
            ),
            hints=Hints(
                "each pixel is one number.",
                "rows times pixels in a row",
                r"$\text{pixels} = 28 \cdot 28$",
            ),
        ),
        "fashion_batch_shape": ShapeQuestion(
            shape=lambda: (BATCH, CHANNELS, HEIGHT, WIDTH),
            explanation="First the image in the batch, then the channel, then row and column.",
            slips=(
                ShapeSlip(
                    "no-channel",
                    lambda: (BATCH, HEIGHT, WIDTH),
                    "The channel is missing. One channel is an axis too, of length 1.",
                    line=r"(\text{batch}, \text{rows}, \text{columns})",
                    right=r"(\text{batch}, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "channel-last",
                    lambda: (BATCH, HEIGHT, WIDTH, CHANNELS),
                    "The channel stands last here. PyTorch puts it before rows and columns.",
                    line=r"(\text{batch}, \text{rows}, \text{columns}, \text{channels})",
                    right=r"(\text{batch}, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "flattened",
                    lambda: (BATCH, HEIGHT * WIDTH),
                    "That is the batch flattened, as a linear layer wants it. The loader keeps the "
                    "axes of the images.",
                    line=r"(\text{batch}, \text{rows} \cdot \text{columns})",
                    right=r"(\text{batch}, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "three-channels",
                    lambda: (BATCH, 3, HEIGHT, WIDTH),
                    "Three channels are for colour. A grey image has one.",
                    line=r"(\text{batch}, 3, \text{rows}, \text{columns})",
                    right=r"(\text{batch}, 1, \text{rows}, \text{columns})",
                ),
            ),
            hints=Hints(
                "a batch puts images of one shape on top of each other.",
                "(images, channels, rows, columns)",
                "[256](number:fashion_batch) images, [1](number:fashion_channels) channel, "
                "[28](number:fashion_rows) rows; then the columns",
            ),
        ),
        "fashion_scaled": NumberQuestion(
            answer=lambda: GREY / WHITE,
            explanation=r"$\text{new} = 51 / 255 = 0.2$. Black stays 0, and white becomes 1.",
            slips=(
                Slip(
                    "not-scaled",
                    lambda: float(GREY),
                    "That is the grey value as it was. `ToTensor` divides it by "
                    "[255](number:fashion_white).",
                    line=r"\text{new} = \text{old}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
                Slip(
                    "by-256",
                    lambda: GREY / (WHITE + 1),
                    "That divides by the number of grey values. The largest of them is "
                    "[255](number:fashion_white), and it must become 1.",
                    line=r"\text{new} = \frac{\text{old}}{256}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
                Slip(
                    "divided-again",
                    lambda: GREY / WHITE / WHITE,
                    "That divides twice. `ToTensor` has divided already.",
                    line=r"\text{new} = \frac{\text{old}}{255 \cdot 255}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
            ),
            tolerance=1e-3,
            hints=Hints(
                "the values from 0 to 255 become values from 0 to 1.",
                r"$\text{new} = \frac{\text{old}}{255}$",
                r"$\text{new} = 51 / 255$",
            ),
        ),
        "fashion_megabytes_float": NumberQuestion(
            answer=lambda: TRAIN * HEIGHT * WIDTH * FLOAT_BYTES / 1e6,
            explanation="Four times [47.04](number:fashion_megabytes) MB: a float32 takes four "
            "bytes, "
            "a grey value one. So keep the grey values, and scale one batch at a time.",
            slips=(
                Slip(
                    "one-byte",
                    lambda: TRAIN * HEIGHT * WIDTH / 1e6,
                    "That is with one byte a pixel. A float32 has 32 bits: four bytes.",
                    line=r"\text{MB} = \frac{60000 \cdot 784 \cdot 1}{10^6}",
                    right=r"\text{MB} = \frac{60000 \cdot 784 \cdot 4}{10^6}",
                ),
                Slip(
                    "bits-for-bytes",
                    lambda: TRAIN * HEIGHT * WIDTH * 8 * FLOAT_BYTES / 1e6,
                    "That counts 32 bytes a pixel. A float32 has 32 bits, and a byte is 8 bits.",
                    line=r"\text{MB} = \frac{60000 \cdot 784 \cdot 32}{10^6}",
                    right=r"\text{MB} = \frac{60000 \cdot 784 \cdot 4}{10^6}",
                ),
            ),
            tolerance=1e-2,
            hints=Hints(
                "the number of pixels stays; each takes more bytes.",
                "images times pixels times bytes, then divided by a million",
                r"$\text{MB} = \frac{60000 \cdot 784 \cdot 4}{10^6}$",
            ),
        ),
        "fashion_batches": NumberQuestion(
            answer=lambda: math.ceil(TRAIN / BATCH),
            explanation="[234](number:fashion_batches/last-batch) whole batches and a smaller last "
            "one "
            "with [96](number:last_fashion_batch) images.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: TRAIN // BATCH,
                    "Those are the whole batches. [96](number:last_fashion_batch) images are left, "
                    "and they come too, in a "
                    "smaller batch.",
                    line=r"\text{batches} = \left\lfloor \frac{60000}{256} \right\rfloor",
                    right=r"\text{batches} = \left\lceil \frac{60000}{256} \right\rceil",
                ),
            ),
            hints=Hints(
                "every image comes once, and a batch may be smaller than the others.",
                "images divided by the batch size, rounded up",
                r"$\text{batches} = \left\lceil 60000 / 256 \right\rceil$",
            ),
        ),
    },
)
