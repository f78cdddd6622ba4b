"""Activation functions: value, closed-form derivative, torch counterpart and formula of each.

Every function works elementwise on float64 arrays of any shape. The derivative is written in
terms of the input z, never of the output, so that it cannot be applied to the wrong one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import UserError

if TYPE_CHECKING:
    import torch

Array: TypeAlias = npt.NDArray[np.float64]
TorchFunction: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"


def _logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow: the exponent is never positive."""
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, decay) / (1.0 + decay)


class Activation(ABC):
    """An elementwise function a = f(z).

    In the forms, `⟨z⟩` stands for the input, `⟨a⟩` for the output and `⟨α⟩` for a slope; text
    forms may say `⟨z|bare⟩` where a negative number needs no brackets.
    """

    name: ClassVar[str]
    """As on the command line and in files: `leaky_relu`."""
    title: ClassVar[str]
    """As on the screen: `leaky ReLU`."""
    latex: ClassVar[str]
    """f(z) = …, for a lesson."""
    derivative_latex: ClassVar[str]
    """f'(z) = …, for a lesson."""
    text_form: ClassVar[str]
    derivative_text_form: ClassVar[str]
    """The shortest form, from the input and the output."""
    latex_form: ClassVar[str]
    derivative_latex_form: ClassVar[str]
    has_kink: ClassVar[bool] = False
    """Whether f has no derivative at z = 0; there the derivative from the left is used."""

    @abstractmethod
    def value(self, z: Array) -> Array:
        """f(z), same shape as `z`."""

    @abstractmethod
    def derivative(self, z: Array) -> Array:
        """f'(z), same shape as `z`, in closed form."""

    @abstractmethod
    def torch_function(self) -> TorchFunction:
        """The counterpart in torch; importing torch is left until this is called."""

    def text(self, z: str) -> str:
        """f as plain text, with the name or the number `z` put in."""
        return self._fill(self.text_form, z)

    def derivative_text(self, z: str, a: str) -> str:
        """f' as plain text, with names or numbers for the input `z` and the output `a`."""
        return self._fill(self.derivative_text_form, z, a)

    def latex_of(self, z: str) -> str:
        """f as LaTeX, with `z` put in."""
        return self._fill(self.latex_form, z)

    def derivative_latex_of(self, z: str, a: str) -> str:
        """f' as LaTeX, with the input `z` and the output `a` put in."""
        return self._fill(self.derivative_latex_form, z, a)

    def _fill(self, form: str, z: str, a: str = "") -> str:
        bare = z[1:-1] if z.startswith("(") and z.endswith(")") else z
        return form.replace("⟨z|bare⟩", bare).replace("⟨z⟩", z).replace("⟨a⟩", a)


@dataclass(frozen=True, slots=True)
class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e^(−z)), σ'(z) = σ(z)(1 − σ(z))."""

    name: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "sigmoid"
    latex: ClassVar[str] = r"\sigma(z) = \frac{1}{1 + e^{-z}}"
    derivative_latex: ClassVar[str] = r"\sigma'(z) = \sigma(z)\,(1 - \sigma(z))"
    text_form: ClassVar[str] = "1/(1 + e^(−⟨z⟩))"
    derivative_text_form: ClassVar[str] = "⟨a⟩·(1 − ⟨a⟩)"
    latex_form: ClassVar[str] = r"\frac{1}{1 + e^{-⟨z⟩}}"
    derivative_latex_form: ClassVar[str] = r"⟨a⟩\,(1 - ⟨a⟩)"

    def value(self, z: Array) -> Array:
        """σ(z), without overflow."""
        return _logistic(z)

    def derivative(self, z: Array) -> Array:
        """σ(z) σ(−z)."""
        # σ(−z) is 1 − σ(z) without the cancellation that loses digits for large z.
        return _logistic(z) * _logistic(-z)

    def torch_function(self) -> TorchFunction:
        """`torch.sigmoid`."""
        import torch

        return torch.sigmoid


@dataclass(frozen=True, slots=True)
class Tanh(Activation):
    """tanh z, tanh'(z) = 1 − tanh² z."""

    name: ClassVar[str] = "tanh"
    title: ClassVar[str] = "tanh"
    latex: ClassVar[str] = r"\tanh z = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"
    derivative_latex: ClassVar[str] = r"\tanh' z = 1 - \tanh^2 z"
    text_form: ClassVar[str] = "tanh(⟨z|bare⟩)"
    derivative_text_form: ClassVar[str] = "1 − ⟨a⟩²"
    latex_form: ClassVar[str] = r"\tanh(⟨z⟩)"
    derivative_latex_form: ClassVar[str] = r"1 - ⟨a⟩^2"

    def value(self, z: Array) -> Array:
        """tanh z."""
        return np.tanh(z)

    def derivative(self, z: Array) -> Array:
        """1 − tanh² z."""
        return 1.0 - np.tanh(z) ** 2

    def torch_function(self) -> TorchFunction:
        """`torch.tanh`."""
        import torch

        return torch.tanh


@dataclass(frozen=True, slots=True)
class Relu(Activation):
    """max(0, z); the derivative at the kink z = 0 is taken as 0, as torch takes it."""

    name: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    latex: ClassVar[str] = r"f(z) = \max(0, z)"
    derivative_latex: ClassVar[str] = r"f'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}"
    text_form: ClassVar[str] = "max(0, ⟨z|bare⟩)"
    derivative_text_form: ClassVar[str] = "1 if ⟨z|bare⟩ > 0, else 0"
    latex_form: ClassVar[str] = r"\max(0, ⟨z⟩)"
    derivative_latex_form: ClassVar[str] = r"\begin{cases} 1 & ⟨z⟩ > 0 \\ 0 & ⟨z⟩ \le 0 \end{cases}"
    has_kink: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        """max(0, z)."""
        return np.maximum(z, 0.0)

    def derivative(self, z: Array) -> Array:
        """1 for z > 0, else 0."""
        return np.where(z > 0, 1.0, 0.0)

    def torch_function(self) -> TorchFunction:
        """`torch.relu`."""
        import torch

        return torch.relu


@dataclass(frozen=True, slots=True)
class LeakyRelu(Activation):
    """z for z > 0 and α·z for z ≤ 0; the derivative at the kink is α."""

    name: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "leaky ReLU"
    latex: ClassVar[str] = r"f(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}"
    derivative_latex: ClassVar[str] = (
        r"f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}"
    )
    text_form: ClassVar[str] = "⟨z|bare⟩ if ⟨z|bare⟩ > 0, else ⟨α⟩·⟨z⟩"
    derivative_text_form: ClassVar[str] = "1 if ⟨z|bare⟩ > 0, else ⟨α⟩"
    latex_form: ClassVar[str] = r"\begin{cases} ⟨z⟩ & ⟨z⟩ > 0 \\ ⟨α⟩\,⟨z⟩ & ⟨z⟩ \le 0 \end{cases}"
    derivative_latex_form: ClassVar[str] = (
        r"\begin{cases} 1 & ⟨z⟩ > 0 \\ ⟨α⟩ & ⟨z⟩ \le 0 \end{cases}"
    )
    has_kink: ClassVar[bool] = True

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


@dataclass(frozen=True, slots=True)
class Identity(Activation):
    """f(z) = z: a layer without activation."""

    name: ClassVar[str] = "identity"
    title: ClassVar[str] = "identity"
    latex: ClassVar[str] = r"f(z) = z"
    derivative_latex: ClassVar[str] = r"f'(z) = 1"
    text_form: ClassVar[str] = "⟨z|bare⟩"
    derivative_text_form: ClassVar[str] = "1"
    latex_form: ClassVar[str] = "⟨z⟩"
    derivative_latex_form: ClassVar[str] = "1"

    def value(self, z: Array) -> Array:
        """A copy of z."""
        return np.array(z, dtype=np.float64)

    def derivative(self, z: Array) -> Array:
        """1."""
        return np.ones_like(z)

    def torch_function(self) -> TorchFunction:
        """The identity on tensors."""
        return lambda z: z


@dataclass(frozen=True, slots=True)
class Selu(Activation):
    """λz for z > 0, λα(e^z − 1) for z ≤ 0 (Klambauer et al. 2017, arXiv:1706.02515)."""

    name: ClassVar[str] = "selu"
    title: ClassVar[str] = "SELU"
    latex: ClassVar[str] = (
        r"f(z) = \begin{cases} \lambda z & z > 0 \\"
        r" \lambda\alpha\,(e^{z} - 1) & z \le 0 \end{cases}"
    )
    derivative_latex: ClassVar[str] = (
        r"f'(z) = \begin{cases} \lambda & z > 0 \\ \lambda\alpha\,e^{z} & z \le 0 \end{cases}"
    )
    text_form: ClassVar[str] = "1.05070099·⟨z⟩ if ⟨z|bare⟩ > 0, else 1.75809934·(e^⟨z⟩ − 1)"
    derivative_text_form: ClassVar[str] = "1.05070099 if ⟨z|bare⟩ > 0, else 1.75809934·e^⟨z⟩"
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

    def value(self, z: Array) -> Array:
        """λz for z > 0, else λα(e^z − 1)."""
        negative = self.alpha * np.expm1(np.minimum(z, 0.0))
        return self.scale * np.where(z > 0, z, negative)

    def derivative(self, z: Array) -> Array:
        """λ for z > 0, else λα e^z."""
        negative = self.alpha * np.exp(np.minimum(z, 0.0))
        return self.scale * np.where(z > 0, 1.0, negative)

    def torch_function(self) -> TorchFunction:
        """`torch.selu`."""
        import torch

        return torch.selu


@dataclass(frozen=True, slots=True)
class Softplus(Activation):
    """ln(1 + e^z), whose derivative is the sigmoid."""

    name: ClassVar[str] = "softplus"
    title: ClassVar[str] = "softplus"
    latex: ClassVar[str] = r"f(z) = \ln(1 + e^{z})"
    derivative_latex: ClassVar[str] = r"f'(z) = \frac{1}{1 + e^{-z}}"
    text_form: ClassVar[str] = "ln(1 + e^⟨z⟩)"
    derivative_text_form: ClassVar[str] = "1/(1 + e^(−⟨z⟩))"
    latex_form: ClassVar[str] = r"\ln(1 + e^{⟨z⟩})"
    derivative_latex_form: ClassVar[str] = r"\frac{1}{1 + e^{-⟨z⟩}}"

    def value(self, z: Array) -> Array:
        """ln(1 + e^z), without overflow."""
        return np.logaddexp(0.0, z)

    def derivative(self, z: Array) -> Array:
        """σ(z)."""
        return _logistic(z)

    def torch_function(self) -> TorchFunction:
        """ln(e^z + e^0) by `torch.logaddexp`."""
        import torch

        # torch.nn.functional.softplus turns into the identity above z = 20; this one is exact.
        return lambda z: torch.logaddexp(z, torch.zeros_like(z))


ACTIVATIONS: dict[str, Activation] = {
    function.name: function
    for function in (Sigmoid(), Tanh(), Relu(), LeakyRelu(), Identity(), Selu(), Softplus())
}
"""Every activation function by its name, leaky ReLU with slope 0.01."""


def activation(name: str) -> Activation:
    """The activation function called `name`; raises UserError where there is none."""
    try:
        return ACTIVATIONS[name]
    except KeyError:
        raise UserError(
            f"There is no activation function {name!r}. Choose one of {', '.join(ACTIVATIONS)}."
        ) from None
