"""Whether the labs of a lesson can use their options, its figures can be drawn, its keys exist."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

from lessons.format.document import Figure, Lab, Lesson
from lessons.format.facts import module_path
from lessons.format.figures import drawing_for
from lessons.format.key_marks import MARK
from lessons.format.lesson_error import LessonError
from lessons.format.tables import line_of
from lessons.format.text_file import read_text
from lessons.format.trouble import in_file

_LABS = Path(__file__).parents[1] / "labs"
_WIDTHS = (30, 76)
"""Columns: a narrow drawing, and one beside which nothing stands at 80."""
_MEANT = re.compile(r"(`?)(⟨[^⟨⟩]*\|[^⟨⟩]*⟩)(`?)")
"""What was meant as the mark of a key, and the signs around it."""
_FORMULA = re.compile(r"\$[^$]*\$")


def refuse_lab_options(lesson: Lesson) -> None:
    """Make each lab; raises LessonError where it cannot use one of its options."""
    for step in lesson.steps:
        for block in step.blocks:
            if not isinstance(block, Lab):
                continue
            from tui.labs import make_lab  # imports Textual, which most lessons need not

            line = _line_of(block, lesson)
            try:
                trouble = make_lab(block.name, dict(block.options)).trouble
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                raise in_file(error, _LABS / f"{block.name}.py", lesson.path, line) from error
            if trouble:
                mend = f"Correct the options of the lab {block.name}."
                raise LessonError(lesson.path, line, trouble, mend)


def refuse_undrawable(lesson: Lesson) -> None:
    """Draw each figure and the picture, and say them in words; raises UserError if that stops."""
    figures = [block for step in lesson.steps for block in step.blocks if isinstance(block, Figure)]
    if lesson.picture:
        drawing = drawing_for(lesson.slug, lesson.picture)
        figures.append(Figure(drawing.KIND, lesson.picture, drawing))
    for figure in figures:
        _refuse_undrawable(figure, module_path(lesson.slug, "figures") or lesson.path)


def _refuse_undrawable(figure: Figure, path: Path) -> None:
    """Draw one figure, which the file `path` makes."""
    from tui.figures import registry
    from tui.page.lines import line_width

    options = dict(figure.options)
    module = registry.kinds()[figure.drawing.KIND].draw.__module__
    kind = Path(sys.modules[module].__file__ or "")
    line = line_of(path, "FIGURES", figure.name)
    try:
        if problem := figure.drawing.undrawn():
            mend = "Correct the function, or the ends of its axes."
            raise LessonError(path, line, problem, mend)
        for width in _WIDTHS:
            lines = registry.draw(figure.drawing, width, options=options)
            if (drawn := max(map(line_width, lines), default=0)) > width:
                problem = f"`draw` gives {drawn} columns where there are {width}."
                raise LessonError(kind, 1, problem, "Leave out or cut what has no room.")
        words: object = registry.words(figure.drawing, options)
        if not isinstance(words, str):
            raise TypeError(f"`words` gives {words!r}, and no text")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise in_file(error, kind, path, line) from error


def refuse_wrong_keys(path: Path) -> None:
    """Look up each mark of a key in a lesson; raises LessonError where one is wrong."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        for before, mark, after in _MEANT.findall(_FORMULA.sub("", line)):
            problem, mend = _wrong_key(mark, f"{before}{after}", is_title=line.startswith("#"))
            if problem:
                raise LessonError(path, number, problem, mend)


def _wrong_key(mark: str, around: str, *, is_title: bool) -> tuple[str, str]:
    """What is wrong with the mark of a key, and what to do; empty where nothing is."""
    found = MARK.fullmatch(mark)
    if is_title:
        return f"{mark} stands in a title, which names no keys.", "Name the key in the text below."
    if found is None or around != "``":
        return f"{mark} is not the mark of a key.", "Write it as code: `⟨s|training.start⟩`."
    from tui.bindings import all_bindings  # imports Textual, which most lessons need not
    from tui.keymap import usual_key

    shown, name = found[1], found[2]
    bindings = all_bindings()
    if name not in bindings:
        near = difflib.get_close_matches(name, bindings, n=2)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        return f"There is no binding {name!r}.", f"{hint}`dltutor config show` lists them all."
    keys = bindings[name].key.split(",")
    if usual_key(shown) not in map(usual_key, keys):
        mend = "Name the key as the program comes with it."
        return f"The key of {name} is {' or '.join(keys)}, not {shown}.", mend
    return "", ""


def _line_of(block: Lab, lesson: Lesson) -> int:
    """The line of the first fence with this lab and these options."""
    words = ["```lab", block.name, *(f"{key}={value}" for key, value in block.options)]
    lines = read_text(lesson.path).splitlines() if lesson.path.exists() else []
    return next((n for n, text in enumerate(lines, 1) if text.split() == words), 1)
