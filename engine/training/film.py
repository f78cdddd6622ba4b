"""The weights of a model as a film: how they were after some epochs, in bounded memory.

A film has at most `MOST_FRAMES` frames, at even distances, besides the latest. The first is that of
the weights before the first update, W₀, so that W − W₀ can be shown at any frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch

MOST_FRAMES = 64
"""Frames besides the latest one."""
MOST_IMAGES = 32
"""How many units of a layer are filmed as images."""
MOST_ROWS, MOST_COLUMNS = 100, 10
"""How much is filmed of a matrix that is shown in numbers."""
FEW_ROWS = 20
"""As many rows of a matrix that has more than `MOST_ROWS`: others come below it."""
QUANTILE = 0.99
"""Of images, the share of the weights that the scale covers: a few border pixels have far larger
ones, and the rest would all look like 0 beside them."""

Values: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One matrix of weights: what it is called, and how it is shown."""

    name: str
    """`w1`, or empty where there is only one."""
    values: Values
    """Images: (units, height, width). Numbers: (rows, columns)."""
    shape: tuple[int, ...] = ()
    """Of the whole matrix, of which `values` may be a part."""
    classes: bool = False
    """Whether there is one image per class; else, one per hidden unit."""

    @property
    def is_images(self) -> bool:
        """Whether each unit is an image."""
        return self.values.ndim == 3


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The weights after an epoch."""

    epoch: int
    sheets: tuple[Sheet, ...]
    sizes: tuple[float, ...]
    """How large the weights of each sheet are."""
    moved: tuple[float, ...]
    """How large W − W₀ is."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """All frames, in the order of the epochs."""

    frames: tuple[Frame, ...] = ()

    def near(self, epoch: int) -> int:
        """The number of the frame whose epoch is nearest to `epoch`."""
        return min(
            range(len(self.frames)), key=lambda number: abs(self.frames[number].epoch - epoch)
        )

    def values(self, number: int, *, change: bool) -> tuple[Values, ...]:
        """The values of every sheet in a frame; with `change`, W − W₀."""
        sheets = self.frames[number].sheets
        return _moved(sheets, self.frames[0].sheets) if change else _values(sheets)

    def limits(self, *, change: bool) -> tuple[float, ...]:
        """The end of the colour scale of every sheet: one for the whole film."""
        sizes = [frame.moved if change else frame.sizes for frame in self.frames]
        return tuple(map(max, zip(*sizes, strict=True)))


def _values(sheets: Iterable[Sheet]) -> tuple[Values, ...]:
    return tuple(sheet.values for sheet in sheets)


def _moved(sheets: Iterable[Sheet], first: Iterable[Sheet]) -> tuple[Values, ...]:
    pairs = zip(sheets, first, strict=True)
    return tuple(sheet.values - old.values for sheet, old in pairs)


def _size(values: Values) -> float:
    sizes = np.abs(values).ravel()
    if values.ndim != 3:
        return float(sizes.max(initial=0.0))
    place = min(int(QUANTILE * sizes.size), sizes.size - 1)
    return float(np.partition(sizes, place)[place])


class Reel:
    """Takes the frames while a model trains: every epoch at first, then ever fewer."""

    def __init__(self, sheets: Callable[[], tuple[Sheet, ...]]) -> None:
        """`sheets` gives copies of the weights as they are; the first frame is taken now."""
        self._sheets = sheets
        self._stride = 1
        self._kept: list[Frame] = []
        self._latest: Frame | None = None
        self._film = Film()
        self.take(0)

    def take(self, epoch: int) -> None:
        """Film the weights after `epoch` epochs."""
        if self._latest is not None and epoch <= self._latest.epoch:
            return
        sheets = self._sheets()
        if not sheets:
            return
        first = self._kept[0].sheets if self._kept else sheets
        sizes = tuple(map(_size, _values(sheets)))
        moved = tuple(map(_size, _moved(sheets, first)))
        self._latest = Frame(epoch, sheets, sizes, moved)
        if epoch % self._stride == 0:
            self._kept.append(self._latest)
        while len(self._kept) > MOST_FRAMES:
            self._stride *= 2
            self._kept = [frame for frame in self._kept if frame.epoch % self._stride == 0]
        latest = () if self._latest in self._kept else (self._latest,)
        self._film = Film((*self._kept, *latest))

    @property
    def film(self) -> Film:
        """What has been filmed."""
        return self._film


def image_sheet(weights: torch.Tensor, shape: tuple[int, int], classes: int) -> Sheet:
    """Each column of `weights`, (pixels, units), as an image of `shape` (height, width)."""
    whole = tuple(weights.shape)
    units = weights.detach()[:, : max(MOST_IMAGES, classes)].t().float().cpu().contiguous()
    values = units.numpy().reshape(-1, *shape).copy()
    return Sheet("", values, whole, classes=whole[1] == classes)


def number_sheets(parameters: Mapping[str, torch.Tensor]) -> tuple[Sheet, ...]:
    """Each parameter as rows of numbers; a vector is one row, and of a large matrix, a part."""
    sheets = []
    for name, value in parameters.items():
        rows = value.detach().reshape(-1, value.shape[-1] if value.dim() else 1)
        count = len(rows) if len(rows) <= MOST_ROWS else FEW_ROWS
        part = rows[:count, :MOST_COLUMNS].float().cpu().numpy().copy()
        sheets.append(Sheet(name, part, tuple(rows.shape)))
    return tuple(sheets)
