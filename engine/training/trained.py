"""A kept run as a model again: its data loaded, its parameters put back, ready to be asked."""

from __future__ import annotations

import errno
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data import IMAGE_SETS, DataDamaged, DataMissing
from engine.errors import UserError
from engine.language import _
from engine.training.archive import Entry, parameters_of
from engine.training.checkpoint import refuse_other_shapes
from engine.training.order import TrainingOrder, load_task
from engine.training.own_data import own_data
from engine.training.recipe import Recipe
from engine.training.task import Source, Task

if TYPE_CHECKING:
    import torch
    from PIL import Image

SIDE = 28
"""Width and height of the images that the models know, in pixels."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says about one image."""

    source: str
    """The file, or `test image 7`."""
    label: str
    """Name of the most probable class."""
    probability: float
    right: str = ""
    """The true class, where it is known."""


def trained(entry: Entry, recipe: Recipe, source: Source, *, other_images: bool = False) -> Task:
    """The model of a run, on its data; imports torch.

    With `other_images` it is asked about these alone, and needs its data only if they are at hand.
    Raises CheckpointError where its parameters are not kept or do not fit, DataMissing where its
    data are not found.
    """
    import torch

    checkpoint = parameters_of(entry)
    allowed = Source(source.device, source.data_dir, checkpoint.synthetic)
    try:
        with own_data(allowed, recipe.dataset, checkpoint.data_dir) as found:
            task = load_task(TrainingOrder(recipe, checkpoint.settings, found))
    except (DataMissing, DataDamaged):
        own = IMAGE_SETS.get(recipe.dataset)
        if own is None or not other_images or source.data_dir is not None:
            raise
        # A model of the same shape: images of the set and glyphs are alike in that.
        glyphs = Source(source.device, None, allow_synthetic=True)
        task = load_task(TrainingOrder(recipe, checkpoint.settings, glyphs))
        task.classes, task.synthetic = own.classes, False
    refuse_other_shapes(task, checkpoint)
    with torch.no_grad():
        for name, values in checkpoint.parameters.items():
            task.parameters[name].copy_(torch.from_numpy(values.copy()))
    return task


def predict(task: Task, images: list[Path], count: int = 10) -> list[Prediction]:
    """The most probable class of each image file; of the first `count` test images without one.

    Raises UserError where the model is no image classifier, or a file is no image.
    """
    import torch

    say, features = getattr(task, "predict", None), getattr(task, "features", None)
    data = getattr(task, "data", None)
    if say is None or features is None or data is None:
        raise UserError(
            _("This model does not classify images. `dltutor eval` measures it on its test set.")
        )
    if images:
        pixels, rights = torch.stack([read_pixels(path) for path in images]), [""] * len(images)
        sources = list(map(str, images))
    else:
        pixels = data.test_images[:count]
        rights = [task.classes[label] for label in data.test_labels[:count].tolist()]
        sources = [_("test image {number}").format(number=n + 1) for n in range(len(pixels))]
    labels, probabilities = say(features(pixels).to(task.device))
    return [
        Prediction(source, task.classes[label], probability, right)
        for source, label, probability, right in zip(
            sources, labels.tolist(), probabilities.tolist(), rights, strict=True
        )
    ]


def read_pixels(path: Path) -> torch.Tensor:
    """An image file as (28, 28) bytes, light on dark as in the training sets."""
    import numpy as np
    import torch
    from PIL import Image

    try:
        if path.exists() and not path.is_file():  # a pipe would keep its reader waiting for ever
            raise OSError(errno.EINVAL, _("it is no file"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, and of notes that are damaged
            with Image.open(path) as image:
                grey = np.asarray(_grey(_upright(image)).resize((SIDE, SIDE)), dtype=np.uint8)
    except Exception as error:  # a damaged file makes the readers of some formats raise anything
        reason = getattr(error, "strerror", None) or _("unknown format")
        if isinstance(error, (Image.DecompressionBombError, MemoryError)):
            reason = _("it has too many pixels")
        raise UserError(
            _(
                "{path} cannot be read as an image: {reason}. Give a PNG, JPEG or similar file."
            ).format(path=path, reason=reason)
        ) from error
    # The sets are light on dark; a picture on paper is dark on light.
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return torch.from_numpy(255 - grey if frame.mean() > 127 else grey.copy())


def _upright(image: Image.Image) -> Image.Image:
    """As its camera was held, which that only notes."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged note takes nothing from the picture; a damaged picture tells
        return image


def _grey(image: Image.Image) -> Image.Image:
    """Shades of grey in 8 bits; what is transparent becomes a ground that sets off the rest."""
    import numpy as np
    from PIL import Image

    if image.mode[0] in "IF":  # `convert` would cut off all but the darkest shades
        # Infinity becomes the largest of the short numbers, of which the long ones have multiples.
        deep = np.nan_to_num(np.asarray(image, dtype=np.float32)).astype(np.float64)
        white = 65535 if deep.max() > 255 else 1 if image.mode == "F" and deep.max() <= 1 else 255
        return Image.fromarray((deep * 255 / white).clip(0, 255).astype(np.uint8))
    if not image.has_transparency_data:
        return image.convert("L")
    shades, cover = (np.asarray(band, dtype=np.float64) for band in image.convert("LA").split())
    seen = cover.sum()
    ground = 0 if seen and (shades * cover).sum() / seen > 127 else 255
    share = cover / 255
    return Image.fromarray((shades * share + ground * (1 - share)).round().astype(np.uint8))
