"""The activation function SELU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array
from engine.language import _


@dataclass(frozen=True, slots=True)
class Selu(Activation):
    """λz for z > 0, λα(e^z − 1) for z ≤ 0 (Klambauer et al. 2017, arXiv:1706.02515)."""

    name: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    text_form: ClassVar[str] = _("1.05070099·⟨z⟩ if ⟨z|bare⟩ > 0, else 1.75809934·(e^⟨z⟩ − 1)")
    derivative_text_form: ClassVar[str] = _("1.05070099 if ⟨z|bare⟩ > 0, else 1.75809934·e^⟨z⟩")
    latex_form: ClassVar[str] = (
        r"\begin{cases} \lambda ⟨z⟩ & ⟨z⟩ > 0 \\"
        r" \lambda\alpha\,(e^{⟨z⟩} - 1) & ⟨z⟩ \le 0 \end{cases}"
    )
    derivative_latex_form: ClassVar[str] = (
        r"\begin{cases} \lambda & ⟨z⟩ > 0 \\ \lambda\alpha\,e^{⟨z⟩} & ⟨z⟩ \le 0 \end{cases}"
    )
    has_kink: ClassVar[bool] = True
    scale: ClassVar[float] = 1.0507009873554804934193349852946
    """λ."""
    alpha: ClassVar[float] = 1.6732632423543772848170429916717
    place: ClassVar[int] = 60
    by_hand: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """λz for z > 0, else λα(e^z − 1)."""
        negative = self.alpha * np.expm1(np.minimum(z, 0.0))
        return self.scale * np.where(z > 0, z, negative)

    def derivative(self, z: Array) -> Array:
        """λ for z > 0, else λα e^z."""
        negative = self.alpha * np.exp(np.minimum(z, 0.0))
        return self.scale * np.where(z > 0, 1.0, negative)


ACTIVATION = Selu()
