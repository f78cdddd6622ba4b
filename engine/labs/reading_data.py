"""How fast an image set can be read: a DataLoader with workers beside tensors in memory.

The passes run in a process of their own (`engine.labs.reading_pass`), which is ended with all its
workers when it is stopped. `Reading.follow` is called on a thread; any other thread looks at
`Reading.state`, one immutable value that is replaced, never changed.
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

BATCH_SIZES = (64, 256, 1024)
MEMORY = -1
"""Stands for tensors in memory, where other ways are told by their number of workers."""
WAYS = (0, 2, 4, MEMORY)


def way_name(way: int) -> str:
    """How a way is called on the screen."""
    if way == MEMORY:
        return "tensors in memory"
    return f"DataLoader, {way} workers" if way else "DataLoader, no worker"


@dataclass(frozen=True, slots=True)
class Pass:
    """One way, as far as it is measured."""

    way: int
    images: int = 0
    seconds: float = 0.0
    first: float = 0.0
    """Seconds until the first batch was there: making worker processes takes a while."""
    label_sum: int = 0
    """The sum of the labels that were read; ways that read every image once agree in it."""
    begun: bool = False
    done: bool = False
    failure: str = ""
    """Why it could not be measured, as a sentence, or ''."""

    @property
    def rate(self) -> float:
        """Images per second, from the start of the pass; 0 before anything is read."""
        return self.images / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class State:
    """All that is known of a reading."""

    passes: tuple[Pass, ...] = tuple(Pass(way) for way in WAYS)
    title: str = ""
    synthetic: bool = False
    images: int = 0
    """Images in a whole pass; 0 before the set is read."""
    trouble: str = ""
    """What went wrong, or why the set is not the real one, as a sentence, or ''."""
    running: bool = False
    stopped: bool = False
    """Whether it was stopped before its end."""

    def of(self, way: int) -> Pass:
        """The pass of one way."""
        return next(one for one in self.passes if one.way == way)

    @property
    def fastest(self) -> float:
        """Images per second of the fastest way so far."""
        return max(one.rate for one in self.passes)

    @property
    def is_finished(self) -> bool:
        """Whether every way was measured or has failed."""
        return all(one.done or one.failure for one in self.passes)

    def with_pass(self, changed: Pass) -> State:
        """The state with one pass replaced."""
        passes = tuple(changed if one.way == changed.way else one for one in self.passes)
        return replace(self, passes=passes)

    def after(self, line: str) -> State:
        """The state after one line of the process; a line that is none of ours changes nothing."""
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
            sentence = f"It failed: {told['reason']}"
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
    """The command that reads the set; `limit` takes only so many images."""
    words = [sys.executable, "-m", "engine.labs.reading_pass", "--batch-size", str(batch_size)]
    if data_dir is not None:
        words += ["--data-dir", str(data_dir)]
    if limit:
        words += ["--limit", str(limit)]
    return [*words, "--", *map(str, WAYS)]


class Reading:
    """One run over all ways. Made and stopped on any thread; `follow` blocks."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` is the command, as `command` gives it."""
        self._words = list(words)
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._state = State(running=True)

    @property
    def state(self) -> State:
        """What is known now."""
        return self._state

    @property
    def process_id(self) -> int | None:
        """Of the process that reads, which leads a group with all its workers; None before."""
        return self._process.pid if self._process else None

    def follow(self) -> State:
        """Start the process and follow it to its end; never raises for what goes wrong there."""
        try:
            process = self._start()
        except OSError as error:
            self._state = replace(
                self._state,
                running=False,
                trouble=f"The program that reads cannot be started: {error.strerror}.",
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
        with self._lock:  # once it is waited for, its number may belong to another process
            code = process.wait()
        errors.join(1.0)
        with self._lock:
            state = replace(self._state, running=False)
            if code and not state.stopped:
                reason = last_words[-1] if last_words else f"exit code {code}"
                state = replace(state, trouble=f"The program that reads has ended: {reason}")
            self._state = state
        return state

    def stop(self) -> None:
        """End the process and all its workers at once. A second call does nothing."""
        with self._lock:
            if self._state.running and not self._state.stopped:
                self._state = replace(self._state, stopped=True)
            if self._process is None:
                self._state = replace(self._state, running=False)
            elif self._process.poll() is None:
                _end_group(self._process)

    def _start(self) -> subprocess.Popen[str] | None:
        """Start it; None where it was stopped before."""
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
                start_new_session=True,  # a group of its own, out of reach of the terminal's keys
            )
            return self._process


def _keep_last(process: subprocess.Popen[str], kept: list[str]) -> None:
    """Read what the process complains of, so that it never waits; keep the last line."""
    assert process.stderr is not None, "it is a pipe"
    for line in process.stderr:
        if line.strip():
            kept[:] = [line.strip()]


def _end_group(process: subprocess.Popen[str]) -> None:
    """End the process and whatever it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all of them have ended
