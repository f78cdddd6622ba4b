"""The beginning of a translation: a copy of the English lesson, to be overwritten bit by bit."""

from __future__ import annotations

from engine.errors import UserError
from engine.language import ENGLISH, languages
from lessons.format.text_file import read_text
from tui.authoring.lesson import files_of
from tui.authoring.writing import Plan, shown


def translation(lesson: str, language: str) -> Plan:
    """The plan of a new translation of a lesson; raises UserError if it cannot be made."""
    slug, folder = files_of(lesson)
    known = [code for code in languages() if code != ENGLISH]
    if language not in known:
        raise UserError(
            f"There is no translation of the program into {language!r}, only into "
            f"{', '.join(known)}. .github/CONTRIBUTING.md says how to begin one."
        )
    path = folder / f"lesson.{language}.md"
    return Plan(
        {path: read_text(folder / f"lesson.{ENGLISH}.md")},
        next=(
            f"translate the prose in {shown(path)}; leave blocks, formulas, numbers and ids",
            f"lessons/course/contents.{language}.yaml has the titles",
            f"dltutor check --lang {language} {slug}   compares both files, and proves yours",
            f"dltutor show {slug} --lang {language}   shows it",
        ),
    )
