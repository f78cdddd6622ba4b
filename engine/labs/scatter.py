"""Points in three dimensions, seen from any side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

TURN = 10
"""Degrees of one turn of the view."""
HIGHEST = 90
"""Degrees above the floor from which the points are seen straight from above."""


@dataclass(frozen=True, slots=True)
class View:
    """Where the points are seen from, in degrees; the third axis points up."""

    azimuth: int = 30
    """Around the third axis: 0 on the first axis, 90 on the second."""
    elevation: int = 20
    """Above the floor: 90 straight from above."""

    def turned(self, right: int, up: int) -> View:
        """The view after some turns to the right and up; it stops above and below."""
        elevation = max(-HIGHEST, min(HIGHEST, self.elevation + TURN * up))
        return replace(self, azimuth=(self.azimuth + TURN * right) % 360, elevation=elevation)

    def project(self, points: Array) -> Array:
        """How far right, up and near each point is: (n, 3) from (n, 3), in the same unit."""
        around, above = np.radians(self.azimuth), np.radians(self.elevation)
        near = np.array(
            [np.cos(above) * np.cos(around), np.cos(above) * np.sin(around), np.sin(above)]
        )
        right = np.array([-np.sin(around), np.cos(around), 0.0])
        axes = np.column_stack([right, np.cross(near, right), near])
        return np.asarray(points @ axes)


def scaled(
    columns: tuple[tuple[float, ...], ...], limits: tuple[tuple[float, float], ...]
) -> Array:
    """Three columns of n numbers, each moved from its limits to −1 to 1: (n, 3)."""
    parts = []
    for values, (low, high) in zip(columns, limits, strict=True):
        middle, half = (low + high) / 2, max((high - low) / 2, 1e-12)
        parts.append((np.asarray(values) - middle) / half)
    return np.column_stack(parts)
