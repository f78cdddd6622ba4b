"""A lesson walked: steps, questions, derivations, code, help, symbols."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.formulas.bench import AUTOGRAD
from engine.formulas.notation import Notation
from engine.formulas.proving import Comparison, LineProof
from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from lessons.format.document import Block, Derivation
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession
from tests.screens.waiting import settle
from tui.page.lines import Ink, InkLine, line_text
from tui.page.prose import pieces
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.screens.lesson import LessonScreen
from tui.screens.symbols import SymbolScreen
from tui.widgets.code_view import CodeView
from tui.widgets.derivation import DerivationView, Proved
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView
from tui.widgets.predict import PredictView
from tui.widgets.rail import Rail
from tui.widgets.recap import Recap
from tui.widgets.source import folded

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def at_step(step: int) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def walk(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, LessonScreen)
        await pilot.app.screen.show_step(step)
        await settle(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False

    return walk


def shown(view: LinesView) -> str:
    return "\n".join(line_text(line) for line in view.lines(76))


@pytest.mark.parametrize("size", SIZES)
def test_prose_and_formula(
    make_tutor: MakeTutor, snap_compare: SnapCompare, size: tuple[int, int]
) -> None:
    assert snap_compare(make_tutor("backprop/worked-example"), terminal_size=size)


def steady_proofs(block: Derivation, notation: Notation, round_number: int) -> Proved:
    """Proofs whose residuals do not depend on how a processor rounds."""
    proof = LineProof((), (Comparison(AUTOGRAD, 2e-16, 1e-9),), 8)
    return (proof,) * len(block.lines), ((),) * len(block.lines)


@pytest.mark.parametrize("size", SIZES)
def test_derivation(
    make_tutor: MakeTutor,
    snap_compare: SnapCompare,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.widgets.derivation.prove", steady_proofs)

    async def reveal(pilot: Pilot[None]) -> None:
        await at_step(1)(pilot)
        await pilot.press("a")
        await pilot.pause()

    app = make_tutor("backprop/deltas")
    assert snap_compare(app, terminal_size=size, run_before=reveal)


def test_question(make_tutor: MakeTutor, snap_compare: SnapCompare) -> None:
    app = make_tutor("backprop/worked-example")
    assert snap_compare(app, terminal_size=(80, 24), run_before=at_step(1))


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
        if width == 200:  # there the rail has room for the steps, and a click leads to one
            await pilot.resize_terminal(width, 80)
            await pilot.pause()
            row = next(row for row, step in rail.steps.items() if step == 8)
            assert await pilot.click(Rail, offset=(4, row))
            await pilot.pause()
            assert screen.step == 8


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


async def test_what_follows_a_question_waits_for_the_answer(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(4)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        after = screen.page.children[-2]
        assert not after.display
        await pilot.press("tab", "a", "enter")  # a slip does not settle it
        assert not after.display
        await pilot.press("backspace", "b", "enter")
        await settle(pilot)
        assert after.display
        assert app.progress.last_answer("backprop/deltas", "deltas_missing_weight") == "b"


async def test_going_on_without_an_answer_is_noted_and_shows_the_rest(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(4)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await pilot.press("right")
        await settle(pilot)
        assert screen.step == 4
        assert all(widget.display for widget in screen.page.children)
        await pilot.press("right")
        await settle(pilot)
        assert screen.step == 5
        assert [answer.verdict for answer in app.progress.answers()] == ["skipped"]


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


async def test_the_numbers_of_the_next_step_are_computed_beside_the_screen(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[Block, str] = {}

    def lines(block: Block, width: int) -> list[InkLine]:
        threads[block] = threading.current_thread().name
        return []

    monkeypatch.setattr("tui.screens.lesson.block_lines", lines)
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for step in (1, 3):  # of the first one, and of the third
            for block in screen.lesson.steps[step].blocks:
                assert threads[block] == "background"
        await at_step(len(screen.lesson.steps) - 1)(pilot)


async def test_a_narrow_terminal_cuts_nothing_off(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(40, 24)) as pilot:
        await at_step(2)(pilot)
        place = str(app.screen.query_one("#place", Static).content)
        assert len(place) <= 40
        assert place.endswith("step 3 of 17 ")
        view = app.screen.query_one(PredictView)
        assert view.content_region.contains_region(view.query_one(Input).region)


async def test_a_slip_is_named_and_the_answer_kept(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", *"0.3219", "enter")
        feedback = app.screen.query_one(Feedback)
        assert feedback.diagnosis is not None
        assert feedback.diagnosis.slip == "half-precedence"
        assert "at the first output only" in shown(feedback)
        await pilot.press("escape", "left", "right")
        again = app.screen.query_one(PredictView)
        assert again.query_one(Input).value == "0.3219"
        assert "at the first output only" in shown(again.query_one(Feedback))


async def test_a_right_answer_gives_the_keys_back(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", *"0.29837", "enter")
        await pilot.pause()
        assert "✓ right" in shown(app.screen.query_one(Feedback))
        await pilot.press("right")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.step == 3


async def test_letters_in_a_field_are_no_keys(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", "g", "q", "t")
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("enter")
        assert "cannot be computed" in shown(app.screen.query_one(Feedback))
        await pilot.press("escape", "g")
        assert not isinstance(app.screen, LessonScreen)


async def test_nothing_that_is_typed_breaks_the_page(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        field, said = app.screen.query_one(Input), ""
        for typed in ("<b>", "[a](b)", "`*_$x$`", "](number:", "![x](y)", "\\\\"):
            field.focus()
            field.value = typed
            await pilot.press("enter")
            await pilot.pause()
            assert app.is_running, typed
            before, said = said, shown(app.screen.query_one(Feedback))
            assert "cannot be computed" in said, typed
            assert said != before, typed


async def test_the_answer_can_be_revealed(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test() as pilot:
        await at_step(2)(pilot)
        await pilot.press("tab", "ctrl+r")
        assert "0.298371109" in shown(app.screen.query_one(Feedback))


async def test_a_derivation_is_revealed_line_by_line_and_proved(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        assert view.has_focus
        assert "3 more lines are hidden" in shown(view)
        assert shown(view).count("✓") == 1
        await pilot.press("enter")
        assert "2 more lines are hidden" in shown(view)
        dimmed = [ink for line in view.lines(80) for _text, ink in line if ink is Ink.MATH_DIM]
        assert dimmed  # the line above steps back
        await pilot.press("a")
        assert shown(view).count("✓") == 1
        assert not [1 for line in view.lines(80) for _text, ink in line if ink is Ink.MATH_DIM]
        first, *_ = [line for line in shown(view).split("\n") if line.lstrip().startswith("1 ")]
        reason = "".join(text for text, _ink in pieces(view.block.lines[0].reason))
        assert first.rstrip().endswith(reason.replace("\N{NO-BREAK SPACE}", " "))
        assert "residual" not in shown(view)
        await pilot.press("d")
        assert shown(view).count("checked as shown, on 8 random draws") == 4
        assert "against central differences" in shown(view)
        assert "hidden" not in shown(view)


async def test_proving_again_takes_new_numbers(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        await pilot.press("e")
        before = shown(view)
        assert "part 1 of" in before
        await pilot.press("p")
        await settle(pilot)
        after = shown(view)
        assert "✓" in after
        assert after != before


async def test_the_arrows_walk_through_the_parts_while_numbers_are_open(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test() as pilot:
        await at_step(1)(pilot)
        view = app.screen.query_one(DerivationView)
        await pilot.press("a", "e")
        lit = []
        for _ in range(4):
            part = view.state.lit()
            assert part is not None
            lit.append(part.latex)
            await pilot.press("right")
        assert len(set(lit)) == 4
        assert view.is_attached, "the arrows stay with the formula"
        await pilot.press("up")
        assert view.state.opened == 2
        await pilot.press("e", "right")
        await settle(pilot)
        assert not view.is_attached, "with the numbers closed the arrow goes to the next step"


async def test_code_runs_and_shows_its_output(make_tutor: MakeTutor) -> None:
    app = make_tutor("classification/softmax-from-scratch")
    async with app.run_test() as pilot:
        await at_step(4)(pilot)
        runnable = next(view for view in app.screen.query(CodeView) if view.block.runs)
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
        assert titles == ["In the focused control", "On this screen", "Everywhere"]
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


async def test_revealing_scrolls_the_new_line_into_view(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(3)(pilot)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        view = screen.query_one(DerivationView)
        for _ in range(4):
            await pilot.press("enter")
            await pilot.pause()
            assert (
                view.virtual_region.bottom <= screen.page.scroll_offset.y + screen.page.size.height
            )
        assert screen.page.scroll_offset.y > 0


@pytest.mark.parametrize("keys", ["\t0.59674\r", "0.59674\r"])
async def test_an_answer_whose_keys_arrive_together_is_whole(
    make_tutor: MakeTutor, keys: str
) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_step(2)(pilot)
        names = {"\t": "tab", "\r": "enter", ".": "full_stop"}
        for key in keys:  # all of them before the first one is handled
            app.post_message(events.Key(names.get(key, key), key))
        await settle(pilot)
        await pilot.pause()
        (answer,) = app.progress.answers()
        assert (answer.text, answer.verdict) == ("0.59674", "slip")
        await pilot.press("5", "enter")  # the next one replaces it
        assert app.progress.answers()[-1].text == "5"
