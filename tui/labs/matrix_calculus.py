"""Lab: the gradient of tr(AXBX) by autograd beside the formula, for matrices of any small shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from tui.background import in_background
from tui.widgets.value_editor import LineInput

Rows: TypeAlias = tuple[tuple[float, ...], ...]

LARGEST = 4
"""The most rows and columns of X: more do not fit beside each other."""
LARGEST_SEED = 999_999
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
"""How far apart two correct results may be, relative to the largest entry."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the learner chose; raises UserError where it cannot be used."""

    rows: int = 3
    columns: int = 4
    seed: int = 0
    precision: str = "float64"

    def __post_init__(self) -> None:
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

    def read(self, text: str) -> Choice:
        """Another choice from `rows columns seed`; raises UserError."""
        words = text.replace(",", " ").replace("×", " ").replace("x", " ").split()
        try:
            numbers = [int(word) for word in words]
        except ValueError:
            numbers = []
        if len(numbers) not in (2, 3):
            raise UserError(
                f"{text.strip()!r} cannot be read. Write rows, columns and seed of X as whole "
                "numbers, like 3 4 0."
            )
        return replace(self, rows=numbers[0], columns=numbers[1], seed=[*numbers, self.seed][2])


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was computed for a choice."""

    choice: Choice
    X: Rows
    A: Rows
    B: Rows
    value: float
    """tr(AXBX)."""
    autograd: Rows
    formula: Rows
    difference: float
    """The largest |autograd − formula|."""

    @property
    def agrees(self) -> bool:
        """Whether they differ by rounding only."""
        largest = max(abs(entry) for row in self.formula for entry in row)
        return self.difference <= TOLERANCE[self.choice.precision] * max(largest, 1.0)


def compute(choice: Choice) -> Answer:
    """X counts from 0 row by row; A and B are uniform from 0 to 1. Imports torch."""
    import torch

    kind = torch.float64 if choice.precision == "float64" else torch.float32
    generator = torch.Generator().manual_seed(choice.seed)
    rows, columns = choice.rows, choice.columns
    X = torch.arange(rows * columns, dtype=kind).view(rows, columns).requires_grad_()
    A, B = torch.rand(2, columns, rows, generator=generator, dtype=torch.float64).to(kind)
    f = torch.trace(A @ X @ B @ X)
    (autograd,) = torch.autograd.grad(f, X)
    with torch.no_grad():
        formula = A.T @ X.T @ B.T + B.T @ X.T @ A.T

    def listed(matrix: torch.Tensor) -> Rows:
        return tuple(tuple(float(entry) for entry in row) for row in matrix.detach())

    return Answer(
        choice,
        listed(X),
        listed(A),
        listed(B),
        float(f.detach()),
        listed(autograd),
        listed(formula),
        float((autograd - formula).abs().max()),
    )


def block(title: str, matrix: Rows, digits: int, height: int) -> list[str]:
    """A title and the rows below it, all equally wide, `height` rows high."""
    texts = [[f"{entry:.{digits}f}" for entry in row] for row in matrix]
    width = max(len(text) for row in texts for text in row)
    lines = ["[ " + " ".join(text.rjust(width) for text in row) + " ]" for row in texts]
    lines += [""] * (height - len(lines))
    full = max(len(title), *(len(line) for line in lines))
    return [line.ljust(full) for line in [title, *lines]]


def beside(blocks: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Blocks of the same height, one beside the other."""
    return "\n".join((" " * gap).join(parts).rstrip() for parts in zip(*blocks, strict=True))


class MatrixCalculusLab(Vertical, can_focus=True):
    """Chooses the shape of X and the random numbers of A and B; both gradients side by side.

    Options: `rows`, `columns` and `seed` to begin with.
    """

    BINDINGS = [
        Binding("down", "shape(1, 0)", "Row +", id="matrix.more_rows", key_display="↓",
                tooltip="Give X one row more"),
        Binding("up", "shape(-1, 0)", "Row −", id="matrix.fewer_rows", key_display="↑",
                tooltip="Give X one row less"),
        Binding("right", "shape(0, 1)", "Column +", id="matrix.more_columns", key_display="→",
                tooltip="Give X one column more"),
        Binding("left", "shape(0, -1)", "Column −", id="matrix.fewer_columns", key_display="←",
                tooltip="Give X one column less"),
        Binding("n", "seed", "New numbers", id="matrix.seed",
                tooltip="Other random numbers for A and B: the next seed"),
        Binding("p", "precision", "Precision", id="matrix.precision",
                tooltip="Compute with 64 or with 32 bits a number"),
        Binding("e", "edit", "Write", id="matrix.edit",
                tooltip="Write rows, columns and seed as numbers"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    MatrixCalculusLab {
        height: auto;
        border-left: outer $primary;
        padding: 0 0 0 1;
    }
    MatrixCalculusLab:focus-within { border-left: outer $accent; }
    MatrixCalculusLab > Static { height: auto; width: 1fr; }
    MatrixCalculusLab > #given, MatrixCalculusLab > #results {
        margin: 1 0 0 0;
        text-wrap: nowrap;
    }
    MatrixCalculusLab > LineInput { display: none; }
    MatrixCalculusLab > LineInput.-open { display: block; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        """Open with the shape and the seed of `options`."""
        super().__init__()
        self._trouble = ""
        self.answer: Answer | None = None
        self.choice = Choice()
        try:
            start = [options.get(name, str(getattr(self.choice, name))) for name in _FIELDS]
            self.choice = self.choice.read(" ".join(start))
        except UserError as error:
            self._trouble = str(error)

    def compose(self) -> ComposeResult:
        """What is chosen, the matrices, both gradients, a line to write in."""
        yield Static(id="chosen", markup=False)
        yield Static(id="given", markup=False)
        yield Static(id="results", markup=False)
        yield Static(id="verdict")
        yield Static(id="note", markup=False)
        yield LineInput(id="line", compact=True, select_on_focus=True)

    def on_mount(self) -> None:
        """Compute the first choice."""
        self._compute()
        self._keys()

    def on_focus(self) -> None:
        """Say which keys there are."""
        self._keys()

    def on_blur(self) -> None:
        """Say how to come back."""
        self._keys()

    def action_shape(self, rows: int, columns: int) -> None:
        """Another shape of X."""
        self._choose(rows=self.choice.rows + rows, columns=self.choice.columns + columns)

    def action_seed(self) -> None:
        """Other random numbers."""
        self._choose(seed=(self.choice.seed + 1) % (LARGEST_SEED + 1))

    def action_precision(self) -> None:
        """64 or 32 bits."""
        other = "float32" if self.choice.precision == "float64" else "float64"
        self._choose(precision=other)

    def action_edit(self) -> None:
        """Open the line to write in."""
        line = self.query_one(LineInput)
        line.value = f"{self.choice.rows} {self.choice.columns} {self.choice.seed}"
        line.add_class("-open")
        line.focus()
        self._say("Write rows, columns and seed; enter computes, escape keeps the old ones.")

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Take what was written; where it cannot be used, say why and keep the old choice."""
        event.stop()
        try:
            choice = self.choice.read(event.value)
        except UserError as error:
            self._say(str(error))
            return
        self._close()
        self._take(choice)

    def on_line_input_cancelled(self, event: LineInput.Cancelled) -> None:
        """Keep the old choice."""
        event.stop()
        self._close()

    def _close(self) -> None:
        self.query_one(LineInput).remove_class("-open")
        self.focus()
        self._keys()

    def _choose(self, **changes: int | str) -> None:
        try:
            choice = replace(self.choice, **changes)  # type: ignore[arg-type]  # names of fields
        except UserError as error:
            self._say(str(error))
            return
        self._take(choice)

    def _take(self, choice: Choice) -> None:
        self.choice, self._trouble = choice, ""
        self._keys()
        self._compute()

    def _compute(self) -> None:
        """Both gradients on a thread: the first time, torch is imported there."""
        choice = self.choice
        self._show_choice()
        in_background(self, lambda: compute(choice), self._computed, self._failed)

    def _computed(self, answer: Answer) -> None:
        if answer.choice == self.choice:
            self.answer = answer
            self._show(answer)

    def _failed(self, error: Exception) -> None:
        self._say(f"PyTorch could not compute this: {error}.")

    def _show_choice(self) -> None:
        choice = self.choice
        last = choice.rows * choice.columns - 1
        self.query_one("#chosen", Static).update(
            f"X {choice.rows} × {choice.columns} holds 0 … {last} · A, B "
            f"{choice.columns} × {choice.rows} are random, seed {choice.seed} · "
            f"{choice.precision}"
        )

    def _show(self, answer: Answer) -> None:
        rows, columns = answer.choice.rows, answer.choice.columns
        height = max(rows, columns)
        given = [("X", answer.X, 0), ("A", answer.A, 3), ("B", answer.B, 3)]
        results = [("X.grad, by autograd", answer.autograd), ("AᵀXᵀBᵀ + BᵀXᵀAᵀ", answer.formula)]
        self.query_one("#given", Static).update(
            beside([block(title, matrix, digits, height) for title, matrix, digits in given])
        )
        self.query_one("#results", Static).update(
            beside([block(title, matrix, 3, rows) for title, matrix in results])
        )
        verdict = (
            ("✓ rounding only", "$text-success")
            if answer.agrees
            else ("✗ more than rounding", "$text-error")
        )
        self.query_one("#verdict", Static).update(
            Content.assemble(
                f"tr(AXBX) = {answer.value:.6g} · largest difference ",
                (f"{answer.difference:.2e}", "bold"),
                "  ",
                verdict,
            )
        )

    def _keys(self) -> None:
        if self._trouble:
            self._say(self._trouble)
            return
        self._say(
            "↑ ↓ rows · ← → columns · n new numbers · p precision · e write them"
            if self.has_focus
            else "Press tab, then the arrows change the shape of X."
        )

    def _say(self, note: str) -> None:
        self.query_one("#note", Static).update(note)


_FIELDS = ("rows", "columns", "seed")
