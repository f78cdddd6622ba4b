"""Files that are replaced whole or not at all, and private.

What is written goes to a temporary file beside the old one, `.NAME.RANDOM.tmp`, which is renamed in
the end. Whoever writes holds a lock on it, which the system releases when the process is gone,
however it ended: a temporary file without a lock is left over, and the next writer removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from engine.folders import ensure

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".tmp"
_swept: set[Path] = set()
"""Folders that this process has rid of what others left."""


def replace_file(
    path: Path, content: bytes, *, durable: bool = False, keep_mode: bool = False
) -> None:
    """Write `content` to `path`: a reader finds the old file or the new one, never a part.

    `durable` makes it survive a power cut; with `keep_mode` it stays as private or public as the
    old file was. Raises OSError; the old file then stays as it was.
    """
    folder = ensure(path.parent)
    if folder not in _swept:
        _swept.add(folder)
        sweep(folder)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=SUFFIX, dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            lock(file)
            if keep_mode and path.exists():
                shutil.copymode(path, temporary)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            if fcntl is not None:  # while it is locked, so that nobody takes it for left over
                temporary.replace(path)
        if fcntl is None:
            temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        _sync_folder(folder)


def sweep(folder: Path) -> None:
    """Remove the temporary files in `folder` on which nobody is working any longer."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f".*{SUFFIX}"):
            _remove_unused(path)


def _remove_unused(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_file():
            return
        with path.open("r+b") as file:
            if not lock(file):
                return
            if fcntl is not None:
                path.unlink()
        if fcntl is None:
            path.unlink()


def lock(stream: IO[bytes]) -> bool:
    """Lock an open file until it is closed; False where somebody else holds the lock."""
    if fcntl is not None:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # some network drives know no locks
    return True


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can do that for folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
