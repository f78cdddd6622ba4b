"""What the tutor says about the last answer."""

from __future__ import annotations

from lessons.judge.verdicts import Diagnosis
from tui.page.lines import Ink, InkLine, wrap
from tui.page.predict import diagnosis_lines
from tui.widgets.lines_view import LinesView


class Feedback(LinesView):
    """The last diagnosis, or before the first one the keys for answering."""

    def __init__(self, slug: str, how: str = "", classes: str = "feedback") -> None:
        """`slug` names the lesson whose numbers the diagnosis uses; `how` lists the keys."""
        super().__init__(classes=classes)
        self.slug, self.how = slug, how
        self.diagnosis: Diagnosis | None = None

    def show(self, diagnosis: Diagnosis | None) -> None:
        """Show another diagnosis, or the keys for answering if there is none."""
        self.diagnosis = diagnosis
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The diagnosis as lines."""
        if self.diagnosis is not None:
            return diagnosis_lines(self.diagnosis, width, self.slug)
        return wrap([(self.how, Ink.QUIET)], width) if self.how else []
