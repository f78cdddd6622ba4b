"""Lab: push scores until formulas break: naive and stable forms, float32 and float64."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.stability import (
    FORMS,
    PRECISIONS,
    Choice,
    Function,
    Kind,
    Result,
    exact,
    results,
)
from engine.labs.stability_breaks import Breaks, breaks
from engine.language import _
from engine.naming import Shown, number_text
from tui.columns import in_column, left, right
from tui.labs.base import Parts, following
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain, read_numbers

ROOM = (100, 34)
"""Columns and rows of the terminal from which the breaks of all functions are shown."""
_FORM_TITLES = {"naive": _("naive"), "stable": _("stable")}
_DIGITS = {"float32": 8, "float64": 13}
_WIDTHS = {"float32": 16, "float64": 22}
_ERROR = 10
_SUBSCRIPTS = "₁₂₃₄"

Found = tuple[
    dict[tuple[Function, str, str], Result], dict[Function, dict[tuple[str, str], Breaks]]
]


class StabilityLab(WritingLab):
    """Softmax, log-softmax, BCE and tanh, each in two forms and two precisions."""

    IS_WORDS = True
    HOW = _(
        "Press tab, then ⟨←|stability.left⟩ ⟨→|stability.right⟩ and ⟨↑|stability.up⟩ "
        "⟨↓|stability.down⟩ to push all scores."
    )
    KEYS = _(
        "⟨←|stability.left⟩ ⟨→|stability.right⟩ push by 1 · ⟨↑|stability.up⟩ ⟨↓|stability.down⟩ "
        "by 10 · ⟨f|stability.function⟩ function · ⟨c|stability.class⟩ class · "
        "⟨y|stability.label⟩ label · ⟨e|stability.write_scores⟩ edit"
    )

    KEEPS = ("choice", "function")
    BINDINGS = [
        Binding("right", "push(1)", "+1", id="stability.right", key_display="→",
                tooltip=_("Add 1 to every score")),
        Binding("left", "push(-1)", "−1", id="stability.left", key_display="←",
                tooltip=_("Subtract 1 from every score")),
        Binding("up", "push(10)", "+10", id="stability.up", key_display="↑",
                tooltip=_("Add 10 to every score")),
        Binding("down", "push(-10)", "−10", id="stability.down", key_display="↓",
                tooltip=_("Subtract 10 from every score")),
        Binding("f", "function", _("Function"), id="stability.function",
                tooltip=_("Show where the next function breaks")),
        Binding("c", "class", _("Class"), id="stability.class",
                tooltip=_("Show the probability of the next class")),
        Binding("y", "label", _("Label"), id="stability.label",
                tooltip=_("Change the label of the binary cross-entropy, 0 or 1")),
        Binding("e", "write_scores", _("Edit"), id="stability.write_scores",
                tooltip=_("Type 2 to 4 scores")),
        Binding("r", "reset", _("Reset"), id="stability.reset",
                tooltip=_("Go back to the scores 0 1 2")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    StabilityLab > #results, StabilityLab > #breaks { text-wrap: nowrap; }
    StabilityLab > #breaks { margin: 1 0 0 0; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.choice = Choice()
        self.function = Function.SOFTMAX
        """The function whose breaks are shown where there is no room for all."""
        self.found: Found | None = None

    def compose(self) -> ComposeResult:
        """The scores, all results, where they break, and the note."""
        yield Static(id="scores")
        yield Static(id="results")
        yield Static(id="breaks")
        yield from self.written_parts()

    def on_mount(self) -> None:
        """Compute the first results."""
        self._ask()

    def on_resize(self, event: events.Resize) -> None:
        """Show what the new size has room for."""
        self.show()

    # What the keys do

    def action_push(self, step: int) -> None:
        """Add `step` to all scores."""
        self._go(lambda: self.choice.pushed(step))

    def action_function(self) -> None:
        """Show the breaks of the next function."""
        self.function = following(self.function, Function)
        self.say("")
        self.show()

    def action_class(self) -> None:
        """Choose the next class."""
        self._go(self.choice.next_class)

    def action_label(self) -> None:
        """Choose the other label."""
        self._go(lambda: replace(self.choice, label=1 - self.choice.label))

    def action_write_scores(self) -> None:
        """Type all scores."""
        self.write(
            _("Type 2 to 4 scores, separated by spaces; expressions such as 3*ln(10) are allowed."),
            " ".join(map(plain, self.choice.scores)),
            lambda text: self._take(self.choice.with_scores(read_numbers(text))),
        )

    def action_reset(self) -> None:
        """Go back to the start."""
        self._go(Choice)

    # What is shown

    def _go(self, make: Callable[[], Choice]) -> None:
        self.change(lambda: self._take(make()))

    def _take(self, choice: Choice) -> None:
        self.choice, self.found = choice, None
        self._ask()

    def _ask(self) -> None:
        choice = self.choice
        self.compute(
            lambda: (results(choice), {one: breaks(one, choice) for one in Function}),
            lambda found: self._take_found(choice, found),
        )
        if self.found is None:
            self.show()

    def _take_found(self, choice: Choice, found: Found) -> None:
        if choice == self.choice:
            self.found = found
            self.show()

    def show(self) -> None:
        choice = self.choice
        k = choice.index
        scores = "  ".join(
            f"[bold]{number_text(score)}[/]" if place == k else number_text(score)
            for place, score in enumerate(choice.scores)
        )
        self.put(
            "scores",
            Content.from_markup(
                _(
                    "scores {scores} · class {number} of {count} · y = {label} · "
                    "BCE and tanh of score 1"
                ).format(scores=scores, number=k + 1, count=len(choice.scores), label=choice.label)
            ),
        )
        if self.found is None:
            self.put("results", _("computing …"))
            self.put("breaks", "")
            return
        self.put("results", self._results(self.found[0]))
        self.put("breaks", self._breaks(self.found[1]))

    @property
    def _has_room(self) -> bool:
        columns, rows = self.screen.size
        return columns >= ROOM[0] and rows >= ROOM[1]

    def _title(self, function: Function) -> str:
        names = {
            Function.SOFTMAX: f"p{_SUBSCRIPTS[self.choice.index]}",
            Function.LOG_SOFTMAX: f"ln p{_SUBSCRIPTS[self.choice.index]}",
        }
        return names.get(function, function.value)

    def _results(self, found: Mapping[tuple[Function, str, str], Result]) -> Content:
        """Each form in both precisions with its error, and the exact result where there is room."""
        room = self._has_room
        head = f"{'':<14}" + "".join(
            f"{precision:>{_WIDTHS[precision]}}" + right(_("error"), _ERROR)
            for precision in PRECISIONS
        )
        parts: Parts = [(head + (right(_("exact"), 22) if room else ""), "$foreground-muted")]
        rows = [(function, form) for function in Function for form in FORMS]
        columns = {
            precision: in_column(
                [value_text(found[*row, precision], precision) for row in rows], _WIDTHS[precision]
            )
            for precision in PRECISIONS
        }
        truths = in_column(
            [
                f"{Shown(exact(function, 'float64', self.choice)):.13g}"
                for function in (Function if room else ())
            ],
            22,
        )
        for place, (function, form) in enumerate(rows):
            title = self._title(function) if form == FORMS[0] else ""
            parts.append(f"\n{title:<8}{left(_FORM_TITLES[form], 6)}")
            for precision, texts in columns.items():
                result = found[function, form, precision]
                parts += [
                    (texts[place], "$text-error" if result.broken else ""),
                    right(error_text(result), _ERROR),
                ]
            if room and form == FORMS[0]:
                parts.append((truths[place // len(FORMS)], "$text-success"))
        return Content.assemble(*parts)

    def _breaks(self, found: Mapping[Function, Mapping[tuple[str, str], Breaks]]) -> Content:
        """The first score at which each form first gives 0, inf and nan."""
        functions = list(Function) if self._has_room else [self.function]
        head = left(_("first score that gives"), 23) + "".join(
            right(f"{way}: 0", 9) + "".join(f"{kind.value:>8}" for kind in list(Kind)[1:])
            for way in (_("up"), _("down"))
        )
        parts: Parts = [(head, "$foreground-muted")]
        for function in functions:
            for (form, precision), places in found[function].items():
                title = self._title(function) if (form, precision) == ("naive", "float32") else ""
                cells = "".join(
                    place_text(side.get(kind), 9 if kind is Kind.ZERO else 8)
                    for side in (places.up, places.down)
                    for kind in Kind
                )
                parts.append(f"\n{title:<8}{left(_FORM_TITLES[form], 7)}{precision:<8}{cells}")
        return Content.assemble(*parts)


def value_text(result: Result, precision: str) -> str:
    """A value as precisely as it was computed, with ✗ before one that is broken."""
    text = f"{Shown(result.value):.{_DIGITS[precision]}g}"
    return f"✗ {text}" if result.broken else text


def error_text(result: Result) -> str:
    """The error in ULPs: `0.5 ULP`."""
    if math.isnan(result.ulps):
        return "–"
    size = result.ulps
    return f"{size:.1f} ULP" if size < 1000 else f"{Shown(size):.0e} ULP"


def place_text(place: float | None, width: int) -> str:
    """Where something breaks, in its column; a dash where it never does."""
    return ("–" if place is None else f"{Shown(place):.2f}").rjust(width)


LAB = LabEntry(StabilityLab)
