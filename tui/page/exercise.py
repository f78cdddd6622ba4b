"""An exercise as lines: title, text with drawn formulas, lists."""

from __future__ import annotations

import re

from engine.language import _, plural
from lessons.exercises.exercise import Exercise
from lessons.exercises.files import Standing, standing
from lessons.format.parser import running_text
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.page.prose import pieces

_STANDINGS: dict[Standing, tuple[Piece, str]] = {
    Standing.NOT_BEGUN: (("○ ", Ink.QUIET), _("Not begun.")),
    Standing.UNTESTED: (("◐ ", Ink.WARN), _("Begun; not tested since you changed it.")),
    Standing.FAILS: (("✗ ", Ink.BAD), _("Your file does not pass yet.")),
    Standing.PASSES: (("✓ ", Ink.GOOD), _("Your file passes.")),
}
_FUNCTION = re.compile(r"^(?:def (\w+\([^)]*\))|class (\w+))", re.MULTILINE)


def card(exercise: Exercise, width: int) -> list[InkLine]:
    """What an exercise asks for, and how the learner's file stands, `width` cells wide."""
    text = exercise.text
    lines = wrap([(_("Write it yourself: {title}").format(title=text.title), Ink.HEADING)], width)
    asked = [call or f"class {name}" for call, name in _FUNCTION.findall(text.starter)]
    for one in asked:
        lines += wrap([(one, Ink.CODE)], width, 2, 4)
    sign, said = _STANDINGS[standing(exercise)]
    minutes = plural("about {count} minute", "about {count} minutes", text.minutes)
    lines += wrap([sign, (said, Ink.PLAIN), (f"  {minutes}", Ink.QUIET)], width, 0, 2)
    return [
        *lines,
        *wrap(
            hint_pieces(_("⟨enter|exercise-card.open⟩ or a click opens the editor")),
            width,
            2,
            2,
        ),
    ]


def prompt(exercise: Exercise, width: int, *, titled: bool = True) -> list[InkLine]:
    """The text of an exercise, `width` cells wide; below a title that stands there, some air."""
    text = exercise.text
    lines: list[InkLine] = wrap([(text.title, Ink.HEADING)], width) if titled else [()]
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
