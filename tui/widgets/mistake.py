"""Find the mistake: a faulty program, the results of its run, and the line the learner selects."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.highlight import highlight
from textual.message import Message
from textual.widgets import Static

from engine.language import _
from lessons.format.document import FindMistake
from lessons.judge.evidence import Curve, Evidence, Version, evidence_of
from lessons.judge.lines import compared, source_lines
from lessons.judge.mistakes import judge, reveal
from lessons.judge.verdicts import Diagnosis, Verdict
from tui.background import after_refresh, in_background
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, plain
from tui.page.mistake import GUTTER, evidence_lines, prompt_lines
from tui.widgets.chart import Chart, Role, Series
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView
from tui.widgets.series import round_up
from tui.widgets.tab_hint import NamesTab

_NARROWEST = 60
"""Least width of the program, in cells: there are sentences below it."""
WIDE = 108
"""From this width on, in cells, the program stands beside its results."""
_HINT = _(
    "⟨↑|mistake.up⟩ ⟨↓|mistake.down⟩: select a line · ⟨enter|mistake.name⟩: answer · "
    "⟨ctrl+r|mistake.reveal⟩: reveal · ⟨escape|mistake.leave⟩: leave"
)
_TO_SELECT = _("tab, then ⟨↑|mistake.up⟩ ⟨↓|mistake.down⟩: select a line, or click one")
_RUNNING = _("Running the program …")
_RUNNING_REPAIRED = _("Running the repaired program …")
_NAMES: dict[Version, str] = {
    Version.FAULTY: _("faulty"),
    Version.REPAIRED: _("repaired"),
}
_LOOKS: dict[Version, tuple[str, Role]] = {
    Version.FAULTY: ("×", "error"),
    Version.REPAIRED: ("•", "success"),
}
_SIGNS = {"−": "$text-error", "+": "$text-success", "✓": "$text-success", "▸": "$text-accent bold"}


class Prompt(LinesView):
    """The purpose of the program, and its symptom."""

    def __init__(self, block: FindMistake) -> None:
        super().__init__()
        self.block = block

    def lines(self, width: int) -> list[InkLine]:
        return prompt_lines(self.block, width)


class Seen(LinesView):
    """The results of the runs, or a note while they are running."""

    def __init__(self) -> None:
        super().__init__(classes="facts")
        self.runs: list[tuple[Version, Evidence]] = []
        self.note = _RUNNING

    def show(self, runs: list[tuple[Version, Evidence]], note: str = "") -> None:
        """Show other runs."""
        self.runs, self.note = runs, note
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The table of results and the note."""
        found = evidence_lines(self.runs, width) if self.runs else []
        return [*found, *([plain(self.note, Ink.QUIET)] if self.note else [])]


class CodeLine(Static):
    """One line of the program, with its number and a sign."""

    def __init__(self, number: int, code: Content, sign: str = " ") -> None:
        super().__init__(classes="code-line")
        self.number, self.code, self.sign = number, code, sign

    def on_mount(self) -> None:
        self.redraw()

    def redraw(self, marked: bool = False) -> None:
        """Draw the sign, the number and the code; `marked` highlights the selected line."""
        sign = "▸" if marked else self.sign
        number = (f"{self.number:>2}", "reverse bold" if marked else "$foreground-muted")
        if self.sign in "−+":
            number = (number[0], _SIGNS[self.sign])
        self.update(Content.assemble((f"{sign} ", _SIGNS.get(sign, "")), number, " ", self.code))


class MistakeView(NamesTab, Vertical, can_focus=True):
    """A faulty program; the learner selects the wrong line."""

    BINDINGS = [
        Binding("up", "mark(-1)", _("Select"), id="mistake.up", key_display="↑↓",
                tooltip=_("Select the line above")),
        Binding("down", "mark(1)", _("Select"), id="mistake.down", show=False,
                tooltip=_("Select the line below")),
        Binding("enter", "name", _("Answer"), id="mistake.name",
                tooltip=_("Answer that the mistake is in the selected line")),
        Binding("ctrl+r", "reveal", _("Reveal"), id="mistake.reveal",
                tooltip=_("Show the faulty line and its correction")),
        Binding("escape", "leave", _("Leave"), id="mistake.leave",
                tooltip=_("Return to the lesson")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    MistakeView { height: auto; border-left: outer $warning; padding: 0 0 0 1; }
    MistakeView:focus { border-left: outer $accent; }
    MistakeView > .bench { height: auto; margin: 1 0 0 0; }
    MistakeView .program, MistakeView .seen, MistakeView .source { height: auto; }
    MistakeView .code-line { height: auto; }
    MistakeView .said { margin: 1 0 0 0; }
    MistakeView Chart { height: 10; margin: 1 0 0 0; }
    MistakeView .program.-second { margin: 1 0 0 0; }
    MistakeView .seen.-second { margin: 1 0 0 0; }
    MistakeView.-wide > .bench { layout: horizontal; }
    MistakeView.-wide .program { margin: 0; }
    MistakeView.-wide .seen { width: 1fr; margin: 0 0 0 2; }
    MistakeView.-wide Chart { height: 12; }
    """

    class Answered(Message):
        """The learner selected a line or revealed the answer."""

        def __init__(self, block: FindMistake, text: str, diagnosis: Diagnosis) -> None:
            super().__init__()
            self.block, self.text, self.diagnosis = block, text, diagnosis

    def __init__(self, block: FindMistake, before: str | None = None) -> None:
        """`before` is the line of the learner's last answer, if there is one."""
        super().__init__()
        self.block = block
        self.before = before
        self.mistake = block.mistake
        self.source = source_lines(self.mistake, Version.FAULTY)
        self.marked = min(3, len(self.source))
        """The selected line, counted from 1; at first, the one below the function head."""
        self.is_settled = False
        """Whether the line was found or revealed."""
        self._tries = 0
        self._is_pointing = False
        self._seen: dict[Version, Evidence] = {}

    def compose(self) -> ComposeResult:
        """Prompt, results, program, feedback."""
        yield Prompt(self.block)
        with Vertical(classes="bench"):
            with Vertical(classes="seen"):
                yield Seen()
            with Vertical(classes="program"):
                with Vertical(classes="source"):
                    yield from self._faulty_source()
                yield Feedback(self.block.slug, self._how(), "said")

    def _faulty_source(self) -> Iterator[CodeLine]:
        for number, code in enumerate(_highlighted(self.source), start=1):
            yield CodeLine(number, code)

    def _compared_source(self) -> Iterator[CodeLine]:
        rows = list(compared(self.mistake))
        for row, code in zip(rows, _highlighted([row.text for row in rows]), strict=True):
            yield CodeLine(row.number, code, row.sign)

    def on_mount(self) -> None:
        """Run the faulty program; judge the earlier answer again without recording it twice."""
        self._arrange()
        self._run(Version.FAULTY)
        if self.before in (named := [line.strip() for line in self.source]):
            self._point_at(named.index(self.before) + 1)
            self._show(judge(self.mistake, self.marked))
        else:
            self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Arrange program and results side by side, or one below the other."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self._arrange()

    def on_focus(self) -> None:
        """Bring the program into view; once the line is known, there is nothing to select."""
        self._is_pointing = not self.is_settled
        self._redraw()
        self.tabs_changed()
        self.query_one(".program").scroll_visible(animate=False)

    def on_blur(self) -> None:
        """Hide the selection, as its keys no longer work."""
        self._is_pointing = False
        self._redraw()
        if self.query(Feedback):  # a view that is removed loses the focus after its parts
            self.tabs_changed()

    def _how(self) -> str:
        """What the keys do now."""
        return _HINT if self.screen.focused is self else self.tabbed(_TO_SELECT)

    def tabs_changed(self) -> None:
        """Say it below the program."""
        self.query_one(Feedback).tell(self._how())

    def on_click(self, event: events.Click) -> None:
        """Select the line that was clicked."""
        line = event.widget
        if isinstance(line, CodeLine) and not self.is_settled:
            event.stop()
            self._point_at(line.number)

    def _arrange(self) -> None:
        """Show the symptom first, then the program; once it is settled, the program first."""
        bench = self.query_one(".bench")
        program, seen = self.query_one(".program"), self.query_one(".seen")
        program_first = self.is_settled or self.has_class("-wide")
        if program_first and bench.children[0] is seen:
            bench.move_child(program, before=seen)
        elif not program_first and bench.children[0] is program:
            bench.move_child(program, after=seen)
        # As wide as the code needs; the results get the rest.
        program.styles.width = self._code_width() if self.has_class("-wide") else "1fr"
        program.set_class(not program_first, "-second")
        seen.set_class(program_first, "-second")

    def _code_width(self) -> int:
        both = (line for version in Version for line in source_lines(self.mistake, version))
        return max(_NARROWEST, GUTTER + max(map(cell_width, both)))

    def _lines(self) -> list[CodeLine]:
        return list(self.query(CodeLine))

    def _redraw(self) -> None:
        for line in self._lines():
            line.redraw(self._is_pointing and line.number == self.marked)

    def _point_at(self, line: int) -> None:
        self.marked = max(1, min(line, len(self.source)))
        self._redraw()

    def action_mark(self, direction: int) -> None:
        """Select the line above (−1) or below (1)."""
        self._point_at(self.marked + direction)
        self._lines()[self.marked - 1].scroll_visible(animate=False)

    def action_name(self) -> None:
        """Judge the selected line."""
        diagnosis = judge(self.mistake, self.marked, self._tries)
        self._tries += diagnosis.verdict is Verdict.WRONG
        self._answer(diagnosis, self.source[self.marked - 1].strip())

    def action_reveal(self) -> None:
        """Reveal the faulty line."""
        self._answer(reveal(self.mistake), "")

    def action_leave(self) -> None:
        """Return the focus to the lesson."""
        self.screen.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Once the line is known there is nothing to select, and the keys scroll again."""
        return not (self.is_settled and action in ("mark", "name", "reveal"))

    def _answer(self, diagnosis: Diagnosis, text: str) -> None:
        self._show(diagnosis)
        self.post_message(self.Answered(self.block, text, diagnosis))
        if self.is_settled:
            self.action_leave()

    def _show(self, diagnosis: Diagnosis) -> None:
        """Show the feedback; once the line is known, show the repaired program as well."""
        said = self.query_one(Feedback)
        said.show(diagnosis)
        if diagnosis.verdict is Verdict.WRONG:
            line = self._lines()[self.marked - 1]
            line.sign = "✓"
            self._redraw()
            after_refresh(said, said.scroll_visible, animate=False)
        elif diagnosis.verdict.settles and not self.is_settled:
            self.is_settled = True
            self._arrange()
            source = self.query_one(".source", Vertical)
            source.remove_children()
            source.mount(*self._compared_source())
            self._is_pointing = False
            self._run(Version.REPAIRED)
            program = self.query_one(".program")
            after_refresh(self, program.scroll_visible, animate=False, top=True)
            self.refresh_bindings()

    def _run(self, version: Version) -> None:
        if version is Version.REPAIRED:
            self.query_one(Seen).show(self._runs(), _RUNNING_REPAIRED)
        in_background(
            self,
            lambda: evidence_of(self.mistake, version),
            lambda seen: self._has_run(version, seen),
            lambda error: self.query_one(Seen).show(
                self._runs(),
                _("The program stopped: {error}").format(error=f"{type(error).__name__}: {error}"),
            ),
        )

    def _runs(self) -> list[tuple[Version, Evidence]]:
        return [(version, self._seen[version]) for version in Version if version in self._seen]

    def _has_run(self, version: Version, seen: Evidence) -> None:
        self._seen[version] = seen
        waiting = self.is_settled and Version.REPAIRED not in self._seen
        note = _RUNNING_REPAIRED if waiting else ""
        self.query_one(Seen).show(self._runs(), note)
        self._draw_curves()

    def _draw_curves(self) -> None:
        """All curves in one chart, with different markers."""
        curves = [(version, seen.curve) for version, seen in self._runs() if seen.curve]
        if not curves:
            return
        first = curves[0][1]
        charts = self.query(Chart)
        chart = charts.first() if charts else Chart(first.y_label, first.x_label, "")
        chart.set_series(
            [
                Series(
                    _NAMES[version],
                    curve.xs,
                    curve.ys,
                    _LOOKS[version][1],
                    _LOOKS[version][0],
                    True,
                )
                for version, curve in curves
            ],
            x_limits=first.x_limits or (first.xs[0], first.xs[-1]),
            y_limits=first.y_limits or _from_zero([curve for version, curve in curves]),
        )
        if not charts:
            self.query_one(".seen", Vertical).mount(chart)


def _from_zero(curves: Sequence[Curve]) -> tuple[float, float] | None:
    """Limits that start at 0, so that a flat curve looks flat; None if values are negative."""
    ys = [y for curve in curves for y in curve.ys if math.isfinite(y)]
    return (0.0, round_up(max(ys))) if ys and min(ys) >= 0 < max(ys) else None


def _highlighted(lines: list[str] | tuple[str, ...]) -> list[Content]:
    """The lines with syntax colours."""
    found = highlight("\n".join(lines), language="python").split("\n")
    # A highlighter may drop blank lines at the end.
    return [*found, *[Content("")] * (len(lines) - len(found))]
