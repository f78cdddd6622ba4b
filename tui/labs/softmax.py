"""Lab: scores to probabilities; a temperature, an added constant, the Jacobian in two ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.softmax import (
    SAMPLES,
    Autograd,
    Choice,
    Matrix,
    Vector,
    answer,
    by_autograd,
    largest_difference,
)
from engine.language import _
from engine.naming import compact_text, number_text
from tui.columns import at_point, fixed, left, right
from tui.labs.base import Parts
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain, read_number, read_numbers
from tui.math import cell_width
from tui.widgets.bars import bar
from tui.widgets.gradient_table import tiny_text

STEP = 0.5
"""How far one key press moves a score."""
TOLERANCE = 1e-12
"""How far apart two correct Jacobians may be, relative to the largest entry."""
WIDE = 100
"""Width of the lab from which the Jacobians have room for more digits."""


class SoftmaxLab(WritingLab):
    """The probabilities of 2 to 4 classes as bars, and how each changes with each score."""

    IS_WORDS = True
    WORDS = 104
    HOW = _(
        "Press tab, then ⟨↑|softmax.previous⟩ ⟨↓|softmax.next⟩ to choose a class and "
        "⟨←|softmax.score_down⟩ ⟨→|softmax.score_up⟩ to change its score."
    )
    KEYS = _(
        "⟨↑|softmax.previous⟩ ⟨↓|softmax.next⟩ class · ⟨←|softmax.score_down⟩ "
        "⟨→|softmax.score_up⟩ score · ⟨+|softmax.constant_up⟩ ⟨-|softmax.constant_down⟩ c · "
        "⟨,|softmax.colder⟩ ⟨.|softmax.warmer⟩ T · ⟨n|softmax.sample⟩ sample · "
        "⟨e|softmax.write_score⟩ ⟨a|softmax.write_scores⟩ ⟨c|softmax.write_constant⟩ "
        "⟨w|softmax.write_temperature⟩ edit"
    )

    KEEPS = ("choice", "marked", "answer")
    BINDINGS = [
        Binding("right", "score(1)", _("Score +"), id="softmax.score_up", key_display="→",
                tooltip=_("Increase the marked score by 0.5")),
        Binding("left", "score(-1)", _("Score −"), id="softmax.score_down", key_display="←",
                tooltip=_("Decrease the marked score by 0.5")),
        Binding("down", "mark(1)", _("Class"), id="softmax.next", key_display="↓",
                tooltip=_("Mark the next class")),
        Binding("up", "mark(-1)", _("Class"), id="softmax.previous", key_display="↑", show=False,
                tooltip=_("Mark the previous class")),
        Binding("plus,equals_sign", "constant(1)", _("c +"), id="softmax.constant_up",
                key_display="+", tooltip=_("Increase the constant c by 1")),
        Binding("minus", "constant(-1)", _("c −"), id="softmax.constant_down", key_display="-",
                tooltip=_("Decrease the constant c by 1")),
        Binding("full_stop", "temperature(2)", _("Warmer"), id="softmax.warmer", key_display=".",
                tooltip=_("Double the temperature: the scores matter less")),
        Binding("comma", "temperature(0.5)", _("Colder"), id="softmax.colder", key_display=",",
                tooltip=_("Halve the temperature: the scores matter more")),
        Binding("n", "sample", _("Sample"), id="softmax.sample",
                tooltip=_("Use the scores of the other sample")),
        Binding("e", "write_score", _("Edit"), id="softmax.write_score",
                tooltip=_("Type the marked score")),
        Binding("a", "write_scores", _("All"), id="softmax.write_scores",
                tooltip=_("Type all scores, 2 to 4 of them")),
        Binding("c", "write_constant", "c", id="softmax.write_constant",
                tooltip=_("Type the constant that is added to every score")),
        Binding("w", "write_temperature", "T", id="softmax.write_temperature",
                tooltip=_("Type the temperature")),
        Binding("r", "reset", _("Reset"), id="softmax.reset",
                tooltip=_("Go back to the scores of the first sample")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    SoftmaxLab > #jacobians { margin: 1 0 0 0; }
    SoftmaxLab > #shares, SoftmaxLab > #jacobians { text-wrap: nowrap; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.choice = Choice()
        self.marked = 0
        """The class whose score the keys change, counted from 0."""
        self.answer = answer(self.choice)
        self.autograd: Autograd | None = None
        """The results of torch for the same choice, once they are computed."""

    def compose(self) -> ComposeResult:
        """The choice, the bars, both Jacobians and the verdict."""
        yield Static(id="chosen", markup=False)
        yield Static(id="shares")
        yield Static(id="sums", markup=False)
        yield Static(id="jacobians")
        yield Static(id="verdict")
        yield from self.written_parts()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the bars and the digits to the new width."""
        self._show_shares()
        self._show_jacobians()

    # What the keys do

    def action_score(self, direction: int) -> None:
        """Change the marked score; rounded, so that steps back undo steps exactly."""
        moved = round(self.choice.scores[self.marked] + direction * STEP, 10)
        self._go(lambda: self.choice.with_score(self.marked, moved))

    def action_mark(self, direction: int) -> None:
        """Mark another class."""
        self.marked = (self.marked + direction) % len(self.choice.scores)
        self.say("")
        self._show_shares()

    def action_constant(self, direction: int) -> None:
        """Change the constant that is added to every score."""
        self._go(lambda: replace(self.choice, constant=round(self.choice.constant + direction, 10)))

    def action_temperature(self, factor: float) -> None:
        """Raise or lower the temperature."""
        self._go(lambda: replace(self.choice, temperature=self.choice.temperature * factor))

    def action_sample(self) -> None:
        """Use the scores of the next sample; after other scores, those of the first."""
        place = SAMPLES.index(self.choice.scores) if self.choice.scores in SAMPLES else -1
        self._go(lambda: replace(self.choice, scores=SAMPLES[(place + 1) % len(SAMPLES)]))

    def action_write_score(self) -> None:
        """Type the marked score."""
        place = self.marked
        self.write(
            _("Type the score of class {number}: a number, or an expression such as ln(3).").format(
                number=place + 1
            ),
            plain(self.choice.scores[place]),
            lambda text: self._take(self.choice.with_score(place, read_number(text))),
        )

    def action_write_scores(self) -> None:
        """Type all scores."""
        self.write(
            _("Type 2 to 4 scores, separated by spaces."),
            " ".join(map(plain, self.choice.scores)),
            lambda text: self._take(replace(self.choice, scores=read_numbers(text))),
        )

    def action_write_constant(self) -> None:
        """Type c."""
        self.write(
            _("Type the number that is added to every score."),
            plain(self.choice.constant),
            lambda text: self._take(replace(self.choice, constant=read_number(text))),
        )

    def action_write_temperature(self) -> None:
        """Write T."""
        self.write(
            _("Type the temperature, a number above 0: the scores are divided by it."),
            plain(self.choice.temperature),
            lambda text: self._take(replace(self.choice, temperature=read_number(text))),
        )

    def action_reset(self) -> None:
        """Go back to the start."""
        self.marked = 0
        self._go(Choice)

    # What is shown

    def _go(self, make: Callable[[], Choice]) -> None:
        self.change(lambda: self._take(make()))

    def _take(self, choice: Choice) -> None:
        self.choice, self.answer, self.autograd = choice, answer(choice), None
        self.marked = min(self.marked, len(choice.scores) - 1)
        self.show()

    def show(self) -> None:
        choice = self.choice
        self._show_shares()
        self.compute(lambda: by_autograd(choice), lambda found: self._found(choice, found))
        if self.autograd is None:
            self._show_jacobians()

    def _found(self, choice: Choice, autograd: Autograd) -> None:
        if choice == self.choice:
            self.autograd = autograd
            self._show_jacobians()

    def _show_shares(self) -> None:
        choice, found = self.choice, self.answer
        known = choice.scores in SAMPLES
        name = _("your scores")
        if known:
            number = SAMPLES.index(choice.scores) + 1
            name = _("sample {number} of {count}").format(number=number, count=len(SAMPLES))
        self.put(
            "chosen",
            _(
                "{name} · c = {constant} added to every score · temperature T = {temperature}"
            ).format(
                name=name,
                constant=number_text(choice.constant),
                temperature=number_text(choice.temperature),
            ),
        )
        head = right(_("class"), 7) + right(_("score z"), 10) + f"{'(z + c)/T':>12}{'p':>13}"
        parts: Parts = [(head, "$foreground-muted")]
        room = max(8, self.room - 45)
        scores, logits = at_point(choice.scores, 10), at_point(found.logits, 12)
        for place, share in enumerate(found.probabilities):
            lead = "▶" if place == self.marked else " "
            text = f"\n{lead} {place + 1:>5}{scores[place]}{logits[place]}{share:>13.9f}  "
            parts += [
                (text, "bold" if place == self.marked else ""),
                (bar(share, room).rstrip(), "$text-primary"),
            ]
        self.put("shares", Content.assemble(*parts))
        self.put(
            "sums",
            right(_("sum"), 7)
            + f"{'':>22}{sum(found.probabilities):>13.9f}   "
            + (
                _("c changes p by ≤ {shift}").format(shift=tiny_text(found.shift))
                if found.shift
                else _("c does not change p")
            ),
        )

    def _show_jacobians(self) -> None:
        autograd, found = self.autograd, self.answer
        size = len(found.probabilities)
        empty: Matrix = ((float("nan"),) * size,) * size
        digits = 7 if self.room >= WIDE else 4
        over_t = "" if self.choice.temperature == 1 else "/T"
        lefts = table(found.jacobian, f"∂pᵢ/∂zⱼ = pᵢ(δᵢⱼ − pⱼ){over_t}", found.column_sums, digits)
        rights = table(
            autograd.jacobian if autograd else empty,
            _("by autograd"),
            autograd.sum_gradient if autograd else (float("nan"),) * size,
            digits,
        )
        leads = ["", *(f"i = {i + 1}" for i in range(size)), _("sum")]
        lines = [
            f"{left(lead, 6)}{formula}  {autograd_row}".rstrip()
            for lead, formula, autograd_row in zip(leads, lefts, rights, strict=True)
        ]
        self.put(
            "jacobians",
            Content.assemble(("\n".join(lines[:-1]) + "\n"), (lines[-1], "$foreground-muted")),
        )
        self.put("verdict", self._verdict())

    def _verdict(self) -> Content:
        if self.autograd is None:
            return Content(_("computing by autograd …"))
        difference = largest_difference(self.answer.jacobian, self.autograd.jacobian)
        largest = max(abs(entry) for row in self.answer.jacobian for entry in row)
        agrees = difference <= TOLERANCE * max(largest, 1.0)
        gradient = " ".join(compact_text(one, 8) for one in self.autograd.sum_gradient)
        compared = (
            _("largest difference [bold]$difference[/]  [$text-success]✓ rounding only[/]")
            if agrees
            else _("largest difference [bold]$difference[/]  [$text-error]✗ more than rounding[/]")
        )
        return Content("\n").join(
            (
                Content.from_markup(compared, difference=tiny_text(difference)),
                Content.from_markup(
                    _("p.sum().backward() gives [bold]$gradient[/]"), gradient=gradient
                ),
            )
        )


def table(matrix: Matrix, title: str, sums: Vector, digits: int) -> list[str]:
    """A title, the rows and the sums of the columns, all of the same width."""
    cell = digits + 4
    width = max(cell_width(title), cell * len(sums))
    rows = ["".join(entry(value, digits).rjust(cell) for value in row) for row in (*matrix, sums)]
    return [left(line, width) for line in (right(title, cell * len(sums)), *rows)]


def entry(value: float, digits: int) -> str:
    """An entry: `0.1094`; `0` or `≈0`, at its place before the point, where no digit would be seen.

    Before the entries are computed, `…` stands for each.
    """
    if math.isnan(value):
        return "…"
    if abs(value) < 0.5 * 10**-digits:
        return ("≈0" if value else "0") + " " * (digits + 1)
    return fixed(value, digits if abs(value) < 10 else digits - 1, digits + 4).strip()


LAB = LabEntry(SoftmaxLab)
