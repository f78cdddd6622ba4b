"""Checking whether the files of a set are the published ones, however they were compressed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.data.content import ContentError, FileState, read_content
from engine.data.progress import Progress, ProgressHandler
from engine.data.search import FoundSet, fetch_command
from engine.data.sets import IdxFile
from engine.errors import UserError
from engine.language import _


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What is known about one file after reading it."""

    name: str
    """Without `.gz`."""
    path: Path | None
    """None where the file is missing."""
    state: FileState
    message: str = ""
    """One sentence that says what is wrong; empty where nothing is."""

    @property
    def ok(self) -> bool:
        """Whether the file is the published one."""
        return self.state is FileState.OK


class DataDamaged(UserError):  # noqa: N818 - says what happened
    """A file of a set is not the published one; the text says what to do."""

    def __init__(self, found: FoundSet, path: Path, problem: str) -> None:
        self.name = found.image_set.name
        self.path = path
        command = fetch_command(self.name, found.root)
        super().__init__(
            _(
                "{problem} Fetch it again with `{command}`, or name another folder with --data-dir."
            ).format(problem=problem, command=command)
        )


def verify(found: FoundSet, progress: ProgressHandler | None = None) -> list[FileCheck]:
    """Check the decompressed content of each of the four files; never raises an error."""
    files = found.image_set.files
    return [
        _check(found, file, reporter(progress, file, part, len(files)))
        for part, file in enumerate(files, start=1)
    ]


def reporter(
    progress: ProgressHandler | None, file: IdxFile, part: int, parts: int
) -> _Reporter | None:
    """What tells `progress` how much of `file` has been read."""
    return _Reporter(progress, file, part, parts) if progress is not None else None


@dataclass(frozen=True, slots=True)
class _Reporter:
    progress: ProgressHandler
    file: IdxFile
    part: int
    parts: int

    def __call__(self, done: int) -> None:
        self.progress(Progress(self.file.name, self.part, self.parts, done, self.file.size))


def _check(found: FoundSet, file: IdxFile, report: _Reporter | None) -> FileCheck:
    path = found.paths.get(file.name)
    if path is None:
        message = _("The file {path} is missing.").format(path=found.folder / file.name)
        return FileCheck(file.name, None, FileState.MISSING, message)
    try:
        read_content(path, file, report)
    except ContentError as error:
        return FileCheck(file.name, path, error.state, str(error))
    return FileCheck(file.name, path, FileState.OK)
