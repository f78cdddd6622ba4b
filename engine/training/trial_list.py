"""The list of the trials of earlier sweeps: a line of JSON each, in `sweeps/RECIPE.jsonl`.

A kept trial has a line when it begins, which is that of an interrupted one, and one when it has
ended, which is read in place of the first.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from engine.alone import alone_in
from engine.folders import data_folder, ensure
from engine.replacing import replace_file
from engine.training.epochs import metrics_of
from engine.training.plain import (
    MOST_BYTES,
    NOT_WHOLE,
    NotPlain,
    metrics,
    read_plain,
    settings,
    text,
    whole,
)
from engine.training.sealing import sealed, unsealed
from engine.training.trial import Trial, TrialStatus

VERSION = 1
MOST_TRIALS = 2000
"""Lines in the list of one recipe. The oldest make room for new ones, but half as many trials stay:
no sweep makes more."""
LARGEST_LIST = MOST_BYTES // 2
"""Bytes of the list from which on the oldest make room, too: a larger one could not be read."""
MOST_ROWS = 64
"""Epochs of each that are kept, the first and the last among them."""


def read(recipe: str) -> list[Trial]:
    """The trials in the list, the latest last; a damaged line hides no other."""
    return [trial for _line, trial in _lines(_path(recipe))]


def append(trial: Trial) -> None:
    """Add a trial; a disk that refuses is left alone."""
    state = {"version": VERSION, **asdict(trial), "settings": dict(trial.settings)}
    state["measured"] = [asdict(trial.measured[at]) for at in _spread(len(trial.measured))]
    path = _path(trial.recipe)
    # What one process adds while another shortens the list would go to the old file.
    with contextlib.suppress(OSError), alone_in(ensure(path.parent)):
        _shorten(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a+b") as file:
            # A line that a kill or a full disk has cut short must not take this one with it.
            start = b"" if _ends_a_line(file) else b"\n"
            file.write(start + sealed(state).encode() + b"\n")


def _path(recipe: str) -> Path:
    return data_folder() / "sweeps" / f"{recipe}.jsonl"


def _ends_a_line(file: BinaryIO) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _shorten(path: Path) -> None:
    """Leave the latest half of a list that is full, so that this is not necessary each time."""
    if not path.is_file():
        return
    size = path.stat().st_size
    if size < LARGEST_LIST and path.read_bytes().count(b"\n") < MOST_TRIALS:
        return
    latest = [line.encode() + b"\n" for line, _trial in _lines(path)][-(MOST_TRIALS // 2) :]
    while sum(map(len, latest)) > LARGEST_LIST // 2:
        del latest[0]
    replace_file(path, b"".join(latest))


def _lines(path: Path) -> list[tuple[str, Trial]]:
    found: dict[object, tuple[str, Trial]] = {}
    with contextlib.suppress(OSError, UnicodeDecodeError, NotPlain):
        for number, line in enumerate(read_plain(path).split("\n")):
            with contextlib.suppress(*NOT_WHOLE):
                trial = _of_line(line)
                key = trial.run or number
                found.pop(key, None)
                found[key] = line, trial
    return list(found.values())


def _of_line(line: str) -> Trial:
    """A trial from its JSON; raises ValueError, KeyError or TypeError where it is not one."""
    state = unsealed(line)
    if state.pop("version") != VERSION:
        raise ValueError("a trial of another version")
    state["status"] = TrialStatus(state["status"])
    state["measured"] = tuple(metrics(metrics_of(row)) for row in state["measured"])
    state["settings"] = settings(state["settings"])
    for name in ("recipe", "run", "device", "data_sha256"):
        text(state[name])
    for name in ("epoch", "step"):
        whole(state[name])
    return Trial(**state)


def _spread(count: int) -> list[int]:
    """At most `MOST_ROWS` indices below `count`, the first and the last among them."""
    if count <= MOST_ROWS:
        return list(range(count))
    return sorted({round(i * (count - 1) / (MOST_ROWS - 1)) for i in range(MOST_ROWS)})
