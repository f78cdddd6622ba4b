"""Downloading an image set from where torchvision downloads it.

A file gets its final name only after its whole content was found to be the published one; until
then it is kept in memory, so a download that ends early leaves nothing behind.
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
from engine.language import _

_CHUNK = 1 << 16
_SILENCE = 20.0
"""Seconds without a byte after which a mirror is given up."""
_SLACK = 1 << 16
"""Bytes by which a compressed file may exceed its content before it is refused."""


class DownloadFailed(UserError):  # noqa: N818 - says what happened
    """A set could not be fetched; the text says why and what to do."""


class DownloadCancelled(Exception):  # noqa: N818 - says what happened
    """The caller cancelled a download; files that were complete are kept."""


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
            _(
                "{title} cannot be kept in {folder}: {reason}. Use --data-dir to name a folder that"
                " you can write to."
            ).format(title=wanted.title, folder=folder, reason=error.strerror or error)
        ) from error
    needed = [file for file in wanted.files if not _is_there(folder, file)]
    for part, file in enumerate(needed, start=1):
        job = _Job(wanted, file, part, len(needed), progress, cancelled)
        content = _fetch(job, root)
        try:
            _write(folder / file.name, content)
        except OSError as error:
            raise DownloadFailed(
                _(
                    "The file {path} cannot be written: {reason}. Free some space, or name another"
                    " folder with --data-dir."
                ).format(path=folder / file.name, reason=error.strerror or error)
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
        # A broken installation may raise nearly anything here.
        raise DownloadFailed(
            _(
                "torchvision, which knows where to download {title}, cannot be loaded. Run `dltutor"
                " doctor` to see what is wrong with the installation."
            ).format(title=wanted.title)
        ) from error
    return list(getattr(datasets, wanted.folder).mirrors)


def _fetch(job: _Job, root: Path) -> bytearray:
    """The decompressed content of one file, from the first mirror that has it."""
    problems = []
    for mirror in _mirrors(job.image_set):
        try:
            packed = _receive(f"{mirror}{job.file.name}.gz", job)
            with gzip.open(io.BytesIO(packed)) as stream:
                return read_stream(stream, job.file, job.file.name)
        except ContentError as error:
            problem = str(error).rstrip(".")
        except (EOFError, zlib.error, gzip.BadGzipFile):
            problem = _("what it sent is damaged or cut short")
        except urllib.error.HTTPError as error:
            problem = _("it answered {answer}").format(answer=f"{error.code} {error.reason}")
        except urllib.error.URLError as error:
            problem = _("it cannot be reached ({reason})").format(reason=_reason(error.reason))
        except (OSError, http.client.HTTPException) as error:
            problem = _("the connection broke ({reason})").format(reason=_reason(error))
        problems.append(f"{_host(mirror)}: {problem}")
    command = fetch_command(job.image_set.name, root)
    raise DownloadFailed(
        _(
            "{title} could not be downloaded ({problems}). Check the network connection and try"
            " again with `{command}`, or use --data-dir to name a folder that has the set."
        ).format(title=job.image_set.title, problems="; ".join(problems), command=command)
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
    """Write `content` to `path`, whole or not at all."""
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
