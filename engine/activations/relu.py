"""The activation function ReLU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array
from engine.language import _


@dataclass(frozen=True, slots=True)
class Relu(Activation):
    """max(0, z); the derivative at the kink z = 0 is taken to be 0, as in PyTorch."""

    name: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    text_form: ClassVar[str] = "max(0, ⟨z|bare⟩)"
    derivative_text_form: ClassVar[str] = _("1 if ⟨z|bare⟩ > 0, else 0")
    latex_form: ClassVar[str] = r"\max(0, ⟨z⟩)"
    derivative_latex_form: ClassVar[str] = r"\begin{cases} 1 & ⟨z⟩ > 0 \\ 0 & ⟨z⟩ \le 0 \end{cases}"
    has_kink: ClassVar[bool] = True
    place: ClassVar[int] = 30

    def value(self, z: Array) -> Array:
        """max(0, z)."""
        return np.maximum(z, 0.0)

    def derivative(self, z: Array) -> Array:
        """1 for z > 0, else 0."""
        return np.where(z > 0, 1.0, 0.0)


ACTIVATION = Relu()
