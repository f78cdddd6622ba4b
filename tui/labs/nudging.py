"""Lab: nudge a weight of the worked network, and follow the change to the loss, link by link."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.nudging import MOST, SIZES, WEIGHTS, Link, Nudge, product
from engine.language import _
from engine.naming import Shown
from tui.columns import left, right
from tui.labs.base import Lab, Parts
from tui.labs.registry import LabEntry
from tui.widgets.coded import coded
from tui.widgets.operation_formula import pretty

HUES = {"w": "$meaning-weight", "z": "$meaning-computed", "o": "$meaning-computed",
        "E": "$meaning-loss"}  # fmt: skip
"""The colour of a value by the first letter of its symbol."""


def signed(value: float) -> str:
    """A change with nine decimals and its sign."""
    return f"{Shown(value):+.9f}"


def ratio_text(value: float | None) -> str:
    """A ratio with six decimals; a dash where nothing has moved."""
    return "–" if value is None else f"{Shown(value):z.6f}"


class NudgingLab(Lab):
    """One weight, and what its nudge does on every way to the loss."""

    IS_WORDS = True
    WORDS = 72
    HOW = _("Press tab, then ⟨→|nudging.up⟩ to nudge the weight.")
    KEYS = _(
        "⟨←|nudging.down⟩ ⟨→|nudging.up⟩ nudge · ⟨↓|nudging.smaller⟩ ⟨↑|nudging.larger⟩ smaller, "
        "larger nudges · ⟨n|nudging.weight⟩ next weight · ⟨r|nudging.reset⟩ reset"
    )

    KEEPS = ("state",)
    BINDINGS = [
        Binding("right", "nudge(1)", _("Nudge up"), id="nudging.up", key_display="→",
                tooltip=_("Make the weight a little larger")),
        Binding("left", "nudge(-1)", _("Nudge down"), id="nudging.down", key_display="←",
                tooltip=_("Make the weight a little smaller")),
        Binding("down", "size(1)", _("Smaller"), id="nudging.smaller", key_display="↓",
                tooltip=_("Make each nudge ten times smaller")),
        Binding("up", "size(-1)", _("Larger"), id="nudging.larger", key_display="↑",
                tooltip=_("Make each nudge ten times larger")),
        Binding("n", "next_weight", _("Weight"), id="nudging.weight",
                tooltip=_("Nudge the next weight: {weights}").format(
                    weights=", ".join(map(pretty, WEIGHTS)))),
        Binding("r", "reset", _("Reset"), id="nudging.reset",
                tooltip=_("Go back to the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    NudgingLab { height: auto; min-height: 13; }
    NudgingLab > #sums { margin: 1 0 0 0; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        weight = options.get("weight", WEIGHTS[0])
        if weight not in WEIGHTS:
            self.trouble = f"The lab has no weight {weight!r}. It has {', '.join(WEIGHTS)}."
            weight = WEIGHTS[0]
        self.begun = self.state = Nudge(weight)

    def compose(self) -> ComposeResult:
        """What moved, the links of each way, the products, the note."""
        yield Static(id="moved")
        yield Static(id="links")
        yield Static(id="sums")
        yield Static(id="note")

    def action_nudge(self, direction: int) -> None:
        """Move the weight by one nudge."""
        moved = self.state.by(direction)
        if moved == self.state:
            text = _("Here it ends: at most {most} nudges in one direction.")
            self.say(text.format(most=MOST))
            return
        self._take(moved)

    def action_size(self, finer: int) -> None:
        """Make each nudge ten times smaller or larger."""
        sized = self.state.sized(finer)
        if sized == self.state:
            text = _("A nudge is from {low:g} to {high:g}.")
            self.say(text.format(low=SIZES[-1], high=SIZES[0]))
            return
        self._take(sized)

    def action_next_weight(self) -> None:
        """Nudge the next weight."""
        self._take(self.state.next_weight())

    def action_reset(self) -> None:
        """Go back to the start."""
        self._take(self.begun)

    def _take(self, state: Nudge) -> None:
        self.state, self.trouble = state, ""
        self.show()
        self.say("")

    def show(self) -> None:
        state = self.state
        text = _("{weight} moved by {moved} · one nudge is {size:g}")
        moved = text.format(weight=pretty(state.weight), moved=f"{Shown(state.moved):+.4g}",
                            size=SIZES[state.size])  # fmt: skip
        self.put("moved", Content.styled(moved, "bold"))
        self.put("links", self._links())
        self.put("sums", self._sums())

    def _links(self) -> Content:
        head = left("", 7) + right(_("before"), 9) + right(_("now"), 10)
        head += right(_("change"), 14) + "  " + _("divided by the one before")
        parts: Parts = [(head, "$foreground-muted")]
        shown: set[str] = set()
        for way in self.state.ways:
            for link in way:
                if link.symbol not in shown:
                    shown.add(link.symbol)
                    parts += self._row(link)
        if len(self.state.ways) > 1:
            parts += self._row(self.state.loss, plain=True)
        return Content.assemble(*parts)

    @staticmethod
    def _row(link: Link, *, plain: bool = False) -> Parts:
        parts: Parts = ["\n", (left(pretty(link.symbol), 7), f"bold {HUES[link.symbol[0]]}")]
        parts.append(f"{link.before:9.6f} {link.after:9.6f} {right(signed(link.change), 13)}")
        if link.source and not plain:
            name = f"  Δ{pretty(link.symbol)} ÷ Δ{pretty(link.source)}"
            parts += [(left(name, 18), "$foreground-muted"), right(ratio_text(link.ratio), 10)]
        return parts

    def _sums(self) -> Content:
        state = self.state
        if not state.count:
            return coded(
                _("Nothing has moved yet. Press ⟨→|nudging.up⟩ and see what moves with the weight.")
            )
        parts: Parts = []
        for way in state.ways:
            factors = " · ".join(ratio_text(link.ratio) for link in reversed(way) if link.source)
            name = _("over {unit}").format(unit=pretty(way[-1].symbol[2:]))
            parts += [left(name, 9), factors, " = ", (ratio_text(product(way)), "bold"), "\n"]
        if len(state.ways) > 1:
            products = " + ".join(f"({ratio_text(product(way))})" for way in state.ways)
            total = ratio_text(sum(map(product, state.ways)))
            parts += [left(_("together"), 9), products, " = ", (total, "bold"), "\n"]
        change = _("ΔE ÷ Δ{weight} = {ratio}").format(
            weight=pretty(state.weight), ratio=ratio_text(state.loss.ratio)
        )
        slope = _("∂E/∂{weight}, for the smallest of nudges: {slope}").format(
            weight=pretty(state.weight), slope=ratio_text(state.slope)
        )
        parts += [(change, "bold $meaning-loss"), f"   {slope}"]
        return Content.assemble(*parts)


LAB = LabEntry(
    NudgingLab,
    options={"weight": "the weight to start with: w5, w7, w1 or w4"},
)
