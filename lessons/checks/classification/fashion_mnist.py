"""The numbers and questions of `classification/fashion-mnist`."""

from __future__ import annotations

import math

from engine.data.sets import image_set
from lessons.checks.base import (
    CheckBook,
    Hints,
    NumberCheck,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)

_SET = image_set("fashion-mnist")
_TRAIN, _HEIGHT, _WIDTH = _SET.train_images.shape
_TEST = _SET.test_images.shape[0]
_CLASSES = len(_SET.classes)
_BATCH = 256


def _batch_shape() -> tuple[int, ...]:
    """What a DataLoader gives for a batch of images that went through ToTensor."""
    import torch

    from engine.labs.reading_pass import loader_batches

    images = torch.zeros((_BATCH, _HEIGHT, _WIDTH), dtype=torch.uint8)
    labels = torch.zeros(_BATCH, dtype=torch.int64)
    batch, _ = next(loader_batches(images, labels, _BATCH, workers=0))
    return tuple(batch.shape)


def _to_tensor(grey: int) -> float:
    """What ToTensor makes of one grey value."""
    import torch

    from engine.labs.reading_pass import Images

    images = torch.full((1, 1, 1), grey, dtype=torch.uint8)
    pixel, _ = Images(images, torch.zeros(1, dtype=torch.int64))[0]
    return float(pixel)


BOOK = CheckBook(
    "classification",
    numbers={
        "fashion_train": NumberCheck(lambda: _TRAIN),
        "fashion_test": NumberCheck(lambda: _TEST),
        "fashion_train_each": NumberCheck(lambda: _TRAIN / _CLASSES),
        "fashion_test_each": NumberCheck(lambda: _TEST / _CLASSES),
        "fashion_all": NumberCheck(lambda: _TRAIN + _TEST),
        "fashion_bytes": NumberCheck(lambda: _TRAIN * _HEIGHT * _WIDTH),
        "fashion_megabytes": NumberCheck(lambda: _TRAIN * _HEIGHT * _WIDTH / 1e6),
        "fashion_colour": NumberCheck(lambda: 3 * _HEIGHT * _WIDTH),
    },
    predicts={
        "fashion_guessing": NumberQuestion(
            answer=lambda: (_TEST / _CLASSES) / _TEST,
            explanation="1 000 of the 10 000 test images are trousers, and only those are right. "
            "An accuracy means something only beside this one.",
            slips=(
                Slip(
                    "counted-not-divided",
                    lambda: _TEST / _CLASSES,
                    "That is how many are right. Divide by the number of test images.",
                ),
                Slip(
                    "right-or-wrong",
                    lambda: 0.5,
                    "Right and wrong are two outcomes, but not equally frequent: one class of ten "
                    "is right.",
                ),
                Slip(
                    "wrong-share",
                    lambda: 1 - 1 / _CLASSES,
                    "That is the fraction of wrong answers. The accuracy is the rest.",
                ),
            ),
            hints=Hints(
                "Only the images that really are trousers are answered rightly.",
                "right answers divided by all answers",
                "$1000 / 10000$",
            ),
        ),
        "fashion_pixels": NumberQuestion(
            answer=lambda: _HEIGHT * _WIDTH,
            explanation="28 rows of 28 pixels, one number each. A model that takes an image as one "
            "row of numbers has as many inputs.",
            tolerance=0,
            slips=(
                Slip(
                    "rows-plus-columns",
                    lambda: _HEIGHT + _WIDTH,
                    "That adds rows and columns. Each of the 28 rows holds 28 pixels: multiply.",
                ),
                Slip(
                    "three-channels",
                    lambda: 3 * _HEIGHT * _WIDTH,
                    "That would be a picture in colour, three numbers a pixel. These are grey.",
                ),
            ),
            hints=Hints(
                "Each pixel is one number.",
                "rows times pixels in a row",
                r"$28 \cdot 28$",
            ),
        ),
        "fashion_batch_shape": ShapeQuestion(
            shape=_batch_shape,
            explanation="First the image in the batch, then the channel, then row and column.",
            slips=(
                ShapeSlip(
                    "no-channel",
                    lambda: (_BATCH, _HEIGHT, _WIDTH),
                    "The channel is missing. One channel is an axis too, of length 1.",
                ),
                ShapeSlip(
                    "channel-last",
                    lambda: (_BATCH, _HEIGHT, _WIDTH, 1),
                    "The channel stands last here. PyTorch puts it before rows and columns.",
                ),
                ShapeSlip(
                    "flattened",
                    lambda: (_BATCH, _HEIGHT * _WIDTH),
                    "That is the batch flattened, as a linear layer wants it. The loader keeps the "
                    "axes of the images.",
                ),
                ShapeSlip(
                    "three-channels",
                    lambda: (_BATCH, 3, _HEIGHT, _WIDTH),
                    "Three channels are for colour. A grey image has one.",
                ),
            ),
            hints=Hints(
                "A batch puts images of one shape on top of each other.",
                "(images, channels, rows, columns)",
                "256 images, 1 channel, 28 rows; then the columns",
            ),
        ),
        "fashion_scaled": NumberQuestion(
            answer=lambda: _to_tensor(51),
            explanation="$51 / 255 = 0.2$. Black stays 0, and white becomes 1.",
            slips=(
                Slip(
                    "not-scaled",
                    lambda: 51.0,
                    "That is the grey value as it was. `ToTensor` divides it by 255.",
                ),
                Slip(
                    "by-256",
                    lambda: 51 / 256,
                    "That divides by 256, the number of grey values. The largest of them is 255, "
                    "and it must become 1.",
                ),
                Slip(
                    "divided-again",
                    lambda: 51 / 255 / 255,
                    "That divides twice. `ToTensor` has divided already.",
                ),
            ),
            tolerance=1e-3,
            hints=Hints(
                "The values from 0 to 255 become values from 0 to 1.",
                r"new value $=$ old value $/\, 255$",
                "$51 / 255$",
            ),
        ),
        "fashion_megabytes_float": NumberQuestion(
            answer=lambda: _TRAIN * _HEIGHT * _WIDTH * 4 / 1e6,
            explanation="Four times [47.04](number:fashion_megabytes) MB: a float32 takes 4 bytes, "
            "a grey value one. So keep the grey values, and scale one batch at a time.",
            slips=(
                Slip(
                    "one-byte",
                    lambda: _TRAIN * _HEIGHT * _WIDTH / 1e6,
                    "That is with one byte a pixel. A float32 has 32 bits: four bytes.",
                ),
                Slip(
                    "bits-for-bytes",
                    lambda: _TRAIN * _HEIGHT * _WIDTH * 32 / 1e6,
                    "That counts 32 bytes a pixel. A float32 has 32 bits, and a byte is 8 bits.",
                ),
            ),
            tolerance=1e-2,
            hints=Hints(
                "The number of pixels stays; each takes more bytes.",
                "images times pixels times bytes, then divided by a million",
                r"$60000 \cdot 784 \cdot 4 / 10^6$",
            ),
        ),
        "fashion_batches": NumberQuestion(
            answer=lambda: math.ceil(_TRAIN / _BATCH),
            explanation="234 whole batches and a smaller last one with 96 images.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: _TRAIN // _BATCH,
                    "Those are the whole batches. 96 images are left, and they come too, in a "
                    "smaller batch.",
                ),
            ),
            hints=Hints(
                "Every image comes once, and a batch may be smaller than the others.",
                "images divided by the batch size, rounded up",
                "$60000 / 256$, rounded up",
            ),
        ),
    },
)
