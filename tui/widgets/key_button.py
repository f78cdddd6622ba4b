"""A button that names the key which does the same."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Button
from textual.widgets.button import ButtonVariant

from tui.widgets.coded import KEY_STYLE, with_keys


class KeyButton(Button):
    """One row high. Its key stands out in the hue of keys; on a filled ground, underlined."""

    def __init__(self, text: str, *, name: str, variant: ButtonVariant = "default") -> None:
        """`text` names the key by a mark; `name` is the id of the button."""
        super().__init__(with_keys(text), id=name, compact=True, variant=variant)
        self._text = text

    def render(self) -> Content:
        """The text as it stands on the ground that the button has now."""
        is_filled = self.has_focus or self.variant != "default"
        return with_keys(self._text, "underline" if is_filled else KEY_STYLE)
