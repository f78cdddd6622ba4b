"""Marks on disk for trainings in progress, so that an interrupted one is noticed later.

A training that ends normally removes its mark. A process that is killed, or a machine that loses
power, leaves it behind.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from time import sleep as wait
from typing import IO

from engine.alone import alone_in
from engine.errors import UserError
from engine.folders import data_folder, ensure
from engine.language import _
from engine.replacing import lock, replace_file

RUNNING = "running"
"""The status of a run that another process trains at this moment."""
_SUFFIX = ".underway"
_locked: dict[str, IO[bytes]] = {}
"""The marks that this process holds, by recipe."""
_TRIES = 100
"""To lock a mark: whoever looks at it holds the lock for a moment."""


def _folder() -> Path:
    return data_folder() / "checkpoints"


def begin(recipe: str, run: str = "") -> None:
    """Mark that this process trains `run` of `recipe`; if the disk refuses, there is no mark.

    Where the name of the run is not known yet, the mark is made once more when it is; from then on
    it is locked, until the training ends or the process is gone.
    """
    with contextlib.suppress(OSError, ValueError):  # another thread may end it meanwhile
        mark = _mark(recipe)
        replace_file(mark, f"{os.getpid()}\n{run}".encode())
        if run:
            file = mark.open("r+b")
            before = _locked.get(recipe)
            _locked[recipe] = file
            for _try in range(_TRIES):
                if lock(file):
                    break
                wait(0.005)
            if before is not None:
                before.close()


def has_lost_mark(recipe: str) -> bool:
    """Whether somebody has removed the mark of this process, maybe with all its folder."""
    return recipe in _locked and not _mark(recipe).exists()


def _mark(recipe: str) -> Path:
    """The mark of this process."""
    return _folder() / f"{recipe}.{os.getpid()}{_SUFFIX}"


def claim(recipe: str, run: str) -> None:
    """Mark that this process trains `run`; raises UserError where another one does.

    Of several that ask at the same moment, exactly one gets it.
    """
    with nobody_claims():
        refuse_in_use(run)
        begin(recipe, run)


def nobody_claims() -> contextlib.AbstractContextManager[None]:
    """Inside, no other process takes a run to train it, or removes one."""
    with contextlib.suppress(OSError):
        ensure(_folder())
    return alone_in(_folder())


def is_running(run: str) -> bool:
    """Whether another process trains `run` at this moment."""
    return run in running(run)


def running(only: str = "") -> frozenset[str]:
    """The runs that other processes train at this moment; `only` this one is looked for."""
    found = set()
    for path in _marks():
        with contextlib.suppress(OSError, ValueError):
            process, _line, named = path.read_text("utf-8").partition("\n")
            if not named or only not in ("", named) or _is_own(path, int(process)):
                continue
            # Another process may have the same number now, or has it in another container; a lock
            # ends with its owner.
            with path.open("r+b") as file:
                if not lock(file):
                    found.add(named)
    return frozenset(found)


def _is_own(mark: Path, process: int) -> bool:
    """Whether this process has left the mark, which names `process`, and trains the run."""
    return process == os.getpid() and _recipe(mark) in _locked


def is_starting(recipe: str) -> bool:
    """Whether another process loads `recipe`, or has just begun to train a run of it."""
    for path in _marks():
        with contextlib.suppress(OSError, ValueError):
            is_of_it = _recipe(path) == recipe and _is_trained(path)
            if is_of_it and not path.read_text("utf-8").partition("\n")[2]:
                return True
    return False


def in_use(run: str) -> UserError:
    """The error where somebody wants to change a run that another process trains."""
    text = _("{run} is being trained by another dltutor. Wait until it ends, or stop it there.")
    return UserError(text.format(run=run))


def refuse_in_use(run: str) -> None:
    """Raise that error where another process trains `run` at this moment."""
    if is_running(run):
        raise in_use(run)


def end(recipe: str) -> None:
    """Remove the marks of `recipe`, but that of another process which still trains it."""
    file = _locked.pop(recipe, None)
    if file is not None:
        file.close()
    for path in _marks():
        if _recipe(path) == recipe and not _is_trained(path):
            with contextlib.suppress(OSError):
                path.unlink()


def cut_off() -> list[str]:
    """The recipes whose training was interrupted, the latest first."""
    found: dict[str, float] = {}
    for path in _marks():
        with contextlib.suppress(OSError):
            if not _is_trained(path):
                found[_recipe(path)] = max(found.get(_recipe(path), 0.0), path.stat().st_mtime)
    return sorted(found, key=lambda recipe: found[recipe], reverse=True)


def _marks() -> list[Path]:
    with contextlib.suppress(OSError):
        return list(_folder().glob(f"*{_SUFFIX}"))
    return []


def _recipe(mark: Path) -> str:
    """Whose mark it is; before there was one for each process, its name had no number."""
    return mark.name.removesuffix(_SUFFIX).partition(".")[0]


def _is_trained(mark: Path) -> bool:
    """Whether the process that left the mark is still alive, and is not this one."""
    try:
        if not mark.is_file():
            return False
        with mark.open(encoding="ascii") as file:
            process = int(file.readline(20))
    except (OSError, ValueError):
        return False
    # On Windows, asking whether a process exists this way would end it.
    if os.name == "nt" or process == os.getpid() or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False
    except OSError:
        return True
    return True
