"""Marks on disk which trainings are under way, so that one that was cut off is noticed later.

A training that ends in good order takes its mark away. A process that is killed, or a machine
that loses its power, leaves it behind.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from engine.folders import data_folder, ensure

_SUFFIX = ".underway"


def _folder() -> Path:
    return data_folder() / "checkpoints"


def begin(recipe: str) -> None:
    """Mark that this process trains `recipe`; a disk that refuses it costs the mark alone."""
    with contextlib.suppress(OSError):
        (ensure(_folder()) / f"{recipe}{_SUFFIX}").write_text(str(os.getpid()), encoding="ascii")


def end(recipe: str) -> None:
    """Take the mark of `recipe` away, where there is one."""
    with contextlib.suppress(OSError):
        (_folder() / f"{recipe}{_SUFFIX}").unlink()


def cut_off() -> list[str]:
    """The recipes whose training did not end in good order, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in _folder().glob(f"*{_SUFFIX}"):
            if not _is_trained(path):
                found.append((path.stat().st_mtime, path.name.removesuffix(_SUFFIX)))
    return [recipe for _, recipe in sorted(found, reverse=True)]


def _is_trained(mark: Path) -> bool:
    """Whether the process that left the mark still lives and is another one than this."""
    try:
        process = int(mark.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    # Asking for a process that is there would end it on Windows.
    if os.name == "nt" or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
