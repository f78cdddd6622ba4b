"""The image sets that dltutor knows: their files, their classes, and how to recognise them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.errors import UserError
from engine.language import _
from engine.nearest import did_you_mean


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
    mirrors: tuple[str, ...] = ()
    """Addresses of folders that hold the four files gzipped, in the order in which to ask them."""

    @property
    def files(self) -> tuple[IdxFile, IdxFile, IdxFile, IdxFile]:
        """All four files, the largest first."""
        return (self.train_images, self.train_labels, self.test_images, self.test_labels)

    def describe(self, file: IdxFile) -> str:
        """What one of the four files holds, in words."""
        texts = (
            _("the training images of {title}"),
            _("the training labels of {title}"),
            _("the test images of {title}"),
            _("the test labels of {title}"),
        )
        return texts[self.files.index(file)].format(title=self.title)


def _published(
    name: str,
    title: str,
    folder: str,
    classes: tuple[str, ...],
    digests: tuple[str, str, str, str],
    mirrors: tuple[str, ...],
) -> ImageSet:
    """A set with the shapes of MNIST: 60 000 + 10 000 images of 28×28.

    A mirror without encryption comes last. What it sends is compared with the digests all the same.
    """
    return ImageSet(
        name,
        title,
        folder,
        classes,
        IdxFile("train-images-idx3-ubyte", (60_000, 28, 28), digests[0]),
        IdxFile("train-labels-idx1-ubyte", (60_000,), digests[1]),
        IdxFile("t10k-images-idx3-ubyte", (10_000, 28, 28), digests[2]),
        IdxFile("t10k-labels-idx1-ubyte", (10_000,), digests[3]),
        mirrors,
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
            (
                "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
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
            (
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
                "http://yann.lecun.com/exdb/mnist/",
            ),
        ),
    )
}
"""All image sets, by name."""


def image_set(name: str) -> ImageSet:
    """The image set called `name`; raises UserError with the known names where there is none."""
    known = IMAGE_SETS.get(name)
    if known is None:
        titles = {one.title: one.name for one in IMAGE_SETS.values()}
        folders = {one.folder: one.name for one in IMAGE_SETS.values()}
        parts = [
            _("There is no data set {name!r}.").format(name=name),
            did_you_mean(name, [*IMAGE_SETS, *titles, *folders], titles | folders),
            _("The data sets are {known}.").format(known=", ".join(IMAGE_SETS)),
        ]
        raise UserError(" ".join(filter(None, parts)))
    return known


def known_file(sha256: str) -> tuple[ImageSet, IdxFile] | None:
    """The set and the file whose decompressed content has this digest, if any has."""
    for image_set in IMAGE_SETS.values():
        for file in image_set.files:
            if file.sha256 == sha256:
                return image_set, file
    return None


def set_of(file: IdxFile) -> ImageSet | None:
    """The set that `file` belongs to, if it is one of those known."""
    return next((one for one in IMAGE_SETS.values() if file in one.files), None)
