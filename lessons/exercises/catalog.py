"""All exercises, found from where they lie."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from pathlib import Path

import yaml

from engine.errors import UserError
from engine.language import ENGLISH, _, language
from lessons.exercises.exercise import Exercise, ExerciseText, SlipText
from lessons.format.document import Lesson, WriteExercise
from lessons.format.lesson_error import LessonError
from lessons.format.text_file import read_text
from lessons.format.yaml_file import why_not_yaml

COURSE = Path(__file__).parent / "course"
_STARTER = re.compile(r"```starter\n(.*?)```\n", re.DOTALL)
_SLIP = re.compile(r'slip (\S+) "([^"]+)": (.+)', re.DOTALL)
_FORM = "title, lesson, minutes and place"
_KEYS = {"title": str, "lesson": str, "minutes": int, "place": int}


class ExerciseError(LessonError):
    """The file of an exercise that cannot be used: file, line, what is wrong, what to do."""


@lru_cache(maxsize=4)
def _all(code: str) -> dict[str, Exercise]:
    found = []
    for folder in sorted(COURSE.iterdir()):
        source = folder / f"exercise.{code}.md"
        if not source.exists():
            source = folder / f"exercise.{ENGLISH}.md"
        if source.exists():
            name = folder.name.replace("_", "-")
            module = f"lessons.exercises.course.{folder.name}.exercise"
            found.append(Exercise(name, read(read_text(source), source), folder, module))
    found.sort(key=lambda each: (each.text.place, each.name))
    return {each.name: each for each in found}


def exercises() -> dict[str, Exercise]:
    """Every exercise by its name, in the order of the course."""
    return _all(language())


def exercises_of(lesson: Lesson) -> list[Exercise]:
    """The exercises that belong to a lesson, and those that its steps name, in their order."""
    named = {
        block.name
        for step in lesson.steps
        for block in step.blocks
        if isinstance(block, WriteExercise)
    }
    return [
        each for each in exercises().values()
        if each.text.lesson == lesson.slug or each.name in named
    ]  # fmt: skip


def find_exercise(name: str) -> Exercise:
    """The exercise called `name`; raises UserError with the nearest names."""
    known = exercises()
    wanted = name.strip().replace("_", "-").casefold()
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    hint = (
        _("Did you mean {names}?").format(names=_(" or ").join(near))
        if near
        else _("`dltutor exercise list` shows them all.")
    )
    raise UserError(_("There is no exercise {name}.").format(name=repr(name)) + f" {hint}")


def read(text: str, path: Path) -> ExerciseText:
    """Read the Markdown file of an exercise. Raises ExerciseError."""
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        mend = f"Begin the file with front matter between --- lines: {_FORM}."
        raise ExerciseError(path, 1, "The exercise has no front matter.", mend)
    try:
        meta = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        line, problem, mend = why_not_yaml(error)
        raise ExerciseError(path, line + 1, problem, mend) from None
    for key, kind in _KEYS.items():
        if not isinstance(meta, dict) or not isinstance(meta.get(key), kind):
            what = "a whole number" if kind is int else "a text"
            problem = f"The front matter needs {key}, {what}."
            raise ExerciseError(path, _line_of(f"{key}:", text), problem, f"It has {_FORM}.")
    starter = _STARTER.search(parts[2])
    if starter is None:
        problem = "There is no ```starter block that is closed."
        raise ExerciseError(path, 1, problem, "Write what the learner begins with into one.")
    prompt, rest = parts[2][: starter.start()], parts[2][starter.end() :]
    hints: list[str] = []
    slips: dict[str, SlipText] = {}
    for paragraph in filter(None, (part.strip() for part in re.split(r"\n\s*\n", rest))):
        slip = _SLIP.fullmatch(paragraph)
        if slip:
            slips[slip[1]] = SlipText(slip[2], _joined(slip[3]))
        elif paragraph.startswith("hint: "):
            hints.append(_joined(paragraph.removeprefix("hint: ")))
        else:
            raise ExerciseError(
                path,
                _line_of(paragraph, text),
                f"{paragraph[:40]!r} is no hint and no slip.",
                'Write `hint: …` or `slip NAME "its title": …`, with an empty line between them.',
            )
    return ExerciseText(
        meta["title"], meta["lesson"], meta["minutes"], meta["place"], prompt.strip(),
        starter[1], tuple(hints), slips,
    )  # fmt: skip


def _line_of(written: str, text: str) -> int:
    """The line in which something is first written; 1 where it is not."""
    return text.count("\n", 0, max(text.find(written), 0)) + 1


def _joined(text: str) -> str:
    return " ".join(text.split())
