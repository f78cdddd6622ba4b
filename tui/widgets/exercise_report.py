"""What the tests of an exercise say, in a tinted panel."""

from __future__ import annotations

from engine.language import _
from lessons.exercises.checking import Report
from lessons.format.parser import running_text
from tui.key_names import MARK
from tui.page.gradients import gradient_lines
from tui.page.lines import Ink, InkLine, wrap
from tui.page.prose import pieces
from tui.widgets.lines_view import LinesView

MOST_PRINTED = 12
"""Lines of the learner's own output at most."""


class ExerciseReport(LinesView):
    """The tests one by one, then what they come to; before the first check, the keys."""

    DEFAULT_CSS = """
    ExerciseReport { padding: 0 1; }
    ExerciseReport.-right { background: $tint-right; border-left: outer $success; }
    ExerciseReport.-wrong { background: $tint-wrong; border-left: outer $error; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.report: Report | None = None
        self.note: str = ""
        """A sentence shown in place of a report: hints, that the tests run."""

    def show(self, report: Report | None, note: str = "") -> None:
        """Show a report, or a note (Markdown)."""
        self.report, self.note = report, note
        self.set_class(report is not None and report.passed, "-right")
        is_wrong = report is not None and report.was_run and not report.passed
        self.set_class(is_wrong, "-wrong")
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        if self.report is None:
            # A key in code is drawn as a key.
            note = MARK.sub(r"`\g<0>`", self.note)
            return wrap(pieces(running_text(note)), width) if note else []
        report = self.report
        if not report.was_run:
            return wrap(pieces(running_text(report.text)), width)
        lead = ("✓ ", Ink.GOOD) if report.passed else ("✗ ", Ink.BAD)
        lines = [*wrap([lead, *pieces(running_text(report.text))], width, 0, 2), ()]
        if report.gradients:
            lines += [*gradient_lines(report.gradients, width), ()]
        for test in report.tests:
            sign = ("✓ ", Ink.GOOD) if test.ok else ("✗ ", Ink.BAD)
            lines += wrap([sign, (test.name, Ink.CODE)], width, 0, 2)
        if report.output.strip():
            lines += [(), ((_("Your code printed:"), Ink.QUIET),)]
            printed = report.output.rstrip().split("\n")
            for line in printed[:MOST_PRINTED]:
                lines += wrap([(line, Ink.CODE)], width, 2, 2)
        return lines
