"""What stops in an author's file is a sentence; anything else a traceback without variables."""

from __future__ import annotations

import pytest
from rich.text import Text
from rich.traceback import Traceback

from lessons.format.lesson_error import LessonError
from tests.cases import for_each
from tests.unit.copies import ROOT
from tui.stopped import stopped_in_part, told


def stopped_at(place: str) -> Exception:
    """An error in line 2 of a file, which calls on."""
    code = compile("def stop():\n    return 1 / 0\nstop()", str(ROOT / place), "exec")
    with pytest.raises(ZeroDivisionError) as caught:
        exec(code, {})
    return caught.value


@for_each(
    "place",
    [
        "tui/labs/mine.py",
        "tui/panes/mine.py",
        "engine/training/diagnoses/mine.py",
        "engine/recipes/rules/mine.py",
        "lessons/course/linear/mine/facts.py",
    ],
)
def test_an_authors_file_is_named_with_its_line(place: str) -> None:
    error = stopped_at(place)
    assert stopped_in_part(error).startswith(f"{ROOT / place}:2: This stops with ZeroDivisionErr")
    assert isinstance(told(error), Text)


def test_what_an_error_for_authors_says_is_told_without_a_traceback() -> None:
    said = told(LessonError("facts.py", 3, "What 'w' computes is None.", "Return a number."))
    assert isinstance(said, Text)
    assert said.plain == "dltutor: facts.py:3: What 'w' computes is None. Return a number."


@pytest.mark.parametrize("place", ["tui/app.py", "tests/unit/mine.py"])
def test_for_any_other_file_there_is_a_traceback_that_is_made_at_once(place: str) -> None:
    error = stopped_at(place)
    assert stopped_in_part(error) == ""
    traceback = told(error)
    assert isinstance(traceback, Traceback)
    frames = [frame for stack in traceback.trace.stacks for frame in stack.frames]
    assert not any(frame.locals for frame in frames)
