"""Lab: derivatives with respect to a matrix, by formula, autograd and central differences."""

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
from engine.language import _
from engine.naming import Shown
from tui.columns import left
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab
from tui.math import cell_width
from tui.widgets.gradient_table import tiny_text

WIDE = 110
"""Width of the lab from which all three results are shown side by side."""
_NUMBERS = ("rows", "columns", "seed")


def block(title: str, matrix: Rows, digits: int, height: int) -> list[str]:
    """A title and `height` rows below it, all of the same width."""
    texts = [[f"{Shown(entry):.{digits}f}" for entry in row] for row in matrix]
    width = max(len(text) for row in texts for text in row)
    lines = ["[ " + " ".join(text.rjust(width) for text in row) + " ]" for row in texts]
    lines += [""] * (height - len(lines))
    full = max(map(cell_width, [title, *lines]))
    return [left(line, full) for line in [title, *lines]]


def beside(blocks: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Blocks of the same height, side by side."""
    return "\n".join((" " * gap).join(parts).rstrip() for parts in zip(*blocks, strict=True))


class MatrixCalculusLab(WritingLab):
    """A function, the shape of X and random numbers to choose; the gradient in three ways."""

    IS_WORDS = True
    WORDS = 112
    HOW = _(
        "Press tab, then ⟨→|matrix.function⟩ for the next function; ⟨↑|matrix.fewer_rows⟩ "
        "⟨↓|matrix.more_rows⟩ ⟨+|matrix.more_columns⟩ ⟨−|matrix.fewer_columns⟩ change the shape "
        "of X."
    )
    KEYS = _(
        "⟨→|matrix.function⟩ ⟨←|matrix.function_before⟩ function · ⟨↑|matrix.fewer_rows⟩ "
        "⟨↓|matrix.more_rows⟩ rows · ⟨+|matrix.more_columns⟩ ⟨−|matrix.fewer_columns⟩ columns · "
        "⟨v|matrix.view⟩ view · ⟨n|matrix.seed⟩ new · ⟨p|matrix.precision⟩ bits · "
        "⟨e|matrix.edit⟩ edit"
    )

    KEEPS = ("choice", "shows_central")
    BINDINGS = [
        Binding("right,f", "function(1)", _("Function"), id="matrix.function", key_display="→",
                tooltip=_("Show the next function of X: tr(AXBX), tr(AX), xᵀAx, ‖AX − B‖²")),
        Binding("left", "function(-1)", _("Back"), id="matrix.function_before", key_display="←",
                tooltip=_("Show the function before")),
        Binding("down", "shape(1, 0)", _("Row +"), id="matrix.more_rows", key_display="↓",
                tooltip=_("Add a row to X")),
        Binding("up", "shape(-1, 0)", _("Row −"), id="matrix.fewer_rows", key_display="↑",
                tooltip=_("Remove a row from X")),
        Binding("plus,equals_sign", "shape(0, 1)", _("Column +"), id="matrix.more_columns",
                key_display="+", tooltip=_("Add a column to X")),
        Binding("minus", "shape(0, -1)", _("Column −"), id="matrix.fewer_columns", key_display="−",
                tooltip=_("Remove a column from X")),
        Binding("v", "view", _("View"), id="matrix.view",
                tooltip=_("Show autograd or central differences next to the formula")),
        Binding("n", "seed", _("New numbers"), id="matrix.seed",
                tooltip=_("Draw new random numbers for A and B, with the next seed")),
        Binding("p", "precision", _("Precision"), id="matrix.precision",
                tooltip=_("Compute in 64 or in 32 bits")),
        Binding("e", "edit", _("Edit"), id="matrix.edit",
                tooltip=_("Type rows, columns and seed as numbers")),
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
        """The choice, the matrices, the gradients, whether they agree, and the note."""
        yield Static(id="chosen", markup=False)
        yield Static(id="given", markup=False)
        yield Static(id="results", markup=False)
        yield Static(id="verdict")
        yield from self.written_parts()

    def on_mount(self) -> None:
        """Compute the first choice."""
        self._compute()

    def on_resize(self, event: events.Resize) -> None:
        """Show all three results where there is room."""
        self.show()

    def action_function(self, direction: int) -> None:
        """Choose the next function of X, or the one before."""
        self.change(lambda: self._take_choice(self.choice.next_function(direction)))

    def action_shape(self, rows: int, columns: int) -> None:
        """Choose another shape of X."""
        old = self.choice

        def take() -> None:
            if columns and old.function == "quadratic":
                raise UserError(
                    _(
                        "x is a vector: it has one column. ⟨↑|matrix.fewer_rows⟩ and "
                        "⟨↓|matrix.more_rows⟩ change the number of rows."
                    )
                )
            self._take_choice(replace(old, rows=old.rows + rows, columns=old.columns + columns))

        self.change(take)

    def action_view(self) -> None:
        """Show the other result next to the formula."""
        self.shows_central = not self.shows_central
        self.show()

    def action_seed(self) -> None:
        """Draw other random numbers."""
        seed = (self.choice.seed + 1) % (LARGEST_SEED + 1)
        self.change(lambda: self._take_choice(replace(self.choice, seed=seed)))

    def action_precision(self) -> None:
        """Switch between 64 and 32 bits."""
        other = "float32" if self.choice.precision == "float64" else "float64"
        self.change(lambda: self._take_choice(replace(self.choice, precision=other)))

    def action_edit(self) -> None:
        """Ask for rows, columns and seed."""
        old = f"{self.choice.rows} {self.choice.columns} {self.choice.seed}"
        self.write(
            _("Type rows, columns and seed, for example 3 4 0."),
            old,
            lambda text: self._take_choice(self.choice.read(text)),
        )

    def _take_choice(self, choice: Choice) -> None:
        self.choice, self.trouble = choice, ""
        self._compute()

    def _compute(self) -> None:
        """Compute all three; the first time on a thread, where torch is imported."""
        choice = self.choice
        self._show_choice()
        if self.answer is None:
            self.put("given", _("computing; loading PyTorch takes a few seconds …"))
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
        entries = _(
            "{name} {rows} × {columns} holds 0 … {last} · {shapes} random, seed {seed} · "
            "{precision}"
        ).format(
            name=name,
            rows=rows,
            columns=columns,
            last=rows * columns - 1,
            shapes=shapes,
            seed=choice.seed,
            precision=choice.precision,
        )
        self.put("chosen", f"f = {function.text}   ∂f/∂{name} = {function.derivative}\n{entries}")

    def show(self) -> None:
        """Show the matrices and the gradients, once they are computed."""
        answer = self.answer
        if answer is None:
            return
        function = FUNCTIONS[answer.choice.function]
        height = max(rows for rows, _columns in answer.choice.shapes.values())
        self.put(
            "given",
            beside(
                [
                    block(name, matrix, 0 if name == function.variable else 3, height)
                    for name, matrix in answer.matrices.items()
                ]
            ),
        )
        autograd = (_("by autograd"), answer.autograd)
        central = (_("by central differences"), answer.central)
        others = [autograd, central]
        if self.room < WIDE:
            others = [central if self.shows_central else autograd]
        results = [(function.derivative, answer.formula), *others]
        rows = len(answer.formula)
        self.put("results", beside([block(title, matrix, 3, rows) for title, matrix in results]))
        self.put(
            "verdict",
            Content.assemble(
                _("f = {value} · largest difference from the formula:").format(
                    value=f"{Shown(answer.value):.6g}"
                ),
                "\n",
                *_verdict(_("autograd"), answer.autograd_apart, answer.autograd_agrees),
                " · ",
                *_verdict(_("central differences"), answer.central_apart, answer.central_agrees),
            ),
        )


def _verdict(name: str, apart: float, agrees: bool) -> tuple[str | tuple[str, str], ...]:
    sign = (
        ("✓ " + _("rounding"), "$text-success")
        if agrees
        else ("✗ " + _("more than rounding"), "$text-error")
    )
    return f"{name} ", (tiny_text(apart), "bold"), " ", sign


LAB = LabEntry(
    MatrixCalculusLab,
    options={
        "function": "the function of X to start with, such as trace_axbx",
        "rows": "the number of rows of X",
        "columns": "the number of columns of X",
        "seed": "the seed of the random matrices",
    },
)
