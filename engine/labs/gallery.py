"""The images of a data set by part and class, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.data.loading import load_images
from engine.data.search import DataMissing
from engine.data.verifying import DataDamaged
from engine.language import _

if TYPE_CHECKING:
    from engine.data.loading import ImageData

SET = "fashion-mnist"
PARTS = ("train", "test")

Pixels = npt.NDArray[np.uint8]


def load_set(data_dir: Path | None = None) -> tuple[ImageData, str]:
    """Fashion-MNIST if it is found, else the glyph set; and a sentence why, or ''.

    Raises UserError if not even the glyphs can be drawn. Imports torch.
    """
    try:
        return load_images(SET, data_dir), ""
    except DataMissing:
        trouble = _(
            "Fashion-MNIST is not on this machine, so these are synthetic glyphs that the "
            "program draws. `dltutor data fetch fashion-mnist` fetches the real images."
        )
    except DataDamaged as error:
        trouble = _("{problem} These are synthetic glyphs that the program draws instead.").format(
            problem=error
        )
    return load_images("glyphs"), trouble


@dataclass(frozen=True, slots=True)
class Choice:
    """Which images are shown."""

    part: str = "train"
    label: int | None = None
    """A single class, or None for all."""
    page: int = 0
    """Counted from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """All images of a data set, ready for browsing."""

    title: str
    synthetic: bool
    trouble: str
    """A sentence on why it is not the real set, or ''."""
    classes: tuple[str, ...]
    images: dict[str, Pixels]
    """By part: (N, 28, 28), 0 is background."""
    labels: dict[str, npt.NDArray[np.int64]]
    """By part: (N,)."""

    @classmethod
    def load(cls, data_dir: Path | None = None) -> Gallery:
        """Read the set. Imports torch; raises UserError."""
        data, trouble = load_set(data_dir)
        return cls(
            data.title,
            data.synthetic,
            trouble,
            data.classes,
            {"train": data.train_images.numpy(), "test": data.test_images.numpy()},
            {"train": data.train_labels.numpy(), "test": data.test_labels.numpy()},
        )

    def places(self, choice: Choice) -> npt.NDArray[np.intp]:
        """The indices of the chosen images in their part, in order."""
        labels = self.labels[choice.part]
        if choice.label is None:
            return np.arange(len(labels))
        return np.flatnonzero(labels == choice.label)

    def count(self, choice: Choice) -> int:
        """How many images are chosen, on all pages."""
        return len(self.places(choice))

    def pages(self, choice: Choice, size: int) -> int:
        """How many pages of `size` images there are; at least 1."""
        return max(1, -(-self.count(choice) // size))

    def page(self, choice: Choice, size: int) -> npt.NDArray[np.intp]:
        """The indices of the images on the chosen page; the last page may have fewer."""
        return self.places(choice)[choice.page * size : (choice.page + 1) * size]

    def turned(self, choice: Choice, pages: int, size: int) -> Choice:
        """`pages` further on; the first page follows the last."""
        return replace(choice, page=(choice.page + pages) % self.pages(choice, size))

    def next_class(self, choice: Choice, direction: int) -> Choice:
        """The next class; all classes together come before the first."""
        order: list[int | None] = [None, *range(len(self.classes))]
        place = (order.index(choice.label) + direction) % len(order)
        return replace(choice, label=order[place], page=0)
