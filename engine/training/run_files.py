"""The names of runs, and their files: every run has a checkpoint and a record of its own.

A run is called by its recipe and a number that is never given twice: `softmax-12`. Its checkpoint
is `checkpoints/RECIPE/RUN.safetensors`, its record `runs/RECIPE/RUN.json`. Only the latest stay:
`MOST_KEPT` runs per recipe, and checkpoints of at most `MOST_BYTES` together.

Version 0.1 had one checkpoint per recipe and one set aside; they are adopted as runs.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeAlias

from engine.folders import cache_folder, data_folder, ensure
from engine.replacing import lock, replace_file, sweep
from engine.training.underway import is_running, running

MOST_KEPT = 20
"""Runs of one recipe; the oldest make room for new ones."""
MOST_BYTES = 1_000_000_000
"""Bytes of all checkpoints of one recipe together."""
BEGUN = "begun"
"""What the record of a run says until the run has ended."""
FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""Moments for which every zone has a date, and a later one."""
CHECKPOINT, RECORD = ".safetensors", ".json"
_reserved: dict[Path, IO[bytes]] = {}
"""The empty records of runs that this process begins: locked until something is written."""

Stamp: TypeAlias = "tuple[int, int] | None"


def checkpoint_folder(recipe: str) -> Path:
    """The folder of the checkpoints of `recipe`; nothing is created."""
    return data_folder() / "checkpoints" / recipe


def record_folder(recipe: str) -> Path:
    """The folder of the records of `recipe`; nothing is created."""
    return data_folder() / "runs" / recipe


def recipe_of(run: str) -> str:
    """The recipe of a run by its name: `softmax` for `softmax-12`."""
    return run.rpartition("-")[0]


def checkpoint_path(run: str) -> Path:
    """The path of the checkpoint of a run; nothing is created."""
    return checkpoint_folder(recipe_of(run)) / f"{run}{CHECKPOINT}"


def record_path(run: str) -> Path:
    """The path of the record of a run; nothing is created."""
    return record_folder(recipe_of(run)) / f"{run}{RECORD}"


def new_name(recipe: str) -> str:
    """A name for a new run, reserved by an empty record, so that two programs never share one.

    Where the disk refuses, the name comes from the clock, and nothing is reserved.
    """
    adopt(recipe)
    number = _highest(recipe) + 1
    for candidate in range(number, number + 1000):
        name = f"{recipe}-{candidate}"
        try:
            ensure(record_folder(recipe))
            descriptor = os.open(record_path(name), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        except FileExistsError:
            continue
        except OSError:
            break
        _reserved[record_path(name)] = file = os.fdopen(descriptor, "r+b")
        lock(file)
        remember(name)
        return name
    return f"{recipe}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"


def stamp_of(path: Path) -> Stamp:
    """When a file or folder was changed last, and its size; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def moment_of(nanoseconds: int) -> datetime:
    """When a file was changed, from its `st_mtime_ns`.

    Where the clock was wrong by millennia, the first or last moment that a record may have.
    """
    seconds = min(max(nanoseconds / 1e9, FIRST.timestamp()), LAST.timestamp())
    return datetime.fromtimestamp(seconds, UTC)


def is_reserved(run: str) -> bool:
    """Whether a program is about to write the record of a run."""
    with contextlib.suppress(OSError), record_path(run).open("r+b") as file:
        return record_path(run) in _reserved or not lock(file)
    return False


def written(run: str) -> None:
    """Its record is no longer empty; where the disk has refused that, nothing of it stays."""
    file = _reserved.pop(record_path(run), None)
    if file is not None:
        with contextlib.suppress(OSError):
            if record_path(run).stat().st_size == 0:
                record_path(run).unlink()
        file.close()


def release(run: str) -> None:
    """Give up the name of a run of which nothing was kept."""
    written(run)
    # Imported late: every start sweeps what others left behind, and needs no NumPy for that.
    from engine.training.plain import NOT_WHOLE, read_plain

    path = record_path(run)
    with contextlib.suppress(OSError, *NOT_WHOLE):
        empty = path.stat().st_size == 0 or json.loads(read_plain(path))["state"] == BEGUN
        if empty and not checkpoint_path(run).exists():
            path.unlink()


def was_given(run: str) -> bool:
    """Whether a run of this name was begun once, whatever became of it."""
    number = run.rpartition("-")[2]
    if not (number.isascii() and number.isdecimal() and len(number) < 12):
        return False
    if number != str(int(number)):
        return False  # `softmax-01` is no name
    with contextlib.suppress(OSError, ValueError):
        return 0 < int(number) <= _last(record_folder(recipe_of(run)) / "last")
    return False


def _highest(recipe: str) -> int:
    numbers = [0]
    with contextlib.suppress(OSError, ValueError):
        numbers.append(_last(record_folder(recipe) / "last"))
    # The files of a run can be removed while another program trains it.
    for name in (*_names(recipe), *(run for run in running() if recipe_of(run) == recipe)):
        number = name.rpartition("-")[2]
        if number.isdecimal() and len(number) < 12:
            numbers.append(int(number))
    return max(numbers)


def _last(path: Path) -> int:
    """The number in a file; raises OSError or ValueError."""
    if not path.is_file():
        raise ValueError("not a file")
    with path.open(encoding="ascii") as file:
        return min(int(file.read(20)), 10**12)


def remember(run: str) -> None:
    """Keep the highest number that was given, so that a removed run's name is not given again."""
    recipe, _dash, digits = run.rpartition("-")
    number, path = int(digits), record_folder(recipe) / "last"
    with contextlib.suppress(OSError, ValueError):
        number = max(number, _last(path))  # another program may have given a later one meanwhile
    with contextlib.suppress(OSError):
        replace_file(path, str(number).encode())


def _names(recipe: str) -> Iterator[str]:
    places = ((record_folder(recipe), RECORD), (checkpoint_folder(recipe), CHECKPOINT))
    for folder, ending in places:
        with contextlib.suppress(OSError):
            yield from (path.stem for path in folder.glob(f"{recipe}-*{ending}"))


def names_of_runs(recipe: str) -> list[str]:
    """The names of the kept runs of `recipe`, the latest first, without reading any."""
    names = sorted(set(_names(recipe)), key=lambda name: (len(name), name), reverse=True)
    return [name for name in names if recipe_of(name) == recipe]


def checkpoints(recipe: str) -> list[Path]:
    """The checkpoints of `recipe`, the latest first."""
    adopt(recipe)
    found = []
    with contextlib.suppress(OSError):
        for path in checkpoint_folder(recipe).glob(f"{recipe}-*{CHECKPOINT}"):
            with contextlib.suppress(OSError):
                if path.is_file():  # a pipe would keep its reader waiting for ever
                    found.append((path.stat().st_mtime_ns, path.name, path))
    return [path for _time, _name, path in sorted(found, reverse=True)]


def make_latest(path: Path) -> None:
    """Date a new checkpoint after all others of its recipe, so that it is not the oldest.

    Where the clock went back, the others seem to be of later.
    """
    with contextlib.suppress(OSError):
        own = path.stat()
        others = [
            one.stat().st_mtime_ns for one in checkpoints(recipe_of(path.stem)) if one != path
        ]
        latest = max(others, default=0)
        if latest >= own.st_mtime_ns:
            os.utime(path, ns=(own.st_atime_ns, latest + 1_000_000))


def sweep_leftovers() -> None:
    """Remove the temporary files of programs that were killed for good while they wrote."""
    for place in (data_folder(), cache_folder()):
        for folder in (place, *_folders(place)):
            sweep(folder)
            for inner in _folders(folder):
                sweep(inner)


def _folders(place: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [path for path in place.iterdir() if path.is_dir() and not path.is_symlink()]
    return []


def adopt(recipe: str) -> None:
    """Make runs of the two checkpoints that version 0.1 kept for a recipe."""
    old = data_folder() / "checkpoints"
    for stem, name in ((f"{recipe}.previous", f"{recipe}-0"), (recipe, f"{recipe}-1")):
        source, target = old / f"{stem}{CHECKPOINT}", checkpoint_path(name)
        with contextlib.suppress(OSError):
            if source.is_file():
                while target.exists():
                    number = int(target.stem.rpartition("-")[2]) + 1
                    target = target.with_name(f"{recipe}-{number}{CHECKPOINT}")
                ensure(target.parent)
                source.rename(target)


def drop_oldest(recipe: str, keep: str, offered: str = "") -> list[str]:
    """Remove the checkpoints beyond the limits, the oldest first, but never that of `keep`.

    Nor that of the run that is `offered` to be resumed, or of one that another program trains:
    these are kept beside `MOST_KEPT` others. Returns the runs whose checkpoints went.
    """
    gone, total, place = [], 0, 0
    for path in checkpoints(recipe):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
            if path.stem == offered or is_running(path.stem):
                continue
            place += 1
            if (place > MOST_KEPT or total > MOST_BYTES) and path.stem != keep:
                path.unlink()
                gone.append(path.stem)
    return gone
