"""What the tutor says about the last answer."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

from lessons.judge.questions import Hints
from lessons.judge.verdicts import Diagnosis, Verdict
from tui.key_names import MARK, pressed_key
from tui.page.hints import hint_pieces
from tui.page.lines import InkLine, wrap
from tui.page.predict import diagnosis_lines, ladder
from tui.widgets.clickable import key_under
from tui.widgets.lines_view import LinesView

_CLASSES = {
    Verdict.RIGHT: "-right",
    Verdict.SLIP: "-wrong",
    Verdict.WRONG: "-wrong",
    Verdict.UNREADABLE: "-unreadable",
    Verdict.SHOWN: "-shown",
    Verdict.SKIPPED: "-shown",
    Verdict.NOTED: "-shown",
}


class Feedback(LinesView):
    """The last diagnosis in a tinted panel, or before the first one the keys for answering."""

    DEFAULT_CSS = """
    Feedback { padding: 0 1 0 2; }
    Feedback.-right, Feedback.-wrong, Feedback.-unreadable, Feedback.-shown { padding: 0 1; }
    Feedback.-right { background: $tint-right; border-left: outer $success; }
    Feedback.-wrong { background: $tint-wrong; border-left: outer $error; }
    Feedback.-unreadable { background: $tint-warning; border-left: outer $warning; }
    Feedback.-shown { background: $tint-note; border-left: outer $primary; }
    """

    def __init__(self, slug: str, how: str = "", classes: str = "feedback") -> None:
        """`slug` names the lesson whose numbers the diagnosis uses; `how` lists the marked keys."""
        super().__init__(classes=classes)
        self.slug, self.how = slug, how
        self.diagnosis: Diagnosis | None = None
        self.hints: Hints | None = None
        self.tries = 0

    def show(self, diagnosis: Diagnosis | None, hints: Hints | None = None, tries: int = 0) -> None:
        """Show another diagnosis, or the keys for answering if there is none.

        After `tries` unexplained answers, as many of the `hints` stay readable.
        """
        self.diagnosis, self.hints, self.tries = diagnosis, hints, tries
        for name in set(_CLASSES.values()):
            self.set_class(diagnosis is not None and _CLASSES[diagnosis.verdict] == name, name)
        self.relay()

    def tell(self, how: str) -> None:
        """The keys do something else now."""
        if how != self.how:
            self.how = how
            self.relay()

    def on_click(self, event: events.Click) -> None:
        """Press the key for answering that was clicked, where the answer is given."""
        inside = event.get_content_offset(self)
        if inside is None or self.diagnosis is not None or not self.how:
            return
        if self.text_selection is not None:
            return  # a drag that selected words presses no key
        key = key_under(self, inside, self.how)
        if key:
            event.stop()
            does = {
                mark[2].split(".")[1]: pressed_key(*mark.group(2, 1))
                for mark in MARK.finditer(self.how)
            }
            if key == does.get("next"):
                self.screen.set_focus(None)  # in a field, it would move the cursor
            elif self._focus_field() and key in (does.get("enter"), "tab"):
                return  # that is what they do
            self.app.simulate_key(key)

    def _focus_field(self) -> bool:
        """Focus what takes the answer: around this, or beside it. Whether it had no focus."""
        around = [one for one in self.ancestors if isinstance(one, Widget) and one.focusable]
        beside = self.parent.query("*") if self.parent is not None else ()
        fields = [*around, *(one for one in beside if one.focusable)]
        if not fields or self.screen.focused in fields:
            return False
        fields[0].focus()
        return True

    def lines(self, width: int) -> list[InkLine]:
        """The diagnosis as lines, and the hints given so far."""
        if self.diagnosis is None:
            return wrap(hint_pieces(self.how), width) if self.how else []
        lines = diagnosis_lines(self.diagnosis, width, self.slug)
        if self.hints is not None and not self.diagnosis.verdict.settles:
            latest = self.diagnosis.verdict is Verdict.WRONG
            lines += ladder(self.hints, self.tries, width, self.slug, skip_last=latest)
        return lines
