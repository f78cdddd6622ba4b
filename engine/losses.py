"""Loss functions: value, closed-form derivative, torch counterpart and formula of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from engine.language import _

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class HalfSquaredError:
    """E = Σ_i ½ (a_i − y_i)², so that ∂E/∂a_i = a_i − y_i."""

    name: ClassVar[str] = "half_squared_error"
    title: ClassVar[str] = _("half squared error")
    latex: ClassVar[str] = r"E = \sum_i \frac12 (a_i - y_i)^2"
    derivative_latex: ClassVar[str] = r"\frac{\partial E}{\partial a_i} = a_i - y_i"

    def per_output(
        self, a: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """½ (a − y)² of each output, same shape as `a` and `y`."""
        return 0.5 * (a - y) ** 2

    def value(self, a: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
        """The sum over all outputs."""
        return float(self.per_output(a, y).sum())

    def derivative(
        self, a: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """∂E/∂a = a − y, same shape as `a` and `y`."""
        return a - y

    def torch_function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        """The counterpart in torch: takes (a, y), returns a scalar tensor."""
        from torch.nn import functional

        return lambda a, y: 0.5 * functional.mse_loss(a, y, reduction="sum")
