"""The options of a question as rows: chosen with the arrows, by letter or with a click."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.message import Message

from engine.language import _
from lessons.format.document import Text
from lessons.judge.verdicts import LETTERS
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.page.prose import pieces
from tui.widgets.lines_view import LinesView


class ChoiceRows(LinesView, can_focus=True):
    """One row per option. Letters choose at once; the arrows move, `enter` chooses.

    The arrows to the left and right are left to the lesson, so that it can be walked on from here.
    """

    BINDINGS = [
        Binding("down,j", "move(1)", _("Select"), id="options.down", key_display="↑↓",
                tooltip=_("Select the next option")),
        Binding("up,k", "move(-1)", _("Up"), id="options.up", show=False,
                tooltip=_("Select the previous option")),
        Binding("enter,space", "choose", _("Answer"), id="options.choose",
                tooltip=_("Answer with the selected option; its letter does the same")),
    ]  # fmt: skip

    class Chosen(Message):
        """An option was chosen."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    def __init__(self, texts: Sequence[Text]) -> None:
        """`texts` are the options in the order in which they are shown."""
        super().__init__(classes="options")
        self.texts = tuple(texts)
        self.at = 0
        """The selected option."""
        self.marks: dict[int, bool] = {}
        """The options that were taken, and whether each was right."""
        self.taken: int | None = None
        """The option that was taken where none is right or wrong yet."""
        self._rows: list[int] = []
        """The option that each line on the screen belongs to."""

    @property
    def letters(self) -> str:
        """The letters that choose an option."""
        return LETTERS[: len(self.texts)]

    def mark(self, letter: str, *, right: bool) -> None:
        """Remember that an option was taken."""
        if letter in self.letters and letter:
            self.at = self.letters.index(letter)
            self.marks[self.at] = right
            self.relay()

    def take(self, letter: str) -> None:
        """Mark an option as taken, neither right nor wrong."""
        if letter in self.letters and letter:
            self.at = self.taken = self.letters.index(letter)
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        lines: list[InkLine] = []
        self._rows = []
        for place, text in enumerate(self.texts):
            selected = place == self.taken or (place == self.at and self.has_focus)
            sign: list[Piece] = [("▸ ", Ink.LESSON_MARK)] if selected else []
            if place in self.marks:
                sign = [("✓ ", Ink.GOOD) if self.marks[place] else ("✗ ", Ink.BAD)]
            letter: Piece = (f"{LETTERS[place]} ", Ink.LESSON_MARK if selected else Ink.QUIET)
            found = pieces(text)
            if selected:
                found = [(t, Ink.STRONG if ink is Ink.PLAIN else ink) for t, ink in found]
            # Without a sign, its columns stay free: no letter moves when another is selected.
            wrapped = wrap([*sign, letter, *found], width, 0 if sign else 2, 4)
            self._rows += [place] * len(wrapped)
            lines += wrapped
        return lines

    def on_focus(self) -> None:
        """Show the selection."""
        self.relay()

    def on_blur(self) -> None:
        """Hide the selection."""
        self.relay()

    def on_key(self, event: events.Key) -> None:
        """A letter answers, once the options are in view: it may have been meant for the page."""
        letter = (event.character or "").lower()
        if letter and letter in self.letters:
            event.stop()
            event.prevent_default()
            if not self._comes_into_view():
                self._take(letter)

    def on_click(self, event: events.Click) -> None:
        """A click on a row answers."""
        if 0 <= event.y < len(self._rows):
            event.stop()
            self.focus()
            self._take(LETTERS[self._rows[event.y]])

    def action_move(self, by: int) -> None:
        """Select another option, wrapping around; where none is in view, show them first."""
        if self._comes_into_view():
            return
        self.at = (self.at + by) % len(self.texts)
        self.relay()

    def action_choose(self) -> None:
        """Answer with the selected option, once it is in view."""
        if self._comes_into_view():
            return
        self._take(LETTERS[self.at])

    def _comes_into_view(self) -> bool:
        """Whether nobody could see the options: then the page is scrolled to them."""
        if self.screen.can_view_partial(self):
            return False
        self.scroll_visible(animate=False)
        return True

    def _take(self, letter: str) -> None:
        self.at = self.letters.index(letter)
        self.relay()
        self.post_message(self.Chosen(letter))
