"""Runs compared in one chart, and exports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from engine.training.begin import begin
from engine.training.begun import note
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import HostApp, softmax_running, still
from tests.screens.kept_runs import (
    LINEAR,
    NARROW,
    SOFTMAX,
    WIDE,
    app_with,
    drawn,
    listed,
    run_with,
)
from tests.screens.notes import notes
from tests.screens.waiting import settle
from tui.panes.runs import HIDDEN, RunList, RunsPane
from tui.screens.confirm import ConfirmScreen
from tui.screens.export import ExportScreen
from tui.screens.training import TrainingScreen
from tui.themes import THEMES
from tui.widgets.row import is_legible
from tui.widgets.run_chart import STEP_LOSS, TEST_ACCURACY, TEST_LOSS, TRAIN_LOSS, run_series


def test_series_have_signs_of_their_own_and_are_named_by_their_settings() -> None:
    runs = [run_with(1, lr=0.5), run_with(0)]
    series = run_series(SOFTMAX, Snapshot(), runs, TEST_ACCURACY)
    assert [one.name for one in series] == ["lr 0.5", "lr 0.1"]
    assert len({one.marker for one in series}) == len({one.role for one in series}) == 2
    assert series[0].xs == tuple(range(11))
    now = softmax_running()
    assert [one.name for one in run_series(SOFTMAX, now, runs, TRAIN_LOSS)] == [
        "lr 0.5", "lr 0.1", "now",
    ]  # fmt: skip
    steps = run_series(SOFTMAX, now, [], STEP_LOSS)[0]
    assert steps.xs[-1] == 805


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES if not theme.ansi])
async def test_the_selected_run_can_be_read_in_every_theme(theme: str) -> None:
    app = app_with(run_with(0), run_with(1, 3, lr=0.5), theme=theme)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        runs = screen.panes.of(RunsPane).list
        for segment in chain.from_iterable(map(runs.render_line, range(runs.size.height))):
            style = segment.style
            if segment.text.strip() and style and style.color and style.bgcolor:
                assert is_legible(style.color, style.bgcolor), segment.text


async def test_kept_runs_and_the_one_under_way_are_overlaid() -> None:
    app = app_with(run_with(0), run_with(1, 3, lr=0.5))
    app.fake.publish(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6")
        assert drawn(app) == [("lr 0.5 (stopped at 3 of 10)", "×"), ("lr 0.1", "●"), ("now", "▲")]
        rows = listed(app)
        assert rows[0].startswith("× lr 0.5 (stopped at 3 of 10)  3 epochs · test acc 0.7967")
        assert rows[1].startswith("● lr 0.1  10 epochs")
        assert rows[2].startswith("▲ now")


async def test_a_run_that_was_killed_is_listed_and_the_one_under_way_is_not() -> None:
    killed, under_way = (begin(TrainingOrder(LINEAR, {"epochs": 3}), lambda: 0.0) for _ in range(2))
    for run in (killed, under_way):
        updates = train(run)
        for _ in range(150):
            next(updates)
        keep(run)
    app = HostApp(TrainingScreen("linear"))
    running = Snapshot(recipe="linear", run=under_way.name, state=SessionState.RUNNING)
    app.fake.publish(replace(running, run=under_way.name + "0"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("f")  # the display stays at the run before
        app.fake.publish(running)
        await pilot.press("6")
        await settle(pilot)
        (row,) = listed(app)
        assert "(interrupted at 1 of 3)" in row
        assert [run.run for run in app.runs.of("linear")] == [killed.name]


async def test_a_run_that_was_killed_before_its_first_checkpoint_has_nothing_saved() -> None:
    note(begin(TrainingOrder(LINEAR, {"epochs": 3, "lr": 0.5}), lambda: 0.0))
    app = HostApp(TrainingScreen("linear"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6")
        await settle(pilot)
        (row,) = listed(app)
        assert "lr 0.5 (interrupted at 0 of 3)  nothing saved" in row
        await pilot.press("m", "enter", "enter", "d", "y")
        await settle(pilot)
        assert app.runs.of("linear") == app.runs.begun("linear") == ()


async def test_space_shows_and_hides() -> None:
    app = app_with(run_with(0), run_with(1, lr=0.5))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "down", "space")
        await pilot.pause()
        assert [name for name, _ in drawn(app)] == ["lr 0.5"]
        assert listed(app)[1].startswith(f"{HIDDEN} lr 0.1")
        await pilot.press("enter")
        await pilot.pause()
        assert len(drawn(app)) == 2


async def test_d_removes_after_a_question() -> None:
    app = app_with(run_with(0), run_with(1, lr=0.5))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "d")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        assert "“lr 0.5”" in app.screen.question
        await pilot.press("n")
        assert len(app.runs.of("softmax")) == 2
        await pilot.press("d")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert [run.settings["lr"] for run in app.runs.of("softmax")] == [0.1]
        assert listed(app)[0].startswith("● defaults")


async def test_a_run_that_the_disk_does_not_give_up_stays_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, **_given: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    app = app_with(replace(run_with(0), run="softmax-7"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "d")
        await pilot.pause()
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            await pilot.press("y")
            await pilot.pause()
        assert [run.run for run in app.runs.of("softmax")] == ["softmax-7"]
        (said,) = app._notifications
        assert "cannot be removed: Permission denied. Make its folder writable" in said.message


@pytest.mark.parametrize("here", [True, False])
async def test_a_run_that_is_being_trained_is_not_removed(
    here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where it was resumed here, nor where another program trains it."""
    run = replace(run_with(0), run="softmax-7")
    app = app_with(run)
    trained = set[str]()
    monkeypatch.setattr("tui.panes.runs.is_running", trained.__contains__)

    def resume() -> None:
        if here:
            app.fake.publish(replace(softmax_running(), run=run.run))
        trained.update([] if here else [run.run])

    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "d")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        resume()  # while the question stands there
        await pilot.press("y")
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, TrainingScreen)
        assert len(notes(app)) == 2
        assert all(note.startswith("softmax-7 is being trained") for note in notes(app))
        assert run in app.runs.of("softmax")


async def test_m_changes_the_measure_and_y_the_scale_of_losses() -> None:
    app = app_with(run_with(0))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "y")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        chart = screen.panes.of(RunsPane).chart
        heading = str(chart.query_one("Static").render())
        assert heading.startswith("test accuracy  m:")
        assert not chart.drawing.log
        titles = []
        for _ in range(5):
            await pilot.press("m")
            heading = str(chart.query_one("Static").render())
            titles.append((heading.partition("  ")[0], chart.drawing.x_label))
        assert titles == [
            ("train accuracy", "epoch"),
            ("train loss, log scale", "epoch"),
            ("test loss, log scale", "epoch"),
            ("loss per step, smoothed, log scale", "step"),
            ("test accuracy", "epoch"),
        ]


async def test_no_runs_are_said_to_be_none() -> None:
    app = app_with()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("6", "space", "d")
        assert listed(app) == [
            "No runs of this recipe yet. A run is kept as soon as its training ends."
        ]
        assert isinstance(app.screen, TrainingScreen)


async def test_on_a_wide_screen_runs_and_gradients_stand_alone_and_give_way_again() -> None:
    app = app_with(run_with(0))
    async with app.run_test(size=WIDE) as pilot:

        def seen() -> list[str | None]:
            return [pane.id for pane in app.screen.query("#panes > .pane") if pane.display]

        for key, pane in (("5", "pane-gradients"), ("6", "pane-runs")):
            await pilot.press(key)
            await pilot.pause()
            assert seen() == [pane]
            await pilot.press(key)
            await pilot.pause()
            assert seen() == ["pane-loss", "pane-epoch", "pane-model", "pane-table"]


def test_runs_that_differ_in_the_seed_alone_are_one_band() -> None:
    runs = [run_with(n, lr=lr, seed=seed) for n, (lr, seed) in
            enumerate([(0.5, 0), (0.1, 0), (0.5, 1), (0.1, 1), (0.1, 2)])]  # fmt: skip
    rows = runs[2].measured
    runs[2] = replace(
        runs[2], measured=tuple(replace(row, test_loss=row.test_loss + 1) for row in rows)
    )
    one, other = run_series(SOFTMAX, Snapshot(), runs, TEST_LOSS)
    assert [one.name, other.name] == ["lr 0.5 · 2 seeds", "lr 0.1 · 3 seeds"]
    assert one.xs == tuple(row.epoch for row in rows)
    for low, mean, high, row in zip(one.lows, one.ys, one.highs, rows, strict=True):
        assert (low, high) == (row.test_loss, row.test_loss + 1)
        assert mean == pytest.approx(row.test_loss + 0.5)
    assert other.lows == ()  # all three are alike: there is no band
    repeated = [run_with(0), run_with(1), run_with(2, 4, seed=1)]
    names = [one.name for one in run_series(SOFTMAX, Snapshot(), repeated, TEST_LOSS)]
    assert len(names) == 3


async def test_the_rows_of_a_band_have_its_sign() -> None:
    app = app_with(*(run_with(n, lr=lr, seed=n) for n, lr in enumerate([0.5, 0.5, 0.1])))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("6")
        await pilot.pause()
        signs = [row[0] for row in listed(app)]
        assert signs[1] == signs[2] != signs[0]
        assert [sign for _name, sign in drawn(app)] == [signs[0], signs[1]]
        heading = str(app.screen.query_one("#pane-runs Chart").query_one("Static").render())
        assert heading.startswith("test accuracy, mean and min–max over seeds")


async def test_e_exports_to_the_folder_that_is_typed(tmp_path: Path) -> None:
    app = app_with()
    app.fake.publish(replace(softmax_running(), state=SessionState.STOPPED, data_sha256="ab"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        await pilot.pause()
        assert isinstance(app.screen, ExportScreen)
        field = app.screen.query_one(Input)
        assert field.value.endswith("/dltutor/exports")
        field.value = str(tmp_path)
        await pilot.press("enter")
        await pilot.pause()
        (folder,) = tmp_path.iterdir()
        assert {file.name for file in folder.iterdir()} == {
            "metrics.csv", "losses.csv", "settings.json", "screen.svg",
        }  # fmt: skip
        assert json.loads((folder / "settings.json").read_text())["data_sha256"] == "ab"
        picture = (folder / "screen.svg").read_text()
        assert "Softmax&#160;regression" in picture
        (note,) = app._notifications
        assert note.message == f"Exported to {folder}"


async def test_an_export_that_fails_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    app = app_with()
    app.fake.publish(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        await pilot.pause()
        app.screen.query_one(Input).value = str(blocked)
        await pilot.press("enter")
        await pilot.pause()
        (note,) = app._notifications
        assert note.message.endswith("Choose another folder.")


async def test_nothing_is_exported_before_anything_was_measured_nor_on_escape() -> None:
    app = app_with()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        assert isinstance(app.screen, TrainingScreen)
        said = notes(app)
        assert said == ["There is nothing to export yet: no update has been made. Train first."]
        app.clear_notifications()
        app.fake.publish(softmax_running())
        app.screen.refresh_snapshot()
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("ctrl+u", "enter")
        keys = app.screen.query_one("#export-keys", Static)
        assert keys.content == "Type the path of a folder, then press enter."
        await pilot.press("x")
        assert keys.content == "enter: export · escape: cancel"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, TrainingScreen)
        assert not app._notifications


async def test_a_device_can_be_chosen() -> None:
    app = app_with()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press(*["tab"] * 7, "right", "right", "enter", "s")
        assert app.fake.started[0].source.device == "cuda:0"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
def test_compared_runs_look_as_before(
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    theme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
    app = app_with(run_with(0), run_with(1, 7, lr=0.5), run_with(2, 5, lr=0.02), theme=theme)
    app.runs.hide(app.runs.of("softmax")[0])
    app.fake.publish(softmax_running())

    async def compare(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("6")

    assert snap_compare(app, run_before=compare, terminal_size=size)


def test_the_export_looks_as_before(
    snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/me/.local/share")
    app = HostApp(ExportScreen(Path("/home/me/.local/share/dltutor/exports")))  # type: ignore[arg-type]  # a dialog is a screen

    async def hold(pilot: Pilot[None]) -> None:
        await pilot.pause()
        still(app)

    assert snap_compare(app, run_before=hold, terminal_size=NARROW)


async def test_the_mark_of_the_selected_run_can_be_read_in_the_colours_of_the_terminal() -> None:
    app = app_with(run_with(0), run_with(1, lr=0.5), theme="dltutor-ansi")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("6")
        await pilot.pause()
        runs = app.screen.query_one(RunList)
        selected = [each.style for each in runs.render_line(runs.highlighted or 0) if each.text]
        assert {each.color.name for each in selected if each and each.color} == {"bright_white"}
