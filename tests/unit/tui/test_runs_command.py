"""`dltutor runs`: kept runs are listed, shown and removed."""

from __future__ import annotations

import itertools
import math
import signal
from pathlib import Path

import pytest

from engine.recipes.catalog import find_recipe
from engine.recipes.linear import LinearTask
from engine.training import archive
from engine.training.begin import begin
from engine.training.checkpoint import Checkpoint, parameters_sha256
from engine.training.checkpoint_file import load, outline
from engine.training.digest import sha256_of_arrays
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.observe import observe
from engine.training.order import TrainingOrder
from engine.training.run_files import checkpoint_path, checkpoints, record_path
from engine.training.runs import RunStore, kept_run
from engine.training.snapshot import SessionState
from engine.training.task import Batch, BatchSums
from tests.unit.tui.runs import Capture, changed_run, listed, said, trained
from tests.unit.tui.test_train_command import signal_before


def test_a_second_run_does_not_touch_the_first(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(142, signal.SIGINT))
        trained(capsys, "linear", "--epochs", "3")
    before = load(checkpoint_path("linear-1"))
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(7, signal.SIGINT))
        trained(capsys, "linear", "--epochs", "3", "--lr", "0.5")
    after = load(checkpoint_path("linear-1"))
    assert (after.epoch, after.epoch_step) == (before.epoch, before.epoch_step) == (1, 42)
    assert [row["run"] for row in listed(capsys)] == ["linear-2", "linear-1"]
    status, _, _ = said(capsys, "runs", "resume", "linear-1", "--device", "cpu")
    assert status == 0
    straight = trained(capsys, "linear", "--epochs", "3")
    row = next(row for row in listed(capsys) if row["run"] == "linear-1")
    assert row["parameters_sha256"] == straight["parameters_sha256"]
    assert row["status"] == "finished"


def killed_is_listed(capsys: Capture, order: TrainingOrder, place: tuple[int, int]) -> None:
    """A run that is killed 150 updates after it began is listed at this epoch and this step."""
    run = begin(order, lambda: 0.0)
    updates = train(run)
    for _ in range(150):
        next(updates)
    keep(run)
    (row,) = listed(capsys)
    assert (row["status"], row["epoch"], row["step"]) == ("interrupted", *place)
    assert row["parameters_sha256"] == parameters_sha256(run)


def test_a_killed_run_is_listed_by_its_checkpoint(capsys: Capture) -> None:
    killed_is_listed(capsys, TrainingOrder(find_recipe("linear"), {"epochs": 3}), (1, 150))


def test_a_rate_that_was_changed_twice_at_one_step_is_that_of_the_checkpoint(
    capsys: Capture,
) -> None:
    run = begin(TrainingOrder(find_recipe("linear"), {"epochs": 3}), lambda: 0.0)
    updates = train(run)
    for _ in range(150):
        next(updates)
    run.learning_rate = 0.5
    keep(run)
    RunStore().add(kept_run(observe(run, SessionState.STOPPED)))
    assert listed(capsys)[0]["status"] == "stopped"
    run.learning_rate = 0.25  # as by `resume --lr`, and killed
    keep(run)
    (row,) = listed(capsys)
    assert row["changes"] == [{"step": 150, "setting": "lr", "value": 0.25}]
    assert row["status"] == "interrupted"
    run.learning_rate = run.started_with["lr"]  # type: ignore[assignment]  # a number
    keep(run)
    assert listed(capsys)[0]["changes"] == []


def test_a_checkpoint_that_is_removed_while_it_is_listed_is_no_error(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = changed_run(capsys)

    def read_and_removed(path: Path) -> Checkpoint:
        found = outline(path)
        path.unlink()
        return found

    monkeypatch.setattr(archive, "outline", read_and_removed)
    assert listed(capsys) == []
    assert said(capsys, "runs", "show", name)[0] == 2


def test_a_finished_run_that_was_extended_and_killed_is_listed_by_its_checkpoint(
    capsys: Capture,
) -> None:
    trained(capsys, "linear", "--epochs", "1")
    order = TrainingOrder(find_recipe("linear"), {"epochs": 3}, resume=True)
    killed_is_listed(capsys, order, (2, 250))


@pytest.mark.parametrize("words", [("train",), ("sweep",)])
def test_what_a_diverged_run_is_left_with_is_saved_as_recorded(
    capsys: Capture, words: tuple[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    update, count = LinearTask.update, itertools.count(1)

    def spoilt(self: LinearTask, batch: Batch, learning_rate: float) -> BatchSums:
        sums = update(self, batch, learning_rate)
        return sums._replace(loss=sums.loss * math.nan) if next(count) == 170 else sums

    monkeypatch.setattr(LinearTask, "update", spoilt)
    said(capsys, *words, "linear", "--epochs", "3", "-q")
    (row,) = listed(capsys)
    assert (row["status"], row["step"]) == ("failed", 128)
    kept = load(checkpoint_path("linear-1"))
    assert (kept.epoch, kept.epoch_step) == (1, 28)
    assert sha256_of_arrays(kept.parameters) == row["parameters_sha256"]
    assert said(capsys, "runs", "resume", "linear-1", "-q", "--device", "cpu")[0] == 0
    steps = load(checkpoint_path("linear-1")).history.curve().steps
    assert steps == tuple(range(1, 301))


def test_removed_runs_are_gone_and_their_names_are_not_given_again(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        trained(capsys, "linear", "--epochs", "1")
    status, out, _ = said(capsys, "runs", "rm", "linear-2", "linear-1", "linear-2")
    assert (status, out) == (0, "Removed linear-2\nRemoved linear-1\n")
    assert listed(capsys) == []
    assert checkpoints("linear") == []
    assert trained(capsys, "linear", "--epochs", "1")["run"] == "linear-3"
    assert "linear-2 is not kept: it was removed" in said(capsys, "runs", "show", "linear-2")[2]
    monkeypatch.setattr("engine.training.archive.is_running", "linear-2".__eq__)
    assert "linear-2 is being trained" in said(capsys, "runs", "show", "linear-2")[2]


@pytest.mark.parametrize("action", ["show", "resume", "replay", "rm", "export"])
def test_an_unknown_run_gets_a_sentence(action: str, capsys: Capture) -> None:
    words = ["runs", action, "linear-9", *(["out"] if action == "export" else [])]
    status, _, err = said(capsys, *words)
    assert status == 2
    assert "There is no run 'linear-9'; no run is kept yet." in err
    trained(capsys, "linear", "--epochs", "1")
    assert "Did you mean linear-1?" in said(capsys, *words)[2]
    also = ["linear-01" if word == "linear-9" else word for word in words]
    assert "There is no run 'linear-01'. Did you mean linear-1?" in said(capsys, *also)[2]


def test_the_checkpoints_of_version_0_1_become_runs(capsys: Capture) -> None:
    trained(capsys, "linear", "--epochs", "1")
    own = checkpoint_path("linear-1")
    old = own.parent.parent / "linear.safetensors"
    own.rename(old)
    record_path("linear-1").unlink()
    (row,) = listed(capsys)
    assert (row["status"], row["step"]) == ("finished", 100)
    assert not old.exists()


def test_a_failed_run_says_why(capsys: Capture) -> None:
    end = trained(capsys, "linear", "--lr", "50")
    assert end["status"] == "failed"
    assert "no longer a finite number" in str(end["error"])
