"""`dltutor serve` with real processes: own stores, visits that end, and nothing left behind."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import pytest

from lessons.learner.progress import Progress
from tests.faults.served import Browser, Served, children, is_alive, proc_is_there, until
from tui.serving.stores import serve_folder

pytestmark = pytest.mark.skipif(not proc_is_there(), reason="needs /proc")

LESSON = "A network worked by hand"


async def test_visitors_have_their_own_course_and_come_back_to_it() -> None:
    served = Served("--trainings", "0")
    one, other = Browser(served), Browser(served)
    try:
        await one.open()
        await one.see(LESSON)
        assert len(served.visits()) == 1
        await one.type("\r")
        await one.see("step 1 of")
        await one.type("\x1b[C\x1b[C")
        await one.see("step 3 of")

        # The other one sees nothing of it, nor of what one pastes.
        await other.open()
        text = await other.see(LESSON)
        assert "step 3" not in text
        await one.type("\x1b[200~\x1b]0;evil\x07\x1b[201~\x1b[48;1000000;1000000;0;0t")
        await other.type("?")
        assert "evil" not in await other.see("Help")

        # Loading the page again goes on at the same step, in another process.
        (before, _others) = sorted(served.visits())
        await one.open("width=1000000&height=1000000")
        await one.see("step 3 of")
        assert not is_alive(before)
        assert len(served.visits()) == 2

        # Closing it ends the process, and everything is saved.
        seconds = await _close_and_wait(one, served)
        assert seconds < 10
        (store,) = [
            path for path in (serve_folder() / "visitors").iterdir() if _opened(path / "data")
        ]
        assert store.stat().st_mode & 0o777 == 0o700
        secret = next(iter(one.session.cookie_jar)).value
        assert secret not in str(store)

        served.process.terminate()
        assert served.process.wait(timeout=30) == 0
        assert served.process.stderr is not None
        assert served.process.stderr.read() == ""
        assert "evil" not in (store / "problems.log").read_text()
    finally:
        await one.close()
        await other.close()
        nursery = served.nursery()
        served.end()
        assert not nursery or not is_alive(nursery)


async def _close_and_wait(browser: Browser, served: Served) -> float:
    count = len(served.visits())
    await browser.line.close()
    return await until(lambda: len(served.visits()) == count - 1)


def _opened(data: os.PathLike[str]) -> bool:
    path = os.path.join(data, "dltutor", "progress.sqlite")  # noqa: PTH118
    if not os.path.exists(path):  # noqa: PTH110
        return False
    from pathlib import Path

    with closing(Progress(Path(path))) as progress:
        return progress.last() is not None


async def test_nobody_is_left_when_the_server_is_killed() -> None:
    served = Served("--trainings", "0")
    browser = Browser(served)
    try:
        await browser.open()
        await browser.see(LESSON)
        nursery = served.nursery()
        visits = children(nursery)
        assert visits
        os.kill(served.process.pid, signal.SIGKILL)
        await until(lambda: not any(map(is_alive, [nursery, *visits])))
    finally:
        await browser.close()
        served.end()


async def test_whoever_comes_after_the_nursery_has_died_is_served() -> None:
    served = Served("--trainings", "0")
    browser, other = Browser(served), Browser(served)
    try:
        await browser.open()
        await browser.see(LESSON)
        visits = served.visits()
        os.kill(served.nursery(), signal.SIGKILL)
        await browser.type("\r")
        await browser.see("step 1 of")  # who is there goes on
        await other.open()
        await other.see(LESSON)
        await browser.line.close()
        await until(lambda: not any(map(is_alive, visits)))
        os.kill(served.process.pid, signal.SIGINT)
        assert served.process.wait(timeout=30) == 130
    finally:
        await browser.close()
        await other.close()
        served.end()
