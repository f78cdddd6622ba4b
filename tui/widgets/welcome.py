"""What a learner reads at the very first start: what this is, what it needs, the keys."""

from __future__ import annotations

from engine.language import _
from tui.key_names import keyed
from tui.page.lines import GLUE, Ink, InkLine, Piece, wrap
from tui.widgets.lines_view import LinesView


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
        for key, name in (
            ("⟨enter|contents.open⟩", _("open")),
            ("⟨→|lesson.next⟩", _("next step")),
            ("⟨/|home.find⟩", _("find")),
            ("⟨?|app.help⟩", _("help")),
            ("⟨q|home.quit⟩", _("quit")),
        ):
            keys += [(keyed(key), Ink.STRONG), (f"{GLUE}{name}{GLUE}{GLUE} ", Ink.QUIET)]
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
                (keyed(_("Start here: press ⟨enter|contents.open⟩.")), Ink.STRONG),
            ],
            width,
        )
