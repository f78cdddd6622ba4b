"""The features of the playground, each to be switched on or off."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from engine.language import _
from engine.playground.features import FEATURES
from tui.widgets.drawn_text import DrawnText


class FeaturePicker(DrawnText, can_focus=True):
    """A row of names; those that are on carry a mark."""

    BINDINGS = [
        Binding("left", "move(-1)", _("Feature ←"), id="play_features.left", show=False,
                tooltip=_("The feature before")),
        Binding("right", "move(1)", _("Feature →"), id="play_features.right", show=False,
                tooltip=_("The next feature")),
        Binding("space", "switch", _("On or off"), id="play_features.switch",
                tooltip=_("Switch the feature on or off")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    FeaturePicker { height: 1; width: 1fr; }
    """

    class Said(Message):
        """Why the feature was not switched; empty once one was."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, chosen: tuple[str, ...]) -> None:
        super().__init__(id="features")
        self._on = {*chosen}
        self._at = 0

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are on, in their usual order."""
        return tuple(name for name in FEATURES if name in self._on)

    def _parts(self) -> Iterator[tuple[str, str]]:
        for name, feature in FEATURES.items():
            yield name, f"{'●' if name in self._on else '○'}{feature.title}"

    def action_move(self, right: int) -> None:
        """Go to another feature."""
        self._at = (self._at + right) % len(FEATURES)
        self.refresh()

    def action_switch(self) -> None:
        """Switch the feature; the last one that is on stays."""
        name = [*FEATURES][self._at]
        if self._on == {name}:
            told = _("The network needs one feature at least. Switch another one on first.")
            self.post_message(self.Said(told))
        else:
            self._on ^= {name}
            self.post_message(self.Said(""))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Switch a feature by mouse."""
        at = event.get_content_offset(self)
        x = 0
        for place, (_name, text) in enumerate(self._parts()):
            if at is not None and x <= at.x < x + len(text):
                self._at = place
                self.action_switch()
            x += len(text) + 2

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        segments = []
        for place, (_name, text) in enumerate(self._parts()):
            here = self.has_focus and place == self._at
            segments += [Segment(text, base + Style(reverse=here)), Segment("  ", base)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_focus(self) -> None:
        """Show where the keys act."""
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
