"""The activation function tanh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array


@dataclass(frozen=True, slots=True)
class Tanh(Activation):
    """tanh z, tanh'(z) = 1 − tanh² z."""

    name: ClassVar[str] = "tanh"
    title: ClassVar[str] = "tanh"
    text_form: ClassVar[str] = "tanh(⟨z|bare⟩)"
    derivative_text_form: ClassVar[str] = "1 − ⟨a⟩²"
    latex_form: ClassVar[str] = r"\tanh(⟨z⟩)"
    derivative_latex_form: ClassVar[str] = r"1 - ⟨a⟩^2"
    place: ClassVar[int] = 20

    def value(self, z: Array) -> Array:
        """tanh z."""
        return np.tanh(z)

    def derivative(self, z: Array) -> Array:
        """1 − tanh² z."""
        return 1.0 - np.tanh(z) ** 2


ACTIVATION = Tanh()
