"""The row of tabs: one for each pane, with the key that opens it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.key_names import keyed
from tui.widgets.clickable import key_at, lit

ENDS = "▐", "▌"
"""Both ends of the open tab, which show it without colour, too."""


def tabs(names: Mapping[str, str], active: str | None, width: int) -> dict[str, str]:
    """What stands on each tab, by key: ` 2 accuracy `, and of the open one `▐1 loss▌`.

    Where `width` cells do not hold everything, the tabs move together; then the names farthest from
    the open pane are left out, so that their keys alone remain.
    """
    keys = list(names)
    at = keys.index(active) if active is not None and active in names else 0
    for end in (" ", ""):
        labels = {key: f" {key} {name}{end}" for key, name in names.items()}
        if active is not None and active in names:
            labels[active] = f"{active} {names[active]}".join(ENDS)
        used = sum(map(cell_len, labels.values()))
        if used <= width:
            return labels
    for key in sorted(keys, key=lambda key: (-abs(keys.index(key) - at), -keys.index(key))):
        if used <= width or key == active:
            break
        used += cell_len(f" {key}") - cell_len(labels[key])
        labels[key] = f" {key}"
    return labels


def bar(names: Mapping[str, str], active: str | None, hint: str, width: int) -> Content:
    """The tabs in a row, then the hint, which names keys by marks, where there is room for it."""
    parts: list[tuple[str, str]] = []
    for key, text in tabs(names, active, width).items():
        if key == active:
            left, right = ENDS
            ground = "$block-cursor-background"
            words = text.removeprefix(left).removesuffix(right)
            parts += [(left, ground), (words, f"bold $block-cursor-foreground on {ground}")]
            parts += [(right, ground)]
        else:
            parts += [(f" {key}", "$text-accent"), (text.removeprefix(f" {key}"), "")]
    used, told = sum(cell_len(text) for text, _style in parts), lit(hint, words="$foreground-muted")
    if used + 2 + told.cell_length <= width:
        return Content.assemble(*parts, " " * (width - used - told.cell_length - 1), told)
    return Content.assemble(*parts)


class PaneBar(Widget):
    """Names of the panes with the keys that open them; a click opens one, or presses a key."""

    DEFAULT_CSS = """
    PaneBar { height: 1; text-wrap: nowrap; }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, hint: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._hint = hint
        """Names keys by marks."""
        self._names: dict[str, str] = {}
        self._active: str | None = None

    def show(self, names: Mapping[str, str], active: str | None) -> None:
        """Name the panes by their keys; `active` is the key of the open one, None where all are."""
        if (dict(names), active) != (self._names, self._active):
            self._names, self._active = dict(names), active
            self.refresh()

    @property
    def content(self) -> Content:
        """The row as shown."""
        return bar(self._names, self._active, self._hint, self.content_size.width)

    def render(self) -> Content:
        """The row, as much of it as there is room for."""
        return self.content

    def on_click(self, event: events.Click) -> None:
        """Open the pane whose tab is under the mouse, or press the key of the hint there.

        The second click of a double one would take back what the first one did.
        """
        event.stop()
        if event.chain > 1:
            return
        inside = event.get_content_offset(self)
        end = 0
        for key, text in tabs(self._names, self._active, self.content_size.width).items():
            end += cell_len(text)
            if inside is not None and inside.x < end:
                self.post_message(self.Chosen(key))
                return
        begin = self.content_size.width - cell_len(keyed(self._hint)) - 1
        if inside is not None and end < begin <= inside.x:
            key = key_at(self._hint, inside.x - begin)
            if key:
                self.app.simulate_key(key)
