"""What is copied: the words and LaTeX of a step, a selection, charts and tables as text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.selection import SELECT_ALL
from textual.widget import Widget
from textual.widgets import Input, TextArea

from engine.folders import data_folder
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import softmax_running
from tests.screens.notes import notes
from tests.screens.waiting import settle
from tui.bindings import all_bindings
from tui.math import draw
from tui.page.formula_part import selected_text
from tui.page.lines import Ink, indent, plain
from tui.page.prose import formula_rows
from tui.screens.lesson import LessonScreen
from tui.widgets.chart import Chart
from tui.widgets.epoch_table import EpochTable
from tui.widgets.number_rows import NumberRowsView
from tui.widgets.rail import Rail
from tui.widgets.source import Source
from tui.widgets.static_block import StaticBlock


async def test_copying_a_step_gives_words_and_latex_and_says_where(make_tutor: MakeTutor) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test() as pilot:
        await pilot.press("y")
        assert app.clipboard.startswith("## What softmax is for")
        assert r"$$p_i = \frac{\exp(z_i)}{\sum_k \exp(z_k)}$$" in app.clipboard
        assert "LessonScreen" not in app.clipboard
        kept = (data_folder() / "copied.txt").read_text()
        assert kept.strip() == app.clipboard
        assert any("copied.txt" in note for note in notes(app))


async def test_a_selection_gives_the_words_under_it(make_tutor: MakeTutor) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=(100, 40)) as pilot:
        view = app.screen.query(StaticBlock).first()
        await pilot.mouse_down(view, offset=(0, 0))
        await pilot.hover(view, offset=(30, 0))
        await pilot.mouse_up(view, offset=(30, 0))
        text = app.screen.get_selected_text()
        assert text is not None
        assert text.startswith("A network that tells K")


async def test_a_selection_that_is_copied_is_kept_and_the_learner_is_told_where(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=(100, 40)) as pilot:
        view = app.screen.query(StaticBlock).first()
        await pilot.mouse_down(view, offset=(0, 0))
        await pilot.hover(view, offset=(30, 0))
        await pilot.mouse_up(view, offset=(30, 0))
        await pilot.press("ctrl+c")
        assert app.clipboard.startswith("A network that tells K")
        assert (data_folder() / "copied.txt").read_text().strip() == app.clipboard.strip()
        assert any("copied.txt" in note for note in notes(app))


async def test_formulas_in_cards_are_copied_as_latex(make_tutor: MakeTutor) -> None:
    app = make_tutor("functions/softmax")
    async with app.run_test(size=(140, 50)) as pilot:
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        await lesson.show_step(3)
        await settle(pilot)
        rail = lesson.query_one(Rail).get_selection(SELECT_ALL)
        assert rail is not None
        rows = [row.strip() for row in rail[0].splitlines()]
        assert r"$$p_i = \frac{\exp(z_i)}{\sum_k \exp(z_k)}$$" in rows
        assert r"$$\sum_i p_i = 1$$" in rows


def test_a_formula_is_copied_once_with_what_stands_beside_it() -> None:
    half, third = r"\frac{a}{b}", r"\frac{c}{d}"
    columns = [formula_rows(draw(latex, 20), latex) for latex in (half, third)]
    gap, reason = ("   ", Ink.PLAIN), ("  by hand", Ink.QUIET)
    rows = [(*a, gap, *b) for a, b in zip(*columns, strict=True)]
    rows[1] = (("1. ", Ink.PLAIN), *rows[1], reason)
    lines = [plain("before"), *rows, (), *indent(columns[0], 2), plain("after")]
    copied = f"1. $${half}$$ $${third}$$ by hand"
    assert selected_text(lines, [(0, -1)] * len(lines)).splitlines() == [
        "before", copied, "", f"$${half}$$", "after",
    ]  # fmt: skip
    spans = [(3, -1), (0, 2), *[None] * (len(lines) - 2)]
    assert selected_text(lines, spans) == f"ore\n$${half}$$ $${third}$$", "all of what is touched"


async def test_folded_code_is_copied_unfolded() -> None:
    code = "total = first_number + second_number + third_number\nprint(total)"

    class Page(App[None]):
        def compose(self) -> ComposeResult:
            yield Source(code)

    app = Page()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        source = app.query_one(Source)
        assert "↪" in str(source.content)
        assert source.get_selection(SELECT_ALL) == (code, "\n")


def test_no_widget_is_copied_as_its_class_name() -> None:
    all_bindings()
    classes, found = [Widget], []
    for each in classes:
        classes += each.__subclasses__()
        if not each.__module__.startswith("tui.") or issubclass(each, Input | TextArea):
            continue
        draws = each.render_line is not Widget.render_line
        if draws and each.ALLOW_SELECT and each.get_selection is Widget.get_selection:
            found.append(each.__name__)
    assert found == []


async def test_charts_tables_and_numbers_are_copied_as_text(make_tutor: MakeTutor) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(120, 60)) as pilot:
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        await lesson.show_step(4)
        numbers = lesson.query(NumberRowsView).first()
        copied = numbers.get_selection(SELECT_ALL)
        assert copied is not None
        assert copied[0].startswith("$$")
        app.open_training("softmax")
        await settle(pilot)
        table = app.screen.query_one(EpochTable)
        table.set_rows(softmax_running(3).measured)
        copied = table.get_selection(SELECT_ALL)
        assert copied is not None
        heads, *rows = [line.split("\t") for line in copied[0].splitlines()]
        assert len(rows) == table.row_count
        assert rows[0] == [word.strip() for word in table.get_row_at(0)]
        assert len(heads) == len(rows[0])
        chart = app.screen.query(Chart).first().children[-1].get_selection(SELECT_ALL)
        assert chart is not None
        assert "_Canvas" not in chart[0]
