"""What says how often `tab` must be pressed to come to it, which depends on the focus."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.widget import Widget

_TAB = re.compile(r"\btab\b")


class NamesTab:
    """A part of a lesson that names `tab` while it has no focus; the screen counts for it."""

    tabs = 1
    """How often `tab` leads here from where the focus is."""

    def tell_tabs(self, count: int) -> None:
        """Say so from now on."""
        if count != self.tabs:
            self.tabs = count
            self.tabs_changed()

    def tabs_changed(self) -> None:
        """Show the hint anew."""
        raise NotImplementedError

    def reached(self) -> None:
        """The key that leads to what a step holds has focused this part."""

    def tabbed(self, text: str) -> str:
        """`text`, which names `tab` once, with the key as often as it is to be pressed."""
        return _TAB.sub(" ".join(["tab"] * self.tabs), text, count=1)


def count_tabs(chain: Sequence[Widget], focused: Widget | None) -> None:
    """Tell the parts of `chain`, which `tab` goes through, how far each is from the focus."""
    at = chain.index(focused) if focused in chain else -1
    told = set[NamesTab]()
    for place, widget in enumerate(chain):
        for part in widget.ancestors_with_self:
            if isinstance(part, NamesTab) and part not in told:
                told.add(part)  # with its first part that takes the focus
                if place != at:
                    part.tell_tabs((place - at) % len(chain) or len(chain))
