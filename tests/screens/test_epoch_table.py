"""The table of epochs stays quick and still, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from textual.app import ComposeResult
from textual.geometry import Region

from engine.training.snapshot import EpochMetrics
from tests.cases import for_each
from tui.themes import ThemedApp
from tui.widgets import epoch_table
from tui.widgets.epoch_table import HEADER, EpochTable, columns, fitting


def rows(
    count: int, norms: tuple[float, ...] = (), held: float | None = None
) -> tuple[EpochMetrics, ...]:
    row = EpochMetrics(1, 1, 0.5, 0.9, 0.6, 0.8, 0.01, 100.0, norms, 0.75, 0.7, held, held and 0.85)
    return tuple(replace(row, epoch=epoch, step=epoch) for epoch in range(1, count + 1))


class TableApp(ThemedApp[None]):
    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self.table = EpochTable()

    def compose(self) -> ComposeResult:
        yield self.table

    def epochs(self) -> list[str]:
        """The first word of every line that is seen."""
        height = self.table.size.height
        lines = [self.table.render_line(y).text.split() for y in range(height)]
        return [words[0] if words else "" for words in lines]


async def test_the_digits_of_epochs_stand_below_each_other() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_rows(rows(12))
        await pilot.pause()
        lines = [app.table.render_line(y).text for y in range(app.table.size.height)]
        shown = [line[:7] for line in lines if line.split()[:1] in (["9"], ["10"])]
        assert shown == ["    9  ", "   10  "]


async def test_only_lines_in_view_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp()
    async with app.run_test(size=(80, 14)) as pilot:
        laid_out: list[str] = []
        real = epoch_table._line

        def count(seen: Sequence[epoch_table.Column], words: Sequence[str]) -> str:
            laid_out.append(words[0])
            return real(seen, words)

        monkeypatch.setattr(epoch_table, "_line", count)
        app.table.set_rows(rows(10_000))
        await pilot.pause()
        assert app.table.row_count == 10_000
        assert "10000" in app.epochs()
        assert 0 < len(set(laid_out)) < 50


async def test_a_new_row_is_painted_alone_until_the_page_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = TableApp()
    async with app.run_test(size=(80, 12 + HEADER)) as pilot:
        app.table.set_rows(rows(3))
        await pilot.pause()
        painted: list[tuple[Region, ...]] = []
        monkeypatch.setattr(app.table, "refresh", lambda *regions, **_: painted.append(regions))
        for count in range(4, 13):
            app.table.set_rows(rows(count))
        assert painted == [(Region(0, HEADER - 1 + count, 80, 1),) for count in range(4, 13)]


async def test_the_view_moves_on_by_half_a_page() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 12 + HEADER)) as pilot:
        tops = []
        for count in range(1, 26):
            app.table.set_rows(rows(count))
            await pilot.pause()
            seen = app.epochs()
            assert seen[HEADER - 1] == "epoch"
            assert str(count) in seen
            tops.append(int(seen[HEADER]))
        assert sorted(set(tops)) == [1, 7, 13, 19]


async def test_whoever_scrolled_away_is_left_alone() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 13)) as pilot:
        app.table.set_rows(rows(100))
        app.table.focus()
        await pilot.pause()
        await pilot.press("home")
        await pilot.pause()
        app.table.set_rows(rows(200))
        await pilot.pause()
        assert app.epochs()[HEADER] == "1"
        await pilot.press("end")
        await pilot.pause()
        app.table.set_rows(rows(300))
        await pilot.pause()
        assert "300" in app.epochs()


async def test_rows_that_came_while_the_table_was_hidden_are_there_when_it_is_shown() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 13)) as pilot:
        app.table.display = False
        await pilot.pause()
        app.table.set_rows(rows(500))
        await pilot.pause()
        app.table.display = True
        await pilot.pause()
        await pilot.pause()
        assert "500" in app.epochs()


async def test_another_training_begins_a_new_table() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 13)) as pilot:
        app.table.set_rows(rows(100))
        await pilot.pause()
        app.table.set_rows(rows(2))
        await pilot.pause()
        assert app.epochs()[HEADER : HEADER + 3] == ["1", "2", ""]


def words(app: TableApp, y: int) -> str:
    return app.table.render_line(y).text.rstrip()


async def test_every_figure_is_named_for_what_it_is_and_none_is_cut_at_80() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        begin = replace(rows(1)[0], epoch=0, during_loss=None, during_accuracy=None)
        app.table.set_rows((begin, *rows(1)))
        await pilot.pause()
        groups, names = words(app, 0), words(app, 1)
        wanted = "epoch train acc test acc train loss test loss acc loss seconds"
        assert names.split() == wanted.split()
        assert groups.split() == ["after", "the", "epoch", "during", "the", "epoch"]
        assert groups.index("during") == names.rindex(" acc") + 1
        assert words(app, 2).split() == ["0", "0.9000", "0.8000", "0.5000", "0.6000", *"–––"]
        figures = "0.9000 0.8000 0.5000 0.6000 0.7000 0.7500 0.01"
        assert words(app, 3).split() == ["1", *figures.split()]


async def test_a_validation_split_has_columns_of_its_own() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 24)) as pilot:
        app.table.set_rows(rows(1, held=0.55))
        await pilot.pause()
        names = words(app, 1)
        assert "train acc  val acc  test acc" in names
        assert "train loss  val loss" in names
        assert words(app, 2).split()[1:4] == ["0.9000", "0.8500", "0.8000"]


@for_each("width", range(24, 140, 3))
@for_each("first", [0, 2, 5])
def test_whole_columns_alone_are_shown(width: int, first: int) -> None:
    layers = ("hidden 1", "hidden 2", "output")
    found = columns(rows(1, (0.1, 0.2, 0.3), held=0.5), layers)
    seen = fitting(found, width, first)
    assert tuple(replace(column, gap=2) for column in seen) == (
        found[0],
        *found[1 + first : first + len(seen)],
    )
    taken = sum(column.width for column in seen) - seen[-1].gap
    assert taken <= width
    inside = [a.gap for a, b in pairwise(seen) if a.group == b.group]
    between = [a.gap for a, b in pairwise(seen) if a.group != b.group]
    if 1 in (*inside, *between):  # they move together only where all of them fit because of it
        assert len(seen) == len(found)
        assert sum(column.width for column in found) - 2 > width
    if 1 in between:  # groups stay apart as long as there is room
        assert taken + len(between) > width
    if first + len(seen) < len(found):
        coming = found[first + len(seen)]
        heading = 0 if coming.group == seen[-1].group else len(coming.group)
        used = sum(column.width for column in seen)
        assert used + max(coming.width - 2, heading) > width


async def test_the_columns_left_out_are_reached_by_the_arrow_keys() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 13)) as pilot:
        layers = ("hidden 1", "hidden 2", "hidden 3", "output")
        app.table.set_rows(rows(1, (0.1, 0.2, 0.3, 0.4)), layers)
        app.table.focus()
        await pilot.pause()
        assert "∇ output" not in words(app, 1)
        assert words(app, 0).endswith("→")
        await pilot.press(*["right"] * 40)
        await pilot.pause()
        assert "∇ output" in words(app, 1)
        assert words(app, 1).startswith("epoch")
        assert words(app, 1).endswith("seconds")
        assert words(app, 0).endswith("←")
        assert "0.4000" in words(app, 2)
        await pilot.press(*["left"] * 40)
        await pilot.pause()
        assert "train acc" in words(app, 1)


def test_the_heading_of_a_group_ends_before_the_next_group_begins() -> None:
    losses = [replace(row, test_accuracy=None) for row in rows(1, (0.1,))]
    seen, at, ends = fitting(columns(losses, ("output",)), 100), 0, 0
    for before, column in pairwise(seen):
        at += before.width
        if column.group and column.group != before.group:
            assert ends < at, column.group
            ends = at + len(column.group)
