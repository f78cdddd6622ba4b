"""Finding an image set on this machine.

Order: the folder that was named; else `$DLTUTOR_DATA`, the user's cache folder, and the folder of
Debian's package dataset-fashion-mnist. A folder counts where the four files lie in torchvision's
layout (`ROOT/FashionMNIST/raw`), in `ROOT/raw`, or in ROOT itself, each plain or gzipped.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import folders
from engine.data.content import recognise
from engine.data.sets import IdxFile, ImageSet, image_set
from engine.errors import UserError
from engine.language import _

DATA_VARIABLE = "DLTUTOR_DATA"
"""Environment variable that names a folder with data sets."""

SYSTEM_FOLDERS: dict[str, tuple[Path, ...]] = {
    "fashion-mnist": (Path("/usr/share/datasets/fashion-mnist"),)
}
"""Folders that hold only one set, by the name of the set."""


@dataclass(frozen=True, slots=True)
class FoundSet:
    """An image set in a folder; some of its files may be missing."""

    image_set: ImageSet
    root: Path
    """The folder that was searched: the `root` of torchvision."""
    folder: Path
    """The folder that holds the files."""
    paths: Mapping[str, Path]
    """Path of each file that is there, by its name without `.gz`."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the files that are not there."""
        return tuple(file.name for file in self.image_set.files if file.name not in self.paths)

    @property
    def has_own_folder(self) -> bool:
        """Whether the folder is named after the set, so that its files must be meant for it."""
        return self.folder.parent.name == self.image_set.folder


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found."""

    image_set: ImageSet
    searched: tuple[Path, ...]
    """Every folder looked into, in order."""
    found: FoundSet | None
    """The first set with all four files."""
    incomplete: FoundSet | None
    """The first folder with some of the four files, where no folder has all."""
    others: tuple[Path, ImageSet] | None = None
    """A folder with files of these names that belong to another set, where none has the right ones.

    All sets use the same file names.
    """


class DataMissing(UserError):  # noqa: N818 - says what happened
    """An image set is in none of the searched folders; the text names the choices."""

    def __init__(
        self, result: Search, *, named: bool, glyphs: bool = True, gone_from: str = ""
    ) -> None:
        """`named`: the folder was named; `glyphs`: the glyph set would do instead.

        `gone_from` is a folder that held the set once.
        """
        self._result, self._named = result, named
        self.name = result.image_set.name
        self.searched = result.searched
        self.glyphs = glyphs
        title = result.image_set.title
        folder = result.searched[0]
        is_usable = named and (folder.is_dir() or not folder.exists())
        fetch = fetch_command(self.name, folder if is_usable else None)
        if result.incomplete is not None:
            missing = ", ".join(result.incomplete.missing)
            problem = _("{title} in {folder} is incomplete. Missing: {missing}.").format(
                title=title, folder=result.incomplete.folder, missing=missing
            )
        elif result.others is not None:
            place, other = result.others
            problem = _(
                "The folder {folder} holds the files of {other}, not those of {title}; both use the"
                " same names."
            ).format(folder=place, other=other.title, title=title)
        elif not named:
            problem = _("{title} is not on this machine (looked in {places}).").format(
                title=title, places=", ".join(map(str, result.searched))
            )
        elif folder.is_dir():
            problem = _("The folder {folder} does not hold {title}.").format(
                folder=folder, title=title
            )
        elif folder.exists():
            problem = _("{folder} is a file, not a folder, so {title} cannot be read.").format(
                folder=folder, title=title
            )
        else:
            problem = _("There is no folder {folder}, so {title} cannot be read.").format(
                folder=folder, title=title
            )
        self.more = problem if result.incomplete or result.others else ""
        """What is to be said besides which folders were searched; empty where that is all."""
        if gone_from:
            text = _("The run found its images in {folder}, but they are not there any longer.")
            self.more = " ".join(filter(None, (text.format(folder=gone_from), self.more)))
            problem = f"{text.format(folder=gone_from)} {problem}"
        self.problem = problem
        """What is missing, in sentences."""
        text = _(
            "{problem} Fetch it with `{command}`, or name a folder that has it with --data-dir or"
            " ${variable}."
        )
        if glyphs:
            text = _(
                "{problem} Fetch it with `{command}`, name a folder that has it with --data-dir or"
                " ${variable}, or use the built-in glyph set with --synthetic."
            )
        super().__init__(text.format(problem=problem, command=fetch, variable=DATA_VARIABLE))

    def of_a_run(self, gone_from: str = "") -> DataMissing:
        """The same for a run that was trained on the set, and needs it again."""
        return DataMissing(self._result, named=self._named, glyphs=False, gone_from=gone_from)


def fetch_command(name: str, root: Path | None) -> str:
    """The command that fetches the set called `name` into `root`.

    The folder is left out where it is the default, or where nobody but the system may write.
    """
    command = f"dltutor data fetch {name}"
    if root is None or root == default_root() or root in SYSTEM_FOLDERS.get(name, ()):
        return command
    return f"{command} --data-dir {shlex.quote(str(root))}"


def default_root() -> Path:
    """Where sets are stored: `$DLTUTOR_DATA` if it is set, else the user's cache folder."""
    return chosen_root() or cache_root()


def cache_root() -> Path:
    """The user's own folder for data sets, which need not exist."""
    return folders.cache_folder() / "datasets"


def chosen_root() -> Path | None:
    """The folder that `$DLTUTOR_DATA` names, if any."""
    value = os.environ.get(DATA_VARIABLE, "").strip()
    return folders.expanded(Path(value)) if value else None


def search(name: str, data_dir: Path | None = None) -> Search:
    """Look for the set called `name`, only in `data_dir` where that is given.

    Raises UserError where no set has that name; a set that is not found is not an error here.
    """
    wanted = image_set(name)
    if data_dir is not None:
        roots: tuple[Path, ...] = (folders.expanded(data_dir),)
    else:
        chosen = chosen_root()
        roots = (
            *((chosen,) if chosen is not None else ()),
            cache_root(),
            *SYSTEM_FOLDERS.get(name, ()),
        )
    incomplete: FoundSet | None = None
    others: tuple[Path, ImageSet] | None = None
    for root in roots:
        for found in _candidates(wanted, root):
            other = None if found.has_own_folder else _other_owner(found)
            if other is not None:
                others = others or (found.folder, other)
            elif not found.missing:
                return Search(wanted, roots, found, None)
            else:
                incomplete = incomplete or found
    return Search(wanted, roots, None, incomplete, None if incomplete else others)


def find(name: str, data_dir: Path | None = None) -> FoundSet | None:
    """The set called `name` with all its files, or None where it is not found.

    Raises DataMissing where `data_dir` is given and does not hold the set: a folder that was named
    is never ignored silently. Raises UserError for an unknown name.
    """
    result = search(name, data_dir)
    if result.found is None and data_dir is not None:
        raise DataMissing(result, named=True)
    return result.found


def require(name: str, data_dir: Path | None = None) -> FoundSet:
    """As `find`, but raises DataMissing where the set is not found."""
    result = search(name, data_dir)
    if result.found is None:
        raise DataMissing(result, named=data_dir is not None)
    return result.found


def _candidates(wanted: ImageSet, root: Path) -> list[FoundSet]:
    """Every place in `root` with at least one file that is named like one of `wanted`."""
    candidates = []
    for folder in (root / wanted.folder / "raw", root / "raw", root):
        paths = {
            file.name: path for file in wanted.files if (path := _locate(folder, file)) is not None
        }
        if paths:
            candidates.append(FoundSet(wanted, root, folder, paths))
    return candidates


def _locate(folder: Path, file: IdxFile) -> Path | None:
    """The path of `file` in `folder`; the decompressed one is preferred, as it reads faster."""
    for path in (folder / file.name, folder / f"{file.name}.gz"):
        try:
            if path.is_file():
                return path
        except OSError:
            continue
    return None


def _other_owner(found: FoundSet) -> ImageSet | None:
    """The other set that the labels belong to, if any: they are small enough to look at."""
    wanted = found.image_set
    for file in (wanted.test_labels, wanted.train_labels):
        path = found.paths.get(file.name)
        known = recognise(path) if path is not None else None
        if known is not None:
            return None if known[0].name == wanted.name else known[0]
    return None
