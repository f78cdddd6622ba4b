"""What a learner reads at the very first start: what this is, what it needs, the keys."""

from __future__ import annotations

from textual import events

from engine.language import _
from tui.key_names import MARK, keyed, pressed_key
from tui.page.hints import hint_pieces
from tui.page.lines import GLUE, Ink, InkLine, Piece, line_text, wrap
from tui.widgets.lines_view import LinesView

_KEYS = (
    ("⟨enter|contents.open⟩", _("open")),
    ("⟨→|lesson.next⟩", _("next step")),
    ("⟨/|home.find⟩", _("find")),
    ("⟨?|app.help⟩", _("help")),
    ("⟨q|home.quit⟩", _("quit")),
)


class Welcome(LinesView):
    """Four lines above the contents, until the first lesson was opened."""

    DEFAULT_CSS = """
    Welcome {
        border: round $accent;
        padding: 0 1;
        margin: 0 1;
        height: auto;
    }
    """

    def lines(self, width: int) -> list[InkLine]:
        keys: list[Piece] = []
        for key, name in _KEYS:
            keys += [*hint_pieces(key), (f"{GLUE}{name}{GLUE}{GLUE} ", Ink.QUIET)]
        texts = (
            _("A course in the fundamentals of deep learning. Every number is computed here, "
              "every derivation is proved, and what you read is what runs."),
            _("You need school algebra and a little Python. The rest is explained."),
        )  # fmt: skip
        lines = [line for text in texts for line in wrap([(text, Ink.PLAIN)], width)]
        lines += wrap(keys, width)
        return lines + wrap(
            [
                ("▸ ", Ink.LESSON_MARK),
                *hint_pieces(_("Start here: press ⟨enter|contents.open⟩."), Ink.STRONG),
            ],
            width,
        )

    def on_click(self, event: events.Click) -> None:
        """A click on a key, beside what it does, presses it; one on the last line starts."""
        inside = event.get_content_offset(self)
        lines = [line_text(line) for line in self._lines(self.content_size.width)]
        if inside is None or inside.y >= len(lines):
            return
        event.stop()
        row, last = lines[inside.y], inside.y == len(lines) - 1
        for marked, name in _KEYS:
            shown = f"{keyed(marked)} {name}"
            start = row.find(shown)
            held = 0 <= start <= inside.x < start + len(shown)
            if held or last:
                mark = MARK.match(marked)
                self.app.simulate_key(pressed_key(mark[2], mark[1]) if mark else "")
                return
