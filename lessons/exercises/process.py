"""Run a learner's code in a process of its own, with bounds on time, memory and output.

It is the learner's own code on the learner's own machine: the bounds keep a mistake from costing
more than a sentence, they are no protection against somebody.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine import language
from engine.language import _
from engine.visitor import code_refused, may_run_code
from lessons.exercises.checking import Report, Test
from lessons.exercises.exercise import Exercise
from lessons.exercises.gradients import GradientRow

MEMORY_BYTES = 3 * 2**30
OUTPUT_BYTES = 20_000
SECONDS = 15.0
"""Wall time of the learner's code."""
START_SECONDS = 60.0
"""Wall time until it begins: the import of PyTorch takes long on a slow disk or a busy machine."""
BEGUN = b'{"more": true}\n'
"""What the process writes when the learner's code begins."""
_LOOK = 0.05
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the code may use."""

    seconds: float = START_SECONDS
    """Wall time until there is a part of the result."""
    memory: int = MEMORY_BYTES
    """Resident bytes; watched where /proc is there."""
    output: int = OUTPUT_BYTES
    """Bytes of what is printed that are kept."""
    between: float = SECONDS
    """Wall time from one part of the result to the next, once there is one."""


def run(
    exercise: Exercise,
    path: Path,
    limits: Limits | None = None,
    heard: Callable[[Report], None] | None = None,
) -> Report:
    """Check the file at `path`; whatever its code does, the answer is a report.

    Where a gradient is asked for, `heard` is called on this thread with the report as it is before
    the table of gradients.
    """

    def part(result: bytes) -> None:
        report = _read(result)
        if heard is not None and report is not None and not _is_whole(result):
            heard(report)

    words = [exercise.name, str(path)]
    ended = launch("lessons.exercises.runner", words, limits or Limits(), heard=part)
    return _report(exercise, ended)


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process gave, and how it came to its end."""

    result: bytes
    output: bytes
    why: str = ""
    """`time`, `memory` or `stopped` where it was ended, `refused` where it may not run."""
    flooded: bool = False
    status: int = 0

    @property
    def reason(self) -> str:
        """Why it gave no result, as a sentence."""
        if self.why == "time":
            return _("Your code did not come to an end in time. Is there a loop that never stops?")
        if self.why == "memory":
            return _("Your code needs too much memory. Does a list or an array grow without end?")
        if self.why == "stopped":
            return _("Stopped.")
        if self.why == "refused":
            return code_refused()
        told = _("Your code ended the process (status {status}) before the tests were done.")
        return told.format(status=self.status)

    @property
    def printed(self) -> str:
        """What the learner's code printed, as plain text."""
        text = _plain(self.output.decode("utf-8", errors="replace"))
        more = "\n" + _("… and more: only the beginning is kept.")
        return text + more if self.flooded else text


def launch(
    module: str,
    words: Sequence[str],
    limits: Limits,
    is_whole: Callable[[bytes], bool] | None = None,
    heard: Callable[[bytes], None] | None = None,
    stop: threading.Event | None = None,
) -> Ended:
    """Run `python -m MODULE WORDS… FD LIFE` until it has written its result to FD, or is too dear.

    LIFE is a pipe that is open as long as this program is; see `lessons.exercises.lifeline`.
    `heard` is given all of the result so far whenever more of it arrives; the bound on the time
    then starts over. Setting `stop` ends the process. Where a visitor may run no code, nothing is
    started.
    """
    if not may_run_code():
        return Ended(b"", b"", "refused")
    reading, writing = os.pipe()
    life, alive = os.pipe()
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        language.VARIABLE: language.language(),
    }
    environment.setdefault("OMP_NUM_THREADS", "1")
    process = subprocess.Popen(
        # -P: what lies in the current folder must not take the place of this program's modules.
        [sys.executable, "-P", "-m", module, *words, str(writing), str(life)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[writing, life],
        start_new_session=True,
        env=environment,
    )
    os.close(writing)
    os.close(life)
    try:
        watch = _Watch(limits, is_whole or _is_whole, heard, stop)
        ended = watch.collect(process, reading)
    finally:
        _end(process)
        os.close(reading)
        os.close(alive)
    return replace(ended, status=process.returncode)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Collects until both pipes are closed, the result is whole, or a bound is passed."""

    limits: Limits
    is_whole: Callable[[bytes], bool]
    heard: Callable[[bytes], None] | None
    stop: threading.Event | None

    def collect(self, process: subprocess.Popen[bytes], reading: int) -> Ended:
        """What the process gives."""
        assert process.stdout is not None
        result, output, flooded = b"", b"", False
        until = time.monotonic() + self.limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ, "result")
            selector.register(process.stdout, selectors.EVENT_READ, "output")
            while selector.get_map():
                for key, _events in selector.select(_LOOK):
                    part = os.read(key.fd, 65536)
                    if not part:
                        selector.unregister(key.fileobj)
                    elif key.data == "result":
                        result += part
                        if self.heard is not None:
                            self.heard(result)
                            until = time.monotonic() + self.limits.between
                    else:
                        flooded = flooded or len(output) + len(part) > self.limits.output
                        output = (output + part)[: self.limits.output]
                if result and self.is_whole(result):
                    break  # a thread of the learner may hold the output open for ever
                if why := self.passed(process.pid, until):
                    return Ended(result, output, why, flooded)
        return Ended(result, output, "", flooded)

    def passed(self, pid: int, until: float) -> str:
        """The bound that is passed, or empty."""
        if self.stop is not None and self.stop.is_set():
            return "stopped"
        if time.monotonic() > until:
            return "time"
        return "memory" if _resident(pid) > self.limits.memory else ""


def _is_whole(result: bytes) -> bool:
    """Whether the last line is a whole object, after which none follows."""
    try:
        found = json.loads(result.splitlines()[-1])
    except (ValueError, IndexError):
        return False
    return not (isinstance(found, dict) and found.get("more"))


def _read(result: bytes) -> Report | None:
    """The report of the last line that is whole."""
    for line in reversed(result.splitlines()):
        try:
            found = json.loads(line)
            del found["more"]
            tests = tuple(Test(**each) for each in found.pop("tests"))
            rows = tuple(GradientRow(**each) for each in found.pop("gradients"))
            return Report(**found, tests=tests, gradients=rows)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return None


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it has started."""
    if process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _plain(text: str) -> str:
    """What was printed, without what would move the cursor or colour the screen."""
    lines = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", re.sub(r"\r\n?", "\n", text)).expandtabs(4)
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "", lines)


def _report(exercise: Exercise, ended: Ended) -> Report:
    printed = ended.printed
    report = _read(ended.result)
    if report is not None:
        return replace(report, output=printed)
    text = ended.reason
    if ended.why == "refused":
        return Report(exercise.name, False, (), None, text, was_run=False)
    if ended.why == "time" and not ended.result:
        text = _("This machine is too busy: the tests have not begun. Try again in a moment.")
    return Report(exercise.name, False, (Test("run", False, text),), None, text, printed)
