"""Lab: derivatives by a matrix: formula, autograd and central differences, for any small shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.matrix_calculus import (
    FUNCTIONS,
    LARGEST_SEED,
    Answer,
    Choice,
    Rows,
    compute,
)
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab

WIDE = 110
"""Columns of the lab from which all three results stand side by side."""
_NUMBERS = ("rows", "columns", "seed")


def block(title: str, matrix: Rows, digits: int, height: int) -> list[str]:
    """A title and the rows below it, all equally wide, `height` rows high."""
    texts = [[f"{entry:.{digits}f}".replace("-", "−") for entry in row] for row in matrix]
    width = max(len(text) for row in texts for text in row)
    lines = ["[ " + " ".join(text.rjust(width) for text in row) + " ]" for row in texts]
    lines += [""] * (height - len(lines))
    full = max(len(title), *(len(line) for line in lines))
    return [line.ljust(full) for line in [title, *lines]]


def beside(blocks: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Blocks of the same height, one beside the other."""
    return "\n".join((" " * gap).join(parts).rstrip() for parts in zip(*blocks, strict=True))


class MatrixCalculusLab(WritingLab):
    """Chooses a function, the shape of X and the random numbers; its gradient three ways."""

    HOW = "Press tab, then the arrows change the shape of X."
    KEYS = "↑ ↓ rows · ← → columns · f function · v view · n new · p bits · e write"

    BINDINGS = [
        Binding("f", "function", "Function", id="matrix.function",
                tooltip="The next function of X: tr(AXBX), tr(AX), xᵀAx, ‖AX − B‖²"),
        Binding("down", "shape(1, 0)", "Row +", id="matrix.more_rows", key_display="↓",
                tooltip="Give X one row more"),
        Binding("up", "shape(-1, 0)", "Row −", id="matrix.fewer_rows", key_display="↑",
                tooltip="Give X one row less"),
        Binding("right", "shape(0, 1)", "Column +", id="matrix.more_columns", key_display="→",
                tooltip="Give X one column more"),
        Binding("left", "shape(0, -1)", "Column −", id="matrix.fewer_columns", key_display="←",
                tooltip="Give X one column less"),
        Binding("v", "view", "View", id="matrix.view",
                tooltip="Show autograd or central differences beside the formula"),
        Binding("n", "seed", "New numbers", id="matrix.seed",
                tooltip="Other random numbers for A and B: the next seed"),
        Binding("p", "precision", "Precision", id="matrix.precision",
                tooltip="Compute with 64 or with 32 bits a number"),
        Binding("e", "edit", "Write", id="matrix.edit",
                tooltip="Write rows, columns and seed as numbers"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    MatrixCalculusLab > #given, MatrixCalculusLab > #results {
        margin: 1 0 0 0;
        text-wrap: nowrap;
    }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.answer: Answer | None = None
        self.shows_central = False
        self.choice = Choice()
        try:
            start = [options.get(name, str(getattr(self.choice, name))) for name in _NUMBERS]
            function = options.get("function", self.choice.function)
            self.choice = replace(self.choice.read(" ".join(start)), function=function)
        except UserError as error:
            self.trouble = str(error)

    def compose(self) -> ComposeResult:
        """What is chosen, the matrices, the gradients, whether they agree, what can be done."""
        yield Static(id="chosen", markup=False)
        yield Static(id="given", markup=False)
        yield Static(id="results", markup=False)
        yield Static(id="verdict")
        yield from self.written_parts()

    def on_mount(self) -> None:
        """Compute the first choice."""
        self._compute()

    def on_resize(self, event: events.Resize) -> None:
        """Where there is room, all three results are shown."""
        self.show()

    def action_function(self) -> None:
        """Another function of X."""
        self.change(lambda: self._take_choice(self.choice.next_function()))

    def action_shape(self, rows: int, columns: int) -> None:
        """Another shape of X."""
        old = self.choice

        def take() -> None:
            if columns and old.function == "quadratic":
                raise UserError("x is a vector: it has one column. ↑ and ↓ change its rows.")
            self._take_choice(replace(old, rows=old.rows + rows, columns=old.columns + columns))

        self.change(take)

    def action_view(self) -> None:
        """The other result beside the formula."""
        self.shows_central = not self.shows_central
        self.show()

    def action_seed(self) -> None:
        """Other random numbers."""
        seed = (self.choice.seed + 1) % (LARGEST_SEED + 1)
        self.change(lambda: self._take_choice(replace(self.choice, seed=seed)))

    def action_precision(self) -> None:
        """64 or 32 bits."""
        other = "float32" if self.choice.precision == "float64" else "float64"
        self.change(lambda: self._take_choice(replace(self.choice, precision=other)))

    def action_edit(self) -> None:
        """Ask for rows, columns and seed."""
        old = f"{self.choice.rows} {self.choice.columns} {self.choice.seed}"
        self.write(
            "Write rows, columns and seed, like 3 4 0.",
            old,
            lambda text: self._take_choice(self.choice.read(text)),
        )

    def _take_choice(self, choice: Choice) -> None:
        self.choice, self.trouble = choice, ""
        self._compute()

    def _compute(self) -> None:
        """All three; the first time on a thread, where torch is imported."""
        choice = self.choice
        self._show_choice()
        if self.answer is None:
            self.put("given", "computing; loading PyTorch takes seconds …")
        self.compute(lambda: compute(choice), self._computed)

    def _computed(self, answer: Answer) -> None:
        if answer.choice == self.choice:
            self.answer = answer
            self.show()

    def _show_choice(self) -> None:
        choice = self.choice
        function = FUNCTIONS[choice.function]
        (name, (rows, columns)), *others = choice.shapes.items()
        shapes = ", ".join(f"{other} {r} × {c}" for other, (r, c) in others)
        self.put(
            "chosen",
            f"f = {function.text}   ∂f/∂{name} = {function.derivative}\n"
            f"{name} {rows} × {columns} holds 0 … {rows * columns - 1} · {shapes} random, seed "
            f"{choice.seed} · {choice.precision}",
        )

    def show(self) -> None:
        """The matrices and the gradients, as far as they are computed."""
        answer = self.answer
        if answer is None:
            return
        function = FUNCTIONS[answer.choice.function]
        height = max(rows for rows, _ in answer.choice.shapes.values())
        self.put(
            "given",
            beside(
                [
                    block(name, matrix, 0 if name == function.variable else 3, height)
                    for name, matrix in answer.matrices.items()
                ]
            ),
        )
        results = {
            function.derivative: answer.formula,
            "by autograd": answer.autograd,
            "by central differences": answer.central,
        }
        if self.content_size.width < WIDE:
            del results["by autograd" if self.shows_central else "by central differences"]
        rows = len(answer.formula)
        self.put(
            "results", beside([block(title, matrix, 3, rows) for title, matrix in results.items()])
        )
        self.put(
            "verdict",
            Content.assemble(
                f"f = {answer.value:.6g} · largest distance from the formula:\n".replace("-", "−"),
                *_verdict("autograd", answer.autograd_apart, answer.autograd_agrees),
                " · ",
                *_verdict("central differences", answer.central_apart, answer.central_agrees),
            ),
        )


def _verdict(name: str, apart: float, agrees: bool) -> tuple[str | tuple[str, str], ...]:
    sign = ("✓ rounding", "$text-success") if agrees else ("✗ more than rounding", "$text-error")
    return f"{name} ", (f"{apart:.2e}", "bold"), " ", sign


LAB = LabEntry(
    MatrixCalculusLab,
    options={
        "function": "the function of X to begin with, such as trace_axbx",
        "rows": "rows of X",
        "columns": "columns of X",
        "seed": "of the random matrices",
    },
)
