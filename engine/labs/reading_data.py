"""How fast an image set can be read: a DataLoader with workers compared with tensors in memory.

The passes run in their own process (`engine.labs.reading_pass`), which is killed with all its
workers when the reading is stopped. `Reading.follow` is called on a thread; other threads look at
`Reading.state`, an immutable value that is replaced, never changed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.language import _, language, plural

BATCH_SIZES = (64, 256, 1024)
MEMORY = -1
"""Stands for tensors in memory; the other ways are numbers of workers."""
WAYS = (0, 2, 4, MEMORY)


def way_name(way: int) -> str:
    """The name of a way on the screen."""
    if way == MEMORY:
        return _("tensors in memory")
    return plural("DataLoader, {count} worker", "DataLoader, {count} workers", way)


@dataclass(frozen=True, slots=True)
class Pass:
    """One way, as far as it has been measured."""

    way: int
    images: int = 0
    seconds: float = 0.0
    first: float = 0.0
    """Seconds until the first batch arrived: starting worker processes takes a while."""
    label_sum: int = 0
    """The sum of the labels that were read: the same for all ways that read every image once."""
    begun: bool = False
    done: bool = False
    failure: str = ""
    """Why it could not be measured, as a sentence; otherwise ''."""

    @property
    def rate(self) -> float:
        """Images per second, from the start of the pass; 0 before anything is read."""
        return self.images / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is known about a reading."""

    passes: tuple[Pass, ...] = tuple(Pass(way) for way in WAYS)
    title: str = ""
    synthetic: bool = False
    images: int = 0
    """Images in a whole pass; 0 before the set is loaded."""
    trouble: str = ""
    """What went wrong, or why the set is not the real one, as a sentence; otherwise ''."""
    running: bool = False
    stopped: bool = False
    """Whether it was stopped before the end."""

    def of(self, way: int) -> Pass:
        """The pass of one way."""
        return next(one for one in self.passes if one.way == way)

    @property
    def fastest(self) -> float:
        """Images per second of the fastest way so far."""
        return max(one.rate for one in self.passes)

    @property
    def is_finished(self) -> bool:
        """Whether every way has been measured or has failed."""
        return all(one.done or one.failure for one in self.passes)

    def with_pass(self, changed: Pass) -> State:
        """The state with one pass replaced."""
        passes = tuple(changed if one.way == changed.way else one for one in self.passes)
        return replace(self, passes=passes)

    def after(self, line: str) -> State:
        """The state after one line from the process; other output changes nothing."""
        try:
            told = json.loads(line)
            return self._after(told)
        except (ValueError, KeyError, TypeError, StopIteration):
            return self

    def _after(self, told: dict[str, str | int | float | bool | None]) -> State:
        event = told["event"]
        if event == "data":
            return replace(
                self,
                title=str(told["title"]),
                synthetic=bool(told["synthetic"]),
                images=int(told["images"] or 0),
                trouble=str(told["trouble"] or ""),
            )
        if event == "failed" and told["way"] is None:
            return replace(self, trouble=str(told["reason"]))
        one = self.of(int(told["way"] or 0))
        if event == "begun":
            return self.with_pass(replace(one, begun=True))
        if event == "failed":
            sentence = _("It failed: {reason}").format(reason=told["reason"])
            return self.with_pass(replace(one, failure=sentence))
        return self.with_pass(
            replace(
                one,
                images=int(told["images"] or 0),
                seconds=float(told["seconds"] or 0),
                first=float(told["first"] or 0),
                label_sum=int(told["label_sum"] or 0),
                done=event == "done",
            )
        )


def command(data_dir: Path | None, batch_size: int, limit: int = 0) -> list[str]:
    """The command that reads the set; a `limit` above 0 reads only that many images."""
    words = [sys.executable, "-m", "engine.labs.reading_program", "--batch-size", str(batch_size)]
    words += ["--lang", language()]
    if data_dir is not None:
        words += ["--data-dir", str(data_dir)]
    if limit:
        words += ["--limit", str(limit)]
    return [*words, "--", *map(str, WAYS)]


class Reading:
    """One run through all ways. Any thread may create and stop it; `follow` blocks."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` is the command, as `command` gives it."""
        self._words = list(words)
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._state = State(running=True)

    @property
    def state(self) -> State:
        """What is known so far."""
        return self._state

    @property
    def process_id(self) -> int | None:
        """The id of the reading process, which leads a group of all its workers; None at first."""
        return self._process.pid if self._process else None

    def follow(self) -> State:
        """Start the process and follow it to its end; what goes wrong there raises nothing."""
        try:
            process = self._start()
        except OSError as error:
            self._state = replace(
                self._state,
                running=False,
                trouble=_("The reading process could not be started: {reason}.").format(
                    reason=error.strerror
                ),
            )
            return self._state
        if process is None:
            return self._state
        assert process.stdout is not None, "it is a pipe"
        last_words: list[str] = []
        errors = threading.Thread(target=_keep_last, args=(process, last_words), daemon=True)
        errors.start()
        for line in process.stdout:
            self._state = self._state.after(line)
        with self._lock:  # once it has been waited for, its id may belong to another process
            code = process.wait()
        errors.join(1.0)
        with self._lock:
            state = replace(self._state, running=False)
            if code and not state.stopped:
                reason = last_words[-1] if last_words else _("exit code {code}").format(code=code)
                trouble = _("The reading process stopped early: {reason}").format(reason=reason)
                state = replace(state, trouble=trouble)
            self._state = state
        return state

    def stop(self) -> None:
        """Kill the process and all its workers at once. A second call does nothing."""
        with self._lock:
            if self._state.running and not self._state.stopped:
                self._state = replace(self._state, stopped=True)
            if self._process is None:
                self._state = replace(self._state, running=False)
            elif self._process.poll() is None:
                _end_group(self._process)

    def _start(self) -> subprocess.Popen[str] | None:
        """Start the process; None where the reading was already stopped."""
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        with self._lock:
            if self._state.stopped:
                return None
            self._process = subprocess.Popen(
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,  # its own group, out of reach of the terminal's keys
            )
            return self._process


def _keep_last(process: subprocess.Popen[str], kept: list[str]) -> None:
    """Read the error output, so that the process never blocks on it; keep the last line."""
    assert process.stderr is not None, "it is a pipe"
    for line in process.stderr:
        if line.strip():
            kept[:] = [line.strip()]


def _end_group(process: subprocess.Popen[str]) -> None:
    """Kill the process and everything that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all of them have ended
