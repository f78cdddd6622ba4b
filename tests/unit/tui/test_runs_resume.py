"""`dltutor runs resume` and `replay`: a run goes on where it was, and is repeated bit for bit."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import cast

import pytest

from engine.recipes.linear import LinearTask
from engine.training.checkpoint_file import load
from engine.training.digest import sha256_of_arrays
from engine.training.run_files import checkpoint_path, record_path
from engine.training.sealing import sealed, unsealed
from tests.unit.tui.runs import Capture, changed_run, listed, said, trained
from tests.unit.tui.test_train_command import signal_before


def test_the_latest_unfinished_run_is_resumed(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(120, signal.SIGINT))
        trained(capsys, "linear", "--epochs", "2")
    assert trained(capsys, "linear", "--epochs", "1")["run"] == "linear-2"
    assert trained(capsys, "linear", "--resume")["run"] == "linear-1"


def test_a_run_says_what_was_changed_and_is_repeated_bit_for_bit(
    capsys: Capture, tmp_path: Path
) -> None:
    name = changed_run(capsys)
    (row,) = listed(capsys)
    assert list(row) == [
        "run", "recipe", "settings", "changes", "status", "epoch", "step", "parameters_sha256",
    ]  # fmt: skip
    assert row["settings"] == {
        "epochs": 3,
        "lr": 0.03,
        "batch_size": 10,
        "validation": 0.0,
        "seed": 0,
        "threads": 1,
    }
    assert row["changes"] == [
        {"step": 140, "setting": "lr", "value": 0.003},
        {"step": 250, "setting": "lr", "value": 0.01},
    ]
    _, out, _ = said(capsys, "runs", "list")
    assert "lr 0.03→0.003 @140→0.01 @250" in out
    _, out, _ = said(capsys, "runs", "list", "softmax")
    assert out == "No run of softmax is kept yet. `dltutor train softmax` makes one.\n"
    status, _, err = said(capsys, "runs", "replay", name, "--device", "cpu")
    assert status == 0
    assert "repeats linear-1 bit for bit" in err
    again, first = listed(capsys)
    assert again["parameters_sha256"] == first["parameters_sha256"]
    assert again["changes"] == first["changes"]
    _, out, _ = said(capsys, "runs", "export", name, str(tmp_path), "--json")
    settings = json.loads(Path(json.loads(out)["folder"], "settings.json").read_text("utf-8"))
    assert settings["started_with"]["lr"] == 0.03
    assert settings["changes"] == row["changes"]


def test_a_repetition_of_a_run_that_was_stopped_is_not_finished(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(142, signal.SIGINT))
        trained(capsys, "linear", "--epochs", "3")
    status, out, _ = said(capsys, "runs", "replay", "linear-1", "--device", "cpu")
    assert (status, "stopped: 1 of 3 epochs, 142 updates" in out) == (0, True)
    again, first = listed(capsys)
    kept = load(checkpoint_path("linear-2"))
    assert sha256_of_arrays(kept.parameters) == first["parameters_sha256"]
    assert (again["status"], again["step"]) == (first["status"], first["step"]) == ("stopped", 142)


def test_a_replay_that_differs_is_told(capsys: Capture) -> None:
    trained(capsys, "linear", "--epochs", "1")
    path = record_path("linear-1")
    state = unsealed(path.read_text("utf-8"))
    path.write_text(sealed({**state, "parameters_sha256": "0" * 64}), "utf-8")
    status, _, err = said(capsys, "runs", "replay", "linear-1", "--device", "cpu")
    assert status == 1
    assert "does not repeat linear-1" in err


def test_a_resumed_run_of_a_recipe_without_threads_is_repeated(capsys: Capture) -> None:
    trained(capsys, "two-layer-numpy", "--epochs", "2")
    said(capsys, "runs", "resume", "two-layer-numpy-1", "--epochs", "3", "--lr", "1e-7", "-q")
    (row,) = listed(capsys)
    assert "threads" not in cast("dict[str, object]", row["settings"])
    status, _, err = said(capsys, "runs", "replay", "two-layer-numpy-1", "-q")
    assert (status, "bit for bit" in err) == (0, True)


def test_a_run_that_diverged_at_once_is_kept_and_diverges_again(capsys: Capture) -> None:
    end = trained(capsys, "linear", "--lr", "50", "--epochs", "1")
    (row,) = listed(capsys)
    assert (row["run"], row["status"], row["step"]) == (end["run"], "failed", 0)
    status, _, err = said(capsys, "runs", "replay", "linear-1", "-q", "--device", "cpu")
    assert (status, "bit for bit" in err) == (0, True)
    status, _, err = said(capsys, "runs", "resume", "linear-1")
    assert (status, "failed before its parameters were saved" in err) == (2, True)


def test_a_finished_run_that_is_resumed_without_more_epochs_stays_as_it_was(
    capsys: Capture,
) -> None:
    trained(capsys, "softmax", "--synthetic", "--lr", "1e-6", "--epochs", "1")
    assert "diagnosis " in said(capsys, "runs", "show", "softmax-1")[1]
    before = [path("softmax-1").read_bytes() for path in (record_path, checkpoint_path)]
    for words in (("resume", "softmax-1"), ("resume", "softmax-1", "--lr", "0.5")):
        status, out, err = said(capsys, "runs", *words, "--device", "cpu", "--json")
        assert (status, json.loads(out.splitlines()[-1])["status"]) == (0, "finished")
        assert "The one epoch was completed already" in err
        after = [path("softmax-1").read_bytes() for path in (record_path, checkpoint_path)]
        assert after == before
    record_path("softmax-1").unlink()
    said(capsys, "runs", "resume", "softmax-1", "--device", "cpu", "--json")
    assert record_path("softmax-1").exists(), "one that was killed just before its record"


def test_a_run_that_was_stopped_after_an_epoch_can_be_called_finished_there(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(100, signal.SIGINT))
        trained(capsys, "linear", "--epochs", "3")
    assert "* linear-1  stopped" in said(capsys, "runs", "list")[1]
    said(capsys, "runs", "resume", "linear-1", "--epochs", "1", "--device", "cpu", "-q")
    assert "  linear-1  finished  epoch 1 of 1" in said(capsys, "runs", "list")[1]
    assert load(checkpoint_path("linear-1")).settings["epochs"] == 1


@pytest.mark.parametrize(
    "words", [("train", "softmax", "--resume"), ("runs", "resume", "softmax-1")]
)
def test_a_run_that_knows_glyphs_does_not_pass_over_a_folder_that_is_named(
    words: tuple[str, ...], capsys: Capture, tmp_path: Path
) -> None:
    trained(capsys, "softmax", "--synthetic", "--epochs", "1")
    more = ("--epochs", "2", "--device", "cpu", "--data-dir", str(tmp_path))
    status, _, err = said(capsys, *words, *more)
    assert (status, "softmax-1 trained on the built-in glyph set" in err) == (2, True)
    assert said(capsys, *words, *more[:-2])[0] == 0


def test_a_run_that_needs_no_images_goes_on_wherever_they_are(
    capsys: Capture, tmp_path: Path
) -> None:
    trained(capsys, "linear", "--epochs", "1")
    more = ("--epochs", "2", "--device", "cpu", "--require-real", "--data-dir", str(tmp_path))
    assert said(capsys, "train", "linear", "--resume", *more)[0] == 0
