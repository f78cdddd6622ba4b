"""Small image sets in IDX files, for tests that must not depend on the published ones.

The program verifies every file by its digest, so a test puts a description of the small set in the
place of the published one: `SmallSet.make().register(monkeypatch)`.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.data import IMAGE_SETS, IdxFile, ImageSet


def idx_bytes(values: npt.NDArray[np.uint8]) -> bytes:
    """An IDX file that holds `values`."""
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.tobytes()


@dataclass(frozen=True)
class SmallSet:
    """A small image set: its description, and the content of its files by name."""

    image_set: ImageSet
    contents: dict[str, bytes]
    arrays: dict[str, npt.NDArray[np.uint8]]
    """What the files hold, by name."""

    @classmethod
    def make(
        cls, name: str = "fashion-mnist", train: int = 60, test: int = 20, seed: int = 0
    ) -> SmallSet:
        """Random images under the name of a known set, as many of each class as can be."""
        generator = np.random.default_rng([seed, *name.encode()])
        published = IMAGE_SETS[name]
        arrays: dict[str, npt.NDArray[np.uint8]] = {}
        for images, labels, count in (
            (published.train_images, published.train_labels, train),
            (published.test_images, published.test_labels, test),
        ):
            arrays[images.name] = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            classes = np.arange(count) % len(published.classes)
            arrays[labels.name] = generator.permutation(classes).astype(np.uint8)
        contents = {name: idx_bytes(values) for name, values in arrays.items()}

        def described(file: IdxFile) -> IdxFile:
            digest = hashlib.sha256(contents[file.name]).hexdigest()
            return IdxFile(file.name, arrays[file.name].shape, digest)

        image_set = replace(
            published,
            train_images=described(published.train_images),
            train_labels=described(published.train_labels),
            test_images=described(published.test_images),
            test_labels=described(published.test_labels),
        )
        return cls(image_set, contents, arrays)

    def register(self, monkeypatch: pytest.MonkeyPatch) -> SmallSet:
        """Let the program take this set for the published one of the same name."""
        monkeypatch.setitem(IMAGE_SETS, self.image_set.name, self.image_set)
        return self

    def write(self, root: Path, *, compressed: bool = True) -> Path:
        """Write the files in torchvision's layout below `root`; returns their folder."""
        return self.write_flat(root / self.image_set.folder / "raw", compressed=compressed)

    def write_flat(self, folder: Path, *, compressed: bool = True, level: int = 9) -> Path:
        """Write the files into `folder` itself; returns it."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            if compressed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content, level))
            else:
                (folder / name).write_bytes(content)
        return folder
