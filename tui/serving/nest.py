"""The server's side of the nursery: start it, ask it for a process, hear when one has ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from engine.errors import UserError
from engine.language import VARIABLE, _

_ROOT = Path(__file__).parents[2]
_HIDDEN = frozenset(
    {"DLTUTOR_TOKEN", VARIABLE, "VISUAL", "EDITOR", "NO_COLOR", "TMUX", "STY", "SSH_CONNECTION",
     "SSH_TTY", "SSH_CLIENT"}
)  # fmt: skip
"""What the processes of visitors must not see or go by."""
_LINE_BYTES = 65_536
"""How much of a screen may wait for a slow browser."""
SAVING_SECONDS = 6.0
"""How long a visit may take to end by itself."""


class Child:
    """The process of one visit."""

    def __init__(self, number: int, line: socket.socket) -> None:
        self.number = number
        self.process = 0
        self.line = line
        self.ended = asyncio.Event()


class Nest:
    """The nursery of one language; it is started when the first visitor needs it."""

    def __init__(self, language: str, folder: Path, *, trains: bool = True) -> None:
        """`folder` is where the nursery may write what goes wrong.

        Unless it `trains`, nobody needs the recipes.
        """
        self._words = (language, "train" if trains else "")
        self._log = folder / f"nursery-{language}.log"
        self._numbers = count(1)
        self._children: dict[int, Child] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._listener: asyncio.Task[None] | None = None
        self._answers: asyncio.Queue[Mapping[str, object]] = asyncio.Queue()
        self._is_ready = False
        self._one_at_a_time = asyncio.Lock()

    @property
    def process_id(self) -> int | None:
        """That of the nursery, once it was started."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Begin to import the course, and wait until visits can begin; raises UserError."""
        async with self._one_at_a_time:
            await self._start()

    async def open(self, environment: Mapping[str, str], log: Path) -> Child:
        """A process for a visitor; raises UserError where none can be started."""
        async with self._one_at_a_time:
            await self._start()
            number = next(self._numbers)
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LINE_BYTES)
            child = self._children[number] = Child(number, ours)
            asked = {"do": "start", "visit": number, "environment": dict(environment)}
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            try:
                told = self._tell(asked, [theirs.fileno(), descriptor])
                answer = await self._answers.get() if told else {}
            finally:
                theirs.close()
                os.close(descriptor)
            process = answer.get("started")
            if not isinstance(process, int) or not process:
                self._children.pop(number, None)
                ours.close()
                raise self._refusal()
            child.process = process
            return child

    async def end(self, child: Child) -> None:
        """Wait until a process has ended, whose line was closed before; then make it end."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                await asyncio.wait_for(child.ended.wait(), SAVING_SECONDS)
            except TimeoutError:
                self._tell({"do": "signal", "visit": child.number, "signal": int(number)}, [])
            else:
                return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.ended.wait(), 1.0)

    async def close(self) -> None:
        """End the nursery, and with it what is left of its visits."""
        process, self._process = self._process, None
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.shutdown(socket.SHUT_RDWR)
        if process is None:
            return
        process.terminate()  # it may be busy with an import, and not look at the socket
        try:
            await asyncio.to_thread(process.wait, 2 * SAVING_SECONDS + 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._listener is not None:
            await self._listener

    async def _start(self) -> None:
        if self._control is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            self._answers, self._is_ready = asyncio.Queue(), False
            with theirs, self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    # -P: what lies in the current folder must not take the place of our modules.
                    [sys.executable, "-P", "-m", "tui.serving.nursery", str(theirs.fileno()),
                     *self._words],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    pass_fds=[theirs.fileno()], start_new_session=True, env=_environment(),
                )  # fmt: skip
            ours.setblocking(False)
            self._control = ours
            reader, writer = await asyncio.open_unix_connection(sock=ours)
            self._listener = asyncio.create_task(self._listen(reader, writer))
        if not self._is_ready:
            self._is_ready = "ready" in await self._answers.get()
            if not self._is_ready:
                raise self._refusal()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                said = json.loads(line)
                if "ended" not in said:
                    self._answers.put_nowait(said)
                elif child := self._children.pop(said["ended"], None):
                    child.ended.set()
        # The nursery is gone. Its visits go on, and end when their line is closed; whoever comes
        # next starts another nursery.
        self._control = None
        writer.close()
        self._answers.put_nowait({})
        for child in self._children.values():
            child.ended.set()
        self._children.clear()

    def _refusal(self) -> UserError:
        told = _("The process for a visitor cannot be started. {path} says more.")
        return UserError(told.format(path=self._log))

    def _tell(self, message: Mapping[str, object], descriptors: list[int]) -> bool:
        """Send one message with what belongs to it; False where nobody is there to read it."""
        if self._control is None:
            return False
        try:
            data = json.dumps(message).encode() + b"\n"
            return socket.send_fds(self._control, [data], descriptors) == len(data)
        except OSError:
            return False


def _environment() -> dict[str, str]:
    """What the nursery knows: no secret, and a terminal that draws everything."""
    kept = {name: text for name, text in os.environ.items() if name not in _HIDDEN}
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TERM_PROGRAM": "textual",
        "TEXTUAL_DRIVER": "tui.serving.driver:VisitDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
    }
