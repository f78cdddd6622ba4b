"""A sweep that is killed: what was trained is listed, and the same command goes on."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from engine.training.archive import entries
from engine.training.checkpoint_file import load
from engine.training.run_files import checkpoint_path
from tests.unit import warm
from tui.cli import main

PROGRAM = """
import sys, time
from engine.recipes.linear import LinearTask
from engine.training import trial
from tui.cli import main

trial.LONGEST_UNSAVED = {unsaved}
plain, made = LinearTask.update, []

def update(*given):
    made.append(given)
    if len(made) == {updates}:
        print("now", flush=True)
        time.sleep(600)
    return plain(*given)

LinearTask.update = update
sys.exit(main(sys.argv[1:]))
"""
WORDS = ["sweep", "linear", "--lr", "0.01,0.1", "--epochs", "3", "--batch-size", "250"]
UPDATES = 12
"""Of each training."""
OPTIONS = ["--device", "cpu", "--json"]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """The lines of JSON of a command that does its work."""
    capsys.readouterr()
    assert main([*words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def killed(before: int, *more: str, unsaved: float = 1e9) -> dict[str, str]:
    """Kill the sweep before this update of all; what became of each run, as seen before."""
    program = PROGRAM.format(updates=before, unsaved=unsaved)
    with warm.started(["-c", program, *WORDS, *OPTIONS, *more], loaded=True) as (process, stdout):
        while "now" not in (line := stdout.readline()):
            assert line, "it ended before"
        seen = states()
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    return seen


def states() -> dict[str, str]:
    return {entry.name: entry.run.state for entry in entries(["linear"])}


def hashes() -> dict[str, str]:
    return {entry.name: entry.run.parameters_sha256 for entry in entries(["linear"])}


def test_a_trial_without_a_checkpoint_is_listed_and_trained_anew(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert killed(UPDATES + 5) == {"linear-1": "finished", "linear-2": "running"}
    assert states() == {"linear-1": "finished", "linear-2": "interrupted"}
    first, second, summary = said(capsys, *WORDS, *OPTIONS)
    assert (first["run"], first["reused"]) == ("linear-1", True)
    assert (second["run"], second["reused"], second["epoch"]) == ("linear-3", False, 3)
    assert summary["status"] == "finished"
    assert said(capsys, *WORDS, *OPTIONS)[1]["run"] == "linear-3"


def test_a_trial_with_a_checkpoint_goes_on_from_there_bit_for_bit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    killed(UPDATES + 7, unsaved=0)
    kept = load(checkpoint_path("linear-2"))
    assert (kept.epoch, kept.epoch_step) == (1, 2)
    assert states() == {"linear-1": "finished", "linear-2": "interrupted"}
    first, second, _summary = said(capsys, *WORDS, *OPTIONS)
    assert (first["run"], second["run"], second["step"]) == ("linear-1", "linear-2", UPDATES)
    assert states() == {"linear-1": "finished", "linear-2": "finished"}
    said(capsys, *WORDS, *OPTIONS, "--again")
    found = hashes()
    assert found["linear-2"] == found["linear-4"] != found["linear-1"] == found["linear-3"]


def test_a_trial_that_its_owner_has_changed_is_not_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    killed(UPDATES + 7, unsaved=0)
    main(["runs", "resume", "linear-2", "--lr", "0.05", "-q", "--device", "cpu"])
    _first, second, _summary = said(capsys, *WORDS, *OPTIONS)
    assert (second["run"], second["settings"]["lr"]) == ("linear-3", 0.1)


def test_what_was_measured_and_not_kept_is_not_measured_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert killed(UPDATES + 5, "--no-keep") == {}
    first, second, _summary = said(capsys, *WORDS, *OPTIONS, "--no-keep")
    assert [first["reused"], second["reused"]] == [True, False]
