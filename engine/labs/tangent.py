"""One activation function and one place z on it: what comes out there, and how steep it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.activations import ACTIVATIONS, activation

LOW, HIGH = -5.0, 5.0
"""The inputs that are shown."""
STEP = 0.25
"""How far z moves at once. A power of two: steps back return exactly."""
NAMES = tuple(ACTIVATIONS)
START = 2.0


@dataclass(frozen=True, slots=True)
class Touch:
    """Where the tangent touches which function."""

    name: str = NAMES[0]
    z: float = START

    def moved(self, direction: int) -> Touch:
        """One step along the axis; the same at its ends."""
        return replace(self, z=min(HIGH, max(LOW, self.z + direction * STEP)))

    def following(self) -> Touch:
        """The next function at the same z; the first follows the last."""
        return replace(self, name=NAMES[(NAMES.index(self.name) + 1) % len(NAMES)])

    @property
    def title(self) -> str:
        """What the function is called."""
        return activation(self.name).title

    def value_at(self, z: float) -> float:
        """f(z)."""
        return float(activation(self.name).value(np.array(z)))

    def slope_at(self, z: float) -> float:
        """f′(z)."""
        return float(activation(self.name).derivative(np.array(z)))

    @property
    def slope(self) -> float:
        """f′ at the place of the tangent."""
        return self.slope_at(self.z)
