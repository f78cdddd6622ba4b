r"""Least and largest values over a continuous symbol, as in \argmin_{\theta} L(\theta)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.errors import MeaningError
from engine.formulas.sums import Binder
from engine.formulas.term import Term
from engine.formulas.terms import Reference
from engine.formulas.values import Value

if TYPE_CHECKING:
    import torch

    from engine.formulas.notation import Notation
    from engine.formulas.world import World

STEPS = 60
"""Steps of Newton's method (Nocedal and Wright, 2006, section 3.3); a quadratic needs one."""
NO_STEP = 1e-13


def is_continuous(binder: Binder, body: Term, notation: Notation) -> bool:
    """Whether what runs is a declared symbol with a value of its own, and no index."""
    key = binder.index
    if any((binder.first, binder.among, binder.condition)) or notation.index_of(key):
        return False
    indices = {
        part.key
        for term in body.walk()
        if isinstance(term, Reference)
        for index in (*term.lower, *term.entries)
        for part in index.walk()
        if isinstance(part, Reference)
    }
    return notation.is_value(key) and key not in indices


@dataclass(frozen=True, eq=False, kw_only=True)
class Extremum(Term):
    """The minimum or maximum of a smooth expression over all values of a symbol, or its place."""

    kind: str
    """`min`, `max`, `arg min` or `arg max`."""
    variable: Reference
    body: Term

    def evaluate(self, world: World) -> Value:
        import torch

        point = v.tensor(self.variable.value(world)).detach()
        for _ in range(STEPS):
            with torch.enable_grad():
                point = point.requires_grad_()
                with world.binding({self.variable.key: point}):
                    height = v.tensor(v.scalar(self.body.value(world)))
                slope, curvature = _derivatives(height, point)
            step = torch.linalg.solve(curvature, slope).detach()
            point = (point - step.reshape(point.shape)).detach()
            if float(step.abs().max()) <= NO_STEP * max(1.0, float(point.abs().max())):
                break
        sign = 1.0 if self.kind.endswith("min") else -1.0
        if not bool((sign * torch.linalg.eigvalsh(curvature) > 0).all()):
            raise MeaningError(f"The expression has no {self.kind.removeprefix('arg ')} here.")
        return point if self.kind.startswith("arg") else height.detach()


def _derivatives(height: torch.Tensor, point: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The slopes as a column, and the matrix of second derivatives."""
    import torch

    (slope,) = torch.autograd.grad(height, point, create_graph=True)
    rows = [torch.autograd.grad(part, point, retain_graph=True)[0] for part in slope.reshape(-1)]
    return slope.reshape(-1, 1), torch.stack([row.reshape(-1) for row in rows])
