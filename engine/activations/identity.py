"""The activation function identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, TorchFunction
from engine.language import _


@dataclass(frozen=True, slots=True)
class Identity(Activation):
    """f(z) = z: a layer without activation."""

    name: ClassVar[str] = "identity"
    title: ClassVar[str] = _("identity")
    text_form: ClassVar[str] = "⟨z|bare⟩"
    derivative_text_form: ClassVar[str] = "1"
    latex_form: ClassVar[str] = "⟨z⟩"
    derivative_latex_form: ClassVar[str] = "1"
    place: ClassVar[int] = 50
    bends: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """A copy of z."""
        return np.array(z, dtype=np.float64)

    def derivative(self, z: Array) -> Array:
        """1."""
        return np.ones_like(z)

    def torch_function(self) -> TorchFunction:
        """The identity on tensors."""
        return lambda z: z


ACTIVATION = Identity()
