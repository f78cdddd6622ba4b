"""Downloading an image set from the mirrors that have it.

A file gets its final name only after its whole content was found to be the published one. What has
arrived of it until then is kept beside it, and the next download continues there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from engine.data.content import ContentError, read_content
from engine.data.mirrors import MirrorFailed, host, receive
from engine.data.parts import SUFFIX, PartTaken, Unwritable, clean, part_path
from engine.data.progress import Progress, ProgressHandler
from engine.data.search import fetch_command
from engine.data.sets import IdxFile, ImageSet, image_set
from engine.errors import UserError
from engine.folders import ensure, expanded
from engine.language import _
from engine.replacing import lock


class DownloadFailed(UserError):  # noqa: N818 - says what happened
    """A set could not be fetched; the text says why and what to do."""


class DownloadCancelled(Exception):  # noqa: N818 - says what happened
    """The caller cancelled a download; what has arrived is kept for the next one."""


def _ignore(progress: Progress) -> None:
    pass


def _never() -> bool:
    return False


def download(
    name: str,
    root: Path,
    progress: ProgressHandler = _ignore,
    cancelled: Callable[[], bool] = _never,
    mirrors: Sequence[str] = (),
) -> Path:
    """Fetch what is missing or wrong of the set called `name` into `ROOT/<Class>/raw`.

    The files are written decompressed, which is what torchvision reads. `progress` counts the bytes
    of the compressed file; `cancelled` is asked before every chunk. `mirrors` are asked before the
    known ones. Returns the folder. Raises DownloadFailed, DownloadCancelled, or UserError for an
    unknown name or an address that is none.
    """
    wanted = image_set(name)
    folder = expanded(root) / wanted.folder / "raw"
    asked = [*map(_address, mirrors), *wanted.mirrors]
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
    _refuse_full(folder, needed)
    clean(folder, wanted.files, keep=_resumable(folder, needed, asked))
    for part, file in enumerate(needed, start=1):
        job = _Job(wanted, file, part, len(needed), progress, cancelled)
        content = _fetch(job, folder, root, asked)
        try:
            _write(folder / file.name, content)
        except OSError as error:
            raise _unwritable(folder / file.name, error) from error
        clean(folder, [file])
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


def _address(mirror: str) -> str:
    """The address as it is asked for; raises UserError where it is none."""
    if not mirror.startswith(("https://", "http://")):
        text = _("The address of a mirror begins with https:// or http://, not like {mirror!r}.")
        raise UserError(text.format(mirror=mirror))
    try:
        parts = urlsplit(mirror)
        host = (parts.hostname or "").encode("idna").decode()
        is_one = bool(re.fullmatch(r"[\w.:-]+", host)) and parts.username is None
        is_one &= parts.port != 0  # reading it raises where it is too high or no number
    except ValueError:
        is_one = False
    if not is_one:
        text = _(
            "{mirror!r} is not the address of a mirror: its host or its port cannot be. Write it"
            " like https://example.org/mnist."
        )
        raise UserError(text.format(mirror=mirror))
    # A folder may be called anything.
    return urlunsplit(parts._replace(path=quote(parts.path, safe="/%:@!$&'()*+,;=~")))


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


def _refuse_full(folder: Path, needed: Sequence[IdxFile]) -> None:
    """Raise DownloadFailed where the files do not fit on the disk."""
    bytes_needed = sum(file.size for file in needed)
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if bytes_needed > free:
        text = _(
            "The files need {needed:.1f} MB, and the disk of {folder} has {free:.1f} MB left. Free"
            " some space, or name another folder with --data-dir."
        )
        raise DownloadFailed(text.format(needed=bytes_needed / 1e6, folder=folder, free=free / 1e6))


def _resumable(folder: Path, needed: Sequence[IdxFile], mirrors: Sequence[str]) -> list[Path]:
    return [part_path(folder, file, _url(mirror, file)) for file in needed for mirror in mirrors]


def _url(mirror: str, file: IdxFile) -> str:
    return f"{mirror.rstrip('/')}/{file.name}.gz"


def _fetch(job: _Job, folder: Path, root: Path, mirrors: list[str]) -> bytearray:
    """The decompressed content of one file, from the first mirror that has it.

    A mirror that fails goes to the end of `mirrors`: the next file is asked of it last.
    """
    problems = []
    for mirror in tuple(mirrors):
        try:
            return receive(_url(mirror, job.file), job.file, folder, job.report)
        except MirrorFailed as error:
            problems.append(f"{host(mirror)}: {error}")
        except PartTaken as error:
            text = _("{title} is being downloaded into {folder} already. Wait until that is done.")
            raise DownloadFailed(text.format(title=job.image_set.title, folder=folder)) from error
        except Unwritable as error:
            cause = error.__cause__
            assert isinstance(cause, OSError)
            raise _unwritable(folder / job.file.name, cause) from error
        mirrors.remove(mirror)
        mirrors.append(mirror)
    command = fetch_command(job.image_set.name, root)
    text = _(
        "{title} could not be downloaded ({problems}). Check the network connection and try again"
        " with `{command}`, or use --data-dir to name a folder that has the set."
    ).format(title=job.image_set.title, problems="; ".join(problems), command=command)
    if any(path.exists() for path in _resumable(folder, [job.file], mirrors)):
        text += " " + _("What has arrived is kept; the next download continues there.")
    raise DownloadFailed(text)


def _unwritable(path: Path, error: OSError) -> DownloadFailed:
    return DownloadFailed(
        _(
            "The file {path} cannot be written: {reason}. Free some space, or name another folder"
            " with --data-dir."
        ).format(path=path, reason=error.strerror or error)
    )


def _write(path: Path, content: bytearray) -> None:
    """Write `content` to `path`, whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=SUFFIX)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            lock(stream)  # so that another download does not take it for left over
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
