"""Exercises as steps of lessons: the card, how the file stands, the way to the editor and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.exercises.catalog import exercises, find_exercise
from lessons.exercises.files import Standing, note_checked, path_of, solution, standing, start
from lessons.format.catalog import catalog
from lessons.format.document import LessonError, WriteExercise
from lessons.format.outline import outline_of, scan
from lessons.format.parser import parse_lesson
from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.page.exercise import card
from tui.page.lesson import block_lines
from tui.page.lines import line_text
from tui.page.spoken import Formulas, block_words
from tui.screens.exercise import ExerciseScreen
from tui.screens.lesson import LessonScreen
from tui.widgets.exercise_card import ExerciseCard

HEAD = "---\nminutes: 1\n---\n## Write it\n"


def parsed(fence: str) -> WriteExercise:
    lesson = parse_lesson(f"{HEAD}{fence}\nA caption.\n```\n", "a.md", "a/b", "A")
    (block,) = lesson.steps[0].blocks
    assert isinstance(block, WriteExercise)
    return block


def test_the_block_is_read_and_shown_in_words() -> None:
    block = parsed("```exercise sigmoid")
    assert block.name == "sigmoid"
    shown = "\n".join(map(line_text, block_lines(block, 60)))
    assert shown.startswith("A caption.")
    assert "dltutor exercise start sigmoid" in " ".join(shown.split())
    assert "The sigmoid and its slope" in [*block_words(block, Formulas.LINE)][1]


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("```exercise", "has no name"),
        ("```exercise sigmiod", "Did you mean sigmoid"),
        ("```exercise one_hot", "is written 'one-hot'"),
        ("```exercise sigmoid relu", "words after its name"),
    ],
)
def test_a_block_that_names_nothing_says_why(fence: str, said: str) -> None:
    with pytest.raises(LessonError, match=said):
        parsed(fence)


def test_every_exercise_is_a_step_of_its_lesson() -> None:
    for exercise in exercises().values():
        entry = catalog("en").entry(exercise.text.lesson)
        assert entry.path is not None
        assert f"```exercise {exercise.name}\n" in entry.path.read_text("utf-8"), exercise.name


def test_an_outline_is_not_changed_by_it() -> None:
    text = f"{HEAD}```exercise sigmoid\n```\n"
    outline = scan(text)
    assert outline is not None
    assert outline == outline_of(parse_lesson(text, "a.md", "a/b", "A"))


def test_the_card_says_how_the_file_stands() -> None:
    exercise = find_exercise("sigmoid")

    def said() -> str:
        return "\n".join(line_text(line) for line in card(exercise, 60))

    assert "sigmoid_slope(z)" in said()
    assert "○ Not begun" in said()
    path, _new = start(exercise)
    assert standing(exercise) is Standing.UNTESTED
    assert note_checked(exercise, path.read_bytes(), is_passed=False)
    assert "✗ Your file does not pass yet" in said()
    path.write_text(solution(exercise))
    assert "◐ Begun; not tested since" in said()
    assert note_checked(exercise, path.read_bytes(), is_passed=True)
    assert "✓ Your file passes" in said()
    module = card(find_exercise("module"), 60)
    assert "class Net" in "\n".join(line_text(line) for line in module)


async def test_enter_and_click_open_the_editor_and_the_way_back_shows_the_result(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(len(screen.lesson.steps) - 1)
        await pilot.press("enter")  # nothing else in this step could take it
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.exercise.name == "deltas"
        path_of(app.screen.exercise).write_text(Path(app.screen.file.path).read_text())
        await pilot.press("escape", "q")
        await settle(pilot)
        assert isinstance(app.screen, LessonScreen)
        (found,) = screen.page.query(ExerciseCard)
        assert "Begun" in "\n".join(line_text(line) for line in found.lines(60))
        await pilot.click(found)
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)


async def test_with_several_cards_tab_chooses_one(make_tutor: MakeTutor) -> None:
    app = make_tutor("functions/activations")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(len(screen.lesson.steps) - 1)
        assert len(screen.page.query(ExerciseCard)) == 2
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.exercise.name == "relu"
