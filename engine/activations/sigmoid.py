"""The activation function sigmoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, logistic


@dataclass(frozen=True, slots=True)
class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e^(−z)), σ'(z) = σ(z)(1 − σ(z))."""

    name: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "sigmoid"
    text_form: ClassVar[str] = "1/(1 + e^(−⟨z⟩))"
    derivative_text_form: ClassVar[str] = "⟨a⟩·(1 − ⟨a⟩)"
    latex_form: ClassVar[str] = r"\frac{1}{1 + e^{-⟨z⟩}}"
    derivative_latex_form: ClassVar[str] = r"⟨a⟩\,(1 - ⟨a⟩)"
    place: ClassVar[int] = 10

    def value(self, z: Array) -> Array:
        """σ(z), without overflow."""
        return logistic(z)

    def derivative(self, z: Array) -> Array:
        """σ(z) σ(−z)."""
        # σ(−z) is 1 − σ(z) without the cancellation that loses digits for large z. One of both is
        # 1 / (1 + e^−|z|), and the other that times e^−|z|.
        decay = np.exp(-np.abs(z))
        whole = 1.0 + decay
        return (1.0 / whole) * (decay / whole)


ACTIVATION = Sigmoid()
