"""An exercise as lines: title, text with drawn formulas, lists."""

from __future__ import annotations

import re

from engine.language import _, plural
from lessons.exercises.exercise import Exercise
from lessons.format.parser import running_text
from tui.page.lines import Ink, InkLine, wrap
from tui.page.prose import pieces


def prompt(exercise: Exercise, width: int) -> list[InkLine]:
    """The text of an exercise, `width` cells wide."""
    text = exercise.text
    lines = wrap([(text.title, Ink.HEADING)], width)
    about = " · ".join(
        [
            plural("about {count} minute", "about {count} minutes", text.minutes),
            _("lesson {lesson}").format(lesson=text.lesson),
            plural("{count} hint", "{count} hints", len(text.hints)),
        ]
    )
    lines += wrap([(about, Ink.QUIET)], width)
    for paragraph in filter(None, re.split(r"\n\s*\n", text.prompt)):
        lines.append(())
        items = re.split(r"(?m)^- ", paragraph)
        if items[0].strip():
            lines += wrap(pieces(running_text(items[0])), width)
        for item in items[1:]:
            found = pieces(running_text(" ".join(item.split())))
            lines += wrap([("• ", Ink.QUIET), *found], width, 0, 2)
    return lines
