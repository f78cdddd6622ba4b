"""The rows of the contents: chapters with their progress, and lessons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.style import Style

from engine.language import ENGLISH, _
from lessons.format.catalog import Chapter, Entry
from lessons.learner.progress import Progress
from tui.math import cell_width
from tui.page.lines import cut
from tui.widgets.bars import progress_bar
from tui.widgets.row import Inks, Row

SIGNS = {"done": "✓", "under way": "◐", "new": "○", "coming": "·"}
"""A sign for each state of a lesson; the card beside the list says it in words."""
_BAR = 10
_BOLD = Style(bold=True)


def chapter_row(chapter: Chapter, done: int, width: int, inks: Inks) -> Row:
    """A chapter: its number and title at the left, how many of its lessons are done at the right.

    `width` is in cells.
    """
    count = f"{done}/{len(chapter.entries)}"
    bar, rest = progress_bar(done / len(chapter.entries), _BAR)
    room = width - _BAR - cell_width(count) - 5
    title = cut(f"{chapter.number}  {chapter.title}", room)
    row = Row(title, _BOLD)
    row.append(" " * (width - cell_width(title) - _BAR - cell_width(count) - 2))
    row.append(bar, inks.good).append(rest, inks.quiet).append(f" {count} ", inks.quiet)
    return row


def lesson_row(
    entry: Entry, state: str, notes: Sequence[tuple[str, bool]], width: int, inks: Inks
) -> Row:
    """A lesson: its state as a sign, its title, notes at the right; `True` marks an urgent one.

    Where the title needs the room, all notes but the first go: the card beside the list has them.
    """
    notes = [*notes, (ENGLISH, False)] if entry.only_english else [*notes]
    if state == "coming":
        notes.append((_("coming"), False))
    right = " · ".join(text for text, _urgent in notes)
    if len(notes) > 1 and cell_width(entry.title) + cell_width(right) + 7 > width:
        notes, right = notes[:1], notes[0][0]
    title = cut(entry.title, width - cell_width(right) - 7)
    row = Row("   ")
    style = {"done": inks.good, "under way": inks.accent}.get(state, inks.quiet)
    row.append(SIGNS[state], style).append(" ")
    row.append(title, inks.quiet if state == "coming" else Style.null())
    row.append(" " * max(1, width - cell_width(right) - cell_width(title) - 6))
    for place, (text, urgent) in enumerate(notes):
        row.append(" · " if place else "", inks.quiet)
        row.append(text, inks.warn if urgent else inks.quiet)
    return row


def due_questions(progress: Progress) -> Counter[str]:
    """How many questions of each lesson wait for a review today."""
    answers = progress.answers()
    if not answers:
        return Counter()
    from lessons.learner.log import question_logs
    from lessons.learner.review import due_day

    return Counter(
        log.slug
        for log in question_logs(answers).values()
        if not log.name.startswith("mistake:") and due_day(log) <= progress.today
    )
