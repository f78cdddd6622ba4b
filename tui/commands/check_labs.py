"""Whether the labs of a lesson can use the options that its fences give them."""

from __future__ import annotations

from lessons.format.document import Lab, Lesson
from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text


def refuse_lab_options(lesson: Lesson) -> None:
    """Make each lab that has options; raises LessonError where it cannot use one of them."""
    for step in lesson.steps:
        for block in step.blocks:
            if not (isinstance(block, Lab) and block.options):
                continue
            from tui.labs import make_lab  # imports Textual, which most lessons need not

            trouble = make_lab(block.name, dict(block.options)).trouble
            if trouble:
                mend = f"Correct the options of the lab {block.name}."
                raise LessonError(lesson.path, _line_of(block, lesson), trouble, mend)


def _line_of(block: Lab, lesson: Lesson) -> int:
    """The line of the first fence with this lab and these options."""
    words = ["```lab", block.name, *(f"{key}={value}" for key, value in block.options)]
    lines = read_text(lesson.path).splitlines() if lesson.path.exists() else []
    return next((n for n, text in enumerate(lines, 1) if text.split() == words), 1)
