"""A copy of the packages that a test may write to, and `dltutor` run from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.unit import warm

ROOT = Path(__file__).parents[2]

_HALF_WRITTEN = shutil.ignore_patterns("*.pyc.*")
"""What another process compiles just now: such a file has another name a moment later."""


def _copied(source: str, copy: str) -> None:
    """Copy a file; what is compiled is only linked, as Python replaces it and never changes it."""
    if source.endswith(".pyc"):
        with suppress(OSError):  # another file system, or one without links
            os.link(source, copy)
            return
    shutil.copy2(source, copy)


def copy_packages(folder: Path) -> Path:
    """Copy engine, lessons and tui, and the settings of the tools, into a folder.

    What is compiled already is there too: it fits a source of the same size and time.
    """
    for package in ("engine", "lessons", "tui"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=_HALF_WRITTEN, copy_function=_copied
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def python(copy: Path, *words: str, new: bool = False) -> subprocess.CompletedProcess[str]:
    """Run an interpreter that imports from the copy; a `new` one has imported nothing before."""
    env = {**os.environ, "PYTHONPATH": str(copy), "XDG_DATA_HOME": str(copy / "data")}
    if not new:
        return warm.run(words, folder=copy, env=env)
    return subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def dltutor(copy: Path, *words: str, status: int = 0) -> str:
    """What `dltutor` prints, on stderr where it is to fail."""
    done = python(copy, "-m", "tui.cli", *words)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


class Done(NamedTuple):
    """What came of one command."""

    status: int
    out: str
    err: str


_EACH = """
import json, os, sys
from tempfile import TemporaryFile
from tui.cli import main

for words in json.loads(sys.argv[1]):
    # Also what processes of its own write is caught.
    kept, files = [os.dup(1), os.dup(2)], [TemporaryFile(), TemporaryFile()]
    for stream, file in zip((1, 2), files):
        os.dup2(file.fileno(), stream)
    try:
        status = main(words)
    except SystemExit as left:
        status = left.code or 0
    finally:
        sys.stdout.flush(), sys.stderr.flush()
        for stream, copy in zip((1, 2), kept):
            os.dup2(copy, stream)
            os.close(copy)
    for file in files:
        file.seek(0)
    print(json.dumps([status, *(file.read().decode() for file in files)]), flush=True)
"""


def dltutor_each(copy: Path, *commands: Sequence[str]) -> list[Done]:
    """What comes of several commands in one interpreter, where none needs what another changes."""
    done = python(copy, "-c", _EACH, json.dumps(commands))
    assert done.returncode == 0, done.stderr
    found = [Done(*json.loads(line)) for line in done.stdout.splitlines()]
    assert not any("Traceback" in each.err for each in found), found
    return found


_AFTER_CHANGES = """
import json, os, sys
from pathlib import Path
import lessons.judge.answers, lessons.proof.run, tui.commands.check, tui.commands.check_parts
from tui.cli import main

for changes, words in json.loads(sys.argv[1]):
    for path, text in changes.items():
        Path(path).write_bytes(text.encode("latin-1"))
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        for stream in (1, 2):
            os.dup2(writer, stream)
        status = 9
        try:
            status = main(words)
        finally:
            sys.stdout.flush()
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        text = said.read().decode()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text]), flush=True)
"""


def dltutor_after(
    copy: Path, *commands: tuple[Mapping[Path, bytes], Sequence[str]]
) -> list[tuple[int, str]]:
    """The status and the words of several commands, each after it has changed files of lessons.

    Each runs in a fork of one interpreter that has imported what reads and checks lessons.
    """
    given = [
        ({str(path): text.decode("latin-1") for path, text in changes.items()}, words)
        for changes, words in commands
    ]
    done = python(copy, "-c", _AFTER_CHANGES, json.dumps(given))
    assert done.returncode == 0, done.stderr
    found = [(status, said) for status, said in map(json.loads, done.stdout.splitlines())]
    assert not any("Traceback" in said for _, said in found), found
    return found
