"""A file that a person names may be of any kind: a pipe, an endless device, a folder."""

from __future__ import annotations

import errno
import os
from pathlib import Path

MOST = 16 * 2**20
"""The most bytes that are read from one file."""


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """What is in the file; a pipe to which nobody writes is empty, and not waited for.

    Raises OSError, also where there is more than `most` bytes, as in `/dev/zero`.
    """
    kinds = ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
    flags = sum(getattr(os, kind, 0) for kind in kinds)
    descriptor = os.open(path, os.O_RDONLY | flags)
    try:
        if hasattr(os, "O_NONBLOCK"):
            os.set_blocking(descriptor, True)  # wait for a slow writer
        found = bytearray()
        while len(found) <= most and (part := os.read(descriptor, 2**20)):
            found += part
    finally:
        os.close(descriptor)
    if len(found) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return bytes(found)


def read_text(path: Path, most: int = MOST) -> str:
    """The same as text in UTF-8, without a mark at its start; raises UnicodeDecodeError, too."""
    lines = read_bytes(path, most).decode("utf-8-sig")
    return lines.replace("\r\n", "\n").replace("\r", "\n")
