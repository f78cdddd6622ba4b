"""Lab: move z along an activation function, and see its tangent and its slope go along."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.tangent import HIGH, LOW, NAMES, Touch
from engine.language import _
from engine.naming import Shown
from lessons.format.drawings import Curve, Hue, Line
from tui.figures.registry import draw
from tui.labs.base import Lab
from tui.labs.registry import LabEntry
from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView

ROWS = 14
"""Rows of the curve and of its slope at least: with the text of the lab they fit 24 rows."""
SHARE = 0.4
"""The share of a taller screen that they take."""


def curve_of(touch: Touch) -> Curve:
    """The function above its slope, with the tangent."""
    return Curve(
        (Line("f(z)", touch.value_at),),
        LOW,
        HIGH,
        "z",
        tangent=touch.z,
        slope=Line(_("slope"), touch.slope_at, Hue.DELTA),
    )


class TangentView(LinesView):
    """Draws the curve as wide as the lab."""

    def __init__(self, touch: Touch) -> None:
        super().__init__()
        self.touch = touch

    def lines(self, width: int) -> list[InkLine]:
        """The curve above its slope, with the numbers of the tangent."""
        lab = self.parent
        if isinstance(lab, Lab) and lab.is_maximized:
            rows = lab.content_size.height - 2  # above and below it there is a line of words
        else:
            rows = int(SHARE * self.screen.size.height)
        return draw(curve_of(self.touch), width, max(ROWS, rows))

    def on_resize(self, event: events.Resize) -> None:
        """Draw anew: the rows depend on more than the width."""
        self.relay()


class TangentLab(Lab):
    """A curve above its slope, and one z that moves on both."""

    HOW = _("Press tab, then ⟨←|tangent.left⟩ ⟨→|tangent.right⟩ to move z.")
    KEYS = _(
        "⟨←|tangent.left⟩ ⟨→|tangent.right⟩ move z · ⟨n|tangent.function⟩ next function · "
        "⟨r|tangent.reset⟩ reset"
    )

    KEEPS = ("touch",)
    BINDINGS = [
        Binding("right", "move(1)", "z +", id="tangent.right", key_display="→",
                tooltip=_("Move z to the right by 0.25")),
        Binding("left", "move(-1)", "z −", id="tangent.left", key_display="←",
                tooltip=_("Move z to the left by 0.25")),
        Binding("n", "next_function", _("Function"), id="tangent.function",
                tooltip=_("Show the next function at the same z")),
        Binding("r", "reset", _("Reset"), id="tangent.reset",
                tooltip=_("Go back to the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    TangentLab { height: auto; min-height: 16; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        name = options.get("function", NAMES[0])
        if name not in NAMES:
            self.trouble = f"The lab has no function {name!r}. It has {', '.join(NAMES)}."
            name = NAMES[0]
        self.begun = self.touch = Touch(name)

    def compose(self) -> ComposeResult:
        """What the function is called, the curves, the note."""
        yield Static(id="function")
        yield TangentView(self.touch)
        yield Static(id="note")

    def action_move(self, direction: int) -> None:
        """Move z by one step."""
        moved = self.touch.moved(direction)
        if moved == self.touch:
            text = _("Here the curve ends: z is from {low:g} to {high:g}.")
            self.say(text.format(low=LOW, high=HIGH))
            return
        self._take(moved)

    def action_next_function(self) -> None:
        """Show the next function."""
        self._take(self.touch.following())

    def action_reset(self) -> None:
        """Go back to the start."""
        self._take(self.begun)

    def _take(self, touch: Touch) -> None:
        self.touch, self.trouble = touch, ""
        self.show()
        self.say("")

    def show(self) -> None:
        """The name of the function, and what the slope does to a delta here."""
        text = _("{function} · here a delta of 1 comes back as {slope}").format(
            function=self.touch.title, slope=f"{Shown(self.touch.slope):z.4f}"
        )
        self.put("function", Content.styled(text, "bold"))
        view = self.query_one(TangentView)
        view.touch = self.touch
        view.relay()


LAB = LabEntry(
    TangentLab,
    options={"function": "the function to start with, such as sigmoid, tanh or relu"},
)
