"""What is saved along the way, and what is told of it."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import engine.training.keeping
from engine.folders import data_folder
from engine.recipes.linear import LinearTask
from engine.training.checkpoint import Checkpoint
from engine.training.checkpoint_file import load, save
from engine.training.digest import sha256_of_arrays
from engine.training.run_files import checkpoint_path
from tests.unit.tui.runs import Capture, said
from tui.cli import main
from tui.commands import train_loop


@pytest.mark.parametrize(("interval", "saved"), [(1e9, [1, 6]), (0.0, [1, 2, 3, 4, 5, 6])])
def test_epochs_are_saved_after_a_pause(
    interval: float, saved: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs: list[int] = []

    def counted(checkpoint: Checkpoint, path: Path) -> None:
        epochs.append(checkpoint.epoch)
        save(checkpoint, path)

    monkeypatch.setattr(engine.training.keeping, "save", counted)
    monkeypatch.setattr(train_loop, "SAVE_PAUSE", 1e9)
    monkeypatch.setattr(train_loop, "SAVE_INTERVAL", interval)
    assert main(["train", "fizzbuzz", "--epochs", "6", "--device", "cpu", "--json"]) == 0
    assert epochs == saved


def test_a_checkpoint_that_could_not_be_saved_is_told_of_once_and_not_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert main(["train", "linear", "--epochs", "1", "--device", "cpu", "-q"]) == 0
    monkeypatch.setattr(engine.training.keeping, "save", refuse)
    monkeypatch.setattr(train_loop, "SAVE_INTERVAL", 0.0)
    assert main(["train", "linear", "--resume", "--epochs", "6", "--json"]) == 0
    out, err = capsys.readouterr()
    end = json.loads(out.splitlines()[-1])
    assert (end["epochs"], end["checkpoint"]) == (6, None), "what is on disk was not learned here"
    assert err.count("The training continues and will try to save again.") == 1
    assert err.count("What this run has learned since its last checkpoint is lost") == 1

    told = "linear-1 ended after 600 updates, but its checkpoint was saved after 100 updates:"
    out, err = said(capsys, "runs", "list", "--json")[1:]
    (row,) = json.loads(out)
    assert (row["step"], row["damaged"]) == (600, ["checkpoint"])
    assert f"! linear-1: {told}" in err
    assert told in said(capsys, "runs", "show", "linear-1")[1]
    assert f"dltutor: {told}" in said(capsys, "eval", "linear-1", "--json")[2]
    words = ("runs", "export", "linear-1", str(tmp_path), "--format", "safetensors", "--json")
    out, err = said(capsys, *words)[1:]
    assert f"dltutor: {told}" in err
    settings = json.loads((Path(json.loads(out)["folder"]) / "settings.json").read_text())
    held = sha256_of_arrays(load(checkpoint_path("linear-1")).parameters)
    assert (settings["step"], settings["parameters_sha256"]) == (100, held)


def test_a_run_whose_name_was_given_again_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert main(["train", "linear", "--epochs", "1", "--device", "cpu", "-q"]) == 0
    theirs, path = checkpoint_path("linear-1").read_bytes(), checkpoint_path("linear-1")
    shutil.rmtree(data_folder())
    real: Callable[..., object] = LinearTask.update
    updates: list[int] = []

    def update(*given: object) -> object:
        updates.append(1)
        if len(updates) == 150:
            shutil.rmtree(data_folder())
            path.parent.mkdir(parents=True)
            path.write_bytes(theirs)
        return real(*given)

    monkeypatch.setattr(LinearTask, "update", update)
    capsys.readouterr()
    assert main(["train", "linear", "--epochs", "2", "--device", "cpu", "--json"]) == 0
    out, err = capsys.readouterr()
    end = json.loads(out.splitlines()[-1])
    assert (end["run"], Path(end["checkpoint"]).stem) == ("linear-2", "linear-2")
    assert err.count("This one goes on as linear-2.") == 1
    assert path.read_bytes() == theirs
    assert said(capsys, "runs", "show", "linear-2")[0] == 0
