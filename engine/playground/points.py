"""The points of the playground: sets that are made from a seed, and how they are divided.

All points lie in the square from −1 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.language import _
from engine.playground.features import Array
from engine.playground.settings import CSV, OWN, REGRESSION_SETS, Settings

POINTS = 200
"""Of a set that is made."""
LEAST_POINTS = 4
"""Of a set that is drawn or read: two to train on, two for the test."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Some points with what is to be learned of each."""

    x: Array
    """(n, 2)."""
    y: Array
    """(n,): the class, 0 or 1; or a number, in a regression."""
    is_regression: bool = False
    names: tuple[str, str] = ("x₁", "x₂")
    """What the axes are called."""
    classes: tuple[str, str] = ("0", "1")

    def some(self, chosen: npt.NDArray[np.int64]) -> Points:
        """Those of the numbers `chosen`."""
        return Points(self.x[chosen], self.y[chosen], self.is_regression, self.names, self.classes)


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Points to train on, and points for the test."""

    train: Points
    test: Points


def split_points(settings: Settings, read: Points | None = None) -> Split:
    """The points of `settings`; `read` are those of a file, for `data=csv`.

    Raises UserError where there is no file, or there are too few points.
    """
    points = _points(settings, read)
    count = len(points.y)
    first = min(count - 1, max(1, round(settings.train * count)))
    order = _generator(settings, 2).permutation(count)
    return Split(points.some(order[:first]), points.some(order[first:]))


def _generator(settings: Settings, purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([settings.seed, purpose])))


def _points(settings: Settings, read: Points | None) -> Points:
    if settings.data == CSV:
        if read is None:
            raise UserError(_("data=csv needs a file with points: --csv FILE."))
        return read
    if settings.data == OWN:
        drawn = settings.points
        if len(drawn) < LEAST_POINTS:
            told = _("data=own needs at least {least} points. Draw them, or choose another set.")
            raise UserError(told.format(least=LEAST_POINTS))
        x = np.array([point[:2] for point in drawn])
        return Points(x, np.array([float(point[2]) for point in drawn]))
    random = _generator(settings, 1)
    x, y = _SETS[settings.data](random, settings.noise)
    is_regression = settings.data in REGRESSION_SETS
    if is_regression:
        y = y + random.normal(0, settings.noise / 2, len(y))
    return Points(np.clip(x, -1, 1), y, is_regression)


def _moved(random: np.random.Generator, x: Array, noise: float) -> Array:
    return x + random.normal(0, 1, x.shape) * noise / 2


def _classes() -> Array:
    """0 and 1 in turn."""
    return (np.arange(POINTS) % 2).astype(np.float64)


def _circle(random: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Class 1 inside, class 0 in a ring around it."""
    y = _classes()
    radius = np.where(y == 1, random.uniform(0, 0.45, POINTS), random.uniform(0.65, 0.95, POINTS))
    angle = random.uniform(0, 2 * np.pi, POINTS)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _moved(random, x, noise), y


def _xor(random: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Class 1 where exactly one coordinate is above 0."""
    x = random.uniform(0.06, 0.95, (POINTS, 2)) * random.choice([-1.0, 1.0], (POINTS, 2))
    y = (x[:, 0] * x[:, 1] < 0).astype(np.float64)
    return _moved(random, x, noise), y


def _moons(random: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Two half circles, each reaching into the other."""
    y = _classes()
    angle = random.uniform(0, np.pi, POINTS)
    x1 = np.where(y == 1, np.cos(angle) - 0.5, 0.5 - np.cos(angle)) * 0.58
    x2 = np.where(y == 1, np.sin(angle) - 0.25, 0.25 - np.sin(angle)) * 0.8
    return _moved(random, np.column_stack([x1, x2]), noise * 0.8), y


def _spirals(random: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Two arms that wind around each other."""
    y = _classes()
    along = np.sqrt(random.uniform(0.01, 1, POINTS))
    angle = 1.5 * 2 * np.pi * along + np.pi * y
    x = 0.95 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return _moved(random, x, noise * 0.4), y


def _blobs(random: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Two clouds that a straight line separates."""
    y = _classes()
    x = np.where(y[:, None] == 1, 0.42, -0.42) + random.normal(0, 0.14, (POINTS, 2))
    return _moved(random, x, noise), y


def _plane(random: np.random.Generator, _noise: float) -> tuple[Array, Array]:
    """A number that grows to the upper right."""
    x = random.uniform(-1, 1, (POINTS, 2))
    return x, (x[:, 0] + x[:, 1]) / 2


def _hills(random: np.random.Generator, _noise: float) -> tuple[Array, Array]:
    """Hills and hollows, in turn."""
    x = random.uniform(-1, 1, (POINTS, 2))
    centres = [(-0.6, 0.45, 1), (0, 0.45, -1), (0.6, 0.45, 1),
               (-0.6, -0.45, -1), (0, -0.45, 1), (0.6, -0.45, -1)]  # fmt: skip
    y = np.zeros(POINTS)
    for x1, x2, height in centres:
        y += height * np.exp(-((x[:, 0] - x1) ** 2 + (x[:, 1] - x2) ** 2) / 0.08)
    return x, y


_SETS = {
    "circle": _circle, "xor": _xor, "moons": _moons, "spirals": _spirals, "blobs": _blobs,
    "plane": _plane, "hills": _hills,
}  # fmt: skip
