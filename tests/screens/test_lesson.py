"""A lesson walked: steps, questions, derivations, code, help, symbols."""

from __future__ import annotations

import pytest
from textual.content import Content
from textual.widgets import Input, Static

from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from lessons.format.document import Text
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession
from tests.screens.lesson_steps import SIZES, SnapCompare, at_step, shown
from tests.screens.notes import notes
from tests.screens.waiting import settle
from tui.page.lines import line_text
from tui.page.prose import pieces
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.screens.lesson import LessonScreen
from tui.screens.symbols import SymbolScreen
from tui.widgets.code_view import CodeView
from tui.widgets.coded import KEY_STYLE
from tui.widgets.figure_view import FigureView
from tui.widgets.foot import Foot
from tui.widgets.lines_view import LinesView
from tui.widgets.predict import PredictView
from tui.widgets.rail import Rail
from tui.widgets.recap import Recap
from tui.widgets.source import folded


def said(title: Text) -> str:
    return line_text(tuple(pieces(title)))


@pytest.mark.parametrize("size", SIZES)
def test_prose_and_formula(
    make_tutor: MakeTutor, snap_compare: SnapCompare, size: tuple[int, int]
) -> None:
    assert snap_compare(make_tutor("backprop/worked-example"), terminal_size=size)


def test_code(make_tutor: MakeTutor, snap_compare: SnapCompare) -> None:
    app = make_tutor("linear/from-scratch")
    assert snap_compare(app, terminal_size=(80, 24), run_before=at_step(2))


def test_light_theme(make_tutor: MakeTutor, snap_compare: SnapCompare) -> None:
    app = make_tutor("backprop/deltas")
    assert snap_compare(app, terminal_size=(80, 24), press=["t"])


async def test_steps_forth_and_back_are_kept(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await pilot.press("right", "space", "l")
        assert screen.step == 3
        await pilot.press("left", "h")
        assert screen.step == 1
        assert app.progress.get("backprop/deltas").places(screen.lesson.keys) == {0, 1, 2, 3}
        await pilot.press("left", "left", "left")
        assert screen.step == 0
        told = "This is the first step. →: next step · g: contents"
        assert notes(app) == [told]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("a", "No question of this step can be answered again."),
        ("enter", "There is nothing to answer, open or run in this step."),
    ],
)
async def test_a_key_that_finds_nothing_in_a_step_says_so(
    make_tutor: MakeTutor, key: str, said: str
) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert notes(app) == [said]


async def test_after_the_last_step_comes_a_recap_then_the_next_lesson(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    following = app.contents.neighbour("backprop/deltas", 1)
    assert following is not None
    async with app.run_test() as pilot:
        await at_step(len(app.contents.load("backprop/deltas").steps) - 1)(pilot)
        await pilot.press("right")
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        (recap,) = lesson.query(Recap)
        said = "\n".join(line_text(line) for line in recap.lines(76))
        assert "say what the delta of a unit measures" in said
        assert following.title in said
        assert "open" in said
        await pilot.press("left")
        assert not lesson.query(Recap)
        await pilot.press("right", "right")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.lesson.slug == following.slug
        assert len(app.screen_stack) == 2


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_the_text_stands_in_the_middle_and_the_rail_beside_it(
    make_tutor: MakeTutor, width: int
) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=(width, 40)) as pilot:
        await at_step(7)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        title = screen.query_one(".step-title")
        page = screen.page.region
        left, right = title.region.x - page.x, page.right - title.region.right
        assert title.region.width <= 88
        assert abs(left - right) <= 2
        rail = screen.query_one(Rail)
        assert bool(rail.region.width) is (width >= 120)
        said = "\n".join(line_text(line) for line in rail.lines(40))
        assert "the Jacobian" in said
        assert "Euler" not in said  # of another step
        assert "so far" in said
        if width == 120:  # there the rail has room for the steps, and a click leads to one
            await pilot.resize_terminal(width, 80)
            await pilot.pause()
            row = next(row for row, step in rail.steps.items() if step == 8)
            assert await pilot.click(Rail, offset=(4, row))
            await pilot.pause()
            assert screen.step == 8


async def test_on_a_large_screen_no_text_jumps_and_the_figure_grows_beside_it(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        places = set()
        for step in range(len(screen.lesson.steps)):
            await at_step(step)(pilot)
            title = screen.query_one(".step-title")
            places.add((title.region.x, title.region.y))
            rail = screen.query_one(Rail)
            assert screen.page.max_scroll_y == 0
            assert rail.size.height == screen.query_one("#rail-pane").size.height
        assert len(places) == 1
        assert next(iter(places))[1] == rail.region.y > 3, "there is air above both"
        await at_step(0)(pilot)
        assert rail.content_size.width > 70
        lines = [line_text(line) for line in rail.lines(rail.content_size.width)]
        high = lines.index("on this step")
        await pilot.resize_terminal(180, 40)
        await pilot.pause()
        assert title.region.y < 4
        lines = [line_text(line) for line in rail.lines(rail.content_size.width)]
        assert lines.index("on this step") < high


async def test_on_a_large_screen_the_titles_at_the_foot_lead_to_steps(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/batches")
    async with app.run_test(size=(160, 60)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        foot, last = screen.query_one(Foot), len(screen.lesson.steps) - 1
        titles = [step.title for step in screen.lesson.steps]

        async def click(x: int, y: int = 1) -> None:
            await pilot.click(foot, offset=(x, y))
            await settle(pilot)

        def rows() -> list[str]:
            return [line_text(line) for line in foot.lines(foot.content_size.width)]

        assert rows()[2] == "in this lesson"
        assert rows()[-2].split() == ["●", *said(titles[0]).split(), "·", *said(titles[2]).split()]
        assert foot.region.bottom == screen.query_one("#rail-pane").region.bottom - 1
        assert foot.region.x == screen.query_one(".step-title").region.x
        await click(foot.size.width - 1, 2)
        assert screen.step == 0, "there is nothing"
        await click(foot.size.width // 2 + 3, len(rows()) - 1)
        assert screen.step == last
        assert rows()[0].startswith("─")
        assert rows()[1].endswith("  end of the lesson →"), "a long step leaves room for two"
        assert rows()[1].startswith(f"← {said(titles[last - 1])}  ")
        assert line_text(foot.lines(12)[1]).split() == ["←", "→"]
        await click(foot.size.width // 2)
        assert screen.step == last
        await click(foot.size.width - 3)
        assert screen.at_end
        assert not foot.region
        await at_step(last)(pilot)
        await click(1)
        assert screen.step == last - 1
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert not foot.region


async def test_a_step_that_grows_on_a_large_screen_moves_nothing(make_tutor: MakeTutor) -> None:
    app = make_tutor("classification/softmax")
    async with app.run_test(size=(200, 50)) as pilot:
        await at_step(4)(pilot)  # its figure appears after the answer
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        rail, foot = screen.query_one(Rail), screen.query_one(Foot)

        def places() -> list[int]:
            lines = [line_text(line) for line in rail.lines(rail.content_size.width)]
            parts = [lines.index(title) for title in ("on this step", "so far")]
            tops = [each.region.y for each in screen.query_one("#lesson-page").children]
            return [*parts, *filter(None, tops)]

        before, picture = places(), rail.lines(rail.content_size.width)[:8]
        assert foot.names_all
        await pilot.press("enter", "1", "enter")  # wrong: feedback takes rows
        await settle(pilot)
        assert places() == before
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert places() == before
        assert rail.lines(rail.content_size.width)[:8] != picture

    app = make_tutor("functions/entropy")
    async with app.run_test(size=(200, 50)) as pilot:
        await at_step(2)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        foot, page = screen.query_one(Foot), screen.page
        assert foot.names_all
        tops = [each.region.y for each in page.children][:4]
        await pilot.press("a")  # the whole derivation
        await settle(pilot)
        assert not foot.names_all, "the step has its rows"
        assert page.max_scroll_y == 0
        assert [each.region.y for each in page.children][:4] == tops


async def test_beside_a_narrow_rail_the_figure_of_a_short_step_stays_on_the_page(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("classification/logistic")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_step(1)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        figure, rail = screen.query_one(FigureView), screen.query_one(Rail)
        assert figure.region.width > 2 * rail.region.width
        assert screen.page.max_scroll_y == 0, "the step is seen whole"
        assert line_text(rail.lines(30)[0]) == "on this step"
        for size in ((120, 30), (200, 60)):  # no room for it; a large rail is the place for it
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert not figure.region
            assert line_text(rail.lines(30)[0]) != "on this step"


async def test_code_never_wraps_to_the_first_column(make_tutor: MakeTutor) -> None:
    text = Content("    call(first_argument, second_argument, third_argument)\nshort = 1")
    for width in (24, 31, 40):
        rows = folded(text, width).plain.split("\n")
        assert all(len(row) <= width for row in rows)
        assert rows[-1] == "short = 1"
        assert all(row.lstrip().startswith("↪") for row in rows[1:-1])
        assert all(row.startswith("      ") for row in rows[1:-1])
        whole = "".join(row.strip().removeprefix("↪ ").strip() for row in rows[:-1])
        assert whole.replace(" ", "") == "call(first_argument,second_argument,third_argument)"


async def test_a_small_terminal_scrolls(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(60, 12)) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.page.max_scroll_y > 0
        await pilot.press("j", "j")
        assert screen.page.scroll_y == 2
        await pilot.press("k", "pagedown")
        assert screen.page.scroll_y > 2


async def test_a_narrow_terminal_cuts_nothing_off(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(40, 24)) as pilot:
        await at_step(2)(pilot)
        place = str(app.screen.query_one("#place", Static).content)
        assert len(place) <= 40
        assert place.endswith("step 3 of 17 ")
        view = app.screen.query_one(PredictView)
        assert view.content_region.contains_region(view.query_one(Input).region)


async def test_code_runs_and_shows_its_output(make_tutor: MakeTutor) -> None:
    app = make_tutor("classification/softmax-from-scratch")
    async with app.run_test() as pilot:
        await at_step(4)(pilot)
        runnable = next(view for view in app.screen.query(CodeView) if view.block.runs)
        place = runnable.query_one(".where", Static).content
        assert isinstance(place, Content)
        lit = [place.plain[at.start : at.end] for at in place.spans if at.style == KEY_STYLE]
        assert lit == ["tab", "enter"], "keys stand out"
        runnable.focus()
        await pilot.press("enter")
        await settle(pilot)
        assert runnable.output.startswith("picked: [0.1")


async def test_help_lists_the_keys_of_the_focused_widget_first(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        await pilot.press("question_mark")
        help_screen = app.screen
        assert isinstance(help_screen, HelpScreen)
        titles = [title for title, _ in help_screen.groups]
        own = ["In the focused control", "On this screen", "Everywhere"]
        assert titles == [*own, "Moving and editing"]
        await pilot.press("escape")
        assert isinstance(app.screen, LessonScreen)


async def test_every_key_has_an_id_and_says_what_it_does(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        ours = [
            active.binding
            for active in app.screen.active_bindings.values()
            if type(active.node).__module__.startswith("tui.")
            and not active.binding.system
            and active.binding.key not in ("ctrl+p", "tab", "shift+tab", "ctrl+c", "super+c")
        ]
        assert len(ours) > 10
        for binding in ours:
            assert binding.id, binding
            assert binding.tooltip, binding


async def test_symbols_can_be_looked_up(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await pilot.press("i")
        assert isinstance(app.screen, SymbolScreen)
        text = shown(app.screen.query_one(LinesView))
        assert "the target of output j" in text
        await pilot.press("i")
        assert isinstance(app.screen, LessonScreen)


async def test_quitting_while_training_asks(make_tutor: MakeTutor, session: FakeSession) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        app.start_training(TrainingOrder(find_recipe("linear")))
        await pilot.press("q")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("n")
        assert isinstance(app.screen, LessonScreen)
        assert app.is_running
        await pilot.press("q", "y")
        assert app.return_code == 0
    assert session.is_closed
