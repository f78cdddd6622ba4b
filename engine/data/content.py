"""Reading one IDX file, plain or gzipped, and telling whether it is the published one.

IDX: two zero bytes, a type code (8 = unsigned byte), the number of axes, then each axis as a
big-endian 32-bit integer, then the values. Described at the end of MNIST's home page.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Callable
from enum import StrEnum
from io import BufferedIOBase
from pathlib import Path

from engine.data.sets import IdxFile
from engine.errors import UserError
from engine.language import _

_CHUNK = 1 << 20
_UNSIGNED_BYTE = 8


class FileState(StrEnum):
    """What is known about one file of a data set."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    WRONG_SIZE = "wrong size"
    WRONG_CONTENT = "wrong content"


class ContentError(UserError):
    """A file that cannot be used; the text says what is wrong with it, not yet what to do."""

    def __init__(self, state: FileState, text: str) -> None:
        super().__init__(text)
        self.state = state


def open_content(path: Path) -> BufferedIOBase:
    """Open `path` for reading, decompressing it where its name ends in `.gz`."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def read_content(
    path: Path, file: IdxFile, report: Callable[[int], None] | None = None
) -> bytearray:
    """The decompressed bytes of `path`, which hold exactly what `file` describes.

    `report` is told the number of bytes read so far. Raises ContentError.
    """
    try:
        with open_content(path) as stream:
            return read_stream(stream, file, str(path), report)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ContentError(
            FileState.DAMAGED,
            _("The file {path} is damaged or cut short: it cannot be decompressed.").format(
                path=path
            ),
        ) from error
    except OSError as error:
        raise ContentError(
            FileState.UNREADABLE,
            _("The file {path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror or error
            ),
        ) from error


def read_stream(
    stream: BufferedIOBase, file: IdxFile, shown: str, report: Callable[[int], None] | None = None
) -> bytearray:
    """As `read_content`, from an open stream that the error text calls `shown`.

    Reads at most one byte more than expected, so a wrong file cannot fill the memory.
    """
    content = bytearray(file.size)
    view = memoryview(content)
    digest = hashlib.sha256()
    done = 0
    while done < file.size:
        count = stream.readinto(view[done : done + _CHUNK])
        if not count:
            break
        digest.update(view[done : done + count])
        done += count
        if report is not None:
            report(done)
    if done < file.size:
        raise ContentError(
            FileState.WRONG_SIZE,
            _("The file {path} is cut short: it has {done} of {size} bytes.").format(
                path=shown, done=done, size=file.size
            ),
        )
    if stream.read(1):
        raise ContentError(
            FileState.WRONG_SIZE,
            _("The file {path} has more than the expected {size} bytes.").format(
                path=shown, size=file.size
            ),
        )
    if digest.hexdigest() != file.sha256:
        raise ContentError(
            FileState.WRONG_CONTENT,
            _("The file {path} does not have the published content.").format(path=shown),
        )
    return content


def values_offset(content: bytearray, file: IdxFile, shown: str) -> int:
    """Where the values begin in `content`; raises ContentError unless its header fits `file`."""
    offset = 4 + 4 * len(file.shape)
    fits = len(content) == file.size and content[:4] == bytes(
        (0, 0, _UNSIGNED_BYTE, len(file.shape))
    )
    if not fits or struct.unpack_from(f">{len(file.shape)}I", content, 4) != file.shape:
        raise ContentError(
            FileState.WRONG_CONTENT,
            _("The file {path} is not an IDX file of {shape} bytes.").format(
                path=shown, shape="×".join(map(str, file.shape))
            ),
        )
    return offset
