"""A real `dltutor serve` in a process of its own, and a browser's side of a web socket."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

from aiohttp import ClientSession, CookieJar, WSMsgType
from aiohttp.client import ClientWebSocketResponse

from tests.unit import warm
from tui.serving.loiterers import PATIENCE_SECONDS
from tui.serving.nest import SAVING_SECONDS

ROOT = Path(__file__).parents[2]
_SEQUENCE = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07)")


PROGRAM = """
import sys
from tui.cli import main
from tui.serving import loiterers, nest
nest.SAVING_SECONDS = float(sys.argv.pop(1))
loiterers.PATIENCE_SECONDS = float(sys.argv.pop(1))
if told := sys.argv.pop(1):
    from tests.faults.served import forks
    nest.subprocess = forks(told)
sys.exit(main(sys.argv[1:]))
"""
NURSERY = """
import importlib, os
from textual import constants
from tui.serving.nursery import main
del os.environ["DLTUTOR_LANG"]
importlib.reload(constants)
main()
"""
"""A nursery where Textual, which looks for its driver while it is imported, is loaded before."""


class Served:
    """The program; `base` is its address."""

    def __init__(
        self,
        *words: str,
        saving: float = SAVING_SECONDS,
        patience: float = PATIENCE_SECONDS,
        new: bool = True,
    ) -> None:
        """`saving` is how many seconds it lets a visitor save, and `patience`, ask for nothing.

        Unless they are `new` interpreters, it and its nursery are forks of one that has imported
        what they need.
        """
        self._told = None if new else tempfile.NamedTemporaryFile("r")  # noqa: SIM115
        told = self._told.name if self._told else ""
        program = ["-c", PROGRAM, str(saving), str(patience), told, "serve", "--port", "0", *words]
        self.process: warm.Piped | subprocess.Popen[str] = (
            subprocess.Popen(
                [sys.executable, *program],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            )
            if new
            else warm.Piped(program, {**os.environ, **warm.SHARED}, loaded=True)
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.said = self.process.stdout.readline()
        found = re.search(r"(http://[^/]+)/", self.said)
        assert found, self.said + self.process.stderr.read()
        self.base = found[1]

    def nursery(self) -> int:
        """The process that forks."""
        if self._told:
            return int(Path(self._told.name).read_text() or 0)
        found = children(self.process.pid)
        return found[0] if found else 0

    def visits(self) -> list[int]:
        """The processes of visitors."""
        return children(self.nursery()) if self.nursery() else []

    def end(self) -> None:
        """Whatever happened, leave nothing behind."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=30)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        if self._told:
            self._told.close()


def forks(told: str) -> SimpleNamespace:
    """As much of `subprocess` as starts a nursery, in a fork; its number is written to a file."""

    def begin(
        words: Sequence[str], *, env: Mapping[str, str], stdout: BinaryIO,
        pass_fds: Sequence[int], **same: object,
    ) -> warm.Process:  # fmt: skip
        assert words[:4] == [sys.executable, "-P", "-m", "tui.serving.nursery"]
        log = stdout.fileno()
        assert same == {"stdin": subprocess.DEVNULL, "stderr": stdout, "start_new_session": True}
        with Path(os.devnull).open("rb") as nothing:
            started = warm.start(
                ["-c", NURSERY, *words[4:]], env={**env, "DLTUTOR_LANG": "en"}, loaded=True,
                stdin=nothing.fileno(), stdout=log, stderr=log, pass_fds=pass_fds,
                tidy=False, group=True,
            )  # fmt: skip
        Path(told).write_text(str(started.pid))
        return started

    return SimpleNamespace(
        Popen=begin, DEVNULL=subprocess.DEVNULL, TimeoutExpired=subprocess.TimeoutExpired
    )


class Browser:
    """One visitor; the text of the screens that came is in `text`."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.text = ""
        self._line: ClientWebSocketResponse | None = None

    @property
    def line(self) -> ClientWebSocketResponse:
        assert self._line is not None
        return self._line

    async def open(self, size: str = "width=100&height=30") -> None:
        """Open the page, or load it again."""
        base = self.served.base
        async with self.session.get(f"{base}/") as page:
            assert page.status == 200, await page.text()
        self.text = ""
        headers = {"Origin": base}
        self._line = await self.session.ws_connect(f"{base}/ws?{size}", headers=headers)

    async def type(self, keys: str) -> None:
        self.text = ""
        await self.line.send_json(["stdin", keys])

    async def see(self, wanted: str, seconds: float = 40.0) -> str:
        """Read screens until `wanted` is there."""
        until = time.monotonic() + seconds
        while wanted not in self.text:
            left = until - time.monotonic()
            assert left > 0, f"no {wanted!r} in {self.text[-3000:]}"
            message = await self.line.receive(timeout=max(left, 0.01))
            assert message.type is WSMsgType.BINARY, (message, self.text[-2000:])
            self.text += _SEQUENCE.sub(b"", message.data).decode("utf-8", "replace")
        return self.text

    async def close(self) -> None:
        await self.session.close()


def children(process: int) -> list[int]:
    """The living children of a process."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split() if is_alive(int(word))]


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def until(true: Callable[[], bool], seconds: float = 20.0) -> float:
    """Wait for something; how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def proc_is_there() -> bool:
    """Whether processes can be looked at."""
    return Path("/proc/self/task").is_dir()
