"""Make the pictures of the README from the program itself: `python -m tests.screenshots [NAME…]`.

Image trainings use the built-in glyph set, and each making gives the same pictures.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from engine.training.snapshot import SessionState
from lessons.format.catalog import catalog
from lessons.learner.progress import Progress
from tests.alike import alone, counted_session
from tests.recording import Frame, animation, frame
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.labs.base import Lab
from tui.screens.data_choice import DataChoiceScreen
from tui.screens.lesson import LessonScreen

FOLDER = Path(__file__).parent.parent / ".media"
SIZE = (120, 36)

Scene = Callable[[TutorApp, "Pilot[None]"], Awaitable[list[Frame]]]
LESSON = "backprop/worked-example"
_LAST = 400
"""More looks than any training here takes."""


async def still(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """One frame of what is there now."""
    await settle(pilot)
    return [frame(app, 1)]


async def step(app: TutorApp, pilot: Pilot[None], key: str) -> None:
    """Open a step of the lesson."""
    assert isinstance(app.screen, LessonScreen)
    await app.screen.show_step(app.screen.lesson.keys.index(key))
    await settle(pilot)


async def home(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """The contents with a few lessons behind."""
    await pilot.press("g")
    return await still(app, pilot)


async def derivation(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """A derivation, revealed to its end."""
    app.open_lesson("functions/softmax", 6)
    await settle(pilot)
    await pilot.press("a")
    return await still(app, pilot)


async def question(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """A question answered with a slip."""
    await step(app, pilot, "delta-of-an-output")
    await pilot.press(*"0.741365", "enter")
    return await still(app, pilot)


async def stepper(app: TutorApp, pilot: Pilot[None], most: int = 60) -> list[Frame]:
    """The worked network in the whole screen, one operation after the other."""
    await step(app, pilot, "step-through-it")
    await pilot.press("right")  # past the prediction
    await settle(pilot)
    lab = app.screen.query_one(Lab)
    lab.focus()
    await pilot.press("F")
    frames = [*await still(app, pilot)]
    for _operation in range(most):
        await pilot.press("right")
        await settle(pilot)
        if frame(app, 1).rows == frames[-1].rows:
            break  # the last operation
        frames.append(frame(app, 0.7))
    assert lab.is_maximized
    return [*frames[:-1], Frame(frames[-1].rows, 3)]


async def training(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """Softmax regression while it trains: loss, accuracy, epochs."""
    app.open_training("softmax", {"epochs": "5"})
    await settle(pilot)
    frames: list[Frame] = []
    for _epoch in range(5):
        await pilot.press("full_stop")
        await epoch_ended(app, pilot)
        frames.append(frame(app, 0.8))
    return [*frames[:-1], Frame(frames[-1].rows, 3)]


async def epoch_ended(app: TutorApp, pilot: Pilot[None]) -> None:
    """Wait for an epoch of the training, and let the screen show it."""
    for _look in range(_LAST):
        state = app.session.snapshot.state
        if isinstance(app.screen, DataChoiceScreen):
            await pilot.press("b")  # no images: the built-in glyph set
            await settle(pilot)
        elif state in (SessionState.PAUSED, SessionState.FINISHED) and not app.race_status:
            break
        await asyncio.sleep(0.1)
    else:
        raise TimeoutError(f"the training is still {app.session.snapshot.state.value}")
    await settle(pilot)
    await pilot.pause(1 / app.refresh_rate)
    await settle(pilot)


async def playground(app: TutorApp, pilot: Pilot[None]) -> list[Frame]:
    """Two spirals in the playground, from the first weights until they are told apart."""
    from engine.playground.settings import parse
    from tui.screens.playground import PlaygroundScreen

    settings = parse("data=spirals layers=8,8 rate=0.03 features=x1,x2,sin1,sin2 seed=3")
    app.push_screen(PlaygroundScreen(settings))
    await settle(pilot)
    frames = [frame(app, 1)]
    for _look in range(4):  # each surface takes some 70 kB
        for _epoch in range(12):
            await pilot.press("e")
        await settle(pilot)
        frames.append(frame(app, 1))
    return [*frames[:-1], Frame(frames[-1].rows, 3)]


SCENES: dict[str, tuple[Scene, str]] = {
    "home": (home, "The contents: chapters with progress, and a card about the selected lesson"),
    "derivation": (derivation, "A derivation with the reason for each line"),
    "question": (question, "A question answered with a slip: its name and both lines"),
    "stepper": (stepper, "The worked network, forward and backward, one operation at a time"),
    "playground": (playground, "The playground: two spirals, told apart while you watch"),
    "training": (training, "Softmax regression while it trains"),
}


def some_lessons_behind(progress: Progress) -> None:
    """A learner who has seen two lessons, and is in the middle of a third."""
    for slug, seen in ((LESSON, -1), ("backprop/forward", -1), ("backprop/deltas", 3)):
        keys = catalog().step_keys(slug)
        progress.visit(slug, seen % len(keys), keys)


async def take(name: str) -> None:
    """Play a scene in a home of its own, and write its picture."""
    scene, title = SCENES[name]
    with alone() as folder:
        progress = Progress(folder / "progress.sqlite")
        some_lessons_behind(progress)
        app = TutorApp(
            lesson=LESSON,
            progress=progress,
            make_session=counted_session,
            preload=None,
            list_devices=lambda: ("cpu",),
        )
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            frames = await scene(app, pilot)
    (FOLDER / f"{name}.svg").write_text(animation(frames, title), "utf-8")
    print(f"{name}: {len(frames)} frames")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or SCENES:
        asyncio.run(take(wanted))
