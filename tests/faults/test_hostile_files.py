"""Checkpoints and records that are damaged or forged: refused with the reason, nothing executed.

A forged checkpoint has a seal that fits, so that what is behind it is tested, too.
"""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from engine.bounded import read_text
from engine.errors import UserError
from engine.folders import data_folder
from engine.playground.csv_points import read_points
from engine.problem_file import read_problem_file
from engine.replacing import replace_file
from engine.training import checkpoint_file as module
from engine.training.archive import entries
from engine.training.checkpoint import CheckpointError, capture, restore
from engine.training.checkpoint_file import load, save
from engine.training.loop import train
from engine.training.offer import look
from engine.training.run_files import checkpoint_path, record_path, sweep_leftovers
from engine.training.runs import RunStore, kept_run
from engine.training.sealing import sealed
from engine.training.underway import begin, cut_off
from lessons.exercises.catalog import find_exercise
from lessons.exercises.files import path_of
from tests.unit.engine.training_fakes import advance, tiny_run
from tui.cli import main

BAD: tuple[Any, ...] = (
    None, -1, 2**70, float("nan"), 1e400, "\x1b[2J", "x" * 20_000, [], {}, [[]], {"a": {}}, True,
)  # fmt: skip


@pytest.fixture
def path() -> Path:
    """A checkpoint of the recipe `linear`, where the program looks for it."""
    run = tiny_run()
    advance(run, 4)
    where = checkpoint_path("linear-1")
    save(capture(run), where)
    return where


def forge(path: Path, **changes: Any) -> None:
    """Change the state, the tensors (`a/b` as `a__b`) or the header of a checkpoint; seal it."""
    with safe_open(path, framework="np") as file:
        header = dict(file.metadata())
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    state = json.loads(header["state"])
    for name, value in changes.items():
        key = name.replace("__", "/")
        if key in tensors:
            tensors[key] = value
        elif key in header:
            header[key] = value
        else:
            state[key] = value
    if "state" not in changes:
        header["state"] = json.dumps(state)
    header["sha256"] = module._seal(tensors, header["state"])
    header["outline"] = module._seal(module._small(tensors), header["state"])
    save_file(tensors, path, header)


def try_out(path: Path) -> str:
    """Load and restore; what was said, or nothing where it was taken."""
    run = tiny_run()
    before = {name: value.detach().clone() for name, value in run.task.parameters.items()}
    try:
        restore(run, load(path))
    except CheckpointError as error:
        assert all(bool((run.task.parameters[name] == before[name]).all()) for name in before)
        return str(error)
    list(train(run))
    return ""


def parameter(path: Path) -> str:
    with safe_open(path, framework="np") as file:
        names = [str(name) for name in file.keys()]  # noqa: SIM118
    return next(name for name in names if name.startswith("parameters/"))


GENERATORS = {
    "short": np.zeros(3, np.uint8),
    "all zeros": np.zeros(5056, np.uint8),
    "of another type": np.zeros(5056, np.float32),
    "of another shape": np.zeros((4, 4), np.uint8),
    "random": np.random.default_rng(1).integers(0, 256, 5056, np.uint8),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_generator_states(name: str, path: Path) -> None:
    forge(path, generator=GENERATORS[name])
    assert "is damaged" in try_out(path)


@pytest.mark.parametrize("name", ["history/steps", "history/values", "generator"])
def test_other_shapes_and_types(name: str, path: Path) -> None:
    """A column in the place of a vector raised; numbers of another type were taken."""
    with safe_open(path, framework="np") as file:
        stored = file.get_tensor(name)
    whole = path.read_bytes()
    shapes = (stored[:, None], stored[0], stored[:0], stored[None, None, :, None], stored[None])
    for other in (*shapes, np.zeros_like(stored, np.float16)):
        path.write_bytes(whole)
        forge(path, **{name.replace("/", "__"): np.ascontiguousarray(other)})
        assert "is damaged" in try_out(path), (name, other.shape, other.dtype)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_parameters_that_are_no_numbers_are_not_loaded(value: float, path: Path) -> None:
    name = parameter(path)
    with safe_open(path, framework="np") as file:
        wrong = file.get_tensor(name)
    wrong.flat[0] = value
    forge(path, **{name.replace("/", "__"): wrong})
    assert "is damaged" in try_out(path)


@pytest.mark.parametrize("dtype", [np.float64, np.int32, np.complex64])
def test_parameters_of_another_type(dtype: type, path: Path) -> None:
    name = parameter(path)
    with safe_open(path, framework="np") as file:
        wrong = file.get_tensor(name).astype(dtype)
    try:
        forge(path, **{name.replace("/", "__"): wrong})
    except ValueError:
        pytest.skip("safetensors does not write this type")
    assert try_out(path)


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "²", "", "1e3", "0x2"])
def test_versions(version: str, path: Path) -> None:
    forge(path, version=version)
    assert "is damaged" in try_out(path)


def test_nonsense_in_any_field_of_the_state(path: Path) -> None:
    with safe_open(path, framework="np") as file:
        fields = [*json.loads(file.metadata()["state"])]
    whole = path.read_bytes()
    refused = 0
    for field in fields:
        for value in BAD:
            path.write_bytes(whole)
            forge(path, **{field: value})
            refused += bool(try_out(path))
            entries(["linear"])  # what `dltutor runs list` reads
            try:
                look("linear")
            except CheckpointError:
                refused += 1
    assert refused > len(fields) * len(BAD)
    path.write_bytes(whole)
    forge(path, state="[" * 100_000)
    assert "is damaged" in try_out(path)


def test_random_damage(path: Path) -> None:
    whole = path.read_bytes()
    draw = random.Random(16)
    for number in range(150):
        damaged = bytearray(whole)
        if number % 3 == 0:
            del damaged[draw.randrange(len(damaged)) :]
        elif number % 3 == 1:
            damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        else:
            damaged = bytearray(draw.randbytes(draw.randrange(2000)))
        path.write_bytes(damaged)
        assert try_out(path)


@pytest.mark.parametrize(
    "header",
    [
        b'{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
        b'{"__metadata__":{"state":"{}","format":"dltutor checkpoint","version":"2"}}',
        b"[" * 5000,
        b"\xff" * 64,
    ],
)
def test_hostile_headers(header: bytes, path: Path) -> None:
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    assert "is damaged" in try_out(path)
    assert entries(["linear"]) == []


def test_what_is_no_ordinary_file(path: Path, tmp_path: Path) -> None:
    makers: tuple[Callable[[], object], ...] = (
        lambda: os.mkfifo(path),
        lambda: path.mkdir(),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to(path),
        lambda: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 2**42),
    )
    for make in makers:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
        make()
        assert try_out(path)
        assert entries(["linear"]) == []
    path.unlink()
    record = record_path("linear-1")
    record.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(record)
    assert RunStore().of("linear") == ()


def test_nonsense_in_any_field_of_a_record(capsys: pytest.CaptureFixture[str]) -> None:
    from engine.training.observe import observe
    from engine.training.state import SessionState

    run = tiny_run()
    list(train(run))
    run.recipe, run.name = "linear", "linear-1"
    RunStore().add(kept_run(observe(run, SessionState.FINISHED)))
    path = record_path("linear-1")
    whole = json.loads(path.read_text())
    del whole["sha256"]  # a seal that is right lets them through to where the fields are read
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for field in whole:
        for number, value in enumerate(BAD, 1):
            ended = datetime.fromisoformat(whole["ended"]) + timedelta(seconds=number)
            another = {**whole, "run": f"linear-{number}", "ended": ended.isoformat()}
            record_path(f"linear-{number}").write_text(sealed({**another, field: value}))
        assert main(["runs", "list"]) == 0  # which reads all of them
    for text in ("[" * 100_000, '"text"', "[]", "9" * 5000, "null"):
        path.write_text(text)
        assert main(["runs", "list", "--json"]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err


def test_what_a_killed_program_leaves_is_swept_away() -> None:
    folder = data_folder() / "checkpoints" / "linear"
    program = (
        "import sys, os, tempfile; from pathlib import Path; from engine.replacing import lock\n"
        "file = tempfile.NamedTemporaryFile(prefix='.x.', suffix='.tmp', dir=sys.argv[1])\n"
        "lock(file); print('locked', flush=True); sys.stdin.read()"
    )
    replace_file(folder / "x", b"whole")
    (folder / ".x.left.tmp").write_bytes(b"part")
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        assert writer.stdout.readline() == "locked\n"
        sweep_leftovers()
        assert len(list(folder.glob(".*.tmp"))) == 1, "that of the living process stays"
        writer.kill()
        writer.wait(30)
    sweep_leftovers()
    assert [each.name for each in folder.iterdir()] == ["x"]


@pytest.mark.parametrize("content", [b"", b"\xff", b"9" * 5000, b"-1", b"99999999999999999999"])
def test_marks_of_trainings_with_nonsense(content: bytes) -> None:
    begin("linear")
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    assert stat.S_IMODE(mark.stat().st_mode) == 0o600
    mark.write_bytes(content)
    assert set(cut_off()) <= {"linear"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("read", [read_problem_file, read_points])
def test_a_pipe_without_a_writer_and_a_device_without_an_end(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UserError):
        read(pipe)
    zero = Path("/dev/zero")
    if zero.exists():
        with pytest.raises(UserError, match=r"(?i)too large"):
            read(zero)
    named = tmp_path / "points.csv"
    named.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(named) == "a\nb\nc\n"


@pytest.mark.skipif(os.name == "nt", reason="links need a right here")
def test_links_in_a_circle_in_the_place_of_an_exercise(
    empty_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = path_of(find_exercise("relu"))
    mine.parent.mkdir(parents=True)
    mine.symlink_to(mine.name)
    assert main(["exercise", "reset", "relu"]) == 0
    assert "def relu" in mine.read_text("utf-8")
    assert "Traceback" not in capsys.readouterr().err
