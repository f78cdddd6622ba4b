"""A question as lines: its text and, where there are some, the answers to choose from."""

from __future__ import annotations

from lessons.checks import book
from lessons.checks.base import ChoiceQuestion
from lessons.document import Predict
from lessons.parser import running_text
from tui.page.blocks import text_lines
from tui.page.lines import Ink, InkLine, wrap
from tui.page.prose import pieces


def question(block: Predict, width: int, chapter: str) -> list[InkLine]:
    """The question, marked with a sign in the margin."""
    lines = text_lines(block.prompt, width - 2, chapter)
    check = book(chapter).predicts[block.name]
    if isinstance(check, ChoiceQuestion):
        for letter, option in zip("abcdefghij", check.options, strict=False):
            found = [
                (f"{letter}  ", Ink.STRONG),
                *pieces(running_text(option.text, chapter), chapter),
            ]
            lines.extend(wrap(found, width - 2, 0, 3))
    return [
        ((("? " if number == 0 else "  "), Ink.WARN), *line) for number, line in enumerate(lines)
    ]
