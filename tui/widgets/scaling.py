"""Images at other sizes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


def scaled(image: Values, pixels: tuple[int, int]) -> Values:
    """An image at another size (height, width): each new pixel is the mean of what it covers."""
    rows, columns = (_cover(old, new) for old, new in zip(image.shape, pixels, strict=True))
    found: Values = (rows @ image @ columns.T).astype(np.float32)
    return found


@lru_cache(maxsize=32)
def _cover(old: int, new: int) -> npt.NDArray[np.float64]:
    """(new, old): how much of each new pixel each old one makes up; a row adds up to 1."""
    edges = np.linspace(0, old, new + 1)
    low, high = edges[:-1, None], edges[1:, None]
    at = np.arange(old)[None, :]
    part: npt.NDArray[np.float64] = np.clip(np.minimum(high, at + 1) - np.maximum(low, at), 0, 1)
    part /= part.sum(axis=1, keepdims=True)
    return part
