"""`dltutor serve` with real processes: own stores, visits that end, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import closing
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.faults.served import Browser, Served, children, is_alive, proc_is_there, until
from tui.serving.loiterers import MOST
from tui.serving.stores import serve_folder

pytestmark = pytest.mark.skipif(not proc_is_there(), reason="needs /proc")

LESSON = "A network worked by hand"


async def test_visitors_come_back_to_their_own_course_and_idle_connections_are_closed() -> None:
    patience = 3.0
    served = Served("--trainings", "0", patience=patience, new=False)
    one, other = Browser(served), Browser(served)
    lines: list[socket.socket] = []
    try:
        # Of a thousand connections that ask for nothing, the oldest go at once.
        await _ask_for_nothing(served, lines)
        await until(lambda: sum(map(_is_closed, lines)) >= 1000 - MOST)

        await one.open()
        await one.see(LESSON)
        (before,) = served.visits()
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
        assert "evil" not in await other.see("Next lesson")

        # The others go when they have waited too long; who has asked for something stays.
        await until(lambda: all(map(_is_closed, lines)), 10 * patience)
        await other.type("?")
        await other.see("Next lesson")

        # Loading the page again goes on at the same step, in another process.
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

        # Of somebody who has only looked in, nothing is left.
        await _close_and_wait(other, served)
        await until(lambda: [*(serve_folder() / "visitors").iterdir()] == [store])

        nursery = served.nursery()
        served.process.terminate()
        assert served.process.wait(timeout=30) == 0
        assert not is_alive(nursery)
        assert served.process.stderr is not None
        assert served.process.stderr.read() == ""
        assert "evil" not in (store / "problems.log").read_text()
    finally:
        for line in lines:
            line.close()
        await one.close()
        await other.close()
        served.end()


async def _close_and_wait(browser: Browser, served: Served) -> float:
    count = len(served.visits())
    await browser.line.close()
    return await until(lambda: len(served.visits()) == count - 1)


def _opened(data: Path) -> bool:
    path = data / "dltutor" / "progress.sqlite"
    if not path.exists():
        return False
    with closing(Progress(path)) as progress:
        return progress.last() is not None


async def _ask_for_nothing(served: Served, lines: list[socket.socket]) -> None:
    """Open a thousand connections."""
    host, _colon, port = served.base.removeprefix("http://").partition(":")
    for number in range(1000):
        if number % 100 == 99:  # one that comes while a hundred wait is let in a second later
            await asyncio.sleep(0.02)
        lines.append(socket.create_connection((host, int(port))))
        if number % 2:  # half of a request
            lines[-1].send(b"GET / HTTP/1.1\r\nHost: ")
        lines[-1].setblocking(False)


def _is_closed(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


async def test_a_flood_of_keys_reaches_nobody_else_and_does_not_hold_the_server() -> None:
    saving = 0.3  # the visitor computes until it is ended
    served = Served("--trainings", "0", saving=saving, new=False)
    one, other = Browser(served), Browser(served)
    try:
        await one.open()
        await one.see(LESSON)

        async def flood() -> None:
            for _number in range(50):
                await one.line.send_json(["stdin", "x" * 200_000])

        flooding = asyncio.create_task(flood())
        await other.open()
        await other.see(LESSON)
        await other.type("?")
        await other.see("Next lesson")
        served.process.terminate()
        # To save, to be ended, and the same for the nursery: no wait of the server is longer.
        assert await asyncio.to_thread(served.process.wait, 4 * saving + 16) == 0
        flooding.cancel()
    finally:
        await one.close()
        await other.close()
        served.end()


async def test_a_nursery_that_dies_is_replaced_and_a_server_that_is_killed_leaves_nobody() -> None:
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
        nursery = served.nursery()
        visits += children(nursery)
        assert len(visits) == 2
        assert all(map(is_alive, visits))
        os.kill(served.process.pid, signal.SIGKILL)
        await until(lambda: not any(map(is_alive, [nursery, *visits])))
    finally:
        await browser.close()
        await other.close()
        served.end()
