"""Derivatives with respect to a matrix in three ways: formula, autograd, central differences.

Formulas as in Petersen and Pedersen, The Matrix Cookbook, section 2. Matrices are lists of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import UserError
from engine.language import _

if TYPE_CHECKING:
    from torch import Tensor

Rows: TypeAlias = tuple[tuple[float, ...], ...]
Shape: TypeAlias = tuple[int, int]

LARGEST = 4
"""The most rows and columns of X; larger matrices do not fit side by side."""
LARGEST_SEED = 999_999
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
"""How far apart two correct results may be, relative to the largest entry."""


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function of X and of constant matrices."""

    name: str
    text: str
    """The function as plain text."""
    derivative: str
    """The formula for ∂f/∂X as plain text."""
    variable: str
    """The name of the matrix to differentiate with respect to."""
    shapes: Callable[[int, int], Mapping[str, Shape]]
    """The shapes of all matrices for the rows and columns of X, the variable first."""
    value: Callable[..., Tensor]
    """f of all matrices, in the order of `shapes`."""
    closed_form: Callable[..., Tensor]
    """∂f/∂X from the formula."""


FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function(
            "trace_axbx",
            "tr(AXBX)",
            "AᵀXᵀBᵀ + BᵀXᵀAᵀ",
            "X",
            lambda r, c: {"X": (r, c), "A": (c, r), "B": (c, r)},
            lambda X, A, B: (A @ X @ B @ X).trace(),
            lambda X, A, B: A.T @ X.T @ B.T + B.T @ X.T @ A.T,
        ),
        Function(
            "trace_ax",
            "tr(AX)",
            "Aᵀ",
            "X",
            lambda r, c: {"X": (r, c), "A": (c, r)},
            lambda X, A: (A @ X).trace(),
            lambda X, A: A.T,
        ),
        Function(
            "quadratic",
            "xᵀAx",
            "(A + Aᵀ)x",
            "x",
            lambda r, c: {"x": (r, 1), "A": (r, r)},
            lambda x, A: (x.T @ A @ x).squeeze(),
            lambda x, A: (A + A.T) @ x,
        ),
        Function(
            "norm",
            "‖AX − B‖²",
            "2Aᵀ(AX − B)",
            "X",
            lambda r, c: {"X": (r, c), "A": (r, r), "B": (r, c)},
            lambda X, A, B: ((A @ X - B) ** 2).sum(),
            lambda X, A, B: 2 * A.T @ (A @ X - B),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the learner chose; raises UserError where it cannot be used."""

    rows: int = 3
    columns: int = 4
    seed: int = 0
    precision: str = "float64"
    function: str = "trace_axbx"

    def __post_init__(self) -> None:
        if self.function not in FUNCTIONS:
            raise UserError(
                f"There is no function {self.function!r} here. "
                f"Choose one of {', '.join(FUNCTIONS)}."
            )
        if not 1 <= self.rows <= LARGEST:
            raise UserError(
                _(
                    "X cannot have {rows} rows here. Choose from 1 to {largest}, so that all "
                    "matrices fit on the screen."
                ).format(rows=self.rows, largest=LARGEST)
            )
        if not 1 <= self.columns <= LARGEST:
            raise UserError(
                _(
                    "X cannot have {columns} columns here. Choose from 1 to {largest}, so that all "
                    "matrices fit on the screen."
                ).format(columns=self.columns, largest=LARGEST)
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise UserError(
                _(
                    "The seed cannot be {seed} here. Choose a whole number from 0 to {largest}."
                ).format(seed=self.seed, largest=LARGEST_SEED)
            )

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of each matrix, the variable first."""
        return FUNCTIONS[self.function].shapes(self.rows, self.columns)

    def read(self, text: str) -> Choice:
        """Another choice from `rows columns seed`; raises UserError."""
        words = text.replace(",", " ").replace("×", " ").replace("x", " ").split()
        try:
            numbers = [int(word) for word in words]
        except ValueError:
            numbers = []
        if len(numbers) not in (2, 3):
            raise UserError(
                _(
                    "{text} cannot be read. Type the rows and columns of X and the seed as whole "
                    "numbers, for example 3 4 0."
                ).format(text=repr(text.strip()[:40]))
            )
        return replace(self, rows=numbers[0], columns=numbers[1], seed=[*numbers, self.seed][2])

    def next_function(self, direction: int = 1) -> Choice:
        """The same choice with the next function; with -1 the one before."""
        names = list(FUNCTIONS)
        place = names.index(self.function) + direction
        return replace(self, function=names[place % len(names)])


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that was computed for a choice."""

    choice: Choice
    matrices: Mapping[str, Rows]
    value: float
    """f."""
    formula: Rows
    autograd: Rows
    central: Rows
    """By central differences."""
    autograd_apart: float
    """The largest |autograd − formula|."""
    central_apart: float
    """The largest |central differences − formula|."""
    central_rounding: float
    """How far rounding alone can move a central difference here."""

    @property
    def autograd_agrees(self) -> bool:
        """Whether autograd and the formula differ by rounding only."""
        largest = max(abs(entry) for row in self.formula for entry in row)
        return self.autograd_apart <= TOLERANCE[self.choice.precision] * max(largest, 1.0)

    @property
    def central_agrees(self) -> bool:
        """Whether central differences and the formula differ by rounding only."""
        return self.central_apart <= self.central_rounding


def compute(choice: Choice) -> Answer:
    """Compute everything; imports torch.

    The entries of the variable count up from 0; those of the others are uniform from 0 to 1.
    """
    import torch

    kind = torch.float64 if choice.precision == "float64" else torch.float32
    function = FUNCTIONS[choice.function]
    generator = torch.Generator().manual_seed(choice.seed)
    tensors: dict[str, torch.Tensor] = {}
    for name, (rows, columns) in choice.shapes.items():
        if name == function.variable:
            tensors[name] = torch.arange(rows * columns, dtype=kind).view(rows, columns)
        else:
            made = torch.rand(rows, columns, generator=generator, dtype=torch.float64)
            tensors[name] = made.to(kind)
    X, *others = tensors.values()
    leaf = X.clone().requires_grad_()
    f = function.value(leaf, *others)
    (autograd,) = torch.autograd.grad(f, leaf)
    formula = function.closed_form(X, *others)
    central, step = _central(lambda X: function.value(X, *others), X)
    epsilon = torch.finfo(kind).eps
    # Every f has degree 2 at most, so rounding is the only error of central differences: each of
    # the two values of f is off by a few units in its last place.
    rounding = 16 * epsilon * max(1.0, abs(float(f.detach()))) / step
    return Answer(
        choice,
        {name: _listed(tensor) for name, tensor in tensors.items()},
        float(f.detach()),
        _listed(formula),
        _listed(autograd),
        _listed(central),
        float((autograd - formula).abs().max()),
        float((central - formula).abs().max()),
        rounding,
    )


def _central(f: Callable[[Tensor], Tensor], X: Tensor) -> tuple[Tensor, float]:
    """(f(X + hE) − f(X − hE)) / 2h for every entry, and the smallest h, ∛ε · max(1, |entry|)."""
    import torch

    steps = torch.finfo(X.dtype).eps ** (1 / 3) * X.abs().clamp(min=1.0)
    central = torch.empty_like(X)
    for place in range(X.numel()):
        high, low = X.clone().view(-1), X.clone().view(-1)
        high[place] += steps.view(-1)[place]
        low[place] -= steps.view(-1)[place]
        rise = f(high.view_as(X)) - f(low.view_as(X))
        central.view(-1)[place] = rise / (high[place] - low[place])
    return central, float(steps.min())


def _listed(matrix: Tensor) -> Rows:
    return tuple(tuple(float(entry) for entry in row) for row in matrix.detach())
