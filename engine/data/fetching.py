"""Downloading an image set from where torchvision downloads it.

A file appears under its final name only after its whole content was found to be the published one;
until then it is kept in memory, so nothing is left behind by a download that ends early.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import os
import tempfile
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from engine.data.content import ContentError, read_content, read_stream
from engine.data.progress import Progress, ProgressHandler
from engine.data.search import fetch_command
from engine.data.sets import IdxFile, ImageSet, image_set
from engine.errors import UserError
from engine.folders import ensure

_CHUNK = 1 << 16
_SILENCE = 20.0
"""Seconds without a byte after which a mirror is given up."""
_SLACK = 1 << 16
"""Bytes by which a compressed file may exceed its content before it is not believed."""


class DownloadFailed(UserError):  # noqa: N818 - says what happened
    """A set that could not be fetched; the text says why and what to do."""


class DownloadCancelled(Exception):  # noqa: N818 - says what happened
    """The caller asked for the end of a download; files that were complete are kept."""


def _ignore(progress: Progress) -> None:
    pass


def _never() -> bool:
    return False


def download(
    name: str,
    root: Path,
    progress: ProgressHandler = _ignore,
    cancelled: Callable[[], bool] = _never,
) -> Path:
    """Fetch what is missing or wrong of the set called `name` into `ROOT/<Class>/raw`.

    The files are written decompressed, which is what torchvision reads. `progress` counts the bytes
    of the compressed file; `cancelled` is asked before every chunk. Returns the folder. Raises
    DownloadFailed, DownloadCancelled, or UserError for an unknown name.
    """
    wanted = image_set(name)
    folder = root.expanduser() / wanted.folder / "raw"
    try:
        ensure(folder)
    except OSError as error:
        raise DownloadFailed(
            f"{wanted.title} cannot be kept in {folder}: {error.strerror or error}."
            " Name a folder that you may write to with --data-dir."
        ) from error
    needed = [file for file in wanted.files if not _is_there(folder, file)]
    for part, file in enumerate(needed, start=1):
        job = _Job(wanted, file, part, len(needed), progress, cancelled)
        content = _fetch(job, root)
        try:
            _write(folder / file.name, content)
        except OSError as error:
            raise DownloadFailed(
                f"{folder / file.name} cannot be written: {error.strerror or error}. Make room, or"
                " name another folder with --data-dir."
            ) from error
    return folder


@dataclass(frozen=True, slots=True)
class _Job:
    image_set: ImageSet
    file: IdxFile
    part: int
    parts: int
    progress: ProgressHandler
    cancelled: Callable[[], bool]

    def report(self, done: int, total: int | None) -> None:
        if self.cancelled():
            raise DownloadCancelled
        self.progress(Progress(self.file.name, self.part, self.parts, done, total))


def _is_there(folder: Path, file: IdxFile) -> bool:
    """Whether the file that a search would take is the published one."""
    path = folder / file.name
    if not path.exists():
        path = folder / f"{file.name}.gz"
    try:
        read_content(path, file)
    except ContentError:
        return False
    return True


def _mirrors(wanted: ImageSet) -> list[str]:
    try:
        from torchvision import datasets
    except Exception as error:
        # An installation that does not fit together raises nearly anything here.
        raise DownloadFailed(
            f"torchvision, which knows where {wanted.title} lies, cannot be loaded."
            " `dltutor doctor` says what is wrong with the installation."
        ) from error
    return list(getattr(datasets, wanted.folder).mirrors)


def _fetch(job: _Job, root: Path) -> bytearray:
    """The decompressed content of one file, from the first mirror that has it."""
    problems = []
    for mirror in _mirrors(job.image_set):
        try:
            packed = _receive(f"{mirror}{job.file.name}.gz", job)
            with gzip.open(io.BytesIO(packed)) as stream:
                return read_stream(stream, job.file, f"{job.file.name} from there")
        except ContentError as error:
            problem = str(error).rstrip(".")
        except (EOFError, zlib.error, gzip.BadGzipFile):
            problem = "what it sent is damaged or cut short"
        except urllib.error.HTTPError as error:
            problem = f"it answered {error.code} {error.reason}"
        except urllib.error.URLError as error:
            problem = f"it cannot be reached ({_reason(error.reason)})"
        except (OSError, http.client.HTTPException) as error:
            problem = f"the connection broke ({_reason(error)})"
        problems.append(f"{_host(mirror)}: {problem}")
    command = fetch_command(job.image_set.name, root)
    raise DownloadFailed(
        f"{job.image_set.title} could not be downloaded ({'; '.join(problems)}). Look at the"
        f" network connection and try again with `{command}`, or name a folder that has the set"
        " with --data-dir."
    )


def _receive(url: str, job: _Job) -> bytearray:
    request = urllib.request.Request(url, headers={"User-Agent": "dltutor"})
    job.report(0, None)
    received = bytearray()
    limit = job.file.size + _SLACK
    with urllib.request.urlopen(request, timeout=_SILENCE) as response:
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        while len(received) <= limit and (chunk := response.read(_CHUNK)):
            received += chunk
            job.report(len(received), total)
    return received


def _write(path: Path, content: bytearray) -> None:
    """Put `content` at `path` whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary = Path(name)
        # mkstemp makes files private; a shared folder of data sets has to stay readable.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _host(mirror: str) -> str:
    return urlsplit(mirror).netloc or mirror


def _reason(error: object) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
