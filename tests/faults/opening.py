"""Every kind of screen by a name, opened in the real application; shared by the tests of faults."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.training.order import TrainingOrder
from lessons.format.catalog import catalog
from lessons.format.document import Lab, Predict
from lessons.learner.progress import Progress, local_day
from tui.app import TutorApp

if TYPE_CHECKING:
    from engine.training.task import Batch

LESSON = "backprop/deltas"
EXERCISE = "relu"
TOO_MANY = 10_000
"""Epochs that nobody waits for."""
TRAINED = "linear"


def _nothing(app: TutorApp) -> None:
    """The application as it starts."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a screen is reached."""

    call: Callable[[TutorApp], None] = _nothing
    """Called on the application's thread, after the first frame."""
    keys: tuple[str, ...] = ()
    """Typed once the screen is there, as a terminal sends them."""
    lesson: str | None = None
    state: str = ""
    """The state of the training to wait for."""
    is_asking: bool = False
    """Whether a question on the screen has to be answered before the program can be left."""


def step_with(slug: str, kind: type) -> int:
    """The first step of a lesson with a block of this kind, counted from 0."""
    steps = catalog().load(slug).steps
    return next(
        place
        for place, step in enumerate(steps)
        if any(isinstance(block, kind) for block in step.blocks)
    )


def order(*, paused: bool = False) -> TrainingOrder:
    """A training without an end."""
    from engine.recipes.catalog import find_recipe

    settings = {"epochs": TOO_MANY, "lr": 0.001, "batch_size": 100, "seed": 0}
    return TrainingOrder(find_recipe(TRAINED), settings, paused=paused)


def _train(app: TutorApp, *, paused: bool = False) -> None:
    app.open_training(TRAINED)
    app.start_training(order(paused=paused))
    if paused:
        app.session.step()


def _race(app: TutorApp) -> None:
    from engine.recipes.catalog import find_recipe

    app.open_training("two-layer-optim")
    found = find_recipe("two-layer-optim")
    app.start_race(TrainingOrder(found, {**found.settings({}), "epochs": TOO_MANY}))


def _lab(app: TutorApp, slug: str, place: int) -> None:
    app.open_lesson(slug, place)


@cache
def labs() -> dict[str, tuple[str, int]]:
    """The first place of each lab of the course: lesson, and step counted from 0."""
    found: dict[str, tuple[str, int]] = {}
    for entry in catalog().entries():
        if entry.is_written:
            for place, step in enumerate(catalog().load(entry.slug).steps):
                for block in step.blocks:
                    if isinstance(block, Lab):
                        found.setdefault(block.name, (entry.slug, place))
    return found


def _opening_of_lab(name: str) -> Opening:
    slug, place = labs()[name]
    return Opening(lambda app: _lab(app, slug, place), lesson=LESSON)


OPENINGS: dict[str, Opening] = {
    "home": Opening(),
    "lesson": Opening(lesson=LESSON),
    "question": Opening(
        lambda app: app.open_lesson(LESSON, step_with(LESSON, Predict)), ("\t", "0", ".", "2")
    ),
    "training": Opening(lambda app: app.open_training(TRAINED)),
    "training running": Opening(_train, state="running"),
    "training paused": Opening(lambda app: _train(app, paused=True), state="paused"),
    "race": Opening(_race, state="running"),
    "rate finder": Opening(lambda app: app.open_training(TRAINED), ("l", " ")),
    "playground": Opening(lambda app: app.open_playground()),
    "playground running": Opening(lambda app: app.open_playground(), (" ",)),
    "exercise": Opening(lambda app: app.open_exercise(EXERCISE), ("#", "h", "a", "l", "f")),
    "exercise testing": Opening(lambda app: app.open_exercise(EXERCISE), ("\x13",)),
    "review": Opening(lambda app: app.action_review()),
    "find": Opening(keys=("/", "s", "o")),
    "help": Opening(keys=("?",), lesson=LESSON),
    "palette": Opening(keys=("\x10", "t", "h"), lesson=LESSON),
    "symbols": Opening(keys=("i",), lesson=LESSON),
    "chapter": Opening(lambda app: app.open_chapter("backprop")),
    "diagnosis": Opening(_train, ("9",), state="running"),
    "full screen": Opening(lambda app: _lab(app, *labs()["stepper"]), ("\t", "F")),
    "export": Opening(lambda app: _train(app, paused=True), ("e",), state="paused"),
    "guess": Opening(lambda app: app.open_training(TRAINED), ("p",)),
    "settings": Opening(lambda app: app.open_playground(), ("s",)),
    "unit": Opening(lambda app: app.open_playground(), ("u",)),
    "quit question": Opening(_train, ("\x11",), state="running", is_asking=True),
}


def opening(name: str) -> Opening:
    """The screen called `name`; `lab NAME` is that lab in its lesson."""
    return _opening_of_lab(name.removeprefix("lab ")) if name.startswith("lab ") else OPENINGS[name]


def names() -> list[str]:
    """All screens, and all labs."""
    return [*OPENINGS, *(f"lab {name}" for name in labs())]


def with_old_answers(progress: Progress | None = None) -> None:
    """Give the learner something to review: a question that was answered wrong long ago."""
    day = local_day() - timedelta(days=40)
    old = progress or Progress(today=lambda: day)
    slug = LESSON
    steps = catalog().load(slug).steps
    block = next(b for step in steps for b in step.blocks if isinstance(b, Predict))
    old.answer(slug, block.name, "9", "wrong")
    old.answer(slug, block.name, "", "shown")
    old.remember("review offered", date.today().isoformat())  # noqa: DTZ011 - the learner's day
    if progress is None:
        old.close()


def rest_between_updates(seconds: float = 0.005) -> None:
    """Let trainings that only wait for their end leave the processor to the other tests."""
    from engine.training.loop import TrainingRun

    update = TrainingRun.update

    def rested(run: TrainingRun, batches: Iterator[Batch]) -> None:
        update(run, batches)
        time.sleep(seconds)

    TrainingRun.update = rested  # type: ignore[method-assign, assignment]


def run(name: str, marker: str) -> int:
    """Run the application, open a screen, and write to the file `marker` when it is there."""
    from tui import loading_ahead
    from tui.cli import _leave

    loading_ahead.PATIENCE = 0.0  # the screen is opened after the first frame, not 30 s later
    found = opening(name)
    if name == "review":
        with_old_answers()

    def begin() -> None:
        rest_between_updates()
        app.call_from_thread(found.call, app)
        until = time.monotonic() + 60
        while found.state and time.monotonic() < until:
            latest = app.session.snapshot
            enough = latest.step >= 1 if found.state == "paused" else latest.epoch >= 2
            if latest.state == found.state and enough:
                break
            time.sleep(0.01)
        Path(marker).write_text("now", "utf-8")

    app = TutorApp(lesson=found.lesson, preload=begin)
    app.run()
    return _leave(app.return_code or 0)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2]))
