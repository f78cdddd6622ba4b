"""The samples of linear regression, and the numbers that are learned from them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from engine.language import _
from engine.recipes.parts import Parts, probe
from engine.training.digest import sha256_of
from engine.training.guess import Theory
from engine.training.snapshot import ParameterRow
from engine.training.task import Batch


@dataclass(frozen=True, slots=True, eq=False)
class LinearData:
    """Training samples and test samples, made by the same rule, on one device."""

    X: Tensor
    """(n, 2)."""
    y: Tensor
    """(n,)."""
    X_test: Tensor
    y_test: Tensor
    true_w: tuple[float, float]
    true_b: float
    validation: Batch | None = None
    """Samples held out from the training samples."""

    @property
    def parts(self) -> Parts:
        """The samples that measure the model."""
        few = probe(len(self.y))
        return Parts((self.X_test, self.y_test), (self.X[few], self.y[few]), self.validation)

    @property
    def title(self) -> str:
        """The rule that made them."""
        w1, w2 = self.true_w
        text = _("Synthetic: y = {w1:g}·x₁ + {w2:g}·x₂ + {b:g} + noise")
        return text.format(w1=w1, w2=w2, b=self.true_b)

    def first_loss(self) -> Theory:
        """The first weights are near 0, so the model predicts about 0: the mean loss is ½y²."""
        return Theory(float(self.parts.train[1].square().mean()) / 2, "zero")

    def sha256(self) -> str:
        """Fingerprint of the training samples."""
        return sha256_of({"X": self.X, "y": self.y})

    def rows(self, w: Tensor, b: Tensor) -> tuple[ParameterRow, ...]:
        """Each learned number, of w (2,) and b (), beside the one that made the data."""
        learned = (*w.tolist(), b.item())
        return tuple(map(ParameterRow, ("w1", "w2", "b"), learned, (*self.true_w, self.true_b)))
