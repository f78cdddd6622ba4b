"""Whether the labs of a lesson can use their options, and its figures can be drawn."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.broken import STOPS
from lessons.format.document import Figure, Lab, Lesson
from lessons.format.facts import module_path
from lessons.format.lesson_error import LessonError
from lessons.format.tables import line_of
from lessons.format.text_file import read_text
from lessons.format.trouble import in_file

_LABS = Path(__file__).parents[1] / "labs"
_WIDTHS = (30, 76)
"""Columns: a narrow drawing, and one beside which nothing stands at 80."""


def refuse_lab_options(lesson: Lesson) -> None:
    """Make each lab that has options; raises LessonError where it cannot use one of them."""
    for step in lesson.steps:
        for block in step.blocks:
            if not (isinstance(block, Lab) and block.options):
                continue
            from tui.labs import make_lab  # imports Textual, which most lessons need not

            line = _line_of(block, lesson)
            try:
                trouble = make_lab(block.name, dict(block.options)).trouble
            except STOPS as error:
                raise in_file(error, _LABS / f"{block.name}.py", lesson.path, line) from error
            if trouble:
                mend = f"Correct the options of the lab {block.name}."
                raise LessonError(lesson.path, line, trouble, mend)


def refuse_undrawable(lesson: Lesson) -> None:
    """Draw each figure, and say it in words; raises UserError where that stops."""
    for step in lesson.steps:
        for block in step.blocks:
            if not isinstance(block, Figure):
                continue
            from tui.figures import registry

            path = module_path(lesson.slug, "figures") or lesson.path
            options = dict(block.options)
            try:
                for width in _WIDTHS:
                    registry.draw(block.drawing, width, options=options)
                words: object = registry.words(block.drawing, options)
                if not isinstance(words, str):
                    raise TypeError(f"`words` gives {words!r}, and no text")
            except STOPS as error:
                module = registry.kinds()[block.drawing.KIND].draw.__module__
                kind = Path(sys.modules[module].__file__ or "")
                line = line_of(path, "FIGURES", block.name)
                raise in_file(error, kind, path, line) from error


def _line_of(block: Lab, lesson: Lesson) -> int:
    """The line of the first fence with this lab and these options."""
    words = ["```lab", block.name, *(f"{key}={value}" for key, value in block.options)]
    lines = read_text(lesson.path).splitlines() if lesson.path.exists() else []
    return next((n for n, text in enumerate(lines, 1) if text.split() == words), 1)
