"""Files that have arrived in part, kept so that a later download continues where one ended.

`.train-images-idx3-ubyte.1f2e3d4c.part` holds what one mirror has sent, after a line that says from
where and in which version. Whoever works on a part holds a lock on it, which the system releases
when the process is gone, however it ended: a part without a lock is left over.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from engine.data.sets import IdxFile
from engine.replacing import lock

IS_WINDOWS = os.name == "nt"
"""There, a file that is open cannot be removed."""

SUFFIX = ".part"


class PartTaken(Exception):  # noqa: N818 - says what happened
    """Another download is working on this part."""


class Unwritable(Exception):  # noqa: N818 - says what happened
    """The disk refuses a part; the cause is the OSError."""


def part_path(folder: Path, file: IdxFile, url: str) -> Path:
    """Where what `url` sends of `file` is kept."""
    key = hashlib.sha256(url.encode()).hexdigest()[:8]
    return folder / f".{file.name}.{key}{SUFFIX}"


class Part:
    """What has arrived of one file from one mirror; locked until it is closed."""

    def __init__(self, folder: Path, file: IdxFile, url: str) -> None:
        """Open what is there. Raises PartTaken, and Unwritable."""
        self.path = part_path(folder, file, url)
        self._url = url
        try:
            self._stream = _open_locked(self.path)
            self.validator, self._start = self._header()
            self._end = self._stream.seek(0, os.SEEK_END)
        except OSError as error:
            raise Unwritable from error

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._stream.closed:
            if self.size:
                self._stream.close()
            else:
                self.remove()

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self._end - self._start if self._start else 0

    def restart(self, validator: str) -> None:
        """Forget what has arrived; `validator` names the version of what comes. See `_header`."""
        header = json.dumps({"url": self._url, "validator": validator}).encode() + b"\n"
        try:
            self._stream.seek(0)
            self._stream.truncate()
            self._stream.write(header)
        except OSError as error:
            raise Unwritable from error
        self.validator, self._start = validator, len(header)
        self._end = self._start

    def append(self, received: bytes) -> None:
        """Add what has arrived; raises Unwritable."""
        try:
            self._stream.seek(self._end)
            self._stream.write(received)
            self._stream.flush()
        except OSError as error:
            self.remove()  # above all, a full disk must not stay full
            raise Unwritable from error
        self._end += len(received)

    def unpacked(self) -> gzip.GzipFile:
        """The decompressed content, to be read before the part is closed."""
        self._stream.seek(self._start)
        return gzip.GzipFile(fileobj=self._stream)

    def remove(self) -> None:
        """Close it, and leave nothing behind."""
        with contextlib.suppress(OSError):
            self._stream.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _header(self) -> tuple[str, int]:
        """The validator, and where the received bytes start; 0 where the part is of no use.

        A validator is the ETag or the date with which the mirror tells versions apart.
        """
        self._stream.seek(0)
        line = self._stream.readline(4096)
        try:
            found = json.loads(line)
            if line.endswith(b"\n") and found["url"] == self._url:
                return str(found["validator"]), len(line)
        except (ValueError, KeyError, TypeError):
            pass
        return "", 0


def _open_locked(path: Path) -> IO[bytes]:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        stream = os.fdopen(descriptor, "r+b")
        if not lock(stream):
            stream.close()
            raise PartTaken
        # Whoever held the lock until now may have removed the file that was opened.
        if path.exists() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            return stream
        stream.close()


def clean(folder: Path, files: Iterable[IdxFile], keep: Iterable[Path] = ()) -> None:
    """Remove the parts of `files` that nobody is working on, except those to `keep`."""
    kept = set(keep)
    for file in files:
        for path in folder.glob(f".{file.name}.*{SUFFIX}"):
            if path not in kept:
                _remove_unused(path)


def _remove_unused(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("r+b") as stream:
        if not lock(stream):
            return
        if not IS_WINDOWS:
            path.unlink()
    if IS_WINDOWS:
        with contextlib.suppress(OSError):
            path.unlink()
