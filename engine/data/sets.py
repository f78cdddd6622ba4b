"""The image sets that dltutor knows: their files, their classes, and how to recognise them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.errors import UserError
from engine.language import _


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One file of unsigned bytes in IDX format: a header, then the values in row-major order."""

    name: str
    """Without `.gz`."""
    shape: tuple[int, ...]
    """(samples, height, width) for images, (samples,) for labels."""
    sha256: str
    """Of the decompressed file, header included."""

    @property
    def size(self) -> int:
        """Bytes of the decompressed file: magic number, one size per axis, values."""
        return 4 + 4 * len(self.shape) + math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class ImageSet:
    """A published set of labelled grey images in four IDX files."""

    name: str
    """As on the command line: `fashion-mnist`."""
    title: str
    folder: str
    """Name of torchvision's class, which is also its folder: `FashionMNIST`."""
    classes: tuple[str, ...]
    """Names by label."""
    train_images: IdxFile
    train_labels: IdxFile
    test_images: IdxFile
    test_labels: IdxFile

    @property
    def files(self) -> tuple[IdxFile, IdxFile, IdxFile, IdxFile]:
        """All four files, the largest first."""
        return (self.train_images, self.train_labels, self.test_images, self.test_labels)


def _published(
    name: str, title: str, folder: str, classes: tuple[str, ...], digests: tuple[str, str, str, str]
) -> ImageSet:
    """A set with the shapes of MNIST: 60 000 + 10 000 images of 28×28."""
    return ImageSet(
        name,
        title,
        folder,
        classes,
        IdxFile("train-images-idx3-ubyte", (60_000, 28, 28), digests[0]),
        IdxFile("train-labels-idx1-ubyte", (60_000,), digests[1]),
        IdxFile("t10k-images-idx3-ubyte", (10_000, 28, 28), digests[2]),
        IdxFile("t10k-labels-idx1-ubyte", (10_000,), digests[3]),
    )


IMAGE_SETS: dict[str, ImageSet] = {
    image_set.name: image_set
    for image_set in (
        _published(
            "fashion-mnist",
            "Fashion-MNIST",
            "FashionMNIST",
            (
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ),
            (
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            ),
        ),
        _published(
            "mnist",
            "MNIST",
            "MNIST",
            ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
            (
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
    )
}
"""All image sets, by name."""


def image_set(name: str) -> ImageSet:
    """The image set called `name`; raises UserError with the known names where there is none."""
    known = IMAGE_SETS.get(name)
    if known is None:
        raise UserError(
            _("There is no data set {name!r}. The data sets are {known}.").format(
                name=name, known=", ".join(IMAGE_SETS)
            )
        )
    return known
