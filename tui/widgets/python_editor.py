"""A text area with the colours of Python, without tree-sitter, which is not everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from rich.style import Style
from textual.theme import Theme
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from tui.theme_colour import theme_colour

_KINDS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "comment"), (String, "string"), (Number, "number"), (Keyword, "keyword"),
    (Name.Function, "definition"), (Name.Class, "definition"), (Name.Builtin, "builtin"),
)  # fmt: skip
_COLOURS = {
    "comment": "foreground-muted", "string": "success", "number": "warning",
    "keyword": "primary", "definition": "accent", "builtin": "primary",
}  # fmt: skip
"""The variables of the theme that colour each kind."""
THEME = "python"
MOST = 100_000
"""Characters of a file that is coloured at each key."""


def spans(text: str) -> Iterator[tuple[int, int, int, str]]:
    """What is coloured: row, first and last column in bytes of UTF-8, kind."""
    row = column = 0
    for token, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        kind = next((name for parent, name in _KINDS if token in parent), "")
        for place, part in enumerate(value.split("\n")):
            if place:
                row, column = row + 1, 0
            end = column + len(part.encode())
            if kind and part:
                yield row, column, end, kind
            column = end


class PythonEditor(TextArea):
    """Edits Python, in the colours of the app's theme."""

    def on_mount(self) -> None:
        """Take the colours, and take them again when the theme changes."""
        self._colour(self.app.current_theme)
        self.app.theme_changed_signal.subscribe(self, self._colour)

    def _colour(self, _theme: Theme) -> None:
        variables = self.app.theme_variables
        styles = {
            kind: Style(color=theme_colour(self.app, name).rich_color, bold=kind == "keyword")
            for kind, name in _COLOURS.items()
            if name in variables
        }
        self.register_theme(TextAreaTheme(THEME, syntax_styles=styles))
        if self.theme == THEME:
            self._set_theme(THEME)
        self.theme = THEME
        self._build_highlight_map()
        self.refresh()

    def _build_highlight_map(self) -> None:
        """Find the colours of the text as it is now; Textual calls this after each change."""
        self._line_cache.clear()
        self._highlights.clear()
        text = self.document.text
        if len(text) > MOST:
            return
        for row, start, end, kind in spans(text.replace("\r\n", "\n").replace("\r", "\n")):
            found = self._highlights[row]
            if found and found[-1][1:] == (
                start,
                kind,
            ):  # quotes, and what they hold
                start = found.pop()[0]
            found.append((start, end, kind))
