"""One unit of the playground opened: formula with numbers, gradient in three ways."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from engine.activations import activation
from engine.language import _
from engine.naming import Shown
from engine.playground.features import Array
from engine.playground.run import Run
from engine.playground.unit import Opened, Slopes, autograd, opened, slopes
from tui.background import in_background
from tui.screens.reading_screen import ScrollingScreen, scroll_keys
from tui.widgets.clickable import clickable

DIGITS = 4
_IN_A_LINE = 2
"""Terms of a sum that stand in one line, also where weights are negative."""


class UnitScreen(ScrollingScreen):
    """The numbers of one training sample at a time; the gradient is that of the whole loss."""

    BINDINGS = [
        Binding("escape,q,enter", "dismiss", _("Close"), id="playground_unit.close",
                tooltip=_("Close")),
        Binding("right,l", "sample(1)", _("Next sample"), id="playground_unit.next",
                tooltip=_("The next training sample")),
        Binding("left,h", "sample(-1)", _("Sample before"), id="playground_unit.previous",
                tooltip=_("The training sample before")),
        *scroll_keys("playground_unit"),
    ]  # fmt: skip

    VERTICAL_BREAKPOINTS = [(0, "-low"), (25, "-high")]

    DEFAULT_CSS = """
    UnitScreen { align: center middle; }
    UnitScreen > VerticalScroll {
        width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        border: round $primary; background: $surface;
        border-subtitle-color: $foreground-muted; scrollbar-size-vertical: 1;
    }
    UnitScreen.-low > VerticalScroll { padding: 1 2 0 2; }  /* or it would have to be scrolled */
    UnitScreen Static { height: auto; }
    UnitScreen Vertical { height: auto; }
    """

    def __init__(self, run: Run, layer: int, unit: int, sample: int = 0) -> None:
        super().__init__()
        self.run = run
        self.place, self.number, self.sample = layer, unit, sample
        self._slopes: Slopes = slopes(run, layer, unit)
        self._by_torch: Array | None = None
        self._failed = False

    def compose(self) -> ComposeResult:
        """The formula above the gradient."""
        with VerticalScroll(can_focus=False) as pane:
            pane.border_subtitle = clickable(
                [
                    ("⟨←|playground_unit.previous⟩", "", "screen.sample(-1)"),
                    ("⟨→|playground_unit.next⟩", _("another sample"), "screen.sample(1)"),
                    ("⟨esc|playground_unit.close⟩", _("close"), "screen.dismiss"),
                ]
            )
            with Vertical():
                yield Static(id="formula")
                yield Static(id="gradient")

    def on_mount(self) -> None:
        """Show what is known; torch takes seconds to import."""
        self._show()
        in_background(self, lambda: autograd(self.run), self._found, self._unknown)

    def _found(self, gradient: Array) -> None:
        self._by_torch = gradient
        self._show()

    def _unknown(self, _error: Exception) -> None:
        self._failed = True
        self._show()

    def action_sample(self, more: int) -> None:
        """Show another sample."""
        self.sample = (self.sample + more) % len(self.run.split.train.y)
        self._show()

    @property
    def _is_output(self) -> bool:
        return self.place == len(self.run.settings.layers)

    def _show(self) -> None:
        pane = self.query_one(VerticalScroll)
        if self._is_output:
            pane.border_title = _("The output")
        else:
            told = _("Hidden layer {layer}, unit {unit}")
            pane.border_title = told.format(layer=self.place + 1, unit=self.number + 1)
        one = opened(self.run, self.place, self.number, self.sample)
        self.query_one("#formula", Static).update(self._formula(one))
        self.query_one("#gradient", Static).update(self._gradient(one))

    def _formula(self, one: Opened) -> Content:
        x = self.run.split.train.x[self.sample]
        told = _("Sample {number} of {count}: x₁ = {x1}, x₂ = {x2}, y = {y}")
        parts: list[str | tuple[str, str]] = [
            (told.format(number=self.sample + 1, count=len(self.run.split.train.y),
                         x1=_text(x[0]), x2=_text(x[1]), y=_text(one.target)) + "\n\n",
             "$foreground-muted"),
            ("z", "bold"), " = ",
        ]  # fmt: skip
        for place, (value, weight) in enumerate(zip(one.inputs, one.weights, strict=True)):
            if place:
                parts.append("\n  + ")
            parts += [(_factor(weight), "$meaning-weight"), " · ",
                      (_factor(value), "$meaning-input")]  # fmt: skip
        parts += [_("\n  + {bias}  the bias").format(bias=_factor(one.bias)), "\n  = ",
                  (_text(one.z), "bold $meaning-computed"), "\n"]  # fmt: skip
        if self._is_output:
            if self.run.model.is_regression:
                parts += [_("The prediction is z itself."), "\n"]
                delta = "o − y"
            else:
                parts += [("p", "bold"), " = σ(z) = 1/(1 + e⁻ᶻ) = ",
                          (_text(one.a), "bold $meaning-computed"), "\n"]  # fmt: skip
                delta = "p − y"
            parts += [("δ", "bold"), f" = ∂L/∂z = {delta} = {_text(one.a)} − {_factor(one.target)}",
                      " = ",
                      (_text(one.delta), "bold $meaning-delta"), "\n"]  # fmt: skip
            return Content.assemble(*parts)
        function = activation(self.run.settings.activation)
        parts += [("a", "bold"), f" = {function.title}(z) = ",
                  (_text(one.a), "bold $meaning-computed"), "\n",
                  ("δ", "bold"), " = f′(z) · Σ w·δ"]  # fmt: skip
        lead = f"\n  = {_text(one.slope)} · ("
        for place, (weight, delta_of) in enumerate(one.onward):
            if place and place % _IN_A_LINE == 0:  # broken here, it goes on below its bracket
                lead = "\n" + " " * (len(lead) - 3) + "+ "
            parts += [" + " if place % _IN_A_LINE else lead, (_factor(weight), "$meaning-weight"),
                      "·", (_factor(delta_of), "$meaning-delta")]  # fmt: skip
        parts += [")\n  = ", (_text(one.delta), "bold $meaning-delta"), "\n"]
        return Content.assemble(*parts)

    def _gradient(self, one: Opened) -> Content:
        weights, bias = self.run.model.shape.places(self.place, self.number)
        by_torch = None
        if self._by_torch is not None:
            by_torch = [float(self._by_torch[place]) for place in (*weights, bias)]
        heads = (_("by hand"), _("autograd"), _("difference"))
        parts: list[str | tuple[str, str]] = [
            (_("Gradient of J: the mean loss of all training samples, with penalties"),
             "$foreground-muted"), "\n",
            (" " * 8 + "".join(f"{head:>14}" for head in (_("value"), *heads)), "bold"), "\n",
        ]  # fmt: skip
        names = [f"w{_sub(place + 1)}" for place in range(len(weights))] + ["b"]
        values = (*one.weights, one.bias)
        far = 0.0
        for place, (name, value) in enumerate(zip(names, values, strict=True)):
            hand, moved = self._slopes.by_hand[place], self._slopes.difference[place]
            torch_text = "…" if by_torch is None else _long(by_torch[place])
            if self._failed:
                torch_text = "–"
            parts += [(f"{name:<8}", "$meaning-weight"), f"{_text(value):>14}",
                      f"{_long(hand):>14}{torch_text:>14}{_long(moved):>14}", "\n"]  # fmt: skip
            others = [moved] + ([] if by_torch is None else [by_torch[place]])
            far = max(far, *(abs(hand - other) for other in others))
        told = _("At most {far} apart.").format(far=f"{Shown(far):.1e}")
        parts.append((told, "$success" if far < 1e-6 else "$text-warning"))
        return Content.assemble(*parts)


def _sub(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def _text(value: float) -> str:
    return f"{Shown(value):.{DIGITS}g}"


def _long(value: float) -> str:
    return f"{Shown(value):.8f}"


def _factor(value: float) -> str:
    text = _text(value)
    return f"({text})" if text.startswith("−") else text
