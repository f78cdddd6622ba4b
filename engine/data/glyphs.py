"""The built-in glyph set: digits drawn from the font of Pillow, for use without a network.

Each digit is drawn large in a few stroke widths; every image is one of those drawings under a
random affine map (rotation, scale, shear, shift), sampled bilinearly, with noise. All random draws
come from one seeded generator, so the same seed gives the same bytes with the same versions of
NumPy and Pillow.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.language import _

if TYPE_CHECKING:
    from engine.data.loading import ImageData

TITLE = _("Built-in glyphs (synthetic)")
CLASSES = tuple("0123456789")

_SIDE = 28
_DRAWN_SIDE = 64
_FONT_SIZE = 52
_STROKES = (0, 1, 2)
"""Added to each side of a line, in pixels of the large drawing."""
_GLYPH_HEIGHT = 20.0
"""Pixels of the image that an unscaled digit spans."""
_MAX_ROTATION = math.radians(15)
_SCALES = (0.8, 1.15)
_MAX_SHEAR = 0.2
_MAX_SHIFT = 2.2
_CONTRAST = (0.6, 1.0)
_NOISE = 0.12
_CHUNK = 1000
"""Images whose random numbers are drawn together: another one would give other images."""
_AT_ONCE = 50
"""Images that are sampled together: what they need stays in the processor's cache."""

_Floats = npt.NDArray[np.float32]


@functools.lru_cache(maxsize=6)  # as many sizes as the course asks for, less than 20 MB together
def glyph_images(seed: int = 0, train_size: int = 10_000, test_size: int = 2_000) -> ImageData:
    """The glyph set: (N, 28, 28) uint8 images and (N,) int64 labels, every digit equally often.

    Raises UserError where Pillow was built without FreeType, which draws the digits.
    """
    import torch

    from engine.data.loading import ImageData

    images, labels = draw_glyphs(train_size + test_size, seed)
    all_images, all_labels = torch.from_numpy(images), torch.from_numpy(labels)
    return ImageData(
        name="glyphs",
        title=TITLE,
        classes=CLASSES,
        train_images=all_images[:train_size],
        train_labels=all_labels[:train_size],
        test_images=all_images[train_size:],
        test_labels=all_labels[train_size:],
        synthetic=True,
        source=_("drawn by the program with seed {seed}").format(seed=seed),
    )


def draw_glyphs(count: int, seed: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """`count` images (count, 28, 28) and their labels (count,), in random order."""
    drawings = _drawings()
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.arange(count, dtype=np.int64) % len(CLASSES))
    images = np.empty((count, _SIDE, _SIDE), dtype=np.uint8)
    for start in range(0, count, _CHUNK):
        chunk = labels[start : start + _CHUNK]
        strokes = generator.integers(len(_STROKES), size=len(chunk))
        which = chunk * len(_STROKES) + strokes
        images[start : start + _CHUNK] = _distort(drawings.reshape(-1), which, generator)
    return images, labels


def _drawings() -> _Floats:
    """Each digit in each stroke width, centred: (10, strokes, 64, 64), from 0 to 1."""
    from PIL import Image, ImageDraw, ImageFont, features

    if not features.check("freetype2"):
        raise UserError(
            _(
                "The built-in glyph set cannot be drawn, because this Pillow lacks FreeType."
                " Reinstall Pillow from PyPI with `pip install --force-reinstall pillow`."
            )
        )
    font = ImageFont.load_default(_FONT_SIZE)
    drawings = np.empty((len(CLASSES), len(_STROKES), _DRAWN_SIDE, _DRAWN_SIDE), dtype=np.float32)
    for label, digit in enumerate(CLASSES):
        for index, stroke in enumerate(_STROKES):
            image = Image.new("L", (_DRAWN_SIDE, _DRAWN_SIDE))
            draw = ImageDraw.Draw(image)
            left, top, right, bottom = draw.textbbox((0, 0), digit, font, stroke_width=stroke)
            corner = ((_DRAWN_SIDE - left - right) / 2, (_DRAWN_SIDE - top - bottom) / 2)
            draw.text(corner, digit, 255, font, stroke_width=stroke)
            drawings[label, index] = np.asarray(image, dtype=np.float32) / 255
    return drawings


def _distort(
    drawings: _Floats, which: npt.NDArray[np.int64], generator: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """One 28×28 image for each number of a drawing, under its own random affine map.

    `drawings` are all in one row, each of 64 · 64 values.
    """
    count = len(which)

    def draw(low: float, high: float) -> npt.NDArray[np.float64]:
        return generator.uniform(low, high, (count, 1, 1))

    angle = draw(-_MAX_ROTATION, _MAX_ROTATION)
    cosine, sine = np.cos(angle), np.sin(angle)
    # The map goes from the pixels of the image back to those of the drawing.
    zoom = _FONT_SIZE * 0.72 / _GLYPH_HEIGHT
    across, down = zoom / draw(*_SCALES), zoom / draw(*_SCALES)
    shear = draw(-_MAX_SHEAR, _MAX_SHEAR)
    rows, columns = np.mgrid[:_SIDE, :_SIDE] - (_SIDE - 1) / 2
    right, low = draw(-_MAX_SHIFT, _MAX_SHIFT), draw(-_MAX_SHIFT, _MAX_SHIFT)
    contrast = draw(*_CONTRAST).astype(np.float32)
    noise = _NOISE * generator.standard_normal((count, _SIDE, _SIDE), dtype=np.float32)
    centre = (_DRAWN_SIDE - 1) / 2
    drawn = np.empty((count, _SIDE, _SIDE), dtype=np.uint8)
    for start in range(0, count, _AT_ONCE):
        now = slice(start, start + _AT_ONCE)
        x, y = columns - right[now], rows - low[now]
        turned_x = x * cosine[now] + y * sine[now]
        turned_y = y * cosine[now] - x * sine[now]
        images = _sample(
            drawings,
            which[now, None, None] * _DRAWN_SIDE**2,
            centre + across[now] * (turned_x + shear[now] * turned_y),
            centre + down[now] * turned_y,
        )
        images *= contrast[now]
        images += noise[now]
        drawn[now] = np.rint(255 * np.clip(images, 0, 1)).astype(np.uint8)
    return drawn


def _sample(
    drawings: _Floats,
    begin: npt.NDArray[np.int64],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
) -> _Floats:
    """Bilinear values at (x, y) of the drawings that begin there; 0 outside.  x, y: (n, 28, 28)."""
    limit = _DRAWN_SIDE - 1 - 1e-6
    inside = (x >= 0) & (x <= limit) & (y >= 0) & (y <= limit)
    x, y = np.clip(x, 0, limit), np.clip(y, 0, limit)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right_share, low_share = (x - left).astype(np.float32), (y - top).astype(np.float32)
    left_share, high_share = np.float32(1) - right_share, np.float32(1) - low_share
    corner = begin + top * _DRAWN_SIDE + left
    upper = drawings.take(corner) * left_share + drawings.take(corner + 1) * right_share
    corner += _DRAWN_SIDE
    lower = drawings.take(corner) * left_share + drawings.take(corner + 1) * right_share
    values: _Floats = (upper * high_share + lower * low_share) * inside
    return values
