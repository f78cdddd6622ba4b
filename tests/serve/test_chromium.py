"""The course in a real browser: walk, answer, train, load the page again, go on.

Pictures are left in $DLTUTOR_PICTURES, where that names a folder.
"""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.faults.served import Served, until
from tests.serve.chromium import Chromium, colours, program
from tui.serving.stores import serve_folder

pytestmark = [
    pytest.mark.skipif(program() is None, reason="there is no Chromium on this machine"),
    pytest.mark.timeout(240),
]

LESSON = "A network worked by hand"


async def test_a_course_in_a_browser(tmp_path: Path) -> None:
    pictures = Path(os.environ.get("DLTUTOR_PICTURES") or tmp_path)
    served = Served("--trainings", "1")
    try:
        async with Chromium(tmp_path) as at:
            await at.open(f"{served.base}/")
            await at.see(LESSON)
            await at.picture(pictures / "1-home.png")

            # Walk, by keys that the browser itself sends.
            await at.press("Enter")
            await at.see("step 1 of")
            await at.press("ArrowRight")
            await at.see("step 2 of")
            await at.press("ArrowRight")
            await at.see("step 3 of")

            # A wrong answer, then the right one.
            await at.press("Tab")
            await at.type("0.59674")
            await at.see("4")  # only what changed is sent: the last digit stands alone
            await at.press("Enter")
            await at.see("left out")
            await at.picture(pictures / "2-wrong.png")
            await at.type("0.29837")  # the wrong one is selected, and replaced
            await at.see("7")
            await at.press("Enter")
            await at.see("same number")
            await at.picture(pictures / "3-right.png")

            # Train softmax on the built-in glyphs, and watch the chart.
            await at.press("Escape")
            await at.press("p", control=True)
            await at.see("find a command")
            await at.type("Train: Softmax regression from scratch")
            await at.see("classification/softmax-from-scratch")
            await at.press("Enter")
            await at.see("Start/pause")
            await at.press("s")
            if await at.see("built-in glyph set", "running", "finished") == "built-in glyph set":
                await at.press("b")
            await at.see("finished", seconds=90)
            assert colours(await at.picture(pictures / "4-trained.png")) > 1000

            # Load the page again: the same learner, at the same step, with the answers.
            (before,) = served.visits()
            await at.open(f"{served.base}/")
            await at.see("step 3 of")
            await at.picture(pictures / "5-again.png")
            await until(lambda: served.visits() != [before] and len(served.visits()) == 1)
            await at.press("ArrowRight")
            await at.see("step 4 of")

            # The font is there, and nothing came from elsewhere.
            assert await at.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
            assert at.complaints == []
            hosts = {re.sub(r"^(http|ws)://", "", each).partition("/")[0] for each in at.requested}
            assert hosts <= {served.base.removeprefix("http://")}
        assert await until(lambda: not served.visits()) < 15
        (store,) = (serve_folder() / "visitors").iterdir()
        with closing(Progress(store / "data" / "dltutor" / "progress.sqlite")) as progress:
            given = [(answer.text, answer.verdict) for answer in progress.answers()]
        assert given[-2:] == [("0.59674", "slip"), ("0.29837", "right")]
    finally:
        served.end()
