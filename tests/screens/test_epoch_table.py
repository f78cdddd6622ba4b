"""The table of epochs stays quick and still, however many there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import ComposeResult
from textual.geometry import Region

from engine.training.snapshot import EpochMetrics
from tui.themes import ThemedApp
from tui.widgets.epoch_table import EpochTable, cells


def rows(count: int, norms: tuple[float, ...] = ()) -> tuple[EpochMetrics, ...]:
    row = EpochMetrics(1, 1, 0.5, 0.9, 0.6, 0.8, 0.01, 100.0, norms)
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


async def test_only_lines_in_view_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp()
    async with app.run_test(size=(80, 14)) as pilot:
        laid_out: list[int] = []

        def count(metrics: EpochMetrics) -> tuple[str, ...]:
            laid_out.append(metrics.epoch)
            return cells(metrics)

        monkeypatch.setattr("tui.widgets.epoch_table.cells", count)
        app.table.set_rows(rows(10_000))
        await pilot.pause()
        assert app.table.row_count == 10_000
        assert "10000" in app.epochs()
        assert 0 < len(set(laid_out)) < 50


async def test_a_new_row_is_painted_alone_until_the_page_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = TableApp()
    async with app.run_test(size=(80, 13)) as pilot:
        app.table.set_rows(rows(3))
        await pilot.pause()
        painted: list[tuple[Region, ...]] = []
        monkeypatch.setattr(app.table, "refresh", lambda *regions, **_: painted.append(regions))
        for count in range(4, 13):
            app.table.set_rows(rows(count))
        assert painted == [(Region(0, count, 80, 1),) for count in range(4, 13)]


async def test_the_view_moves_on_by_half_a_page() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 13)) as pilot:
        tops = []
        for count in range(1, 26):
            app.table.set_rows(rows(count))
            await pilot.pause()
            seen = app.epochs()
            assert seen[0] == "epoch"
            assert str(count) in seen
            tops.append(int(seen[1]))
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
        assert app.epochs()[1] == "1"
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
        assert app.epochs()[1:4] == ["1", "2", ""]


@pytest.mark.parametrize(("width", "seconds"), [(80, True), (60, False)])
async def test_gradient_norms_have_columns_and_seconds_give_way(width: int, seconds: bool) -> None:
    app = TableApp()
    async with app.run_test(size=(width, 13)) as pilot:
        app.table.set_rows(rows(1, (0.25,)), ("hidden",))
        await pilot.pause()
        header = app.table.render_line(0).text
        assert "∇ hidden" in header
        assert ("seconds" in header) is seconds
        assert "0.2500" in app.table.render_line(1).text


async def test_many_layers_are_reached_by_scrolling_sideways() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 13)) as pilot:
        layers = ("hidden 1", "hidden 2", "hidden 3", "output")
        app.table.set_rows(rows(1, (0.1, 0.2, 0.3, 0.4)), layers)
        app.table.focus()
        await pilot.pause()
        assert "∇ output" not in app.table.render_line(0).text
        await pilot.press(*["right"] * 40)
        await pilot.pause()
        assert "∇ output" in app.table.render_line(0).text
        assert "0.4000" in app.table.render_line(1).text
