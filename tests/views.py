"""Ten views of the program, to be looked at: `python -m tests.views FOLDER [VIEW…]`.

Each is made at three sizes in two themes from the real program; four of them at 80×24 also in high
contrast, in the colours of the terminal, and in what NO_COLOR leaves. That is the whole set for a
version; `--themes ansi,none` makes all views in these themes instead. `FOLDER/index.html` shows the
pictures in a table, and `--compare OTHER` sets those of another folder beside them, such as those
that an older version made.

Trainings use the built-in glyph set and a clock that counts its readings: the same version makes
the same pictures.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from lessons.learner.progress import Progress
from tests import screenshots
from tests.alike import alone, counted_session
from tests.recording import Frame, animation, frame
from tests.screens.waiting import settle
from tests.views_page import page
from tui.app import TutorApp
from tui.labs.base import Lab
from tui.themes import ANSI, CONTRAST, DARK, LIGHT

Play = Callable[[TutorApp, "Pilot[None]"], Awaitable[object]]

SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI, "contrast": CONTRAST, "none": ""}
"""The themes by the names of their pictures; `none` is what NO_COLOR leaves."""
USUAL = ("dark", "light")
IN_ALL_THEMES = ("prose", "backward", "race", "weights")
"""Between them: text and a field, all hues of a network, lines and marks, images."""
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


async def _training(app: TutorApp, pilot: Pilot[None]) -> None:
    app.open_training("softmax", {"epochs": "5"})
    await settle(pilot)
    for _epoch in range(3):
        await pilot.press("full_stop")
        await screenshots.epoch_ended(app, pilot)


async def _race(app: TutorApp, pilot: Pilot[None]) -> None:
    app.open_training("mlp", {"epochs": "2"})
    await settle(pilot)
    await pilot.press("o")
    await settle(pilot)
    await screenshots.epoch_ended(app, pilot)


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


def themes_of(view: str, size: tuple[int, int]) -> tuple[str, ...]:
    """The themes in which a view belongs to the whole set."""
    return tuple(THEMES) if size == SIZES[0] and view in IN_ALL_THEMES else USUAL


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
        with alone(no_colour=group is not coloured) as folder:
            progress = Progress(folder / "progress.sqlite")
            screenshots.some_lessons_behind(progress)
            app = TutorApp(
                lesson=screenshots.LESSON,
                progress=progress,
                make_session=counted_session,
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
    parser.add_argument("--themes", default="", help=", ".join(THEMES))
    given = parser.parse_args(arguments)
    themes = given.themes.split(",") if given.themes else []
    for unknown in [*({*given.views} - {*VIEWS}), *({*themes} - {*THEMES})]:
        parser.error(f"there is no view or theme called {unknown}")
    given.folder.mkdir(parents=True, exist_ok=True)
    for view in given.views or VIEWS:
        for width, height in SIZES:
            wanted = themes or themes_of(view, (width, height))
            for theme, picture in asyncio.run(take(VIEWS[view], (width, height), wanted)).items():
                path = given.folder / f"{view}-{width}x{height}-{theme}.svg"
                path.write_text(picture, "utf-8")
            print(f"{view} {width}x{height}", flush=True)
    (given.folder / "index.html").write_text(page(given.folder, given.compare), "utf-8")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
