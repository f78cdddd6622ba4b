"""The learner's files of exercises: they are theirs and stay; and what was passed."""

from __future__ import annotations

import ast
import json
import os
import re
import textwrap
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from zlib import crc32

from engine.errors import UserError
from engine.folders import data_folder, ensure
from engine.language import _
from engine.replacing import replace_file
from lessons.exercises.exercise import Exercise

_NOTES = "exercises.json"


def folder() -> Path:
    """Where the files are."""
    return data_folder() / "exercises"


def path_of(exercise: Exercise) -> Path:
    """The learner's file of an exercise, whether it is there or not."""
    return folder() / f"{exercise.name.replace('-', '_')}.py"


def start(exercise: Exercise) -> tuple[Path, bool]:
    """The learner's file, made from the starter where there is none; and whether it was made."""
    path = path_of(exercise)
    if path.exists() and not path.is_dir():
        return path, False
    ensure(path.parent)
    head = "".join(f"# {line}\n" for line in textwrap.wrap(exercise.text.title, 90))
    save(path, f"{head}\n{exercise.text.starter}")
    return path, True


def existing(exercise: Exercise, given: Path | None = None) -> Path:
    """The file to check; raises UserError where it is not there."""
    path = given or path_of(exercise)
    if path.is_file():
        return path
    if given is not None:
        raise UserError(_("There is no file {path}.").format(path=path))
    told = _("You have not begun this exercise. `dltutor exercise start {name}` makes your file.")
    raise UserError(told.format(name=exercise.name))


def reset(exercise: Exercise) -> Path | None:
    """Put the learner's file aside under a new name; None where there is none."""
    path = path_of(exercise)
    if not path.exists():
        return None
    beside = aside(path)
    path.rename(beside)
    _note(exercise, hints=0)
    return beside


def solution(exercise: Exercise) -> str:
    """The source of the solution: imports of libraries, then the functions asked for."""
    source = (exercise.folder / "exercise.py").read_text("utf-8")
    wanted = re.search(r"FUNCTIONS = \(([^)]*)\)", source)
    names = set(re.findall(r'"(\w+)"', wanted[1])) if wanted else set()
    parts = []
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node) or ""
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and str(node.module).startswith(("torch", "numpy"))
        ):
            parts.append(text)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
            parts.append("\n\n" + text)
    return _without_types("\n".join(parts)) + "\n"


def passed() -> set[str]:
    """The names of the exercises that were passed."""
    return {name for name, note in _notes().items() if note.get("passed")}


def note_passed(exercise: Exercise) -> bool:
    """Remember that an exercise was passed; False where that cannot be saved."""
    return _note(exercise, passed=1)


class Standing(StrEnum):
    """How the learner's file stands, as far as it was tested."""

    NOT_BEGUN = "not begun"
    UNTESTED = "untested"
    """It has not been tested since it was changed."""
    FAILS = "fails"
    PASSES = "passes"


def note_checked(exercise: Exercise, data: bytes, *, is_passed: bool) -> bool:
    """Remember what the tests said about a file that held `data`; False where that fails."""
    noted = {"file": crc32(data), "ok": int(is_passed)}
    return _note(exercise, **noted, **({"passed": 1} if is_passed else {}))


def standing(exercise: Exercise) -> Standing:
    """How the learner's file stands now; one that cannot be read counts as untested."""
    path = path_of(exercise)
    if not path.is_file():
        return Standing.NOT_BEGUN
    note = _notes().get(exercise.name, {})
    try:
        is_same = note.get("file") == crc32(path.read_bytes())
    except OSError:
        is_same = False
    if not is_same:
        return Standing.UNTESTED
    return Standing.PASSES if note.get("ok") else Standing.FAILS


def carried() -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """What goes to another machine: what was passed, and the learner's files, by exercise."""
    notes = {
        name: {key: value for key, value in note.items() if key in ("passed", "hints")}
        for name, note in sorted(_notes().items())
    }
    texts = {}
    for path in sorted(folder().glob("*.py")):
        name = path.stem.replace("_", "-")
        if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):  # what was put aside has a number
            try:
                texts[name] = path.read_bytes().decode()
            except (OSError, UnicodeDecodeError):
                continue  # it stays on this machine
    return notes, texts


def take_over(notes: Mapping[str, Mapping[str, int]], texts: Mapping[str, str]) -> list[Path]:
    """Add what was done on another machine; the files that were written.

    A file that is here stays; another one of the same exercise is put beside it, once. Raises
    OSError.
    """
    written = []
    for name, text in texts.items():
        path = folder() / f"{name.replace('-', '_')}.py"
        beside = [path, *path.parent.glob(f"{path.stem}.*.py")]
        if any(each.is_file() and each.read_bytes() == text.encode() for each in beside):
            continue
        ensure(path.parent)
        target = aside(path) if os.path.lexists(path) else path
        replace_file(target, text.encode(), keep_mode=True)
        written.append(target)
    mine = _notes()
    for name, note in notes.items():
        for key, value in note.items():
            mine.setdefault(name, {})[key] = max(value, mine.get(name, {}).get(key, 0))
    if mine != _notes():
        ensure(folder())
        if _stored() is None:
            (folder() / _NOTES).rename(aside(folder() / _NOTES))
        save(folder() / _NOTES, json.dumps(mine, indent=1))
    return written


def next_hint(exercise: Exercise) -> tuple[int, int]:
    """Which hints to show, from … to: one more than last time."""
    seen = max(0, int(_notes().get(exercise.name, {}).get("hints", 0)))
    count = len(exercise.text.hints)
    last = min(seen + 1, count)
    _note(exercise, hints=last)
    return max(0, last - 1), last


def _stored() -> dict[str, object] | None:
    """What the file of notes holds: nothing where there is none, None where it is broken."""
    try:
        found = json.loads((folder() / _NOTES).read_text("utf-8"))
    except OSError:
        return {}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _notes() -> dict[str, dict[str, int]]:
    found = _stored() or {}
    return {
        str(name): {k: v for k, v in note.items() if isinstance(v, int)}
        for name, note in found.items()
        if isinstance(note, dict)
    }


def _note(exercise: Exercise, **values: int) -> bool:
    """Save notes on an exercise; a broken file is put aside. False where they cannot be saved."""
    notes = _notes()
    notes.setdefault(exercise.name, {}).update(values)
    path = folder() / _NOTES
    try:
        ensure(path.parent)
        if _stored() is None:
            path.rename(aside(path))
        save(path, json.dumps(notes, indent=1))
    except OSError:
        return False
    return True


def save(path: Path, text: str) -> None:
    """Write a file as a whole, or leave it as it was. Raises OSError.

    A link stays a link, and line ends are written as they stand in `text`.
    """
    target = Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for links in a circle
    replace_file(target, text.encode(), keep_mode=True)


def aside(path: Path) -> Path:
    """The first name beside `path` that is free: `sigmoid.1.py`, `sigmoid.2.py`, …"""
    number = 1
    while os.path.lexists(beside := path.with_name(f"{path.stem}.{number}{path.suffix}")):
        number += 1
    return beside


def _without_types(source: str) -> str:
    """The source as a learner would write it."""
    return re.sub(r": (?:list|set)?\[?Any\]?(?=[,)= ])| -> (?:Any|None)(?=:)", "", source)
