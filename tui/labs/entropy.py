"""Lab: bend two distributions, and see entropy, cross entropy and both divergences move."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.entropy import Answer, State, answer
from tui.labs.asking import AskingLab
from tui.labs.base import Parts
from tui.labs.registry import LabEntry
from tui.widgets.bars import bar

STEP = 0.05
"""How far one key press bends a probability."""
SHARE_BAR = 20
"""Columns of a probability of 1."""
SUM_BAR = 40
"""Columns of the largest of the quantities."""


def number(value: float) -> str:
    """Six decimals, or ∞."""
    return "∞".rjust(8) if math.isinf(value) else f"{value:z8.6f}"


def quantities(found: Answer) -> list[tuple[str, float]]:
    """The rows of the lower part."""
    return [
        ("H(p)     entropy of p", found.entropy_p),
        ("H(q)     entropy of q", found.entropy_q),
        ("H(p, q)  cross entropy", found.cross),
        ("D(p ∥ q) divergence", found.forward),
        ("D(q ∥ p) divergence", found.backward),
    ]


def split_bar(found: Answer, whole: float, width: int) -> str:
    """The bar of H(p, q): full cells for H(p), and shaded ones for what D(p ∥ q) adds."""
    if math.isinf(found.cross):
        return "▒" * (width - 1) + "▶"
    solid = round(found.entropy_p / whole * width)
    return "█" * solid + "▒" * (round(found.cross / whole * width) - solid)


class EntropyLab(AskingLab):
    """Two distributions over 2 to 5 outcomes, as bars and numbers."""

    HOW = "Press tab, then ↑ ↓ choose an outcome and ← → bend its probability."
    KEYS = (
        "↑ ↓ outcome · ← → bend · s p or q · o one-hot · u uniform · m match · "
        "+ − outcomes · e write · r reset"
    )

    BINDINGS = [
        Binding("right", "bend(1)", "Bend +", id="entropy.more", key_display="→",
                tooltip="Make the marked probability larger by 0.05; the others shrink"),
        Binding("left", "bend(-1)", "Bend −", id="entropy.less", key_display="←",
                tooltip="Make the marked probability smaller by 0.05; the others grow"),
        Binding("down", "choose(1)", "Outcome", id="entropy.down", key_display="↓", show=False,
                tooltip="Mark the next outcome"),
        Binding("up", "choose(-1)", "Outcome", id="entropy.up", key_display="↑", show=False,
                tooltip="Mark the outcome before"),
        Binding("s", "switch", "p or q", id="entropy.switch",
                tooltip="Bend the other distribution"),
        Binding("o", "one_hot", "One-hot", id="entropy.one_hot",
                tooltip="Make the marked outcome certain"),
        Binding("u", "uniform", "Uniform", id="entropy.uniform",
                tooltip="Make all outcomes alike"),
        Binding("m", "match", "Match", id="entropy.match",
                tooltip="Make the chosen distribution equal to the other"),
        Binding("plus", "resize(1)", "Outcome +", id="entropy.add", key_display="+", show=False,
                tooltip="One outcome more, up to 5"),
        Binding("minus", "resize(-1)", "Outcome −", id="entropy.remove", key_display="−",
                show=False, tooltip="One outcome less, down to 2"),
        Binding("e", "edit", "Write", id="entropy.edit",
                tooltip="Write the chosen distribution; it is made to add up to 1"),
        Binding("r", "reset", "Reset", id="entropy.reset",
                tooltip="Go back to the start"),
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
            self.trouble = f"The lab has no side {side!r}: it is p or q."
        self.begun = self.state

    def compose(self) -> ComposeResult:
        """Both distributions, the quantities, the note."""
        yield Static(id="shares")
        yield Static(id="sums")
        yield Static(id="split")
        yield from self.asking()

    def action_bend(self, direction: int) -> None:
        """Bend the marked probability."""
        self._go(
            lambda: self.state.bend(direction * STEP),
            "A probability stays from 0 to 1: this one is there.",
        )

    def action_choose(self, direction: int) -> None:
        """Mark another outcome; at the ends it stays."""
        place = self.state.index + direction
        if 0 <= place < len(self.state.p):
            state = self.state
            self._go(lambda: State(state.p, state.q, state.side, place))

    def action_switch(self) -> None:
        """Bend the other distribution."""
        state = self.state
        other = "p" if state.side == "q" else "q"
        self._go(lambda: State(state.p, state.q, other, state.index))

    def action_one_hot(self) -> None:
        """Make the marked outcome certain."""
        self._go(self.state.one_hot, "It is certain already.")

    def action_uniform(self) -> None:
        """Make all outcomes alike."""
        self._go(self.state.uniform, "They are alike already.")

    def action_match(self) -> None:
        """Make the chosen side equal to the other."""
        self._go(self.state.copied, "p and q are equal already.")

    def action_resize(self, by: int) -> None:
        """One outcome more or less, on both sides."""
        self._go(lambda: self.state.resized(by))

    def action_edit(self) -> None:
        """Write the chosen distribution."""
        shares = " ".join(f"{share:.6g}" for share in self.state.shares)
        self.ask(
            f"Write {len(self.state.p)} numbers for {self.state.side}; they are divided by their "
            "sum. enter takes them, escape keeps the old ones.",
            shares,
            self._written,
        )

    def action_reset(self) -> None:
        """Back to the start."""
        self._go(lambda: self.begun, "This is the start already.")

    def _written(self, text: str) -> None:
        self.state = self.state.written(text)
        self.trouble = ""
        self.show()

    def _go(self, change: Callable[[], State], unchanged: str = "") -> None:
        """Show what `change` makes; where it refuses or changes nothing, say why."""
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
        parts: Parts = ["outcome "]
        for side in ("p", "q"):
            chosen = "◀ keys bend this one" if side == state.side else ""
            heading = f"{side} {'the truth' if side == 'p' else 'the model'} {chosen}"
            parts.append(
                (
                    heading.ljust(33) if side == "p" else heading,
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
    """The quantities with bars on one scale."""
    rows = quantities(found)
    finite = [value for _, value in rows if math.isfinite(value)]
    whole = max(*finite, 1e-9)
    roles = ("$text-success", "$text-primary", "$text-warning", "$text-error", "$text-error")
    parts: Parts = ["in nats; ∞ where a bar has no end"]
    for place, ((name, value), role) in enumerate(zip(rows, roles, strict=True)):
        parts += [f"\n{name:<23}", (number(value), "bold"), " "]
        if place == 2:
            drawn = split_bar(found, whole, SUM_BAR)
        elif math.isinf(value):
            drawn = "█" * (SUM_BAR - 1) + "▶"
        else:
            drawn = bar(value / whole, SUM_BAR) if value > 1e-12 else ""
        parts.append((drawn.rstrip(), role))
    return Content.assemble(*parts)


def _split(found: Answer) -> Content:
    """The sum that the lesson derives, with its numbers."""
    if math.isinf(found.cross):
        return Content("H(p, q) is infinite: the model says 0 for something that does happen.")
    words = f"H(p, q) = H(p) + D(p ∥ q) = {found.entropy_p:.6f} + {found.forward:.6f}"
    if found.entropy_p <= 1e-12:
        words += "   p is one-hot: H(p) = 0"
    elif found.forward <= 1e-12:
        words += "   q = p: D = 0"
    return Content(words)


LAB = LabEntry(EntropyLab, options={"side": "what the keys bend first: p or q"})
