"""What the formulas of `classification/fashion-mnist` speak of."""

from __future__ import annotations

import math

from engine.data.sets import image_set
from engine.formulas.notation import Notation

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
