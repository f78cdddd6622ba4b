"""An image set as tensors in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from engine.data.content import ContentError, read_content, values_offset
from engine.data.progress import ProgressHandler
from engine.data.search import FoundSet, require
from engine.data.sets import image_set
from engine.data.verifying import DataDamaged, reporter
from engine.language import _

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """Labelled grey images. The tensors may be shared: read them, never write to them."""

    name: str
    """Key of the set: `fashion-mnist`, `mnist` or `glyphs`."""
    title: str
    classes: tuple[str, ...]
    """Names by label."""
    train_images: Tensor
    """(N, 28, 28) uint8, 0 is background."""
    train_labels: Tensor
    """(N,) int64."""
    test_images: Tensor
    """(M, 28, 28) uint8."""
    test_labels: Tensor
    """(M,) int64."""
    synthetic: bool
    """Whether the program made the images."""
    source: str
    """The folder that the images come from, or how they were made."""


_Key: TypeAlias = tuple[tuple[str, int, int], ...]
_KEPT_SETS = 2
_cache: OrderedDict[_Key, ImageData] = OrderedDict()
_lock = threading.Lock()


def load_images(
    name: str,
    data_dir: Path | None = None,
    allow_synthetic: bool = False,
    progress: ProgressHandler | None = None,
) -> ImageData:
    """The image set called `name`, every file verified; a second call is answered from memory.

    Where `data_dir` is given, only that folder is searched. With `allow_synthetic` the built-in
    glyph set replaces the image set, whether or not the image set is there; the name `glyphs`
    gives it too. Raises DataMissing, DataDamaged, or UserError for an unknown name.
    """
    if name == "glyphs" or (allow_synthetic and image_set(name)):
        from engine.data.glyphs import glyph_images

        return glyph_images()
    found = require(name, data_dir)
    with _lock:
        key = _fingerprint(found)
        data = _cache.pop(key, None) or _read(found, progress)
        _cache[key] = data
        while len(_cache) > _KEPT_SETS:
            _cache.popitem(last=False)
    return data


def _fingerprint(found: FoundSet) -> _Key:
    """Changes when a file does."""
    key = []
    for path in found.paths.values():
        try:
            state = path.stat()
        except OSError as error:
            text = _("The file {path} cannot be read.").format(path=path)
            raise DataDamaged(found, path, text) from error
        key.append((str(path), state.st_size, state.st_mtime_ns))
    return tuple(key)


def _read(found: FoundSet, progress: ProgressHandler | None) -> ImageData:
    import torch

    files = found.image_set.files
    tensors = []
    for part, file in enumerate(files, start=1):
        path = found.paths[file.name]
        try:
            content = read_content(path, file, reporter(progress, file, part, len(files)))
            offset = values_offset(content, file, str(path))
        except ContentError as error:
            raise DataDamaged(found, path, str(error)) from error
        tensors.append(
            torch.frombuffer(content, dtype=torch.uint8, offset=offset).reshape(file.shape)
        )
    train_images, train_labels, test_images, test_labels = tensors
    return ImageData(
        name=found.image_set.name,
        title=found.image_set.title,
        classes=found.image_set.classes,
        train_images=train_images,
        train_labels=train_labels.to(torch.int64),
        test_images=test_images,
        test_labels=test_labels.to(torch.int64),
        synthetic=False,
        source=str(found.folder),
    )
