"""A real file system without a free block: all works without saving, says so, and saves later."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from engine.data import download
from engine.data.fetching import DownloadFailed
from engine.errors import UserError
from engine.training.export import export, export_folder
from engine.training.keeping import keep
from engine.training.session import TrainingSession
from engine.training.snapshot import SessionState, Snapshot
from lessons.exercises import files
from lessons.exercises.catalog import find_exercise
from lessons.learner.progress import Progress
from tests.faults.test_store_faults import use
from tests.idx import SmallSet
from tests.mirror import local_mirror
from tests.unit.engine.training_fakes import TIMEOUT, Ear, TinyTask, loader, tiny_order
from tui.cli import main

SIZE = 1_000_000


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small disk with the learner's folders; only root may mount one."""
    if sys.platform != "linux":
        pytest.skip("a disk is mounted as Linux does")
    folder = tmp_path / "disk"
    folder.mkdir()
    libc = ctypes.CDLL(None)
    if libc.mount(b"none", bytes(folder), b"tmpfs", 0, f"size={SIZE}".encode()):
        pytest.skip("no file system can be mounted here")
    try:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(folder / name))
        yield folder
    finally:
        libc.umount2(bytes(folder), 2)  # MNT_DETACH: also with a file that is still open


def fill(disk: Path, left: int = 0) -> Path:
    """Write until nothing more goes on the disk; then make room for `left` bytes."""
    path = disk / "full"
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(path, path.stat().st_size - left)
    return path


def left_over(disk: Path) -> list[str]:
    """Files that no one will read."""
    return [path.name for path in disk.rglob("*") if path.name.endswith((".tmp", ".part"))]


def test_answers_stay_in_memory(disk: Path) -> None:
    told: list[str] = []
    with closing(Progress()) as progress:
        progress.warn = told.append
        use(progress)
        fill(disk)
        use(progress, 30)
        assert len(progress.answers()) == 31
        assert ["cannot be saved" in each for each in told] == [True]
    with closing(Progress()) as again:
        assert 1 <= len(again.answers()) < 31, "it is whole, and holds what there was room for"


def test_when_there_is_room_again_answers_are_saved(disk: Path) -> None:
    told: list[str] = []
    with closing(Progress()) as progress:
        progress.warn = told.append
        use(progress)
        full = fill(disk)
        use(progress, 30)
        full.unlink()
        use(progress, 2)
        assert len(progress.answers()) == 33
        assert progress.is_kept
        assert not progress.notice
        assert ["saved again" in each for each in told] == [False, True]
    with closing(Progress()) as again:
        assert len(again.answers()) == 33, "also those that were given in between"
        assert not again.notice


def test_a_first_start_on_a_full_disk_saves_later(disk: Path) -> None:
    full = fill(disk)
    with closing(Progress()) as progress:
        assert "cannot be saved" in progress.notice
        use(progress)
        full.unlink()
        use(progress)
        assert not progress.notice
    with closing(Progress()) as again:
        assert len(again.answers()) == 2


def test_a_training_goes_on_without_checkpoints(disk: Path) -> None:
    full = fill(disk)
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=keep)
    session.start(tiny_order())
    ear.wait_for(SessionState.FINISHED)
    assert session.close(TIMEOUT)
    assert "The checkpoint cannot be saved" in session.snapshot.message
    full.unlink()
    assert left_over(disk) == []
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=keep)
    session.start(tiny_order())
    ear.wait_for(SessionState.FINISHED)
    assert session.close(TIMEOUT)
    assert "cannot be saved" not in session.snapshot.message
    assert len([*disk.rglob("*.safetensors")]) == 1


def test_exports_and_exercises_say_why(disk: Path) -> None:
    exercise = find_exercise("relu")
    path, _new = files.start(exercise)
    before = path.read_bytes()
    full = fill(disk)
    with pytest.raises(UserError, match=r"[Nn]o space left"):
        export(Snapshot(recipe="linear", step=3), export_folder(), screen="<svg/>" * 5000)
    with pytest.raises(OSError, match=r"[Nn]o space left"):
        files.save(path, "x = 1\n" * 5000)
    assert path.read_bytes() == before, "the old one stays"
    full.unlink()
    assert left_over(disk) == []
    folder = export(Snapshot(recipe="linear", step=3), export_folder(), screen="<svg/>" * 5000)
    assert all(file.stat().st_size for file in folder.iterdir())
    files.save(path, "x = 1\n" * 5000)
    assert path.read_text("utf-8") == "x = 1\n" * 5000


def test_a_download_says_that_there_is_no_room(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SmallSet.make().register(monkeypatch)
    full = fill(disk, left=40_000)
    # What the disk says beforehand is not believed: another program may fill it meanwhile.
    monkeypatch.setattr("engine.data.fetching._refuse_full", lambda folder, needed: None)
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.stand_in(monkeypatch, small)
        with pytest.raises(DownloadFailed, match=r"[Nn]o space left"):
            download("fashion-mnist", disk)
        full.unlink()
        folder = download("fashion-mnist", disk)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small.contents


@pytest.mark.parametrize("words", [("train", "linear"), ("sweep", "linear", "--lr", "0.01,0.1")])
def test_a_run_that_cannot_be_kept_leaves_nothing_behind_and_that_is_said(
    disk: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--epochs", "1", "--device", "cpu", "-q", "--json"]
    assert main([*words, *options]) == 0
    capsys.readouterr()
    full = fill(disk)
    assert main([*words, "--seed", "7", *options]) == 0
    out, err = capsys.readouterr()
    assert err.count("No space left on device. Free some space.") == 1
    if words[0] == "sweep":
        summary = json.loads(out.splitlines()[-1])
        assert (summary["status"], summary["runs"]) == ("finished", 2)
    full.unlink()
    assert main(["runs", "list", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(json.loads(out)) == (2 if words[0] == "sweep" else 1)
    assert left_over(disk) == []
    assert [path.name for path in disk.rglob("*.json") if not path.stat().st_size] == []
