"""Ten views of the program, to be looked at: `python -m tests.views FOLDER [VIEW…]`.

Each is made at three sizes in two themes from the real program, and `FOLDER/index.html` shows them
in a table. `--compare OTHER` sets the pictures of another folder beside them, such as those that an
older version made. `--themes ansi,none` shows the colours of the terminal and what NO_COLOR leaves.

Trainings use the built-in glyph set and a clock that counts its readings: the same version makes
the same pictures.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from engine.training import runs
from engine.training.events import EventHandler, Session
from engine.training.session import TrainingSession
from engine.training.snapshot import SessionState
from lessons.learner.progress import Progress
from tests import screenshots
from tests.recording import Frame, animation, frame
from tests.screens.waiting import settle
from tests.views_page import page
from tui.app import TutorApp
from tui.labs.base import Lab
from tui.screens.data_choice import DataChoiceScreen
from tui.services import keep_checkpoint
from tui.themes import ANSI, CONTRAST, DARK, LIGHT

Play = Callable[[TutorApp, "Pilot[None]"], Awaitable[object]]

SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI, "contrast": CONTRAST, "none": ""}
"""The themes by the names of their pictures; `none` is what NO_COLOR leaves."""
_LAST = 400
"""More looks than any training here takes."""
_SAME = 3
"""So many times the same in succession is at rest."""


async def _home(app: TutorApp, pilot: Pilot[None]) -> None:
    await screenshots.home(app, pilot)


async def _prose(app: TutorApp, pilot: Pilot[None]) -> None:
    await screenshots.step(app, pilot, "forward")


async def _derivation(app: TutorApp, pilot: Pilot[None]) -> None:
    await screenshots.derivation(app, pilot)


async def _wrong(app: TutorApp, pilot: Pilot[None]) -> None:
    await screenshots.question(app, pilot)


async def _forward(app: TutorApp, pilot: Pilot[None], operations: int = 6) -> None:
    await screenshots.step(app, pilot, "step-through-it")
    await _in_lab(app, pilot, operations)


async def _in_lab(app: TutorApp, pilot: Pilot[None], steps: int) -> None:
    """Go past the prediction and into the lab, and so many steps on."""
    await pilot.press("right")
    await settle(pilot)
    app.screen.query_one(Lab).focus()
    await settle(pilot)
    for _step in range(steps):
        await pilot.press("right")
    await settle(pilot)


async def _backward(app: TutorApp, pilot: Pilot[None]) -> None:
    await _forward(app, pilot, operations=20)


async def _until(app: TutorApp, pilot: Pilot[None], state: SessionState) -> None:
    """Wait for the training, and let the screen show it."""
    for _look in range(_LAST):
        now = app.session.snapshot.state
        if isinstance(app.screen, DataChoiceScreen):
            await pilot.press("b")  # no images: the built-in glyph set
            await settle(pilot)
        elif now is state and not app.race_status:
            break
        await asyncio.sleep(0.1)
    else:
        raise TimeoutError(f"the training is still {app.session.snapshot.state.value}")
    await settle(pilot)
    await pilot.pause(1 / app.refresh_rate)
    await settle(pilot)


async def _training(app: TutorApp, pilot: Pilot[None]) -> None:
    app.open_training("softmax", {"epochs": "5"})
    await settle(pilot)
    for _epoch in range(3):
        await pilot.press("full_stop")
        await _until(app, pilot, SessionState.PAUSED)


async def _race(app: TutorApp, pilot: Pilot[None]) -> None:
    app.open_training("mlp", {"epochs": "2"})
    await settle(pilot)
    await pilot.press("o")
    await settle(pilot)
    await _until(app, pilot, SessionState.FINISHED)


async def _weights(app: TutorApp, pilot: Pilot[None]) -> None:
    await _training(app, pilot)
    await pilot.press("3")
    await settle(pilot)
    await pilot.press("m", "m")  # past the predictions and their confusions
    await settle(pilot)


async def _descent(app: TutorApp, pilot: Pilot[None]) -> None:
    app.open_lesson("linear/gradient-descent", 0)
    await settle(pilot)
    await screenshots.step(app, pilot, "too-small-right-too-large")
    await _in_lab(app, pilot, 8)


VIEWS: dict[str, Play] = {
    "home": _home,
    "prose": _prose,
    "derivation": _derivation,
    "wrong": _wrong,
    "forward": _forward,
    "backward": _backward,
    "training": _training,
    "race": _race,
    "weights": _weights,
    "descent": _descent,
}


def _session(on_event: EventHandler) -> Session:
    """A training whose seconds are how often it looked at the clock."""
    readings = count()
    return TrainingSession(
        on_event, keep=keep_checkpoint, clock=lambda: next(readings) / 1000, snapshot_interval=0
    )


class _Seconds(datetime):
    """Moments that are the same in each process: runs are told apart by when they ended."""

    passed = 0

    @classmethod
    def now(cls, tz: object = None) -> _Seconds:
        cls.passed += 1
        return cls(2026, 1, 1, 12, 0, cls.passed % 60, tzinfo=UTC)


@contextmanager
def _alone(no_colour: bool) -> Iterator[Path]:
    """An empty home without images, the same seed and moment, and a terminal with all colours."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ):
        for name in ("NO_COLOR", "DLTUTOR_DATA", "SSH_CONNECTION", "SSH_TTY"):
            os.environ.pop(name, None)
        for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "DLTUTOR_LANG": "en"}
        if no_colour:
            os.environ["NO_COLOR"] = "1"
        random.seed(0)
        _Seconds.passed = 0
        with (
            patch.object(runs, "datetime", _Seconds),
            patch("lessons.learner.seed.new_seed", lambda: ""),
            patch.dict("engine.data.search.SYSTEM_FOLDERS", {}, clear=True),
        ):
            yield Path(folder)


async def _at_rest(app: TutorApp, pilot: Pilot[None]) -> Frame:
    """What is shown once nothing changes any more, however busy the machine is."""
    frames: list[Frame] = []
    while len(frames) < _SAME or len({each.rows for each in frames[-_SAME:]}) > 1:
        await settle(pilot)
        await pilot.pause(0.1)
        frames.append(frame(app, 1))
    return frames[-1]


async def take(play: Play, size: tuple[int, int], themes: Sequence[str]) -> dict[str, str]:
    """The picture of a view in each of the themes, as SVG; those with colours in one go."""
    pictures: dict[str, str] = {}
    coloured = [name for name in themes if THEMES[name]]
    for group in (coloured, [name for name in themes if not THEMES[name]]):
        if not group:
            continue
        with _alone(group is not coloured) as folder:
            progress = Progress(folder / "progress.sqlite")
            screenshots.some_lessons_behind(progress)
            app = TutorApp(
                lesson=screenshots.LESSON,
                progress=progress,
                make_session=_session,
                preload=None,
                list_devices=lambda: ("cpu",),
            )
            async with app.run_test(size=size) as pilot:
                await settle(pilot)
                await play(app, pilot)
                for name in group:
                    if THEMES[name]:
                        app.theme = THEMES[name]
                    pictures[name] = animation([await _at_rest(app, pilot)], name)
    return pictures


def main(arguments: Sequence[str]) -> None:
    """Make the pictures and their page."""
    parser = argparse.ArgumentParser(prog="python -m tests.views", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("views", nargs="*", metavar="VIEW", help=", ".join(VIEWS))
    parser.add_argument("--compare", type=Path, metavar="OTHER")
    parser.add_argument("--themes", default="dark,light", help=", ".join(THEMES))
    given = parser.parse_args(arguments)
    themes = given.themes.split(",")
    for unknown in [*({*given.views} - {*VIEWS}), *({*themes} - {*THEMES})]:
        parser.error(f"there is no view or theme called {unknown}")
    given.folder.mkdir(parents=True, exist_ok=True)
    for view in given.views or VIEWS:
        for width, height in SIZES:
            for theme, picture in asyncio.run(take(VIEWS[view], (width, height), themes)).items():
                path = given.folder / f"{view}-{width}x{height}-{theme}.svg"
                path.write_text(picture, "utf-8")
            print(f"{view} {width}x{height}", flush=True)
    (given.folder / "index.html").write_text(page(given.folder, given.compare), "utf-8")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
