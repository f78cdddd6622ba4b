"""Print a screen in Chinese as rows of text: `python -m tests.screens.chinese_rows 80 24`.

With more numbers, it is printed in each of these sizes, one after the other.
It runs in a process of its own, so that every text is Chinese from the start, as it is for a
learner. `test_chinese.py` compares the rows with `chinese_80x24.txt` and `chinese_120x40.txt`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from engine import language

SLUG, STEP = "backprop/worked-example", "delta-of-an-output"
ANSWER = "0.741365"
"""The slip `no-derivative`: its two lines stand side by side."""


async def screen(width: int, height: int) -> list[str]:
    """The rows of a step with a formula and a question that was answered with a slip."""
    from textual.widgets import Input

    from lessons.learner.progress import Progress
    from tests.screens.waiting import settle
    from tui.app import TutorApp
    from tui.screens.lesson import LessonScreen

    with tempfile.TemporaryDirectory() as home:
        progress = Progress(Path(home) / "progress.sqlite")
        app = TutorApp(lesson=SLUG, progress=progress, preload=None)
        async with app.run_test(size=(width, height)) as pilot:
            assert isinstance(app.screen, LessonScreen)
            await app.screen.show_step(app.screen.lesson.keys.index(STEP))
            await settle(pilot)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.press("tab", *ANSWER, "enter")
            await settle(pilot)
            strips = app.screen._compositor.render_strips()
            return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


if __name__ == "__main__":
    language.use("zh")
    numbers = [*map(int, sys.argv[1:])]
    for size in zip(numbers[::2], numbers[1::2], strict=True):
        print("\n".join(asyncio.run(screen(*size))))
