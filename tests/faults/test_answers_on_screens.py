"""Real screens that are killed while answers are given, and two that share one file."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import Predict
from lessons.learner.progress import Progress
from tests.faults.answering import LESSON, answer, begin, kept, kill_often
from tests.faults.opening import step_with
from tests.faults.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here"
)


def test_a_kill_loses_at_most_the_answer_that_is_given(tmp_path: Path) -> None:
    assert kill_often(tmp_path, seed=1, kills=3) == []


def leave(line: Terminal) -> None:
    """Quit by a key."""
    assert line.process is not None
    process = line.process
    line.type("\x11")
    line.wait_until(lambda: process.poll() is not None, "the end")
    assert process.returncode == 0
    assert line.left_on() == []


def test_two_screens_keep_the_answers_of_both(tmp_path: Path) -> None:
    with terminal() as one, terminal() as other:
        begin(one, tmp_path, "one")
        begin(other, tmp_path, "other")
        for number in range(3):
            answer(one, f"{number}.25")
            answer(other, f"{number}.75")
        one.type("\x1b")
        mark = one.mark
        one.type("\x1b[C")
        one.wait_for("step 2 of", mark)
        leave(one)
        answer(other, "9.75")
        leave(other)
        for line in (one, other):
            assert "cannot be saved" not in line.text
    found, troubles = kept(tmp_path)
    assert troubles == []
    with closing(Progress(tmp_path / ".local/share/dltutor/progress.sqlite")) as progress:
        assert progress.last() == LESSON
        place = progress.get(LESSON).place(catalog().load(LESSON).keys)
    assert place == step_with(LESSON, Predict) + 1, "where somebody went last"
    # The empty one is the question that was passed over by going on.
    assert found == ["0.25", "0.75", "1.25", "1.75", "2.25", "2.75", "", "9.75"]
