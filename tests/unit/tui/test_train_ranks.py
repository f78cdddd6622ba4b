"""`dltutor train` by several processes: one speaks and writes, and one that dies ends no run."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

import engine.recipes.linear  # noqa: F401 - here, not in every forked process
from engine.ranks.launch import Outcome
from engine.training.checkpoint_file import load
from engine.training.runs import RunStore
from tests.cases import for_each
from tests.checkpoints import latest_checkpoint
from tests.unit.engine.forked import Ranks
from tui.cli import main
from tui.commands import train_ranks

Capture = pytest.CaptureFixture[str]
LONG = ("train", "linear", "--batch-size", "250", "--epochs", "9000", "--device", "cpu", "--json")


def ranks(folder: Path, *words: str, size: int = 2) -> Ranks:
    return Ranks(size, folder, lambda: main(words))


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_process_speaks_and_writes(tmp_path: Path, capsys: Capture) -> None:
    short = ("--epochs", "2", "--batch-size", "333")
    group = ranks(tmp_path, "train", "linear", *short, "--json", size=3)
    assert group.wait() == [0, 0, 0]
    told = events(group.out(0))
    assert [event["event"] for event in told] == ["start", *["epoch"] * 3, "end"]
    assert told[0]["processes"] == 3
    assert [group.out(rank) + group.err(rank) for rank in (1, 2)] == ["", ""]
    (run,) = RunStore().of("linear")
    assert (run.run, run.state, run.processes) == ("linear-1", "finished", ((0, 3),))
    assert run.parameters_sha256 == told[-1]["parameters_sha256"]
    # What one process gets from the same seed.
    assert main(["train", "linear", *short, "--json"]) == 0
    alone = events(capsys.readouterr().out)
    for own, one in zip(told[1:-1], alone[1:-1], strict=True):
        assert own["test_loss"] == pytest.approx(one["test_loss"], rel=1e-5)
        assert own["during_loss"] == pytest.approx(one["during_loss"], rel=1e-5)
    assert "processes" not in alone[0]


@pytest.mark.parametrize("killed", [0, 2])
def test_a_killed_process_ends_the_run_and_any_number_resume_it(
    tmp_path: Path, capsys: Capture, killed: int
) -> None:
    group = ranks(tmp_path, *LONG, size=3)
    group.wait_for('"epoch": 20,')
    os.kill(group.pids[killed], signal.SIGKILL)
    codes = group.wait()
    assert codes[killed] == -signal.SIGKILL
    assert [code for rank, code in enumerate(codes) if rank != killed] == [1, 1]
    speaker = 1 if killed == 0 else 0  # the lowest that is left
    assert "another of its processes ended" in group.err(speaker)
    assert "dltutor runs resume linear-1" in group.err(speaker)
    end = events(group.out(speaker))[-1]
    assert (end["event"], end["status"]) == ("end", "failed")
    silent = next(rank for rank in (1, 2) if rank not in (killed, speaker))
    assert group.out(silent) + group.err(silent) == ""
    kept = load(latest_checkpoint("linear"))
    assert kept.epoch >= 20
    step = kept.epoch * 4 + kept.epoch_step
    assert kept.processes == ((0, 3),)
    assert end["parameters_sha256"] == RunStore().of("linear")[0].parameters_sha256

    more = str(kept.epoch + 2)
    group = ranks(tmp_path, "train", "linear", "--resume", "--epochs", more, "--json")
    assert group.wait() == [0, 0]
    assert events(group.out(0))[-1]["run"] == "linear-1"
    last = str(kept.epoch + 3)
    assert main(["runs", "resume", "linear-1", "--epochs", last, "--device", "cpu", "--quiet"]) == 0
    later = load(latest_checkpoint("linear"))
    assert later.processes == ((0, 3), (step, 2), (4 * int(more), 1))
    assert later.epoch == int(last)
    capsys.readouterr()
    main(["runs", "show", "linear-1"])
    assert f"processes to 2 after {step} updates" in " ".join(capsys.readouterr().out.split())


def test_a_signal_to_one_process_stops_all_with_a_checkpoint(tmp_path: Path) -> None:
    group = ranks(tmp_path, *LONG)
    group.wait_for('"epoch": 20,')
    os.kill(group.pids[1], signal.SIGTERM)
    os.kill(group.pids[1], signal.SIGINT)  # as from a terminal and a launcher: they count as one
    assert group.wait() == [130, 130]
    assert events(group.out(0))[-1]["status"] == "interrupted"
    kept = load(latest_checkpoint("linear"))
    assert kept.epoch_step or kept.epoch >= 20
    assert "dltutor runs resume linear-1" in group.err(0)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--resume",), "no checkpoint to resume for linear"),
        (("--batch-size", "1"), "2 processes cannot share a batch of 1"),
        (("--lr", "-1"), "learning rate"),
        (("--nproc", "3"), "There are 2 processes already"),
        (("--device", "cuda:0"), "Choose the device"),
    ],
)
def test_a_mistake_is_told_once(tmp_path: Path, words: tuple[str, ...], text: str) -> None:
    group = ranks(tmp_path, "train", "linear", *words)
    assert group.wait() == [2, 2]
    assert text in group.err(0)
    assert group.out(0) + group.out(1) + group.err(1) == ""


@for_each(
    ("words", "text"),
    [
        (("--nproc", "0"), "takes a whole number from 1 on, not '0'"),
        (("--nproc", "two"), "takes a whole number from 1 on, not 'two'"),
        (("--nproc", "-1"), "takes a whole number from 1 on, not '-1'"),
        (("--nproc", "65"), "at most 64 processes"),
        (("--nproc", "11"), "11 processes cannot share a batch of 10"),
    ],
)
def test_numbers_that_cannot_be(capsys: Capture, words: tuple[str, ...], text: str) -> None:
    assert main(["train", "linear", *words]) == 2
    assert text in capsys.readouterr().err


def test_the_processes_are_started_with_the_same_words(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    started: list[tuple[int, list[str]]] = []

    def launch(count: int, command: list[str]) -> Outcome:
        started.append((count, command))
        return Outcome(1, "Process 2 of 4 was killed.")

    monkeypatch.setattr(train_ranks, "launch", launch)
    monkeypatch.setattr(train_ranks, "cores", lambda: 2)
    words = ["train", "linear", "--nproc", "4", "--lr", "0.1"]
    assert main([*words, "--lang", "en"]) == 1
    ((count, command),) = started
    assert (count, command[-9:]) == (4, ["tui.cli", *words, "--lang", "en"])
    out, messages = capsys.readouterr()
    assert out == ""
    assert "4 processes share 2 CPU cores" in messages
    assert "dltutor: Process 2 of 4 was killed." in messages
    monkeypatch.setattr(train_ranks, "cores", lambda: 4)
    main(["lockstep", "linear", "--nproc", "2,4"])
    assert started[1][0] == 4
    assert "share" not in capsys.readouterr().err


def test_lockstep_of_three_processes(tmp_path: Path) -> None:
    words = ("lockstep", "linear", "--nproc", "2,3", "--steps", "5", "--json")
    group = ranks(tmp_path, *words, size=3)
    assert group.wait() == [0, 0, 0], group.err(0)
    start, *steps, end = events(group.out(0))
    assert start["recipes"] == ["linear", "linear in 2 processes", "linear in 3 processes"]
    assert len(steps) == 5
    assert all(step["relative"] < 1e-12 for step in steps)
    assert end["together"]
    assert group.out(1) == ""


@for_each(
    ("words", "text"),
    [
        (("linear", "--nproc", "1"), "whole numbers from 2 to 64"),
        (("linear", "--nproc", "2,"), "whole numbers from 2 to 64"),
        (("linear", "softmax", "--nproc", "2"), "Name one"),
        (("linear", "--nproc", "4", "--batch-size", "3"), "4 processes cannot share a batch of 3"),
    ],
)
def test_a_lockstep_that_cannot_be(capsys: Capture, words: tuple[str, ...], text: str) -> None:
    assert main(["lockstep", *words]) == 2
    assert text in capsys.readouterr().err
