"""The activation function leaky ReLU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, TorchFunction
from engine.language import _


@dataclass(frozen=True, slots=True)
class LeakyRelu(Activation):
    """z for z > 0 and α·z for z ≤ 0; the derivative at the kink is α."""

    name: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "leaky ReLU"
    text_form: ClassVar[str] = _("⟨z|bare⟩ if ⟨z|bare⟩ > 0, else ⟨α⟩·⟨z⟩")
    derivative_text_form: ClassVar[str] = _("1 if ⟨z|bare⟩ > 0, else ⟨α⟩")
    latex_form: ClassVar[str] = r"\begin{cases} ⟨z⟩ & ⟨z⟩ > 0 \\ ⟨α⟩\,⟨z⟩ & ⟨z⟩ \le 0 \end{cases}"
    derivative_latex_form: ClassVar[str] = (
        r"\begin{cases} 1 & ⟨z⟩ > 0 \\ ⟨α⟩ & ⟨z⟩ \le 0 \end{cases}"
    )
    has_kink: ClassVar[bool] = True
    place: ClassVar[int] = 40

    slope: float = 0.01
    """α, the slope for z ≤ 0."""

    def value(self, z: Array) -> Array:
        """z for z > 0, else α·z."""
        return np.where(z > 0, z, self.slope * z)

    def derivative(self, z: Array) -> Array:
        """1 for z > 0, else α."""
        return np.where(z > 0, 1.0, self.slope)

    def torch_function(self) -> TorchFunction:
        """`torch.nn.functional.leaky_relu` with the same slope."""
        from torch.nn import functional

        return lambda z: functional.leaky_relu(z, self.slope)

    def _fill(self, form: str, z: str, a: str = "") -> str:
        # The zero-argument super() does not survive dataclass(slots=True) before Python 3.14.
        return Activation._fill(self, form.replace("⟨α⟩", f"{self.slope:g}"), z, a)


ACTIVATION = LeakyRelu()
