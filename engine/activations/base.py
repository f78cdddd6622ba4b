"""The base class of activation functions."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.declared import DeclarationError

if TYPE_CHECKING:
    import torch

Array: TypeAlias = npt.NDArray[np.float64]
TorchFunction: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"


def logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow: the exponent is never positive."""
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, decay) / (1.0 + decay)


class Activation(ABC):
    """An elementwise function a = f(z).

    In the forms, `⟨z⟩` stands for the input, `⟨a⟩` for the output and `⟨α⟩` for a slope; text
    forms may use `⟨z|bare⟩` where a negative number needs no brackets.
    """

    name: ClassVar[str]
    """On the command line and in files: `leaky_relu`."""
    title: ClassVar[str]
    """On the screen: `leaky ReLU`."""
    torch_name: ClassVar[str] = ""
    """In `torch` or `torch.nn.functional`, if that differs from `name`."""
    text_form: ClassVar[str]
    derivative_text_form: ClassVar[str]
    """The shortest form, in terms of input and output."""
    latex_form: ClassVar[str]
    derivative_latex_form: ClassVar[str]
    has_kink: ClassVar[bool] = False
    """Whether f has no derivative at z = 0; there the derivative from the left is used."""
    bends: ClassVar[bool] = True
    """Whether it is more than a straight line; the lab shows only such functions."""
    by_hand: ClassVar[bool] = True
    """Whether a learner can compute it by hand, so that the worked network offers it."""
    place: ClassVar[int] = 1000
    """The position in lists; smaller numbers come first."""

    @abstractmethod
    def value(self, z: Array) -> Array:
        """f(z), same shape as `z`."""

    @abstractmethod
    def derivative(self, z: Array) -> Array:
        """f'(z), same shape as `z`, in closed form."""

    def torch_function(self) -> TorchFunction:
        """The counterpart in torch, which is imported only when this is called."""
        import torch
        from torch.nn import functional

        name = self.torch_name or self.name
        found: TorchFunction | None = getattr(torch, name, None) or getattr(functional, name, None)
        if found is None:
            path = Path(sys.modules[type(self).__module__].__file__ or "")
            problem = f"PyTorch has no function {name!r}."
            mend = "Write into `torch_name` what torch or torch.nn.functional calls it."
            raise DeclarationError(path, 1, problem, mend)
        return found

    def text(self, z: str) -> str:
        """f as plain text, with the name or number `z` as its input."""
        return self._fill(self.text_form, z)

    def derivative_text(self, z: str, a: str) -> str:
        """f' as plain text, with names or numbers for the input `z` and the output `a`."""
        return self._fill(self.derivative_text_form, z, a)

    def latex_of(self, z: str) -> str:
        """f as LaTeX, with `z` as its input."""
        return self._fill(self.latex_form, z)

    def derivative_latex_of(self, z: str, a: str) -> str:
        """f' as LaTeX, with names or numbers for the input `z` and the output `a`."""
        return self._fill(self.derivative_latex_form, z, a)

    def _fill(self, form: str, z: str, a: str = "") -> str:
        bare = z[1:-1] if z.startswith("(") and z.endswith(")") else z
        return form.replace("⟨z|bare⟩", bare).replace("⟨z⟩", z).replace("⟨a⟩", a)
