"""The row that lists the panes and shows which one is open."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget


def bar(names: Mapping[str, str], active: str | None, hint: str, width: int) -> Content:
    """`[1 loss]  2 accuracy …`: the panes by their keys, the open one in brackets.

    Where `width` cells do not hold everything, the hint goes first; then the names that are
    farthest from the open pane, so that their keys alone are left.
    """
    keys = list(names)
    labels = {key: f" {key} {name} " for key, name in names.items()}
    at = 0
    if active is not None and active in names:
        at = keys.index(active)
        labels[active] = f"[{active} {names[active]}]"
    used = sum(map(cell_len, labels.values()))
    hint = f" {hint}" if used + 1 + cell_len(hint) <= width else ""
    for key in sorted(keys, key=lambda key: (-abs(keys.index(key) - at), -keys.index(key))):
        if used <= width or key == active:
            break
        used += cell_len(f" {key} ") - cell_len(labels[key])
        labels[key] = f" {key} "
    parts = [(text, "bold $text-accent" if key == active else "") for key, text in labels.items()]
    return Content.assemble(*parts, (hint, "$text-muted"))


class PaneBar(Widget):
    """Names of the panes with the keys that open them."""

    DEFAULT_CSS = """
    PaneBar { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, hint: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._hint = hint
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
