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
        mark = _folder() / f"{recipe}.{os.getpid()}{_SUFFIX}"
        replace_file(mark, str(os.getpid()).encode())


def end(recipe: str) -> None:
    """Remove the marks of `recipe`, but that of another process which still trains it."""
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
            process = int(file.read(20))
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
