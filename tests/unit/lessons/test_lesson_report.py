"""How a lesson stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lessons.format.catalog import Catalog
from lessons.learner.log import Outcome
from lessons.learner.progress import Progress
from lessons.learner.report import find_question, report
from tests.small_course import fence, small_course

DAY = date(2026, 3, 2)
KEYS = ("forward", "backward", "end")


@pytest.fixture
def contents(tmp_path: Path) -> Catalog:
    return small_course(tmp_path / "en")


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "p.sqlite", lambda: DAY)


def test_a_new_lesson(contents: Catalog, progress: Progress) -> None:
    found = report(contents.load("backprop/one"), progress)
    assert found.state == "new"
    assert [(each.name, each.step) for each in found.questions] == [
        ("z_h1", 0),
        ("total_loss", 1),
        ("delta_o1", 1),
    ]
    assert found.count(Outcome.OPEN) == 3
    assert not found.shaky


def test_a_lesson_under_way(contents: Catalog, progress: Progress) -> None:
    slug = "backprop/one"
    progress.visit(slug, 1, KEYS)
    progress.answer(slug, "z_h1", "0.3775", "right")
    progress.answer(slug, "total_loss", "0.6", "slip", "no-half")
    progress.answer(slug, "delta_o1", "", "shown")
    progress.answer(slug, "no_longer_there", "1", "slip", "sign")
    progress.answer("backprop/two", "grad_w5", "1", "slip", "sign")
    found = report(contents.load(slug), progress)
    assert (found.state, found.seen) == ("under way", frozenset({1}))
    assert [found.count(outcome) for outcome in Outcome] == [1, 0, 1, 0, 1]
    assert [each.name for each in found.shaky] == ["total_loss", "delta_o1"]
    assert found.slips == {"no-half": 1}
    assert found.questions[0].due == date(2026, 3, 3)


def test_steps_that_a_lesson_lost_are_not_counted(contents: Catalog, progress: Progress) -> None:
    longer = (*KEYS, "four", "five")
    for step in range(5):
        progress.visit("backprop/one", step, longer)
    found = report(contents.load("backprop/one"), progress)
    assert (found.seen, found.state) == (frozenset(range(3)), "done")
    assert found.progress.place(found.lesson.keys) == 2


FENCE = """
```mistake one-output-only
Which line?

name: one output only
explain: All outputs count.
```
"""


def test_a_mistake_to_find_is_a_question_that_does_not_come_back(
    tmp_path: Path, progress: Progress
) -> None:
    contents = small_course(tmp_path / "with", "\n" + fence("sigmoid-of-activation"))
    progress.answer("backprop/one", "mistake:sigmoid-of-activation", "a line", "wrong")
    found = report(contents.load("backprop/one"), progress)
    assert [each.name for each in found.shaky] == ["mistake:sigmoid-of-activation"]
    assert found.shaky[0].due is None
    assert find_question(contents, "backprop/one", "mistake:sigmoid-of-activation") is None


def test_a_question_is_found_where_it_stands(contents: Catalog) -> None:
    found = find_question(contents, "backprop/one", "delta_o1")
    assert found is not None
    assert (found[0].slug, found[1], found[2].name) == ("backprop/one", 1, "delta_o1")
    assert find_question(contents, "backprop/one", "gone") is None
    assert find_question(contents, "backprop/coming", "q") is None
    assert find_question(contents, "no/lesson", "q") is None
