"""The names of slips in the learner's log, looked up in the lesson where they were made."""

from __future__ import annotations

from functools import lru_cache

from engine.errors import UserError
from lessons.format.catalog import catalog
from lessons.format.document import FindMistake, LessonError, Predict
from lessons.judge.questions import slip_names
from lessons.judge.slip_names import SLIP_NAMES


def name_of(slug: str, slip: str) -> str:
    """The name of a slip; if the lesson no longer has it, its id with spaces."""
    return _names(slug).get(slip) or SLIP_NAMES.get(slip) or slip.replace("-", " ")


@lru_cache(maxsize=64)
def _names(slug: str) -> dict[str, str]:
    try:
        lesson = catalog().load(slug)
    except (UserError, LessonError):
        return {}
    found: dict[str, str] = {}
    for step in lesson.steps:
        for block in step.blocks:
            if isinstance(block, Predict):
                found |= slip_names(block.question)
            elif isinstance(block, FindMistake):
                found[block.mistake.name] = block.mistake.title
    return found
