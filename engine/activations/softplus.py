"""The activation function softplus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, TorchFunction, logistic


@dataclass(frozen=True, slots=True)
class Softplus(Activation):
    """ln(1 + e^z), whose derivative is the sigmoid."""

    name: ClassVar[str] = "softplus"
    title: ClassVar[str] = "softplus"
    text_form: ClassVar[str] = "ln(1 + e^⟨z⟩)"
    derivative_text_form: ClassVar[str] = "1/(1 + e^(−⟨z⟩))"
    latex_form: ClassVar[str] = r"\ln(1 + e^{⟨z⟩})"
    derivative_latex_form: ClassVar[str] = r"\frac{1}{1 + e^{-⟨z⟩}}"
    place: ClassVar[int] = 70
    by_hand: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """ln(1 + e^z), without overflow."""
        return np.logaddexp(0.0, z)

    def derivative(self, z: Array) -> Array:
        """σ(z)."""
        return logistic(z)

    def torch_function(self) -> TorchFunction:
        """ln(e^z + e^0) by `torch.logaddexp`."""
        import torch

        # torch.nn.functional.softplus returns z itself above z = 20; this one is exact.
        return lambda z: torch.logaddexp(z, torch.zeros_like(z))


ACTIVATION = Softplus()
