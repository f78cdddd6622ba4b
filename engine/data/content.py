"""Reading one IDX file, plain or gzipped, and telling whether it is the published one.

All sets use the same four file names, so a file may well be another published one than its name
says: that is told apart from damage.

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

from engine.data.sets import IMAGE_SETS, IdxFile, ImageSet, known_file, set_of
from engine.errors import UserError
from engine.language import _

_CHUNK = 1 << 20
_UNSIGNED_BYTE = 8
_GZIP, _IDX = b"\x1f\x8b", b"\0\0"
"""How files of these formats begin."""


class FileState(StrEnum):
    """What is known about one file of a data set."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    WRONG_SIZE = "wrong size"
    WRONG_CONTENT = "wrong content"
    OTHER_FILE = "another file"
    """Another of the published files, such as MNIST's under the name of Fashion-MNIST's."""


class ContentError(UserError):
    """A file that cannot be used; the text says what is wrong with it, not yet what to do."""

    def __init__(self, state: FileState, text: str) -> None:
        super().__init__(text)
        self.state = state


def open_content(path: Path) -> BufferedIOBase:
    """Open `path` for reading, decompressing it where it is gzipped, whatever its name says.

    Browsers decompress some files and keep the name.
    """
    with path.open("rb") as stream:
        start = stream.read(2)
    is_packed = start == _GZIP or (path.suffix == ".gz" and start not in (b"", _IDX))
    return gzip.open(path) if is_packed else path.open("rb")


def read_content(
    path: Path, file: IdxFile, report: Callable[[int], None] | None = None
) -> bytearray:
    """The decompressed bytes of `path`, which hold exactly what `file` describes.

    `report` is told the number of bytes read so far. Raises ContentError.
    """
    try:
        try:
            with open_content(path) as stream:
                return read_stream(stream, file, str(path), report)
        except ContentError as error:
            raise _told_apart(path, file) or error from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            text = _("The file {path} is damaged or cut short: it cannot be decompressed.")
            damaged = ContentError(FileState.DAMAGED, text.format(path=path))
            raise _web_page(path, FileState.DAMAGED) or damaged from error
    except OSError as error:
        raise ContentError(
            FileState.UNREADABLE,
            _("The file {path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror or error
            ),
        ) from error


def _told_apart(path: Path, file: IdxFile) -> ContentError | None:
    """What is in `path` instead of `file`, where that can be recognised."""
    known = recognise(path)
    if known is not None:
        return other_file(_("The file {path}").format(path=path), file, known)
    return _web_page(path, FileState.WRONG_SIZE)


def _web_page(path: Path, state: FileState) -> ContentError | None:
    with path.open("rb") as stream:
        if not is_web_page(stream.read(512)):
            return None
    text = _("The file {path} is a web page that was saved under this name.")
    return ContentError(state, text.format(path=path))


def is_web_page(start: bytes) -> bool:
    """Whether a file that begins with `start` is HTML or XML, such as an error or a login page."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def other_file(subject: str, file: IdxFile, known: tuple[ImageSet, IdxFile]) -> ContentError:
    """The error for `subject`, such as `The file x`, that should hold `file` and holds `known`."""
    own, other = set_of(file), known[0]
    text = _("{subject} holds {found}, not {wanted}.").format(
        subject=subject,
        found=other.describe(known[1]),
        wanted=own.describe(file) if own else file.name,
    )
    return ContentError(FileState.OTHER_FILE, text)


def recognise(path: Path) -> tuple[ImageSet, IdxFile] | None:
    """The published file that `path` holds, whatever its name is; None where it is none."""
    digest = hashlib.sha256()
    left = max(file.size for one in IMAGE_SETS.values() for file in one.files) + 1
    try:
        with open_content(path) as stream:
            while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
                digest.update(chunk)
                left -= len(chunk)
    except (OSError, EOFError, zlib.error):
        return None
    return known_file(digest.hexdigest())


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
