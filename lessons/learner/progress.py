"""What the learner has done: steps seen, answers given, choices made, in one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine.folders import data_folder
from lessons.learner.progress_file import numbered, rounds_in, transaction
from lessons.learner.progress_store import ProgressStore, Statement, storable

if TYPE_CHECKING:  # loaded late: the first frame of somebody who is new needs neither
    from lessons.learner.joined import LearnerLog, Place
    from lessons.learner.log import Answer


def local_day() -> date:
    """Today in the learner's time zone."""
    return datetime.now().astimezone().date()


class LessonProgress(NamedTuple):
    """How far the learner is in one lesson.

    Steps are called by their keys, which stay when the lesson gets new steps or another order. To
    read the places that steps have now, pass the keys of the lesson in their order.
    """

    step: str = ""
    """The step that was open last; empty before the lesson was opened."""
    seen: frozenset[str] = frozenset()
    """Every step that was seen, even if the lesson no longer has it."""
    done: bool = False
    """Whether what was its last step was reached."""

    @property
    def opened(self) -> bool:
        """Whether the lesson was ever opened."""
        return bool(self.step)

    def place(self, keys: Sequence[str]) -> int:
        """Where the learner left off, counted from 0.

        If that step is gone: the last one of those that were seen.
        """
        return _places(keys).get(self.step, max(self.places(keys), default=0))

    def places(self, keys: Sequence[str]) -> frozenset[int]:
        """The steps that were seen and are still there, counted from 0."""
        places = _places(keys)
        return frozenset(places[step] for step in self.seen if step in places)

    def gone(self, keys: Sequence[str]) -> frozenset[str]:
        """The steps that were seen and are no longer there."""
        return self.seen - _places(keys).keys()


def _places(keys: Sequence[str]) -> dict[str, int]:
    """Each step's place by its key, and by its number where an older file knew no key."""
    return {
        **{numbered(place): place for place in range(len(keys))},
        **{key: place for place, key in enumerate(keys)},
    }


class Progress(ProgressStore):
    """The learner's progress. All methods are fast and never raise because of a bad file."""

    def __init__(self, path: Path | None = None, today: Callable[[], date] | None = None) -> None:
        """Open `path`, by default `progress.sqlite` in the data folder.

        `today` gives the date; by default it comes from this machine's clock.
        """
        super().__init__(path or data_folder() / "progress.sqlite")
        self._today = today or local_day

    @property
    def today(self) -> date:
        """The learner's day."""
        return self._today()

    def get(self, slug: str) -> LessonProgress:
        """How far the learner is in the lesson `slug`."""
        rows = self._rows("SELECT step, done FROM place WHERE slug = ?", (slug,))
        if not rows:
            return LessonProgress()
        step, done = rows[0]
        return LessonProgress(str(step), self._seen(slug), bool(done))

    def of_lessons(self) -> dict[str, LessonProgress]:
        """How far the learner is in every lesson that was opened, by slug; read in one go."""
        seen = defaultdict[str, set[str]](set)
        for slug, step in self._rows("SELECT slug, step FROM seen_step"):
            seen[str(slug)].add(str(step))
        return {
            str(slug): LessonProgress(str(step), frozenset(seen[str(slug)]), bool(done))
            for slug, step, done in self._rows("SELECT slug, step, done FROM place")
        }

    def _seen(self, slug: str) -> frozenset[str]:
        rows = self._rows("SELECT step FROM seen_step WHERE slug = ?", (slug,))
        return frozenset(str(row[0]) for row in rows)

    def visit(self, slug: str, step: int, keys: Sequence[str]) -> None:
        """Record that the learner sees a step of a lesson, whose steps have these keys.

        The place `step` counts from 0.
        """
        self._write(
            (
                "INSERT INTO place (slug, step, done) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (slug) DO UPDATE SET step = ?2, done = MAX(done, ?3)",
                (slug, keys[step], int(step >= len(keys) - 1)),
            ),
            ("INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)", (slug, keys[step])),
            *self._settle(slug, keys),
            ("INSERT OR REPLACE INTO setting (key, value) VALUES ('last', ?)", (slug,)),
        )

    def _settle(self, slug: str, keys: Sequence[str]) -> Iterator[Statement]:
        """Put keys in the place of numbers, before the lesson changes."""
        seen = self._seen(slug)
        for place, key in enumerate(keys):
            if numbered(place) in seen:
                yield "INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)", (slug, key)
                yield (
                    "DELETE FROM seen_step WHERE slug = ? AND step = ?",
                    (slug, numbered(place)),
                )

    def reset(self, slug: str) -> None:
        """Make the lesson `slug` new again: no step seen, no question asked.

        The answers given so far stay in the log, marked as from before the reset.
        """
        from lessons.learner.log import DERIVATION

        self._write(
            ("DELETE FROM place WHERE slug = ?", (slug,)),
            ("DELETE FROM seen_step WHERE slug = ?", (slug,)),
            ("UPDATE answer SET before_reset = 1 WHERE slug = ?", (slug,)),
            (
                "DELETE FROM setting WHERE substr(key, 1, length(?1)) = ?1",
                (f"{DERIVATION}{slug}/",),
            ),
        )

    def last(self) -> str | None:
        """The slug of the lesson that was open last."""
        return self.setting("last")

    def answer(self, slug: str, question: str, text: str, verdict: str, slip: str = "") -> None:
        """Record today's answer to a question; `verdict` is the value of a `Verdict`."""
        self._write(
            (
                "INSERT INTO answer (slug, question, text, verdict, slip, day) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (slug, question, text, str(verdict), slip, self.today.isoformat()),
            )
        )

    def last_answer(self, slug: str, question: str) -> str | None:
        """What the learner last answered to a question since the last reset, or None."""
        rows = self._rows(
            "SELECT text FROM answer WHERE slug = ? AND question = ? AND before_reset = 0 "
            "ORDER BY id DESC LIMIT 1",
            (slug, question),
        )
        return str(rows[0][0]) if rows else None

    def answers(self) -> list[Answer]:
        """The whole log, in the order in which the answers were given."""
        rows = self._rows(
            "SELECT slug, question, text, verdict, slip, day, before_reset FROM answer ORDER BY id"
        )
        return [_answer(*row) for row in rows]

    def places(self) -> dict[str, Place]:
        """Where the learner is in every lesson that was ever opened, by its slug."""
        from lessons.learner.joined import Place

        seen: dict[str, set[str]] = {}
        for slug, step in self._rows("SELECT slug, step FROM seen_step"):
            seen.setdefault(str(slug), set()).add(str(step))
        found = {slug: Place("", frozenset(steps)) for slug, steps in seen.items()}
        for slug, step, done in self._rows("SELECT slug, step, done FROM place"):
            steps = frozenset(seen.get(str(slug), ()))
            found[str(slug)] = Place(str(step), steps, bool(done))
        return found

    def rounds(self) -> dict[str, int]:
        """How many rounds of each derivation were finished, by `LESSON/NAME`."""
        from lessons.learner.log import DERIVATION

        rows = self._rows(
            "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1", (DERIVATION,)
        )
        return {str(key).removeprefix(DERIVATION): rounds_in(value) for key, value in rows}

    def take_over(self, join: Callable[[LearnerLog], LearnerLog]) -> LearnerLog:
        """Put what `join` makes of answers and places in their place, completely or not at all.

        Nothing that another dltutor writes meanwhile is lost. Returns what was there before. Raises
        sqlite3.Error where the file cannot be written.
        """
        from lessons.learner.joined import LearnerLog
        from lessons.learner.log import DERIVATION

        self._return_to_file()
        with transaction(self._base):
            before = LearnerLog(tuple(self.answers()), self.places(), rounds=self.rounds())
            after = join(before)
            self._base.executemany(
                "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                [(f"{DERIVATION}{name}", str(count)) for name, count in after.rounds.items()],
            )
            if after.answers != before.answers:
                self._base.execute("DELETE FROM answer")
                self._base.executemany(
                    "INSERT INTO answer (slug, question, text, verdict, slip, day, before_reset) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (each.slug, each.question, storable(each.text), each.verdict, each.slip,
                         each.day.isoformat() if each.day else "", int(each.before_reset))
                        for each in after.answers
                    ],
                )  # fmt: skip
            for slug, place in after.places.items():
                if place.step or place.done:
                    self._base.execute(
                        "INSERT INTO place (slug, step, done) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (slug) DO UPDATE SET step = ?2, done = ?3",
                        (slug, place.step, int(place.done)),
                    )
                self._base.executemany(
                    "INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)",
                    [(slug, step) for step in sorted(place.seen)],
                )
        return before

    def setting(self, key: str) -> str | None:
        """A stored choice, such as the theme; None if there is none."""
        rows = self._rows("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def remember(self, key: str, value: str) -> None:
        """Store a choice for the next start."""
        self._write(("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value)))


def _answer(*row: object) -> Answer:
    from lessons.learner.log import Answer

    slug, question, text, verdict, slip, day, before_reset = row
    return Answer(
        _name(slug),
        _name(question),
        str(text),
        _name(verdict),
        _name(slip),
        _day(str(day)),
        bool(before_reset),
    )


def _name(value: object) -> str:
    """A name without what a terminal would obey, and what would break a table."""
    text = str(value)
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
