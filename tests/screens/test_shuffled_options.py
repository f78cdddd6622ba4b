"""The options of a question on the screen: in the learner's own order, logged by their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.format.document import Span
from lessons.judge.answers import right_answer
from lessons.judge.shuffling import shown_order
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.unit.lessons.course import lesson, question_of
from tui.page.lines import line_text
from tui.widgets.choice_rows import ChoiceRows
from tui.widgets.predict import PredictView

SLUG, NAME = "backprop/forward", "forward_weight_shape"
KEY = f"{SLUG}/{NAME}"


def seed_that_moves_all() -> str:
    """A seed with which no option stands where it does in the file."""
    question = question_of(SLUG, NAME)
    return next(
        str(seed)
        for seed in range(100)
        if all(place != index for place, index in enumerate(shown_order(question, KEY, str(seed))))
    )


async def test_an_answer_is_logged_by_its_place_in_the_file(
    make_tutor: MakeTutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = seed_that_moves_all()
    monkeypatch.setattr("lessons.learner.seed.new_seed", lambda: seed)
    question = question_of(SLUG, NAME)
    order = shown_order(question, KEY, seed)
    right = right_answer(question, order)
    step = next(
        place
        for place, each in enumerate(lesson(SLUG).steps)
        if any(getattr(block, "name", "") == NAME for block in each.blocks)
    )
    progress = Progress(tmp_path / "progress.sqlite")
    progress.visit(SLUG, step, lesson(SLUG).keys)
    app = make_tutor(SLUG, progress)
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.pause()
        view = app.screen.query_one(PredictView)
        rows = view.query_one(ChoiceRows)
        shown = [line_text(line) for line in rows.lines(80)]
        (line,) = [line for line in shown if line.replace("▸", " ").split()[0] == right]
        assert line.index("784") < line.index("256")
        assert rows.has_focus  # its letters answer at once
        await pilot.press(right)
        await pilot.pause()
        assert view.is_settled
        assert progress.last_answer(SLUG, NAME) == right_answer(question) != right


def test_no_letter_moves_when_another_option_is_selected() -> None:
    rows = ChoiceRows([(Span("seven words that one line cannot hold"),)] * 4)
    rows.taken, rows.marks = 1, {2: False}
    lines = [line_text(line) for line in rows.lines(24)]
    assert [line[:10] for line in lines[::2]] == [
        "  a seven ", "▸ b seven ", "✗ c seven ", "  d seven "
    ]  # fmt: skip
    assert {line[:6] for line in lines[1::2]} == {"    li"}
