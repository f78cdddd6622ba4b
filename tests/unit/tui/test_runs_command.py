"""`dltutor runs`, `predict` and `eval`: kept runs without the screens."""

from __future__ import annotations

import itertools
import json
import math
import os
import signal
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pytest
from PIL import Image

from engine.data.search import SYSTEM_FOLDERS
from engine.recipes.catalog import find_recipe
from engine.recipes.linear import LinearTask
from engine.training.begin import begin
from engine.training.checkpoint import parameters_sha256
from engine.training.checkpoint_file import load, save
from engine.training.digest import sha256_of_arrays
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.order import TrainingOrder
from engine.training.run_files import checkpoint_path, checkpoints, record_path
from engine.training.sealing import sealed, unsealed
from engine.training.task import Batch, BatchSums
from engine.training.trained import read_pixels
from tests.idx import SmallSet
from tests.unit.tui.test_train_command import signal_before
from tui.cli import main

Capture: TypeAlias = pytest.CaptureFixture[str]


def said(capsys: Capture, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(words))
    out, err = capsys.readouterr()
    return status, out, err


def listed(capsys: Capture, *words: str) -> list[dict[str, object]]:
    status, out, _ = said(capsys, "runs", "list", "--json", *words)
    assert status == 0
    found: list[dict[str, object]] = json.loads(out)
    return found


def trained(capsys: Capture, *words: str) -> dict[str, object]:
    """The end event of a training."""
    _, out, _ = said(capsys, "train", *words, "--device", "cpu", "--json")
    found: dict[str, object] = json.loads(out.splitlines()[-1])
    return found


def changed_run(capsys: Capture) -> str:
    """A run whose learning rate is changed twice, kept by the command line's own means."""
    order = TrainingOrder(find_recipe("linear"), {"epochs": 3})
    run = begin(order, lambda: 0.0)
    for _ in train(run):
        run.learning_rate = {140: 0.003, 250: 0.01}.get(run.step, run.learning_rate)
    keep(run)
    return run.name


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


def test_a_finished_run_that_was_extended_and_killed_is_listed_by_its_checkpoint(
    capsys: Capture,
) -> None:
    trained(capsys, "linear", "--epochs", "1")
    order = TrainingOrder(find_recipe("linear"), {"epochs": 3}, resume=True)
    killed_is_listed(capsys, order, (2, 250))


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


def test_a_model_is_measured_and_asked(capsys: Capture, tmp_path: Path) -> None:
    end = trained(capsys, "softmax", "--synthetic", "--epochs", "1")
    status, out, _ = said(capsys, "eval", "softmax-1", "--json")
    found = json.loads(out)
    assert (status, found["run"], found["dataset"]) == (0, end["run"], "glyphs")
    _, out, _ = said(capsys, "runs", "show", "softmax-1", "--json")
    assert found["test_accuracy"] == json.loads(out)["measured"][-1]["test_accuracy"]
    picture = tmp_path / "page.png"
    Image.new("L", (56, 56), 255).save(picture)
    _, out, _ = said(capsys, "predict", "softmax-1", str(picture), "--json")
    (row,) = json.loads(out)
    assert (row["source"], row["right"]) == (str(picture), None)
    assert 0 < row["probability"] <= 1
    _, out, _ = said(capsys, "predict", "softmax-1", "--json")
    assert len(json.loads(out)) == 10


def test_a_picture_is_asked_about_without_the_images_of_the_training(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    SmallSet.make("fashion-mnist", train=300, test=60).register(monkeypatch).write(tmp_path)
    where = ("--data-dir", str(tmp_path))
    trained(capsys, "softmax", "--epochs", "1", *where)
    picture = tmp_path / "page.png"
    Image.linear_gradient("L").save(picture)
    with_data = said(capsys, "predict", "softmax-1", str(picture), "--json", *where)
    assert with_data[0] == 0
    tmp_path.joinpath("FashionMNIST").rename(tmp_path / "moved")
    assert said(capsys, "predict", "softmax-1", str(picture), "--json") == with_data
    for words in (("predict", "softmax-1"), ("eval", "softmax-1")):
        status, _, err = said(capsys, *words)
        assert (status, "Fashion-MNIST is not on this machine" in err) == (2, True)
        assert f"The run found its images in {tmp_path}, but they are not there" in err


def test_the_folder_of_the_images_is_remembered(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    small = SmallSet.make("fashion-mnist", train=300, test=60).register(monkeypatch)
    small.write(tmp_path / "images")
    monkeypatch.chdir(tmp_path)
    trained(capsys, "softmax", "--epochs", "1", "--data-dir", "images")
    monkeypatch.chdir("/")
    folder = str(tmp_path / "images")
    assert f"Fashion-MNIST in {folder}\n" in said(capsys, "runs", "show", "softmax-1")[1]
    for words in (("predict",), ("eval",), ("runs", "replay"), ("runs", "resume")):
        assert said(capsys, *words, "softmax-1", *(["--epochs", "2"] if "resume" in words else ()),
                    "--json")[0] == 0  # fmt: skip
    more = ("train", "softmax", "--resume", "--epochs", "3", "--json")
    assert said(capsys, *more)[0] == 0
    for run in ("softmax-1", "softmax-2"):
        shown = json.loads(said(capsys, "runs", "show", run, "--json")[1])
        assert shown["data_dir"] == folder
    record_path("softmax-1").unlink()  # as if it had been killed: the checkpoint says it, too
    (tmp_path / "images").rename(tmp_path / "moved")
    assert f"{folder}, not there any longer" in said(capsys, "runs", "show", "softmax-1")[1]
    for words in (("runs", "resume"), ("runs", "replay"), ("eval",)):
        status, _, err = said(capsys, *words, "softmax-1")
        assert (status, f"The run found its images in {folder}, but they" in err) == (2, True)
        assert "glyph set" not in err
    monkeypatch.setenv("DLTUTOR_DATA", str(tmp_path / "moved"))
    for words in (("runs", "replay"), ("eval",)):
        assert said(capsys, *words, "softmax-1")[0] == 0


def test_a_run_that_is_measured_or_repeated_on_other_data_says_so(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(2):
        small = SmallSet.make("fashion-mnist", train=300, test=60, seed=seed)
        small.register(monkeypatch).write(tmp_path / str(seed))
        if seed == 0:
            trained(capsys, "softmax", "--epochs", "1", "--data-dir", str(tmp_path / "0"))
            words = ("eval", "softmax-1", "--json", "--data-dir")
            assert said(capsys, *words, str(tmp_path / "0"))[2] == ""
    status, out, err = said(capsys, *words, str(tmp_path / "1"))
    assert (status, json.loads(out)["test_samples"]) == (0, 60)
    assert err == "dltutor: The data at hand are not those on which softmax-1 was trained.\n"
    again = ("runs", "replay", "softmax-1", "--json", "--data-dir")
    status, out, err = said(capsys, *again, str(tmp_path / "1"))
    assert (status, list(json.loads(out))) == (2, ["error"])
    assert "softmax-1 was trained on different data (Fashion-MNIST)." in err
    assert [row["run"] for row in listed(capsys)] == ["softmax-1"]


def test_a_model_whose_recipe_has_other_shapes_now_gets_a_sentence(capsys: Capture) -> None:
    trained(capsys, "linear", "--epochs", "1")
    path = checkpoint_path("linear-1")
    found = load(path)
    save(replace(found, parameters={**found.parameters, "w": np.zeros((3, 1), np.float32)}), path)
    status, _, err = said(capsys, "eval", "linear-1")
    assert (status, "shapes of the parameters" in err) == (2, True)


def test_what_cannot_be_predicted_gets_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    trained(capsys, "linear", "--epochs", "1")
    status, _, err = said(capsys, "predict", "linear-1")
    assert (status, "does not classify images" in err) == (2, True)
    trained(capsys, "softmax", "--synthetic", "--epochs", "1")
    text, pipe = tmp_path / "text.png", tmp_path / "pipe"
    text.write_text("no picture")
    os.mkfifo(pipe)
    for path in (text, pipe, tmp_path, tmp_path / "missing.png"):
        status, _, err = said(capsys, "predict", "softmax-1", str(path))
        assert (status, "cannot be read as an image" in err) == (2, True)


@pytest.mark.parametrize("ground", ["paper", "transparent", "16 bits", "fractions", "dark"])
def test_a_picture_is_light_on_dark_whatever_it_is_drawn_on(ground: str, tmp_path: Path) -> None:
    path = tmp_path / "digit.png"
    stroke = [(0, y) for y in range(20, 36)]
    picture = Image.new("RGBA", (56, 56), (255, 255, 255, 0 if ground == "transparent" else 255))
    for x in range(24, 32):
        for _zero, y in stroke:
            picture.putpixel((x, y), (0, 0, 0, 255))
    grey = np.asarray(picture.convert("L"), dtype=np.uint16)
    match ground:
        case "transparent":
            picture.save(path)
        case "16 bits":
            Image.fromarray(grey * 257).save(path)
        case "fractions":
            path = path.with_suffix(".tiff")
            Image.fromarray(grey.astype(np.float32) / 255).save(path)
        case "dark":
            Image.fromarray((255 - grey).astype(np.uint8)).save(path)
        case _:
            picture.convert("RGB").save(path)
    pixels = read_pixels(path)
    assert pixels.shape == (28, 28)
    assert (int(pixels[14, 14]), int(pixels[2, 2])) == (255, 0)


def test_a_photograph_is_held_as_its_camera_was(tmp_path: Path) -> None:
    path = tmp_path / "photograph.png"
    picture = Image.new("L", (28, 28), 0)
    picture.paste(255, (0, 0, 28, 4))  # along the upper edge as it is stored
    turned = picture.getexif()
    turned[0x0112] = 6  # to be turned clockwise
    picture.save(path, exif=turned)
    pixels = read_pixels(path)
    assert [int(pixels[14, 27]), int(pixels[1, 14])] == [255, 0]


def test_a_damaged_note_of_the_camera_takes_nothing_from_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "photograph.jpg"
    picture = Image.new("L", (28, 28), 0)
    picture.paste(255, (0, 0, 28, 4))
    note = picture.getexif()
    note[0x0112], note[0x010E] = 6, "abc"
    picture.save(path, exif=note)
    content = path.read_bytes()
    # What was a description is said to be a height.
    text = content.index(b"\x01\x0e\x00\x02")
    path.write_bytes(content[: text + 1] + b"\x01" + content[text + 2 :])
    assert int(read_pixels(path)[1, 14]) > 200


def test_infinite_shades_are_white_and_no_trouble(tmp_path: Path) -> None:
    shades = np.zeros((28, 28), np.float32)
    shades[12:16] = np.inf
    path = tmp_path / "measured.tiff"
    Image.fromarray(shades).save(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels = read_pixels(path)
    assert [int(pixels[14, 14]), int(pixels[2, 2])] == [255, 0]


def test_a_failed_run_says_why(capsys: Capture) -> None:
    end = trained(capsys, "linear", "--lr", "50")
    assert end["status"] == "failed"
    assert "no longer a finite number" in str(end["error"])


def test_an_export_that_cannot_be_is_told_before_the_training(
    capsys: Capture, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    status, out, err = said(capsys, "train", "linear", "--export", str(blocked), "--json")
    assert (status, list(json.loads(out))) == (2, ["error"])
    assert "cannot be exported" in err


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("csv", "losses.csv"),
        ("tensorboard", "events.out.tfevents.*.dltutor"),
        ("safetensors", "model.safetensors"),
    ],
)
def test_a_run_is_exported_for_other_programs(
    capsys: Capture, tmp_path: Path, kind: str, file: str
) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    words = ("runs", "export", "linear-1", str(tmp_path), "--format", kind, "--json")
    status, out, _err = said(capsys, *words)
    assert status == 0
    folder = Path(json.loads(out)["folder"])
    assert folder.parent == tmp_path
    (found,) = folder.glob(file)
    assert found.stat().st_size > 100
    assert json.loads((folder / "settings.json").read_text())["run"] == "linear-1"


def test_an_export_without_a_folder_goes_where_the_screens_export(
    capsys: Capture, empty_home: Path
) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    status, out, _err = said(capsys, "runs", "export", "linear-1", "--format", "tensorboard")
    assert status == 0
    assert str(empty_home / ".local/share/dltutor/exports/linear-") in out


def test_what_cannot_be_exported_is_refused(capsys: Capture, tmp_path: Path) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    checkpoint_path("linear-1").unlink()
    words = ("runs", "export", "linear-1", str(tmp_path))
    status, _out, err = said(capsys, *words, "--format", "safetensors")
    assert status == 2
    assert "are not kept: they could not be saved, or the checkpoints of newer runs" in err
    with pytest.raises(SystemExit):
        main([*words, "--format", "pickle"])
    assert list(tmp_path.iterdir()) == []
