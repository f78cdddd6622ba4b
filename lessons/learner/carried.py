"""Logs of learners as files: what `dltutor progress --json` writes, and reading it back.

A file comes from another machine, or from somebody else. It is read as a whole or refused with a
sentence; nothing in it is run, and nothing is guessed.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.language import _
from lessons.judge.verdicts import Verdict
from lessons.learner import moved
from lessons.learner.joined import LearnerLog, Place
from lessons.learner.log import DERIVATION, Answer
from lessons.learner.progress_file import VERSION as TABLES
from lessons.learner.progress_file import rounds_in, step_key, text_of

FORMAT = "dltutor progress"
VERSION = 2
"""Version 1, without a number, has no places of lessons that are gone, and no exercises."""
MOST_BYTES = 64 * 2**20
MOST_ROWS = 500_000
MOST_ROUNDS = 999_999
_LONGEST_NAME = 200
_LONGEST_TEXT = 100_000
_SQLITE = b"SQLite format 3\0"
_STEPS = 1000


class _DamagedError(Exception):
    """What is wrong, in a few words."""


def as_data(log: LearnerLog) -> dict[str, object]:
    """What makes an export whole, as plain data: places, exercises and their files."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "places": {
            slug: {"step": place.step, "seen": sorted(place.seen), "done": place.done}
            for slug, place in sorted(log.places.items())
        },
        "exercises": {name: dict(note) for name, note in log.exercises.items()},
        "files": dict(sorted(log.files.items())),
        "rounds": dict(sorted(log.rounds.items())),
    }


def read_log(path: Path) -> LearnerLog:
    """The log in a file: an export, or a progress file. Raises UserError where it cannot be read.

    Exports of every version are read, and progress files of version 3 and later.
    """
    try:
        data = _bytes(path)
        if data.startswith(_SQLITE):
            return _from_tables(path)
        return _from_json(data)
    except _DamagedError as error:
        told = _("{path} cannot be used: {reason}")
        raise UserError(told.format(path=path, reason=error)) from None
    except OSError as error:
        told = _("{path} cannot be read: {reason}.")
        raise UserError(told.format(path=path, reason=error.strerror or error)) from None


def _bytes(path: Path) -> bytes:
    # A pipe would keep its reader waiting for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _DamagedError(_("it is not a file."))
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _DamagedError(_("it is too large for a log."))
    return data


def _from_json(data: bytes) -> LearnerLog:
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _DamagedError(
            _("it is not an export of dltutor. `dltutor progress --json > FILE` makes one.")
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
        raise _DamagedError(
            _("it is not an export of dltutor. `dltutor progress --json > FILE` makes one.")
        )
    if found.get("format", FORMAT) != FORMAT:
        raise _DamagedError(_("it is not an export of dltutor's progress."))
    version = found.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _DamagedError(_("its version is not a number."))
    if version > VERSION:
        raise _DamagedError(_("it was written by a newer version of dltutor."))
    places = _places_of_lessons(_list(found, "lessons"))
    for slug, place in _table(found, "places").items():
        places[_name(slug)] = _place(place)
    return LearnerLog(
        _answers(_answer(row) for row in _bounded(found["answers"])),
        _where_they_are_now(places),
        {_name(name): _note(note) for name, note in _table(found, "exercises").items()},
        {_file_name(name): _text(text) for name, text in _table(found, "files").items()},
        {_name(name): _count(number) for name, number in _table(found, "rounds").items()},
    )


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _list(found: Mapping[str, Any], key: str) -> list[Any]:
    value = found.get(key, [])
    if not isinstance(value, list):
        raise _DamagedError(_("“{key}” is not a list.").format(key=key))
    return _bounded(value)


def _table(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise _DamagedError(_("“{key}” is not a table.").format(key=key))
    return value


def _bounded(rows: list[Any]) -> list[Any]:
    if len(rows) > MOST_ROWS:
        raise _DamagedError(_("it is too large for a log."))
    return rows


def _name(value: object) -> str:
    """The name of a lesson, a question, a step or a slip."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_NAME:
        raise _DamagedError(_("a name in it is malformed."))
    return value


def _file_name(value: object) -> str:
    """The name of an exercise, which becomes the name of a file."""
    name = _name(value)
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", name):
        raise _DamagedError(_("a name in it is malformed."))
    return name


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise _DamagedError(_("a text in it is malformed."))
    return value.encode(errors="replace").decode()


def _answer(row: object) -> Answer:
    if not isinstance(row, dict):
        raise _DamagedError(_("an answer in it is malformed."))
    reset = row.get("before_reset", False)
    slip = row.get("slip")
    if not isinstance(reset, bool):
        raise _DamagedError(_("an answer in it is malformed."))
    return Answer(
        _name(row.get("lesson")),
        _name(row.get("question")),
        _text(row.get("text")),
        _verdict(row.get("verdict")),
        "" if slip is None else _name(slip),
        _day(row.get("day")),
        reset,
    )


def _verdict(value: object) -> str:
    if not isinstance(value, str) or value not in set(Verdict):
        raise _DamagedError(_("an answer in it has no verdict."))
    return value


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise _DamagedError(_("a day in it is not a date."))


def _answers(rows: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers under the lessons that have their questions now."""
    found = []
    for row in rows:
        slug, question = moved.place_of_question(row.slug, row.question)
        found.append(
            Answer(slug, question, row.text, row.verdict, row.slip, row.day, row.before_reset)
        )
    return tuple(found)


def _place(value: object) -> Place:
    if not isinstance(value, dict) or not isinstance(value.get("done", False), bool):
        raise _DamagedError(_("a place in it is malformed."))
    seen = frozenset(_name(key) for key in _list(value, "seen"))
    return Place(_name(value.get("step", "")), seen, value.get("done", False))


def _places_of_lessons(lessons: list[Any]) -> dict[str, Place]:
    """How far the learner was, as version 1 tells it."""
    found = {}
    for lesson in lessons:
        if not isinstance(lesson, dict):
            raise _DamagedError(_("a lesson in it is malformed."))
        slug = _name(lesson.get("slug"))
        if lesson.get("seen_keys") is not None:
            seen = [_name(key) for key in _list(lesson, "seen_keys")]
        else:
            seen = [step_key(slug, _number(step) - 1) for step in _list(lesson, "seen")]
        if seen:
            found[slug] = Place(seen[-1], frozenset(seen), lesson.get("state") == "done")
    return found


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _STEPS:
        raise _DamagedError(_("the number of a step in it is malformed."))
    return value


def _note(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _DamagedError(_("an exercise in it is malformed."))
    found = {}
    for key, number in value.items():
        if key in ("passed", "hints"):
            if not isinstance(number, int) or not 0 <= number <= _STEPS:
                raise _DamagedError(_("an exercise in it is malformed."))
            found[key] = int(number)
    return found


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_ROUNDS:
        raise _DamagedError(_("the rounds of a derivation in it are not a number."))
    return value


def _where_they_are_now(places: Mapping[str, Place]) -> dict[str, Place]:
    """Steps that moved into another lesson since are seen there."""
    found: dict[str, Place] = {}
    for slug, place in places.items():
        for key in (*sorted(place.seen), place.step):
            now, step = moved.place_of_step(slug, key)
            before = found.get(now, Place())
            seen = before.seen | ({step} if key in place.seen else set())
            at = step if key == place.step and step else before.step
            found[now] = Place(at, seen, before.done)
        if slug in found:
            found[slug] = Place(found[slug].step, found[slug].seen, place.done)
    return {slug: place for slug, place in found.items() if place != Place()}


def _from_tables(path: Path) -> LearnerLog:
    """The log in a progress file, which is only read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            base.text_factory = text_of
            base.execute("PRAGMA trusted_schema = OFF")
            # A table may be a view that computes for ever.
            base.set_progress_handler(_Patience(), 100_000)
            version = int(base.execute("PRAGMA user_version").fetchone()[0])
            if version > TABLES:
                raise _DamagedError(_("it was written by a newer version of dltutor."))
            if version < 3:
                raise _DamagedError(_("it is too old. Open it once with dltutor."))
            rows = base.execute(
                "SELECT slug, question, text, verdict, slip, day, before_reset FROM answer "
                f"ORDER BY id LIMIT {MOST_ROWS}"
            ).fetchall()
            left = base.execute(f"SELECT slug, step, done FROM place LIMIT {MOST_ROWS}").fetchall()
            seen = base.execute(f"SELECT slug, step FROM seen_step LIMIT {MOST_ROWS}").fetchall()
            settings = base.execute(
                "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1 "
                f"LIMIT {MOST_ROWS}",
                (DERIVATION,),
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError, IndexError, OverflowError):
        raise _DamagedError(_("it is damaged.")) from None
    answers = _answers(
        Answer(
            _name(slug), _name(question), _text(text), _verdict(verdict), _name(slip or ""),
            _day(day or None), bool(reset),
        )
        for slug, question, text, verdict, slip, day, reset in rows
    )  # fmt: skip
    steps: dict[str, set[str]] = {}
    for slug, step in seen:
        steps.setdefault(_name(slug), set()).add(_name(step))
    places = {slug: Place("", frozenset(found)) for slug, found in steps.items()}
    for slug, step, done in left:
        places[_name(slug)] = Place(_name(step), frozenset(steps.get(slug, ())), bool(done))
    rounds = {_name(key).removeprefix(DERIVATION): rounds_in(value) for key, value in settings}
    return LearnerLog(answers, _where_they_are_now(places), rounds=rounds)


class _Patience:
    """Ends a query that computes for too long."""

    def __init__(self, turns: int = 500) -> None:
        self._left = turns

    def __call__(self) -> int:
        self._left -= 1
        return int(self._left < 0)
