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


_CHANNELS = 1
_WHITE = 255
# Answers are judged while the learner waits, so torchvision is not asked here: a test compares
# the shape of a batch and what ToTensor makes of a grey value.


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
                    lambda: 1 - 1 / _CLASSES,
                    "That is the fraction of wrong answers. The accuracy is the rest.",
                    line=r"\text{accuracy} = \frac{\text{wrong}}{\text{all}}",
                    right=r"\text{accuracy} = \frac{\text{right}}{\text{all}}",
                ),
            ),
            hints=Hints(
                "only the images that really are trousers are answered rightly.",
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
                    line=r"\text{rows} + \text{columns}",
                    right=r"\text{rows} \cdot \text{columns}",
                ),
                Slip(
                    "three-channels",
                    lambda: 3 * _HEIGHT * _WIDTH,
                    "That would be a picture in colour, three numbers a pixel. These are grey.",
                    line=r"3 \cdot \text{rows} \cdot \text{columns}",
                    right=r"1 \cdot \text{rows} \cdot \text{columns}",
                ),
            ),
            hints=Hints(
                "each pixel is one number.",
                "rows times pixels in a row",
                r"$28 \cdot 28$",
            ),
        ),
        "fashion_batch_shape": ShapeQuestion(
            shape=lambda: (_BATCH, _CHANNELS, _HEIGHT, _WIDTH),
            explanation="First the image in the batch, then the channel, then row and column.",
            slips=(
                ShapeSlip(
                    "no-channel",
                    lambda: (_BATCH, _HEIGHT, _WIDTH),
                    "The channel is missing. One channel is an axis too, of length 1.",
                    line=r"(n, \text{rows}, \text{columns})",
                    right=r"(n, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "channel-last",
                    lambda: (_BATCH, _HEIGHT, _WIDTH, _CHANNELS),
                    "The channel stands last here. PyTorch puts it before rows and columns.",
                    line=r"(n, \text{rows}, \text{columns}, \text{channels})",
                    right=r"(n, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "flattened",
                    lambda: (_BATCH, _HEIGHT * _WIDTH),
                    "That is the batch flattened, as a linear layer wants it. The loader keeps the "
                    "axes of the images.",
                    line=r"(n, \text{rows} \cdot \text{columns})",
                    right=r"(n, \text{channels}, \text{rows}, \text{columns})",
                ),
                ShapeSlip(
                    "three-channels",
                    lambda: (_BATCH, 3, _HEIGHT, _WIDTH),
                    "Three channels are for colour. A grey image has one.",
                    line=r"(n, 3, \text{rows}, \text{columns})",
                    right=r"(n, 1, \text{rows}, \text{columns})",
                ),
            ),
            hints=Hints(
                "a batch puts images of one shape on top of each other.",
                "(images, channels, rows, columns)",
                "256 images, 1 channel, 28 rows; then the columns",
            ),
        ),
        "fashion_scaled": NumberQuestion(
            answer=lambda: 51 / _WHITE,
            explanation="$51 / 255 = 0.2$. Black stays 0, and white becomes 1.",
            slips=(
                Slip(
                    "not-scaled",
                    lambda: 51.0,
                    "That is the grey value as it was. `ToTensor` divides it by 255.",
                    line=r"\text{new} = \text{old}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
                Slip(
                    "by-256",
                    lambda: 51 / 256,
                    "That divides by 256, the number of grey values. The largest of them is 255, "
                    "and it must become 1.",
                    line=r"\text{new} = \frac{\text{old}}{256}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
                Slip(
                    "divided-again",
                    lambda: 51 / _WHITE / _WHITE,
                    "That divides twice. `ToTensor` has divided already.",
                    line=r"\text{new} = \frac{\text{old}}{255 \cdot 255}",
                    right=r"\text{new} = \frac{\text{old}}{255}",
                ),
            ),
            tolerance=1e-3,
            hints=Hints(
                "the values from 0 to 255 become values from 0 to 1.",
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
                    line=r"\text{MB} = \frac{60000 \cdot 784 \cdot 1}{10^6}",
                    right=r"\text{MB} = \frac{60000 \cdot 784 \cdot 4}{10^6}",
                ),
                Slip(
                    "bits-for-bytes",
                    lambda: _TRAIN * _HEIGHT * _WIDTH * 32 / 1e6,
                    "That counts 32 bytes a pixel. A float32 has 32 bits, and a byte is 8 bits.",
                    line=r"\text{MB} = \frac{60000 \cdot 784 \cdot 32}{10^6}",
                    right=r"\text{MB} = \frac{60000 \cdot 784 \cdot 4}{10^6}",
                ),
            ),
            tolerance=1e-2,
            hints=Hints(
                "the number of pixels stays; each takes more bytes.",
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
                    line=r"\left\lfloor \frac{60000}{256} \right\rfloor",
                    right=r"\left\lceil \frac{60000}{256} \right\rceil",
                ),
            ),
            hints=Hints(
                "every image comes once, and a batch may be smaller than the others.",
                "images divided by the batch size, rounded up",
                "$60000 / 256$, rounded up",
            ),
        ),
    },
)
