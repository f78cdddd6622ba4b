"""The activation function SiLU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, logistic


@dataclass(frozen=True, slots=True)
class Silu(Activation):
    """z·σ(z), also called swish; SiLU'(z) = σ(z) + z·σ(z)·σ(−z) (arXiv:1710.05941)."""

    name: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    text_form: ClassVar[str] = "⟨z⟩/(1 + e^(−⟨z⟩))"
    derivative_text_form: ClassVar[str] = "(1 + ⟨z⟩ − ⟨a⟩)/(1 + e^(−⟨z⟩))"
    latex_form: ClassVar[str] = r"\frac{⟨z⟩}{1 + e^{-⟨z⟩}}"
    derivative_latex_form: ClassVar[str] = r"\frac{1 + ⟨z⟩ - ⟨a⟩}{1 + e^{-⟨z⟩}}"
    place: ClassVar[int] = 90
    by_hand: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """z σ(z)."""
        return np.asarray(z * logistic(z))

    def derivative(self, z: Array) -> Array:
        """σ(z) + z σ(z) σ(−z)."""
        return np.asarray(logistic(z) + z * logistic(z) * logistic(-z))


ACTIVATION = Silu()
