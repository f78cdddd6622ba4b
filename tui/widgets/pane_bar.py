"""The row that lists the panes and shows which one is open."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


def bar(names: Sequence[str], active: int | None, hint: str) -> Content:
    """`[1 loss]  2 accuracy …`: the open pane in brackets, counted from 0."""
    parts: list[tuple[str, str]] = []
    for index, name in enumerate(names):
        label = f"{index + 1} {name}"
        if index == active:
            parts.append((f"[{label}]", "bold $text-accent"))
        else:
            parts.append((f" {label} ", ""))
    return Content.assemble(*parts, (f" {hint}", "$text-muted"))


class PaneBar(Static):
    """Names of the panes with the digits that open them."""

    DEFAULT_CSS = """
    PaneBar { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, hint: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__("", id=id)
        self._hint = hint
        self._key: tuple[tuple[str, ...], int | None] | None = None

    def show(self, names: Sequence[str], active: int | None) -> None:
        """Name the panes; `active` is the open one, None where all are."""
        key = (tuple(names), active)
        if key != self._key:
            self._key = key
            self.update(bar(names, active, self._hint))
