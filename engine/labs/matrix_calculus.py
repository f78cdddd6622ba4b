"""Derivatives by a matrix three ways: by the formula, by autograd, by central differences.

Formulas as in Petersen and Pedersen, The Matrix Cookbook, section 2. Matrices are lists of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

Rows: TypeAlias = tuple[tuple[float, ...], ...]
Shape: TypeAlias = tuple[int, int]

LARGEST = 4
"""The most rows and columns of X: more do not fit beside each other."""
LARGEST_SEED = 999_999
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
"""How far apart two correct results may be, relative to the largest entry."""


@dataclass(frozen=True, slots=True)
class Function:
    """One number made of X and of matrices that do not move."""

    name: str
    text: str
    """As it is written."""
    derivative: str
    """The formula of ∂f/∂X as it is written."""
    variable: str
    """How the matrix that moves is called."""
    shapes: Callable[[int, int], Mapping[str, Shape]]
    """The shapes of all matrices for rows and columns of X, the one that moves first."""
    value: Callable[..., Tensor]
    """f of all matrices, in the order of `shapes`."""
    closed_form: Callable[..., Tensor]
    """∂f/∂X by the formula."""


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
                f"There is no function {self.function!r} here. It can be {', '.join(FUNCTIONS)}."
            )
        for name, value in (("rows", self.rows), ("columns", self.columns)):
            if not 1 <= value <= LARGEST:
                raise UserError(
                    f"X cannot have {value} {name} here. Choose from 1 to {LARGEST}, so that all "
                    "matrices fit on the screen."
                )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise UserError(
                f"{self.seed} cannot be a seed here. Choose a whole number from 0 to "
                f"{LARGEST_SEED}."
            )

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of every matrix, the one that moves first."""
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
                f"{text.strip()[:40]!r} cannot be read. Write rows, columns and seed of X as whole "
                "numbers, like 3 4 0."
            )
        return replace(self, rows=numbers[0], columns=numbers[1], seed=[*numbers, self.seed][2])

    def next_function(self) -> Choice:
        """The same with the next function."""
        names = list(FUNCTIONS)
        return replace(self, function=names[(names.index(self.function) + 1) % len(names)])


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was computed for a choice."""

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
    """The matrix that moves counts from 0; the others are uniform from 0 to 1. Imports torch."""
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
    # Every f is of degree 2 at most, so central differences have no error but rounding: each of
    # the two values of f carries some units of its last place.
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
