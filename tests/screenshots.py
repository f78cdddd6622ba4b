"""Make the pictures of the README from the program itself: `python -m tests.screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from lessons.learner.progress import Progress
from tests.screens.waiting import settle
from tui.app import TutorApp

FOLDER = Path(__file__).parent.parent / ".media"
SIZE = (120, 40)


async def stepper() -> None:
    """The worked network in the middle of its backward pass, after two updates."""
    with tempfile.TemporaryDirectory() as home:
        app = TutorApp(
            lesson="backprop/worked-example",
            progress=Progress(Path(home) / "progress.sqlite"),
            preload=None,
        )
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press(*["right"] * 6, "tab", "u", "u")
            await settle(pilot)
            await pilot.press("right_square_bracket", "right_square_bracket", *["full_stop"] * 5)
            await settle(pilot)
            app.save_screenshot("stepper.svg", str(FOLDER))


if __name__ == "__main__":
    asyncio.run(stepper())
