"""A training that is broken off and resumed ends with the very same bits."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from engine.training.checkpoint import (
    Checkpoint,
    CheckpointError,
    capture,
    parameters_sha256,
    restore,
)
from engine.training.checkpoint_file import load, outline, save
from engine.training.digest import sha256_of_arrays
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.run_files import checkpoint_path, checkpoints
from engine.training.snapshot import Setting
from tests.unit.engine.training_fakes import TinyTask, advance, tiny_run


def checkpoint_after(updates: int) -> Checkpoint:
    run = tiny_run()
    advance(run, updates)
    return capture(run)


def file_after(updates: int, folder: Path) -> Path:
    path = folder / "tiny.safetensors"
    save(checkpoint_after(updates), path)
    return path


@pytest.mark.parametrize("updates", [0, 1, 2, 3, 5, 8, 9])
def test_resumed_anywhere_it_ends_the_same(updates: int, tmp_path: Path) -> None:
    straight = tiny_run()
    list(train(straight))
    resumed = tiny_run()
    restore(resumed, load(file_after(updates, tmp_path)))
    assert resumed.step == updates
    list(train(resumed))
    assert parameters_sha256(resumed) == parameters_sha256(straight)
    assert resumed.measured == straight.measured
    assert resumed.history.curve() == straight.history.curve()
    assert resumed.sums == straight.sums
    assert bytes(resumed.task.generator.get_state().numpy()) == bytes(
        straight.task.generator.get_state().numpy()
    )


def test_broken_off_again_and_again(tmp_path: Path) -> None:
    straight = tiny_run()
    list(train(straight))
    path = tmp_path / "c.safetensors"
    save(capture(tiny_run()), path)
    for _ in range(straight.total_steps):
        run = tiny_run()
        restore(run, load(path))
        advance(run, 1)
        save(capture(run), path)
    assert parameters_sha256(run) == parameters_sha256(straight)
    assert run.measured == straight.measured


def test_a_checkpoint_from_before_optimisers_and_norms_is_read(tmp_path: Path) -> None:
    path = file_after(5, tmp_path)
    with safe_open(path, framework="np") as file:
        header = dict(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    state = json.loads(header["state"])
    del state["optimiser_counters"]
    del state["parameters_sha256"]
    for metrics in state["measured"]:
        del metrics["gradient_norms"]
    means = [4.0, 1.0, 0.0, 0.0, 1.0, 2.0, 3.0]
    tensors["history/steps"] = np.array(means, dtype=np.int64)
    tensors["history/values"] = np.array([0.0, 0.5, 0.25, 0.125])
    header["version"] = "1"
    text = json.dumps(state)
    sealed = {**tensors, "": np.frombuffer(text.encode(), dtype=np.uint8)}
    del header["outline"]
    save_file(tensors, path, {**header, "state": text, "sha256": sha256_of_arrays(sealed)})
    old = load(path)
    assert outline(path).parameters_sha256 == sha256_of_arrays(old.parameters)
    assert (old.optimiser, old.optimiser_counters) == ({}, {})
    assert [metrics.gradient_norms for metrics in old.measured] == [(), ()]
    straight, resumed = tiny_run(), tiny_run()
    list(train(straight))
    restore(resumed, old)
    list(train(resumed))
    assert parameters_sha256(resumed) == parameters_sha256(straight)


def test_the_memory_of_another_optimiser_is_refused() -> None:
    checkpoint = replace(checkpoint_after(4), optimiser={"velocity/w": np.zeros(3, np.float32)})
    run = tiny_run()
    before = parameters_sha256(run)
    with pytest.raises(CheckpointError, match="a different optimiser"):
        restore(run, checkpoint)
    assert (run.step, parameters_sha256(run)) == (0, before)


def test_taking_a_checkpoint_changes_nothing() -> None:
    watched, alone = tiny_run(), tiny_run()
    for _ in train(watched):
        capture(watched)
    list(train(alone))
    assert parameters_sha256(watched) == parameters_sha256(alone)
    assert watched.measured == alone.measured


def test_more_epochs_and_another_learning_rate_may_be_given() -> None:
    run = tiny_run(epochs=5, lr=0.01)
    restore(run, checkpoint_after(9))
    list(train(run))
    assert run.epoch == 5
    assert run.settings["lr"] == 0.01


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"batch_size": 5}, "trained with batch_size 4, not 5"),
        ({"seed": 7}, "trained with seed 0, not 7"),
        ({"epochs": 1}, "already in epoch 2. To resume it, set epochs to 2"),
    ],
)
def test_settings_that_make_another_run_are_refused(
    changes: dict[str, Setting], sentence: str
) -> None:
    run = tiny_run(None, **changes)
    with pytest.raises(CheckpointError, match=sentence):
        restore(run, checkpoint_after(4))
    assert run.step == 0


def test_another_recipe_other_data_and_other_shapes_are_refused() -> None:
    checkpoint = checkpoint_after(4)
    other = tiny_run()
    other.recipe = "softmax"
    with pytest.raises(CheckpointError, match="to the recipe 'linear', not to 'softmax'"):
        restore(other, checkpoint)
    with pytest.raises(CheckpointError, match=r"different data \(a few points\)"):
        restore(tiny_run(TinyTask(seed=1)), checkpoint)
    wide = replace(checkpoint, parameters={"w": np.zeros((2, 2), np.float32)})
    with pytest.raises(CheckpointError, match="shapes of the parameters"):
        restore(tiny_run(), wide)


def test_none_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint to resume"):
        load(tmp_path / "none.safetensors")


@pytest.mark.parametrize("kept", [0, 7, 100, 0.5, 0.99])
def test_a_file_cut_short_is_refused(kept: float, tmp_path: Path) -> None:
    path = file_after(4, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    with pytest.raises(CheckpointError, match="damaged or cut short"):
        load(path)


def test_any_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = file_after(4, tmp_path)
    content = path.read_bytes()
    unread = [one.tobytes() for one in load(path).parameters.values()]
    told = sha256_of_arrays(load(path).parameters)
    with safe_open(path, framework="np") as file:
        header = file.metadata()
        read = [file.get_tensor(name).tobytes() for name in ("generator", "history/values")]
    read += [header["outline"].encode(), json.dumps(header["state"]).encode()]
    of_outline, of_others = ({content.index(one) + 1 for one in parts} for parts in (read, unread))
    # A header without an outline is one of an older version, not one whose name was damaged.
    of_names = {content.index(f'"{name}"'.encode()) + 1 for name in header}
    for position in {*range(0, len(content), 97), *of_outline, *of_others, *of_names}:
        spoiled = bytearray(content)
        spoiled[position] ^= 1
        path.write_bytes(spoiled)
        with pytest.raises(CheckpointError):
            load(path)
        if position in of_others:
            assert outline(path).parameters_sha256 == told
        elif position in of_outline:
            with pytest.raises(CheckpointError):
                outline(path)


def test_files_of_others_and_of_the_future_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"w": np.zeros(3, np.float32)}, path)
    with pytest.raises(CheckpointError, match="not a checkpoint of dltutor"):
        load(path)
    save_file(
        {"w": np.zeros(3, np.float32)}, path, {"format": "dltutor checkpoint", "version": "3"}
    )
    with pytest.raises(CheckpointError, match="newer dltutor"):
        load(path)


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_after(3, tmp_path)
    before = path.read_bytes()

    def fail(*args: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(OSError, match="no space left"):
        save(checkpoint_after(6), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_digest_tells_names_shapes_and_values_apart() -> None:
    def digest(name: str, values: list[float], shape: tuple[int, ...]) -> str:
        run = tiny_run()
        run.task.parameters = {name: torch.tensor(values).reshape(shape)}
        return parameters_sha256(run)

    reference = digest("w", [1.0, 2.0], (2,))
    assert reference == digest("w", [1.0, 2.0], (2,))
    others = {
        digest("v", [1.0, 2.0], (2,)),
        digest("w", [1.0, 2.0], (1, 2)),
        digest("w", [2.0, 1.0], (2,)),
    }
    assert reference not in others
    assert len(others) == 3


def test_every_run_keeps_a_checkpoint_of_its_own() -> None:
    first, second = tiny_run(), tiny_run()
    advance(first, 2)
    keep(first)
    advance(first, 1)
    keep(first)  # its own older one is replaced
    advance(second, 1)
    keep(second)
    assert (first.name, second.name) == ("linear-1", "linear-2")
    mine, other = load(checkpoint_path(first.name)), load(checkpoint_path(second.name))
    assert (mine.epoch, mine.epoch_step) == (1, 0)
    assert (other.epoch, other.epoch_step) == (0, 1)
    assert checkpoints("linear") == [checkpoint_path("linear-2"), checkpoint_path("linear-1")]
