"""Marks on disk for trainings in progress, so that an interrupted one is noticed later.

A training that ends normally removes its mark. A process that is killed, or a machine that loses
power, leaves it behind.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from engine.folders import data_folder
from engine.replacing import replace_file

_SUFFIX = ".underway"


def _folder() -> Path:
    return data_folder() / "checkpoints"


def begin(recipe: str) -> None:
    """Mark that this process trains `recipe`; if the disk refuses, there is just no mark."""
    with contextlib.suppress(OSError):
        replace_file(_folder() / f"{recipe}{_SUFFIX}", str(os.getpid()).encode())


def end(recipe: str) -> None:
    """Remove the mark of `recipe`, if there is one."""
    with contextlib.suppress(OSError):
        (_folder() / f"{recipe}{_SUFFIX}").unlink()


def cut_off() -> list[str]:
    """The recipes whose training was interrupted, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in _folder().glob(f"*{_SUFFIX}"):
            if not _is_trained(path):
                found.append((path.stat().st_mtime, path.name.removesuffix(_SUFFIX)))
    return [recipe for _time, recipe in sorted(found, reverse=True)]


def _is_trained(mark: Path) -> bool:
    """Whether the process that left the mark is still alive, and is not this one."""
    try:
        if not mark.is_file():
            return False
        with mark.open(encoding="ascii") as file:
            process = int(file.read(20))
    except (OSError, ValueError):
        return False
    # On Windows, asking whether a process exists this way would end it.
    if os.name == "nt" or process == os.getpid():
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
