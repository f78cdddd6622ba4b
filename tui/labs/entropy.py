"""Lab: change two distributions, and see entropy, cross entropy and both divergences follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.entropy import Answer, State, answer
from engine.language import _
from tui.columns import left
from tui.labs.asking import AskingLab
from tui.labs.base import Parts
from tui.labs.registry import LabEntry
from tui.widgets.bars import bar

STEP = 0.05
"""Change of a probability per key press."""
SHARE_BAR = 20
"""Width of the bar of a probability of 1, in cells."""
SUM_BAR = 40
"""Width of the bar of the largest quantity, in cells."""


def number(value: float) -> str:
    """Six decimals, or ∞."""
    return "∞".rjust(8) if math.isinf(value) else f"{value:z8.6f}"


def quantities(found: Answer) -> list[tuple[str, str, float]]:
    """Symbol, name and value of each row of the lower part."""
    return [
        ("H(p)", _("entropy of p"), found.entropy_p),
        ("H(q)", _("entropy of q"), found.entropy_q),
        ("H(p, q)", _("cross entropy"), found.cross),
        ("D(p ∥ q)", _("divergence"), found.forward),
        ("D(q ∥ p)", _("divergence"), found.backward),
    ]


def split_bar(found: Answer, whole: float, width: int) -> str:
    """The bar of H(p, q): solid cells for H(p), shaded ones for D(p ∥ q)."""
    if math.isinf(found.cross):
        return "▒" * (width - 1) + "▶"
    solid = round(found.entropy_p / whole * width)
    return "█" * solid + "▒" * (round(found.cross / whole * width) - solid)


class EntropyLab(AskingLab):
    """Two distributions over 2 to 5 outcomes, as bars and numbers."""

    IS_WORDS = True
    WORDS = 104
    HOW = _(
        "Press tab, then ⟨↑|entropy.up⟩ ⟨↓|entropy.down⟩ to pick an outcome and ⟨←|entropy.less⟩ "
        "⟨→|entropy.more⟩ to change its probability."
    )
    KEYS = _(
        "⟨↑|entropy.up⟩ ⟨↓|entropy.down⟩ outcome · ⟨←|entropy.less⟩ ⟨→|entropy.more⟩ change · "
        "⟨s|entropy.switch⟩ p or q · ⟨o|entropy.one_hot⟩ one-hot · ⟨u|entropy.uniform⟩ uniform · "
        "⟨m|entropy.match⟩ match · ⟨+|entropy.add⟩ ⟨−|entropy.remove⟩ outcomes · "
        "⟨e|entropy.edit⟩ edit · ⟨r|entropy.reset⟩ reset"
    )

    KEEPS = ("state",)
    BINDINGS = [
        Binding("right", "bend(1)", _("Raise"), id="entropy.more", key_display="→",
                tooltip=_("Raise the selected probability by 0.05; the others shrink")),
        Binding("left", "bend(-1)", _("Lower"), id="entropy.less", key_display="←",
                tooltip=_("Lower the selected probability by 0.05; the others grow")),
        Binding("down", "choose(1)", _("Outcome"), id="entropy.down", key_display="↓",
                show=False, tooltip=_("Select the next outcome")),
        Binding("up", "choose(-1)", _("Outcome"), id="entropy.up", key_display="↑",
                show=False, tooltip=_("Select the previous outcome")),
        Binding("s", "switch", _("p or q"), id="entropy.switch",
                tooltip=_("Change the other distribution")),
        Binding("o", "one_hot", _("One-hot"), id="entropy.one_hot",
                tooltip=_("Give the selected outcome probability 1")),
        Binding("u", "uniform", _("Uniform"), id="entropy.uniform",
                tooltip=_("Make all outcomes equally likely")),
        Binding("m", "match", _("Match"), id="entropy.match",
                tooltip=_("Make the chosen distribution equal to the other one")),
        Binding("plus", "resize(1)", _("Outcome +"), id="entropy.add", key_display="+",
                show=False, tooltip=_("Add an outcome, up to 5")),
        Binding("minus", "resize(-1)", _("Outcome −"), id="entropy.remove", key_display="−",
                show=False, tooltip=_("Remove an outcome, down to 2")),
        Binding("e", "edit", _("Edit"), id="entropy.edit",
                tooltip=_("Type the chosen distribution; it is scaled to add up to 1")),
        Binding("r", "reset", _("Reset"), id="entropy.reset",
                tooltip=_("Go back to the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    EntropyLab { height: auto; min-height: 16; }
    EntropyLab > #sums { margin: 1 0 0 0; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.state = State()
        side = options.get("side", "q")
        if side in ("p", "q"):
            self.state = State(side=side)
        else:
            self.trouble = f"The lab has no side {side!r}. Choose p or q."
        self.begun = self.state

    def compose(self) -> ComposeResult:
        """Both distributions, the quantities, the note."""
        yield Static(id="shares")
        yield Static(id="sums")
        yield Static(id="split")
        yield from self.asking()

    def action_bend(self, direction: int) -> None:
        """Change the selected probability."""
        self._go(
            lambda: self.state.bend(direction * STEP),
            _("A probability stays between 0 and 1: this one is at the limit."),
        )

    def action_choose(self, direction: int) -> None:
        """Select another outcome; the selection stops at the ends."""
        place = self.state.index + direction
        if 0 <= place < len(self.state.p):
            state = self.state
            self._go(lambda: State(state.p, state.q, state.side, place))

    def action_switch(self) -> None:
        """Change the other distribution from now on."""
        state = self.state
        other = "p" if state.side == "q" else "q"
        self._go(lambda: State(state.p, state.q, other, state.index))

    def action_one_hot(self) -> None:
        """Give the selected outcome probability 1."""
        self._go(self.state.one_hot, _("This outcome already has probability 1."))

    def action_uniform(self) -> None:
        """Make all outcomes equally likely."""
        self._go(self.state.uniform, _("All outcomes are already equally likely."))

    def action_match(self) -> None:
        """Make the chosen distribution equal to the other one."""
        self._go(self.state.copied, _("p and q are already equal."))

    def action_resize(self, by: int) -> None:
        """Add or remove an outcome, in both distributions."""
        self._go(lambda: self.state.resized(by))

    def action_edit(self) -> None:
        """Ask for the chosen distribution."""
        shares = " ".join(f"{share:.6g}" for share in self.state.shares)
        self.ask(
            _(
                "Type {count} numbers for {side}; they are divided by their sum. enter sets "
                "them, ⟨escape|values.cancel⟩ keeps the old ones."
            ).format(count=len(self.state.p), side=self.state.side),
            shares,
            self._written,
        )

    def action_reset(self) -> None:
        """Go back to the start."""
        self._go(lambda: self.begun, _("This is already the start."))

    def _written(self, text: str) -> None:
        self.state = self.state.written(text)
        self.trouble = ""
        self.show()

    def _go(self, change: Callable[[], State], unchanged: str = "") -> None:
        """Show the result of `change`; if it is refused or the same state, say why."""
        try:
            state = change()
        except UserError as error:
            self.say(str(error))
            return
        self.trouble = ""
        if state == self.state and unchanged:
            self.say(unchanged)
            return
        self.state = state
        self.say("")
        self.show()

    def show(self) -> None:
        """Both distributions and the quantities."""
        found = answer(self.state)
        self.put("shares", self._shares())
        self.put("sums", _sums(found))
        self.put("split", _split(found))

    def _shares(self) -> Content:
        state = self.state
        parts: Parts = [left(_("outcome"), 8)]
        for side, name in (("p", _("the truth")), ("q", _("the model"))):
            chosen = _("◀ keys change this") if side == state.side else ""
            heading = f"{side} {name} {chosen}"
            parts.append(
                (
                    left(heading, 33) if side == "p" else heading,
                    "bold" if side == state.side else "",
                )
            )
        for index, (p, q) in enumerate(zip(state.p, state.q, strict=True)):
            parts.append(f"\n{index + 1:>5}   ")
            for side, share, role in (("p", p, "$text-success"), ("q", q, "$text-primary")):
                marked = side == state.side and index == state.index
                parts.append(("▶" if marked else " ", "$text-warning"))
                parts.append((f"{share:.6f} ", "bold" if marked else ""))
                parts.append((bar(share, SHARE_BAR), role))
                parts.append("   " if side == "p" else "")
        return Content.assemble(*parts)


def _sums(found: Answer) -> Content:
    """The quantities with their bars, all on one scale."""
    rows = quantities(found)
    finite = [value for *_names, value in rows if math.isfinite(value)]
    whole = max(*finite, 1e-9)
    roles = ("$text-success", "$text-primary", "$text-warning", "$text-error", "$text-error")
    parts: Parts = [_("in nats; ▶ marks a bar that has no end")]
    for place, ((symbol, name, value), role) in enumerate(zip(rows, roles, strict=True)):
        parts += [f"\n{symbol:<8} {left(name, 14)}", (number(value), "bold"), " "]
        if place == 2:
            drawn = split_bar(found, whole, SUM_BAR)
        elif math.isinf(value):
            drawn = "█" * (SUM_BAR - 1) + "▶"
        else:
            drawn = bar(value / whole, SUM_BAR) if value > 1e-12 else ""
        parts.append((drawn.rstrip(), role))
    return Content.assemble(*parts)


def _split(found: Answer) -> Content:
    """The identity that the lesson derives, with numbers."""
    if math.isinf(found.cross):
        return Content(_("H(p, q) is infinite: the model gives 0 to an outcome that can happen."))
    words = f"H(p, q) = H(p) + D(p ∥ q) = {found.entropy_p:.6f} + {found.forward:.6f}"
    if found.entropy_p <= 1e-12:
        words += "   " + _("p is one-hot: H(p) = 0")
    elif found.forward <= 1e-12:
        words += "   q = p: D = 0"
    return Content(words)


LAB = LabEntry(EntropyLab, options={"side": "the distribution to start with: p or q"})
