"""The foot of a page: the titles of all steps, or of those before and after; a click goes there."""

from __future__ import annotations

from textual import events

from engine.language import _
from lessons.format.document import Lesson
from tui.key_names import keyed
from tui.page.lines import Ink, InkLine, line_width, plain, quiet
from tui.page.prose import pieces
from tui.page.step_titles import Titles, titles_in_columns
from tui.widgets.step_links import StepLinks

_WIDTH = 88
_GAP = 4
"""Cells between both titles at least."""
_AIR = 2
"""Rows between the end of a step and the titles of all steps, beside the margins."""


class Foot(StepLinks):
    """Names all steps where the page leaves room for them, else where `←` and `→` lead."""

    DEFAULT_CSS = f"Foot {{ max-width: {_WIDTH}; margin: 1; }}"

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Lesson | None = None
        self._step = 0
        self.names_all = False
        """Whether the titles of all steps are shown."""

    def show(self, lesson: Lesson, step: int) -> None:
        """Show what stands around a step, counted from 0."""
        self._lesson, self._step = lesson, step
        self.relay()

    def fit(self, free: int) -> None:
        """Take the form that suits the rows below the end of the step."""
        room = free - self.styles.margin.height - _AIR
        names_all = self._lesson is not None and len(self._titles(_WIDTH).lines) <= room
        if names_all is not self.names_all:
            self.names_all = names_all
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """A rule, and titles below it."""
        if self._lesson is None:
            return []
        if self.names_all:
            return self._titles(width).lines
        before, after = self._ends(width)
        gap = width - line_width(before) - line_width(after)
        return [plain("─" * width, Ink.RULE), (*before, (" " * max(gap, 0), Ink.PLAIN), *after)]

    def _titles(self, width: int) -> Titles:
        assert self._lesson is not None
        return titles_in_columns(self._lesson, self._step, width)

    def _ends(self, width: int) -> tuple[InkLine, InkLine]:
        """The title at the left and the one at the right; where they have no room, their keys."""
        assert self._lesson is not None
        back, forth = keyed("⟨←|lesson.back⟩"), keyed("⟨→|lesson.next⟩")
        steps = self._lesson.steps
        following = steps[self._step + 1].title if self._step + 1 < len(steps) else ()
        title = tuple(pieces(following)) if following else plain(_("end of the lesson"))
        before: InkLine = ()
        after: InkLine = (*title, (f" {forth}", Ink.LESSON_MARK))
        if self._step:
            title = quiet(tuple(pieces(steps[self._step - 1].title)))
            before = ((f"{back} ", Ink.LESSON_MARK), *title)
        if line_width(before) + _GAP + line_width(after) > width:
            before = plain(back, Ink.LESSON_MARK) if before else ()
        if line_width(before) + _GAP + line_width(after) > width:
            after = plain(forth, Ink.LESSON_MARK)
        return before, after

    def step_at(self, event: events.MouseEvent) -> int | None:
        """The step whose title is below the pointer."""
        inside = event.get_content_offset(self)
        if inside is None or self._lesson is None:
            return None
        width = self.content_size.width
        if self.names_all:
            titles = self._titles(width)
            return titles.steps.get((inside.y, inside.x // titles.column))
        if inside.y != 1:
            return None
        before, after = map(line_width, self._ends(width))
        if inside.x < before:
            return self._step - 1
        return self._step + 1 if inside.x >= width - after else None
