"""`dltutor sweep`: its table, JSON, CSV, charts, exit status, and what it does not train twice."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from multiprocessing import Pipe, forkserver
from pathlib import Path
from typing import Any

import pytest

from engine.errors import UserError
from engine.recipes.catalog import find_recipe
from engine.recipes.linear import LinearTask
from engine.training.archive import entries
from engine.training.order import TrainingOrder
from engine.training.run_files import MOST_KEPT
from engine.training.task import Source
from engine.training.trial import Trial, TrialStatus
from engine.training.trial_store import TrialStore
from tests.cases import for_each
from tests.unit.tui.test_train_command import signal_before
from tui.cli import main
from tui.commands.sweep_pool import _answer, _Poll, _received

Capture = pytest.CaptureFixture[str]
LINEAR = find_recipe("linear")
SMALL = ("--epochs", "2", "--batch-size", "250")


def swept(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Exit status and output of `dltutor sweep …`."""
    capsys.readouterr()
    status = main(["sweep", *words, "--device", "cpu"])
    out, err = capsys.readouterr()
    return status, out, err


def events(capsys: Capture, *words: str) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    """Exit status, the runs, and the summary, with `--json`."""
    status, out, _ = swept(capsys, *words, "--json")
    *found, summary = map(json.loads, out.splitlines())
    assert all(one["event"] == "run" for one in found)
    assert summary["event"] == "summary"
    return status, found, summary


def kept(capsys: Capture) -> list[str]:
    capsys.readouterr()
    main(["runs", "list", "linear", "--json"])
    return sorted(run["run"] for run in json.loads(capsys.readouterr().out))


def test_json_has_a_line_per_run_and_a_summary_that_follows_from_them(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.01,0.1", "--seeds", "3", *SMALL)
    status, found, summary = events(capsys, *words)
    assert status == 0
    assert [(run["settings"]["lr"], run["settings"]["seed"]) for run in found] == [
        (lr, seed) for lr in (0.01, 0.1) for seed in (0, 1, 2)
    ]
    assert [run["run"] for run in found] == [f"linear-{n}" for n in range(1, 7)] == kept(capsys)
    assert all(run["status"] == "finished" and not run["reused"] for run in found)
    for at, point in enumerate(summary["points"]):
        losses = [run["test_loss"] for run in found[3 * at : 3 * at + 3]]
        assert len(set(losses)) == 3
        spread = point["test_loss"]
        assert spread["mean"] == pytest.approx(sum(losses) / 3)
        assert (spread["min"], spread["max"]) == (min(losses), max(losses))
        assert (point["finished_seeds"], point["test_accuracy"]) == ([0, 1, 2], None)
    assert summary["best"]["lr"] == 0.1
    assert summary["best_by"] == "test_loss"
    status, again, same = events(capsys, *words)
    assert status == 0
    assert all(run["reused"] for run in again)
    assert same == summary
    assert len(kept(capsys)) == 6


def test_a_run_of_train_counts_and_again_repeats_it(capsys: Capture) -> None:
    assert main(["train", "linear", *SMALL, "--device", "cpu", "--json"]) == 0
    end = json.loads(capsys.readouterr().out.splitlines()[-1])
    _, (first, second), _ = events(capsys, "linear", "--seeds", "2", *SMALL)
    assert (first["run"], first["reused"]) == (end["run"], True)
    assert (second["reused"], second["settings"]["seed"]) == (False, 1)
    _, (repeated, _), _ = events(capsys, "linear", "--seeds", "2", "--again", *SMALL)
    assert not repeated["reused"]
    assert repeated["test_loss"] == first["test_loss"]


def test_diverged_runs_are_named_and_the_status_is_1(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.1,100", "--seeds", "2", "--epochs", "30", "--batch-size", "250")
    status, found, summary = events(capsys, *words)
    assert status == 1
    assert [run["status"] for run in found] == ["finished"] * 2 + ["diverged"] * 2
    assert "learning rate" in found[2]["error"]
    point = summary["points"][1]
    assert (point["diverged_seeds"], point["test_loss"]) == ([0, 1], None)
    status, out, _ = swept(capsys, *words)
    assert status == 1
    assert "lr 100: diverged with seeds 0, 1; not in the means." in out
    assert "0/2" in out
    assert "left out" not in out  # it has no mean that could be the best


def test_it_is_said_that_the_best_is_sought_where_nothing_diverged(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.01,0.68", "--seed", "1,2", "--epochs", "1", "--batch-size", "1")
    _, out, _ = swept(capsys, *words)
    assert "lr 0.68: diverged with seed 1; not in the means." in out
    assert "Lowest mean test loss: lr 0.01." in out
    assert "Settings with which a training diverged are left out of this." in out


def test_the_table_shows_mean_minimum_and_maximum(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.01,0.1", "--seeds", "2", *SMALL)
    _, _, summary = events(capsys, *words)
    status, out, _ = swept(capsys, *words, "--chart")
    assert status == 0
    rows = [line.split() for line in out.splitlines() if line.startswith("lr 0.01 ")]
    for row, figure in zip(rows, ("train_loss", "test_loss"), strict=True):
        one = summary["points"][0][figure]
        assert row == ["lr", "0.01", "2", *(f"{one[key]:#.4g}" for key in ("mean", "min", "max"))]
    assert "Lowest mean test loss: lr 0.1." in out
    assert "test loss after every epoch" in out
    assert "●" in out
    assert "×" in out
    assert "0.000" not in out.partition("Lowest")[2].partition("test loss after")[0]


def test_a_band_is_drawn_against_a_setting_with_several_values(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.0001,0.001,0.01", "--seeds", "3", *SMALL, "--chart")
    _, out, _ = swept(capsys, *words)
    chart = out.partition("test loss against learning rate")[2].partition("\n\n")[0]
    assert "░" in chart
    assert [tick in chart for tick in ("0.0001", "0.001", "0.01")] == [True] * 3


def test_csv_has_a_row_per_training(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    words = ("linear", "--lr", "0.1,100", "--epochs", "30", "--batch-size", "250")
    _, found, _ = events(capsys, *words, "--csv", str(path))
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["finished", "diverged"]
    assert float(rows[0]["test_loss"]) == found[0]["test_loss"]
    assert (rows[0]["lr"], rows[0]["run"]) == ("0.1", "linear-1")
    assert int(rows[1]["epochs_done"]) < 30
    assert (rows[0]["device"], rows[0]["synthetic"]) == ("cpu", "True")


def test_no_keep_keeps_nothing_and_still_resumes(capsys: Capture) -> None:
    words = ("linear", "--seeds", "2", "--no-keep", *SMALL)
    _, found, _ = events(capsys, *words)
    assert [run["run"] for run in found] == [None, None]
    assert kept(capsys) == []
    _, again, _ = events(capsys, *words)
    assert [run["reused"] for run in again] == [True, True]


def test_an_interrupted_sweep_goes_on_where_it_was(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("linear", "--seeds", "3", "--no-keep", *SMALL)
    _, whole, _ = events(capsys, *words)
    words = ("linear", "--seeds", "3", "--again", *SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(13, signal.SIGINT))
        status, found, summary = events(capsys, *words)
    assert (status, summary["status"]) == (130, "interrupted")
    assert [run["status"] for run in found] == ["finished", "interrupted"]
    assert found[1]["step"] == 5
    status, rest, _ = events(capsys, "linear", "--seeds", "3", *SMALL)
    assert status == 0
    assert sorted(run["test_loss"] for run in rest) == sorted(run["test_loss"] for run in whole)
    assert {run["run"] for run in rest} >= {found[0]["run"], found[1]["run"]}
    assert len(kept(capsys)) == 3 - sum(run["run"] is None for run in rest)


def test_an_interruption_says_what_is_left(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LinearTask, "update", signal_before(5, signal.SIGINT))
    status, out, err = swept(capsys, "linear", "--seeds", "3", *SMALL)
    assert status == 130
    assert "3 trainings are left" in err
    assert "interrupted in epoch 2" in out


def test_earlier_runs_that_must_give_way_are_announced(capsys: Capture) -> None:
    swept(capsys, "linear", "--lr", "0.2", "--seeds", "2", *SMALL)
    few = ("--epochs", "1", "--batch-size", "1000")
    _, _, err = swept(capsys, "linear", "--seeds", str(MOST_KEPT - 1), *few)
    assert f"{MOST_KEPT - 1} new runs" in err
    assert "1 earlier run is to be removed" in err
    assert len(kept(capsys)) == MOST_KEPT
    _, _, err = swept(capsys, "linear", "--seeds", str(MOST_KEPT - 1), "--no-keep", *few)
    assert err == ""


def test_several_processes_give_the_same_figures(capsys: Capture) -> None:
    words = ("linear", "--lr", "0.1,100", "--seeds", "2", "--epochs", "30", "--batch-size", "250")
    status, one, single = events(capsys, *words, "--no-keep")
    try:
        status, two, summary = events(capsys, *words, "--again", "--jobs", "2")
    finally:
        forkserver._forkserver._stop()  # type: ignore[attr-defined]  # as for tests of its own
    assert status == 1
    by_order = sorted(two, key=lambda run: (run["settings"]["lr"], run["settings"]["seed"]))
    assert [run["test_loss"] for run in by_order] == [run["test_loss"] for run in one]
    assert summary["points"] == single["points"]
    assert len(kept(capsys)) == sum(run["run"] is not None for run in two) >= 2


def test_find_rate_suggests_one_and_keeps_nothing(capsys: Capture) -> None:
    status, out, _ = swept(capsys, "linear", "--find-rate", "--json")
    found = json.loads(out)
    assert status == 0
    assert 0.01 < found["suggested"] < 2
    assert found["sentence"].startswith(f"Try {found['suggested']:g}")
    assert len(found["points"]) > 100
    assert (found["recipe"], found["settings"]["seed"]) == ("linear", 0)
    status, out, _ = swept(capsys, "linear", "--find-rate", "--seed", "1")
    assert "loss against the learning rate" in out
    assert "● suggested" in out
    assert out.splitlines()[-1].startswith("Try ")
    assert out.splitlines()[-2].startswith("data: Synthetic: y = ")
    assert kept(capsys) == []


def test_tables_name_images_that_are_drawn(capsys: Capture) -> None:
    words = ("softmax", "--epochs", "1", "--batch-size", "10000", "--synthetic", "-q", "--no-keep")
    assert "data: Built-in glyphs (synthetic)" in swept(capsys, *words)[1].splitlines()
    assert "data:" not in swept(capsys, "linear", *SMALL, "-q", "--no-keep")[1]


@for_each(
    "words",
    [
        "linear --lr 0.1,x", "linear --lr 0.1,", "linear --lr 1000", "linear --seeds 0",
        "linear --seeds two", "linear --seed 1,2 --seeds 3", "linear --jobs 0", "linear --hidden 9",
        "linear --find-rate --lr 0.1", "linear --find-rate --seeds 2",
        "linear --find-rate --batch-size 5,10", "linear --find-rate --csv x.csv", "nothing",
        "linear --csv /nowhere/at/all.csv", "softmax --synthetic --require-real",
        "softmax --require-real", "linear --device abacus",
    ],
)  # fmt: skip
def test_bad_usage_is_a_sentence_and_2(words: str, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["sweep", *words.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("dltutor: ")
    assert "Traceback" not in err


def test_a_killed_sweep_leaves_no_process_behind() -> None:
    code = (
        "import sys; from multiprocessing import forkserver; from tui.commands import sweep_pool;"
        "sweep_pool.IMPORTED = []; pool = sweep_pool._Pool(2, False);"
        "print(len(pool._processes), forkserver._forkserver._forkserver_pid, flush=True);"
        "sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        count, server = child.stdout.readline().split()
        assert count == "2"
        if sys.platform == "linux":
            # Until they ignore them, ctrl+c and its like wait; the first process decides.
            status = Path(f"/proc/{server}/status").read_text("utf-8")
            blocked = int(status.partition("SigBlk:\t")[2].split()[0], 16)
            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                assert blocked >> (each - 1) & 1, each
        child.kill()
        # The pipe ends when the last process that could write to it has ended.
        assert child.stdout.read() == ""


def test_a_training_in_a_process_stops_when_it_is_told_or_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.commands.sweep_pool.INTERVAL", 0.0)
    mine, theirs = Pipe()
    stopping = _Poll(theirs)
    assert not stopping()
    mine.send(None)
    assert stopping()
    theirs.recv()
    assert not stopping()
    mine.close()
    assert stopping()


def test_a_process_that_was_killed_is_told_in_a_sentence() -> None:
    mine, theirs = Pipe()
    theirs.close()
    told = _received(mine)
    assert isinstance(told, UserError)
    assert "ended from outside" in str(told)


def test_where_the_sweep_is_killed_what_its_processes_train_is_stopped_and_kept() -> None:
    mine, theirs = Pipe()
    mine.close()
    settings = LINEAR.settings({"epochs": 500, "batch_size": 50})
    found = _answer(("linear", settings, Source("cpu"), "", True), theirs)
    assert isinstance(found, Trial)
    assert (found.status, found.error) == (TrialStatus.INTERRUPTED, "")
    (entry,) = entries(["linear"])
    assert (entry.run.state, entry.checkpoint is not None) == ("stopped", True)
    again = TrialStore("linear").find(TrainingOrder(LINEAR, settings, Source("cpu")))
    assert again is not None
    assert (again.status, again.run) == (TrialStatus.INTERRUPTED, entry.name)
