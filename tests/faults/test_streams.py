"""Output that fails, streams that are closed, odd variables: a sentence, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from engine.data.search import chosen_root
from engine.folders import cache_folder, config_folder, data_folder, ensure
from tests.unit import warm
from tui.cli import main
from tui.config import read_config
from tui.start import main as start

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device here is always full")
ROOT = Path(__file__).parents[2]
COMMANDS = (
    "lessons", "lessons --json", "recipes --json", "show linear/model --width 60", "runs list",
    "trace --updates 2", "trace --json", "data list", "config show",
    "check backprop/batches --json", "train linear --epochs 1 --device cpu",
    "train linear --epochs 1 --device cpu --json",
    "completion bash", "exercise", "exercise show relu", "exercise hint relu", "--help",
    "train --help", "--version",
)  # fmt: skip


@contextmanager
def full_output(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk without a free byte takes what is printed."""
    with FULL.open("w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        yield
        stream.flush()  # what is buffered must not fail at the very end either


@needs_full
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_costs_a_sentence(
    command: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_output(monkeypatch):
        try:
            status = main(command.split())
        except SystemExit as left:  # how argparse ends a help
            status = int(left.code or 0)
    told = capfd.readouterr().err
    assert "Traceback" not in told
    if command.startswith("train linear"):
        assert status == 0, "a training does not depend on who reads it"
    elif "--help" not in command:
        assert status == 1
        assert told == "dltutor: The output cannot be written: No space left on device.\n"


@needs_full
@pytest.mark.parametrize("what", ["--lr 0.1 --epochs 1 --no-keep", "--find-rate"])
def test_a_sweep_whose_result_is_lost_says_so(
    what: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_output(monkeypatch):
        assert main(["sweep", "linear", *what.split()]) == 1
    told = capfd.readouterr().err
    assert told.endswith("dltutor: The output cannot be written: No space left on device.\n")


@pytest.mark.parametrize(
    ("command", "status"),
    [("data verify", 1), ("config check", 1), ("config check --json", 1), ("lessons", 0),
     ("sweep linear --lr 0.1 --epochs 1 --no-keep", 0)],
)  # fmt: skip
def test_a_verdict_does_not_depend_on_who_reads_it(
    command: str, status: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (ensure(config_folder()) / "config.toml").write_text("nonsense = 1\n", "utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert main(command.split()) == status
        stream.flush()
    assert "Traceback" not in capfd.readouterr().err


@needs_full
def test_a_full_disk_and_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dltutor", "--version"])
    with full_output(monkeypatch):
        assert start() == 1
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert start() == 0


@pytest.mark.parametrize("words", ["lessons", ""])
def test_closed_streams(words: str) -> None:
    """Standard input, output and errors closed, as by a careless service."""
    program = "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"
    shell = f'exec "$0" -c "$1" {words} 0<&- 1>&-'
    ran = subprocess.run(
        ["/bin/sh", "-c", shell, sys.executable, program],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr
    assert ran.returncode == (0 if words else 2), ran.stderr


def test_closed_streams_of_a_training() -> None:
    """In a fork that closes them first, as an interpreter finds them closed that starts so."""
    program = """
import os, sys
os.close(0), os.close(1)
sys.stdin = sys.__stdin__ = sys.stdout = sys.__stdout__ = None
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
    words = ["train", "linear", "--epochs", "1", "--device", "cpu"]
    ran = warm.run(["-c", program, *words], loaded=True)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0, ran.stderr


def test_no_escape_sequence_of_a_name_reaches_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "\x1b]0;owned\x07\x1b[2J"]) == 2
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\x07" not in told
    assert "owned" in told


@pytest.mark.parametrize(
    "command", ["data list", "data verify", "doctor", "config check", "config show"]
)
def test_no_escape_sequence_from_outside_is_printed(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J"
    for name in ("DLTUTOR_DATA", "TERM", "COLORTERM", "LC_ALL"):
        monkeypatch.setenv(name, f"/{evil}")
    escaped = json.dumps(evil)
    config = f'[screen]\ntheme = {escaped}\n[keys]\n{escaped} = 1\n"training.start" = {escaped}\n'
    (ensure(config_folder()) / "config.toml").write_text(config, "utf-8")
    main(command.split())
    told = "".join(capsys.readouterr())
    assert "\x1b" not in told
    assert "\x07" not in told


def test_a_home_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    monkeypatch.setenv("DLTUTOR_DATA", "~nobody/sets")
    assert chosen_root() == Path("~nobody/sets")


def test_a_folder_that_is_relative_does_not_count(
    monkeypatch: pytest.MonkeyPatch, empty_home: Path
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "somewhere")
    found = data_folder(), cache_folder(), config_folder()
    assert all(folder.is_relative_to(empty_home) for folder in found)
    for home in ("", "somewhere"):
        monkeypatch.setenv("HOME", home)
        assert data_folder().is_absolute()


def test_folders_of_the_learner_are_private(empty_home: Path) -> None:
    folder = ensure(data_folder() / "checkpoints" / "linear")
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert (data_folder().stat().st_mode & 0o777) == 0o700
    umask = os.umask(0)
    os.umask(umask)
    shared = ensure(empty_home / "sets" / "MNIST")
    assert (shared.stat().st_mode & 0o777) == 0o777 & ~umask


@pytest.mark.parametrize("content", [b"a = " + b"[" * 50_000, b"\xff\x00", b"[keys]\nx = 3", None])
def test_preferences_that_cannot_be_read(
    content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ensure(config_folder()) / "config.toml"
    if content is None:
        os.mkfifo(path)
    else:
        path.write_bytes(content)
    assert read_config(path).problems or content
    assert main(["config", "check"]) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_while_the_program_is_loaded_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loading(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "tui.cli", Loading("tui.cli"))
    monkeypatch.setattr(sys, "argv", ["dltutor", "runs", "list"])
    assert start() == 130
