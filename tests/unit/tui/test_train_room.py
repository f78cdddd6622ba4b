"""Older runs make room for new ones: which they are, and that it is said."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.training import run_files, underway
from engine.training.archive import entries
from engine.training.run_files import (
    MOST_KEPT,
    checkpoint_path,
    checkpoints,
    moment_of,
    record_path,
)
from engine.training.sealing import sealed, unsealed
from tests.cases import for_each
from tests.unit import warm
from tui.cli import main

FEW = ["train", "linear", "--epochs", "1", "--batch-size", "1000", "--device", "cpu"]
SLOW = """
import sys, time
from engine.recipes.linear import LinearTask
from tui.cli import main

step = LinearTask.update
def slow(self, *given):
    print("update", flush=True)
    time.sleep(0.02)
    return step(self, *given)

LinearTask.update = slow
sys.exit(main(sys.argv[1:]))
"""


def train(capsys: pytest.CaptureFixture[str], seed: int, *more: str) -> str:
    """What a new run says on standard error."""
    capsys.readouterr()
    assert main([*FEW, "--seed", str(seed), *more]) == 0
    return capsys.readouterr().err


def kept() -> set[str]:
    return {entry.name for entry in entries(["linear"])}


def killed_after_a_checkpoint(run: str) -> None:
    words = ["train", "linear", "--epochs", "500", "--batch-size", "500", "--device", "cpu"]
    with warm.started(["-c", SLOW, *words], loaded=True) as (process, stdout):
        while not checkpoint_path(run).exists():
            assert stdout.readline()
        process.kill()
        assert process.wait(60) == -signal.SIGKILL


def test_the_oldest_finished_run_makes_room_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    killed_after_a_checkpoint("linear-1")
    words = ["train", "linear", "--epochs", "9000", "--batch-size", "500", "--device", "cpu"]
    with warm.started(["-c", SLOW, *words], loaded=True) as (process, stdout):
        while not checkpoint_path("linear-2").exists():
            assert stdout.readline()
        said = [train(capsys, seed) for seed in range(MOST_KEPT + 1)]
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    assert said[: MOST_KEPT - 1] == [""] * (MOST_KEPT - 1)
    # linear-1 can be resumed, linear-2 was being trained.
    told = "Removed to make room: linear-{}. Of each recipe, the latest 20 runs are kept.\n"
    assert said[MOST_KEPT:] == [told.format(3)]
    assert {"linear-1", "linear-2"} < kept()
    assert "linear-3" not in kept()
    assert not checkpoint_path("linear-3").exists()
    assert not record_path("linear-3").exists()
    assert main(["runs", "resume", "linear-1", "--epochs", "2", "--device", "cpu"]) != 2


def test_where_the_clock_went_back_the_latest_runs_are_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for seed in range(MOST_KEPT):
        train(capsys, seed)
    later = datetime.now(UTC) + timedelta(days=400)
    for name in kept():
        number = int(name.removeprefix("linear-"))
        os.utime(checkpoint_path(name), (later.timestamp() + number,) * 2)
        state = unsealed(record_path(name).read_text())
        state["ended"] = (later + timedelta(seconds=number)).isoformat(timespec="microseconds")
        record_path(name).write_text(sealed(state))
    for seed in range(3):
        assert f"Removed to make room: linear-{seed + 1}." in train(capsys, seed)
    names = [entry.name for entry in entries(["linear"])]
    assert names == [f"linear-{number}" for number in range(MOST_KEPT + 3, 3, -1)]
    assert [path.stem for path in checkpoints("linear")] == names


@pytest.mark.parametrize("ended", ["9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_no_clock_shows_costs_no_other_run(
    ended: str, capsys: pytest.CaptureFixture[str]
) -> None:
    train(capsys, 0)
    state = unsealed(record_path("linear-1").read_text())
    record_path("linear-1").write_text(sealed({**state, "ended": ended}))
    train(capsys, 1)
    assert [entry.name for entry in entries(["linear"])] == ["linear-2", "linear-1"]
    assert main(["runs", "list"]) == 0


@for_each("year", [-30000, 0, 1, 9999, 10000, 30000])
def test_a_file_from_outside_the_calendar_has_a_date(year: int) -> None:
    moment = moment_of(int((year - 1970) * 31_556_952e9)).astimezone()
    assert 1 < moment.year < 9999


def test_checkpoints_beyond_the_size_make_room_and_measurements_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(capsys, 0)
    size = checkpoint_path("linear-1").stat().st_size
    monkeypatch.setattr(run_files, "MOST_BYTES", int(2.5 * size))
    assert train(capsys, 1) == ""
    said = train(capsys, 2)
    assert "Removed to make room: the parameters of linear-1; their measurements are kept" in said
    assert kept() == {"linear-1", "linear-2", "linear-3"}
    assert not checkpoint_path("linear-1").exists()
    assert record_path("linear-1").exists()
    assert main(["predict", "linear-1"]) == 2
    assert (
        "are not kept: they could not be saved, or the checkpoints of newer runs"
        in capsys.readouterr().err
    )
    assert underway.cut_off() == []


def test_the_one_that_can_be_resumed_keeps_its_parameters_beyond_the_size(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after_a_checkpoint("linear-1")
    monkeypatch.setattr(run_files, "MOST_BYTES", 1)
    train(capsys, 1)
    said = train(capsys, 2)
    assert "the parameters of linear-2;" in said
    assert checkpoint_path("linear-1").exists()
    assert not Path(checkpoint_path("linear-2")).exists()
    assert checkpoint_path("linear-3").exists()
