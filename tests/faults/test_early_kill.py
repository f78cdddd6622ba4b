"""A training that is killed before its first checkpoint is told of, and can be begun again."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.archive import Entry, entries, find, interrupted, remove
from engine.training.begin import begin
from engine.training.checkpoint import parameters_sha256
from engine.training.order import TrainingOrder
from engine.training.run_files import checkpoint_path, record_path
from engine.training.runs import KeptRun, RunStore
from engine.training.snapshot import Change
from engine.training.task import Source
from tests.unit import warm
from tests.unit.engine.training_fakes import advance
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
CHANGED = """
import os, signal, time
from engine.recipes.catalog import find_recipe
from engine.recipes.linear import LinearTask
from engine.training.keeping import keep
from engine.training.order import TrainingOrder
from engine.training.session import TrainingSession
from engine.training.task import Source

plain, made = LinearTask.update, []

def update(*given):
    made.append(given)
    if len(made) == 3:
        session.set_learning_rate(0.003)
    if len(made) == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*given)

LinearTask.update = update
session = TrainingSession(keep=keep, clock=lambda: 0.0)
session.start(TrainingOrder(find_recipe("linear"), {"epochs": 2}, Source("cpu")))
time.sleep(600)
"""
WORDS = ["train", "linear", "--lr", "0.05", "--epochs", "2", "--device", "cpu"]
TOLD = "linear-1 was interrupted before its first checkpoint, so that nothing of it is saved."


def killed(*, meanwhile: object = None, words: Sequence[str] = WORDS) -> None:
    with warm.started(["-c", PROGRAM, *words], loaded=True) as (process, stdout):
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


def test_what_was_changed_before_it_was_killed_is_repeated(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert warm.run(["-c", CHANGED], loaded=True).returncode == -signal.SIGKILL
    (lost,) = json.loads(said(capsys, "runs", "list", "--json")[1])
    assert (lost["status"], lost["step"], lost["settings"]["lr"]) == ("interrupted", 0, 0.03)
    assert lost["changes"] == [{"step": 3, "setting": "lr", "value": 0.003}]
    assert "lr 0.03→0.003 @3" in said(capsys, "runs", "list")[1]
    assert said(capsys, "runs", "replay", "linear-1", "--device", "cpu", "-q")[0] == 0
    again = json.loads(said(capsys, "runs", "list", "--json")[1])[0]
    order = TrainingOrder(
        find_recipe("linear"), {"epochs": 2}, Source("cpu"), plan=(Change(3, "lr", 0.003),)
    )
    straight = begin(order, lambda: 0.0, name="")
    advance(straight, 1000)
    assert again["parameters_sha256"] == parameters_sha256(straight)
    assert again["changes"] == lost["changes"]


def test_what_was_changed_when_it_was_resumed_is_not_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def resumed(*more: str) -> dict[str, object]:
        assert said(capsys, "runs", "resume", "linear-1", "--device", "cpu", "-q", *more)[0] == 0
        (run,) = json.loads(said(capsys, "runs", "list", "--json")[1])
        assert isinstance(run, dict)
        return run

    main([*WORDS, "-q"])
    kept = [path.read_bytes() for path in (record_path("linear-1"), checkpoint_path("linear-1"))]
    changed = ["--epochs", "3", "--lr", "0.01"]
    straight = resumed(*changed)
    record_path("linear-1").write_bytes(kept[0])
    checkpoint_path("linear-1").write_bytes(kept[1])
    killed(words=["runs", "resume", "linear-1", "--device", "cpu", *changed])
    assert "* linear-1  interrupted  epoch 2 of 3" in said(capsys, "runs", "list")[1]
    assert resumed() == straight


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


@pytest.mark.parametrize("look", [entries, lambda recipes: interrupted(recipes[0], ())])
def test_a_training_that_ends_while_runs_are_looked_for_is_not_taken_for_a_lost_one(
    look: Callable[[list[str]], list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record is read as begun, its checkpoint as one within; then it ends."""
    seen = []
    with warm.started(["-c", PROGRAM, *WORDS], loaded=True) as (process, stdout):
        while "in the first update" not in (line := stdout.readline()):
            assert line, "it ended before"
        read = RunStore.begun

        def begun(store: RunStore, recipe: str) -> tuple[KeptRun, ...]:
            found = read(store, recipe)
            process.kill()
            process.wait(60)
            return found

        monkeypatch.setattr(RunStore, "begun", begun)
        seen += look(["linear"])
    assert [entry.run.state for entry in seen if isinstance(entry, Entry)] in ([], ["running"])
    assert not [run for run in seen if isinstance(run, KeptRun)]


def test_a_training_that_ends_before_its_first_update_leaves_nothing() -> None:
    program = PROGRAM.replace("time.sleep(600)", "raise MemoryError")
    found = warm.run(["-c", program, *WORDS], loaded=True)
    assert found.returncode == 1
    assert not record_path("linear-1").exists()
