"""Random keys, clicks and sizes over all screens: nothing raises, and the layout comes back.

`DLTUTOR_KEYS=10000` asks for as many keys; the suite makes do with a few.
"""

from __future__ import annotations

import os
import random

import pytest
from textual.pilot import Pilot

from tests.screens.fake_session import FakeSession
from tui.app import TutorApp

KEYS = int(os.environ.get("DLTUTOR_KEYS", "60"))
PRESSED = (
    *"abcdefghijklmnoprstuvxyz0123456789", "right", "left", "up", "down", "enter", "escape", "tab",
    "shift+tab", "space", "home", "end", "pageup", "pagedown", "question_mark", "slash", "minus",
    "full_stop", "backspace", "delete", "ctrl+p", "ctrl+r", "ctrl+a", "ctrl+e",
)  # fmt: skip
"""All but those that leave the program: q, w, ctrl+q, ctrl+c, ctrl+z."""
STARTS = ("backprop/deltas", "linear/from-scratch", "functions/activations", "mlp/watching")


def tutor(lesson: str) -> TutorApp:
    """The application without a preload and without a real training."""
    return TutorApp(
        lesson=lesson,
        preload=None,
        make_session=lambda report: FakeSession(),
        list_devices=lambda: ["cpu"],
    )


async def press_at_random(pilot: Pilot[None], draw: random.Random, count: int) -> None:
    """Keys, now and then a click, and now and then another size."""
    for number in range(count):
        if number % 10 == 9:
            size = pilot.app.size
            at = draw.randrange(max(1, size.width)), draw.randrange(max(1, size.height))
            await pilot.click(offset=at)
        elif number % 25 == 13:
            await pilot.resize_terminal(draw.randint(1, 300), draw.randint(1, 100))
            await pilot.resize_terminal(80, 24)
        else:
            await pilot.press(draw.choice(PRESSED))


@pytest.mark.timeout(60 + KEYS)
@pytest.mark.parametrize("seed", range(2))
async def test_random_keys_and_clicks(seed: int) -> None:
    draw = random.Random(seed)
    app = tutor(STARTS[seed])
    async with app.run_test(size=(80, 24)) as pilot:
        await press_at_random(pilot, draw, KEYS // 2)
        assert app.return_code in (None, 0)


async def test_after_any_size_the_layout_comes_back() -> None:
    draw = random.Random(3)
    app = tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = rows(app)
        for number in range(12):
            small = number % 3 == 0
            size = (1, 1) if number == 0 else (draw.randint(1, 59), draw.randint(1, 17))
            await pilot.resize_terminal(*(size if small else (draw.randint(1, 300), 100)))
            await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert rows(app) == before


def rows(app: TutorApp) -> list[str]:
    """What is drawn."""
    return [strip.text for strip in app.screen._compositor.render_strips()]
