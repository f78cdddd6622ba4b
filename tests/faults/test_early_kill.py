"""A training that is killed before its first checkpoint is told of, and can be begun again."""

from __future__ import annotations

import json
import signal

import pytest

from engine.training.archive import find, interrupted, remove
from engine.training.run_files import record_path
from engine.training.runs import RunStore
from tests.unit import warm
from tui.cli import main

PROGRAM = """
import sys, time
from engine.recipes.linear import LinearTask
from tui.cli import main

def hang(*_given):
    print("in the first update", flush=True)
    time.sleep(600)

LinearTask.update = hang
sys.exit(main(sys.argv[1:]))
"""
WORDS = ["train", "linear", "--lr", "0.05", "--epochs", "2", "--device", "cpu"]
TOLD = "linear-1 was interrupted before its first checkpoint, so that nothing of it is saved."


def killed(*, meanwhile: object = None) -> None:
    with warm.started(["-c", PROGRAM, *WORDS]) as (process, stdout):
        while "in the first update" not in (line := stdout.readline()):
            assert line, "it ended before"
        if callable(meanwhile):
            meanwhile()
        process.kill()
        assert process.wait(60) == -signal.SIGKILL


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(words))
    return status, *capsys.readouterr()


def test_it_is_listed_and_can_be_begun_again(capsys: pytest.CaptureFixture[str]) -> None:
    def meanwhile() -> None:
        _, out, _ = said(capsys, "runs", "list")
        assert "linear-1  running  epoch 0 of 2" in out
        assert "is being trained" in said(capsys, "runs", "show", "linear-1")[2]
        assert "is being trained" in said(capsys, "runs", "resume", "linear-1")[2]
        assert interrupted("linear", ()) == []

    killed(meanwhile=meanwhile)
    _, out, _ = said(capsys, "runs", "list")
    assert "  linear-1  interrupted  epoch 0 of 2  nothing saved" in out
    assert "lr 0.05" in out
    _, out, _ = said(capsys, "runs", "show", "linear-1")
    assert "checkpoint  none" in out
    for words in (("runs", "resume"), ("predict",), ("eval",)):
        status, _, err = said(capsys, *words, "linear-1")
        assert status
        assert TOLD in err
        assert "`dltutor runs replay linear-1` starts it again" in err
    assert said(capsys, "runs", "export", "linear-1")[0] == 0
    status, _, err = said(capsys, "runs", "replay", "linear-1", "--device", "cpu")
    assert status == 0
    assert "linear-2 repeats linear-1, of which nothing is saved" in err
    _, out, _ = said(capsys, "runs", "list", "--json")
    again, lost = json.loads(out)
    assert (again["status"], again["epoch"], lost["status"]) == ("finished", 2, "interrupted")
    assert again["settings"] == lost["settings"]
    remove(find("linear-1", ["linear"]))
    assert not record_path("linear-1").exists()


def test_the_runs_pane_keeps_it_as_an_interrupted_one() -> None:
    killed()
    assert RunStore().of("linear") == ()
    (lost,) = interrupted("linear", ())
    assert (lost.run, lost.state, lost.step, lost.epochs) == ("linear-1", "interrupted", 0, 2)
    assert interrupted("linear", (), but="linear-1") == []
    store = RunStore()
    store.add(lost)
    assert [run.run for run in RunStore().of("linear")] == ["linear-1"]
    assert RunStore().begun("linear") == ()


def test_a_training_that_ends_before_its_first_update_leaves_nothing() -> None:
    program = PROGRAM.replace("time.sleep(600)", "raise MemoryError")
    found = warm.run(["-c", program, *WORDS])
    assert found.returncode == 1
    assert not record_path("linear-1").exists()
