"""Find the mistake: marking lines, wrong ones, the right one, and the answer on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from lessons.format.document import FindMistake, Span
from lessons.judge.evidence import Evidence
from lessons.judge.lines import faulty_lines
from lessons.judge.verdicts import Verdict
from tests.screens.conftest import MakeTutor
from tests.screens.lab_bench import Keys
from tests.screens.waiting import settle
from tests.unit.lessons.course import mistake_called
from tui.page.lines import line_text
from tui.screens.lesson import LessonScreen
from tui.themes import ThemedApp
from tui.widgets.chart import Chart
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView
from tui.widgets.mistake import CodeLine, MistakeView, Seen

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)
SLUG, STEP = "linear/from-scratch", 8


class Bench(ThemedApp[None]):
    """A step of a lesson with nothing but the mistake."""

    CSS = """
    #page { padding: 0 2; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self,
        name: str = "divide-twice",
        theme: str = "dltutor-dark",
        before: str | None = None,
    ) -> None:
        super().__init__()
        prompt = ((Span("The loss falls far too slowly. Which line is wrong?"),),)
        self.view = MistakeView(
            FindMistake(name, prompt, mistake_called(name), "linear/from-scratch"), before
        )
        self.wanted_theme = theme
        self.answers: list[MistakeView.Answered] = []

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield self.view
        yield Keys(show_command_palette=False)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.view.focus()

    def on_mistake_view_answered(self, message: MistakeView.Answered) -> None:
        self.answers.append(message)


def shown(view: LinesView, width: int = 71) -> str:
    return "\n".join(line_text(line) for line in view.lines(width))


def code(view: MistakeView) -> list[str]:
    return [str(line.content).rstrip() for line in view.query(CodeLine)]


async def test_the_symptom_is_seen_before_anything_is_answered() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        facts = shown(app.view.query_one(Seen))
        assert "learning rate asked for          0.2\n" in facts
        assert "first step / slope of the mean   0.004\n" in facts
        assert "✗ 4.93" in facts
        assert "repaired" not in facts
        (series,) = app.view.query_one(Chart).drawing.series
        assert (series.name, series.marker, len(series.ys)) == ("faulty", "×", 41)
        assert "enter: answer" in shown(app.view.query_one(Feedback))
        assert not app.answers


async def test_a_wrong_line_is_told_what_it_does_right_with_a_hint_more_each_time() -> None:
    app = Bench()
    mistake = mistake_called("divide-twice")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        said = shown(app.view.query_one(Feedback), 400)
        assert said.startswith("✗ not yet · The loss of this model has a single minimum")
        assert mistake.hints[0] in said
        assert code(app.view)[2].startswith("▸  3")
        await pilot.press("down", "enter")
        assert mistake.hints[1].replace("`", "") in shown(app.view.query_one(Feedback), 400)
        assert code(app.view)[2].startswith("✓  3")
        await pilot.press("down", "enter")
        assert "one of the lines 5 to 8" in shown(app.view.query_one(Feedback), 400)
        assert [answer.diagnosis.verdict for answer in app.answers] == [Verdict.WRONG] * 3
        assert app.answers[0].text == "w = np.zeros(X.shape[1])"
        assert not app.view.is_settled


async def test_the_right_line_shows_both_programs_and_both_runs() -> None:
    app = Bench()
    (line,) = faulty_lines(mistake_called("divide-twice"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["down"] * (line - app.view.marked), "enter")
        await settle(pilot)
        await settle(pilot)
        assert app.view.is_settled
        assert "−  7         w = w - lr * gradient / len(y)" in code(app.view)
        assert "+  7         w = w - lr * gradient" in code(app.view)
        said = shown(app.view.query_one(Feedback), 400)
        assert said.startswith("✓ right · Line 7: divided by the batch size twice.")
        facts = shown(app.view.query_one(Seen))
        assert "faulty" in facts
        assert "✓ 5.25e−5" in facts
        names = [(s.name, s.marker) for s in app.view.query_one(Chart).drawing.series]
        assert names == [("faulty", "×"), ("repaired", "•")]
        (answer,) = app.answers
        assert answer.diagnosis.verdict is Verdict.RIGHT
        assert answer.text == "w = w - lr * gradient / len(y)"
        # Nothing is left to mark, so the arrows belong to the lesson again.
        assert app.focused is None
        app.view.focus()
        await pilot.press("up", "enter", "ctrl+r")
        assert len(app.answers) == 1


async def test_reveal() -> None:
    app = Bench("tanh-overflow")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("ctrl+r")
        await settle(pilot)
        (answer,) = app.answers
        assert answer.diagnosis.verdict is Verdict.SHOWN
        assert answer.text == ""
        assert shown(app.view.query_one(Feedback)).startswith("▸ shown · Line 3: ")
        assert any(line.startswith("+  3") for line in code(app.view))
        # Nothing is left to select: the signs of both versions stay when the focus comes back.
        app.view.focus()
        await pilot.pause()
        await pilot.click(CodeLine)
        assert not any(line.startswith("▸") for line in code(app.view))


async def test_the_mark_stays_within_the_program_and_in_view() -> None:
    app = Bench("last-batch-loss")
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.view.marked == 3
        await pilot.press("up", "up", "up")
        assert app.view.marked == 1
        await pilot.press(*["down"] * 30)
        assert app.view.marked == len(app.view.source) == 14
        last = list(app.view.query(CodeLine))[-1]
        assert app.query_one("#page").region.contains_region(last.region)
        await pilot.press("escape")
        assert not any(line.startswith("▸") for line in code(app.view))


async def test_what_was_answered_before_is_taken_up() -> None:
    found = Bench(before="w = w - lr * gradient / len(y)")
    async with found.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert found.view.is_settled
        assert not found.answers
    missed = Bench(before="error = X @ w - y")
    async with missed.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert missed.view.marked == 5
        assert shown(missed.view.query_one(Feedback)).startswith("✗ not yet")
        assert not missed.view.is_settled


async def test_a_run_that_fails_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Evidence:
        raise MemoryError("too little memory")

    monkeypatch.setattr("tui.widgets.mistake.evidence_of", fail)
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        text = shown(app.view.query_one(Seen))
        assert text == "The program stopped: MemoryError: too little memory"


async def test_side_by_side_where_there_is_room() -> None:
    app = Bench()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        program, seen = app.view.query_one(".program"), app.view.query_one(".seen")
        assert program.region.right <= seen.region.x
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        # First what is to be explained, then the program.
        assert seen.region.bottom <= program.region.y
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert program.region.bottom <= seen.region.y


async def test_the_lesson_keeps_the_answer(make_tutor: MakeTutor) -> None:
    app = make_tutor(SLUG)
    async with app.run_test(size=NARROW) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(STEP)
        await pilot.press("enter", "up", "enter")
        assert app.progress.last_answer(SLUG, "mistake:divide-twice") == (
            '"""Fit y = Xw with the mean loss, from w = 0; returns w."""'
        )
        await pilot.press(*["down"] * 5, "enter")
        await settle(pilot)
        kept = app.progress.last_answer(SLUG, "mistake:divide-twice")
        assert kept == "w = w - lr * gradient / len(y)"
        await screen.show_step(STEP - 1)
        await screen.show_step(STEP)
        await settle(pilot)
        assert screen.query_one(MistakeView).is_settled


async def test_j_and_k_scroll_while_arrows_mark(make_tutor: MakeTutor) -> None:
    app = make_tutor(SLUG)
    async with app.run_test(size=NARROW) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(STEP)
        await settle(pilot)
        await pilot.press("j", "j", "j")
        assert screen.page.scroll_y == 3
        await pilot.press("k")
        assert screen.page.scroll_y == 2
        assert screen.query_one(MistakeView).marked == 3
        await pilot.press("enter", "down")
        assert screen.query_one(MistakeView).marked == 4


def test_every_key_has_an_id_and_a_tooltip() -> None:
    for binding in MistakeView.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id
        assert binding.tooltip


async def wrong_line(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press(*["down"] * 2, "enter")
    await settle(pilot)


async def right_line(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press(*["down"] * 4, "enter")
    await settle(pilot)
    await settle(pilot)


def test_snapshot_narrow(snap_compare: SnapCompare) -> None:
    assert snap_compare(Bench(), terminal_size=NARROW, run_before=wrong_line)


def test_snapshot_narrow_light_solved(snap_compare: SnapCompare) -> None:
    app = Bench(theme="dltutor-light")
    assert snap_compare(app, terminal_size=NARROW, run_before=right_line)


def test_snapshot_wide(snap_compare: SnapCompare) -> None:
    assert snap_compare(Bench(), terminal_size=WIDE, run_before=wrong_line)


def test_snapshot_wide_solved(snap_compare: SnapCompare) -> None:
    assert snap_compare(Bench(), terminal_size=WIDE, run_before=right_line)
