"""Labs where learners meet them: inside a lesson, with the keys of the lesson below theirs."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from lessons.format.catalog import catalog
from lessons.format.document import Lab as LabBlock
from tests.screens.conftest import MakeTutor
from tests.screens.lab_stand_ins import use_stand_ins
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.labs.base import Lab
from tui.labs.stepper import StepperLab
from tui.screens.lesson import LessonScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.predict import PredictView

NARROW, WIDE = (80, 24), (120, 40)
STEPPER = "backprop/worked-example"


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_ins(monkeypatch)


def _step_with(slug: str, lab: str) -> int:
    steps = catalog().load(slug).steps
    return next(
        number
        for number, step in enumerate(steps)
        if any(isinstance(block, LabBlock) and block.name == lab for block in step.blocks)
    )


async def _at(app: TutorApp, pilot: Pilot[None], slug: str, name: str) -> tuple[LessonScreen, Lab]:
    await settle(pilot)
    screen = app.screen
    assert isinstance(screen, LessonScreen)
    await screen.show_step(_step_with(slug, name))
    await settle(pilot)
    lab = screen.query_one(Lab)
    if not lab.display:
        keys = {each.binding.id for each in screen.active_bindings.values()}
        is_known = not screen.query(PredictView).first().block.later
        assert ("predict.reveal" in keys) is is_known, "what comes of it is not known before"
        await pilot.press("right")  # no prediction
        await settle(pilot)
    lab.focus()
    await settle(pilot)
    return screen, lab


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_arrows_step_the_lab_and_f_fills_the_screen(
    make_tutor: MakeTutor, size: tuple[int, int]
) -> None:
    app = make_tutor(STEPPER)
    async with app.run_test(size=size) as pilot:
        screen, lab = await _at(app, pilot, STEPPER, "stepper")
        assert isinstance(lab, StepperLab)
        step = screen.step
        await pilot.press("right", "right", "left")
        assert (screen.step, lab.stepping.position) == (step, 1)
        window = lab.region.intersection(screen.page.region)
        assert window.height == lab.outer_size.height, "all of it is in view"
        inside = lab.outer_size

        await pilot.press("F", "right")
        await settle(pilot)
        assert str(lab.border_subtitle).rstrip().endswith("F returns")
        assert lab.outer_size.width == size[0]
        assert lab.outer_size.height == size[1] - 1
        assert screen.query_one(KeyBar).region.height == 1
        assert (screen.step, lab.stepping.position) == (step, 2)
        await pilot.press("escape")
        await settle(pilot)
        assert lab.outer_size == inside
        assert lab.has_focus
        assert lab.stepping.position == 2
        await pilot.press("escape", "right")
        await settle(pilot)
        assert screen.step == step + 1, "without the focus, arrows belong to the lesson"


async def test_the_gradients_and_the_card_stand_beside_the_network(make_tutor: MakeTutor) -> None:
    app = make_tutor(STEPPER)
    async with app.run_test(size=WIDE) as pilot:
        screen, lab = await _at(app, pilot, STEPPER, "stepper")
        assert lab.has_class("-wide")
        assert not screen.query_one("#rail-pane").display
        await screen.show_step(0)
        await settle(pilot)
        assert screen.query_one("#rail-pane").display


async def test_no_key_is_shown_twice(make_tutor: MakeTutor) -> None:
    app = make_tutor(STEPPER)
    async with app.run_test(size=WIDE) as pilot:
        screen, _lab = await _at(app, pilot, STEPPER, "stepper")
        shown = [key.display for key in screen.query_one(KeyBar).shown]
        assert "→" in shown
        assert len(shown) == len(set(shown))


async def test_a_lab_lets_the_keys_through_that_it_does_not_use(make_tutor: MakeTutor) -> None:
    slug, name = "classification/fashion-mnist", "reading_data"
    app = make_tutor(slug)
    async with app.run_test(size=NARROW) as pilot:
        screen, lab = await _at(app, pilot, slug, name)
        assert lab.has_focus
        step = screen.step
        await pilot.press("F", "h")
        await settle(pilot)
        assert screen.step == step - 1
        assert screen.maximized is None, "the lab has gone, and so has its full screen"


async def test_tab_comes_to_the_lab_as_often_as_the_lab_says(make_tutor: MakeTutor) -> None:
    """The step holds a prediction, which is skipped here, the lab, and a question below it."""
    slug = "linear/gradient-descent"
    app = make_tutor(slug)
    async with app.run_test(size=NARROW) as pilot:
        screen, lab = await _at(app, pilot, slug, "descent")
        await screen.show_step(screen.lesson.keys.index("watch-the-noise"))
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        lab = screen.query_one(Lab)
        skipped, below = (view.field for view in screen.query(PredictView))

        for start, times in ((None, 1), (skipped, 1), (below, 2)):
            screen.set_focus(start)
            await settle(pilot)
            told = str(lab.query_one("#note", Static).content)
            assert told.startswith(f"Press {' '.join(['tab'] * times)}, then"), start
            await pilot.press(*["tab"] * times)
            await settle(pilot)
            assert lab.has_focus, start
        await pilot.press("shift+tab")
        assert skipped.has_focus, "a question that is skipped comes after all else"
        await pilot.press("tab")
        assert lab.has_focus


async def test_the_space_bar_does_not_leave_the_whole_screen(make_tutor: MakeTutor) -> None:
    slug, name = "classification/fashion-mnist", "reading_data"
    app = make_tutor(slug)
    async with app.run_test(size=NARROW) as pilot:
        screen, lab = await _at(app, pilot, slug, name)
        step = screen.step
        await pilot.press("F", "space")
        await settle(pilot)
        assert screen.step == step
        assert screen.maximized is lab
        assert lab.border_title == "The Fashion-MNIST images · Time one pass"
        note = str(lab.query_one("#note", Static).content)
        assert note.replace("\n", " ") == "The space bar goes on in the lesson. F returns to it."
        await pilot.press("F", "space")
        await settle(pilot)
        assert screen.at_end, "in the page, the space bar goes on"
