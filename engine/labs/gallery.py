"""The images of a set by part and class, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.data.loading import load_images
from engine.data.search import DataMissing
from engine.data.verifying import DataDamaged

if TYPE_CHECKING:
    from engine.data.loading import ImageData

SET = "fashion-mnist"
PARTS = ("train", "test")

Pixels = npt.NDArray[np.uint8]


def load_set(data_dir: Path | None = None) -> tuple[ImageData, str]:
    """Fashion-MNIST where it is found, else the glyph set; and a sentence why, or ''.

    Raises UserError where not even the glyphs can be drawn. Imports torch.
    """
    try:
        return load_images(SET, data_dir), ""
    except DataMissing:
        trouble = (
            "Fashion-MNIST is not on this machine, so these are glyphs that the program draws: "
            "synthetic. `dltutor data fetch fashion-mnist` fetches the real images."
        )
    except DataDamaged as error:
        trouble = f"{error} These are glyphs that the program draws instead: synthetic."
    return load_images("glyphs"), trouble


@dataclass(frozen=True, slots=True)
class Choice:
    """Which images are looked at."""

    part: str = "train"
    label: int | None = None
    """One class alone; None for all."""
    page: int = 0
    """Counted from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """All images of a set, ready to be looked through."""

    title: str
    synthetic: bool
    trouble: str
    """Why it is not the real set, as a sentence, or ''."""
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
        """The places of the chosen images in their part, in its order."""
        labels = self.labels[choice.part]
        if choice.label is None:
            return np.arange(len(labels))
        return np.flatnonzero(labels == choice.label)

    def count(self, choice: Choice) -> int:
        """How many images are chosen, over all pages."""
        return len(self.places(choice))

    def pages(self, choice: Choice, size: int) -> int:
        """How many pages of `size` images there are; at least 1."""
        return max(1, -(-self.count(choice) // size))

    def page(self, choice: Choice, size: int) -> npt.NDArray[np.intp]:
        """The places of the images on the chosen page; fewer on the last one."""
        return self.places(choice)[choice.page * size : (choice.page + 1) * size]

    def turned(self, choice: Choice, pages: int, size: int) -> Choice:
        """So many pages on; the last is followed by the first."""
        return replace(choice, page=(choice.page + pages) % self.pages(choice, size))

    def next_class(self, choice: Choice, direction: int) -> Choice:
        """The next class, where all classes together come before the first."""
        order: list[int | None] = [None, *range(len(self.classes))]
        place = (order.index(choice.label) + direction) % len(order)
        return replace(choice, label=order[place], page=0)
