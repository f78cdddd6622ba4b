"""The activation function GELU."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array, TorchFunction

_ERFC = np.vectorize(math.erfc, otypes=[np.float64])


def _below(z: Array) -> Array:
    """Φ(z), the probability that a standard normal number is at most z."""
    # erfc keeps the digits of the left tail, which 1 + erf would lose.
    return np.asarray(0.5 * _ERFC(-np.asarray(z) / math.sqrt(2)))


def _density(z: Array) -> Array:
    """φ(z), the density of a standard normal number at z."""
    return np.asarray(np.exp(-0.5 * np.square(z)) / math.sqrt(2 * math.pi))


@dataclass(frozen=True, slots=True)
class Gelu(Activation):
    """z·Φ(z), GELU'(z) = Φ(z) + z·φ(z) (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""

    name: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    text_form: ClassVar[str] = "⟨z⟩·Φ(⟨z|bare⟩)"
    derivative_text_form: ClassVar[str] = "Φ(⟨z|bare⟩) + ⟨z⟩·φ(⟨z|bare⟩)"
    latex_form: ClassVar[str] = r"⟨z⟩\,\Phi(⟨z⟩)"
    derivative_latex_form: ClassVar[str] = r"\Phi(⟨z⟩) + ⟨z⟩\,\varphi(⟨z⟩)"
    place: ClassVar[int] = 80
    by_hand: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """z Φ(z)."""
        return np.asarray(z * _below(z))

    def derivative(self, z: Array) -> Array:
        """Φ(z) + z φ(z)."""
        return np.asarray(_below(z) + z * _density(z))

    def torch_function(self) -> TorchFunction:
        """z Φ(z) by `torch.erfc`."""
        import torch

        # torch.nn.functional.gelu computes 1 + erf, which loses digits on the left; this does not.
        return lambda z: 0.5 * z * torch.erfc(-z / math.sqrt(2))


ACTIVATION = Gelu()
