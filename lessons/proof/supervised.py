"""Supervise an author's code: what would end or hang this program becomes an error with a line.

A file of a lesson runs inside of `dltutor check` and `dltutor preview`. A call of `os._exit` would
end them silently, perhaps with status 0, and an endless loop would hang them.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from engine.broken import EndlessError, mend_of, said_of
from engine.errors import UserError
from lessons.format.lesson_error import LessonError
from lessons.format.trouble import in_file
from lessons.proof.interrupts import Interrupts
from lessons.proof.kept_streams import streams_kept

LONGEST: Final = 60.0
"""Seconds of processor time between two signs of life; what the course computes takes five."""
LONGEST_WAIT: Final = 600.0
"""Seconds by the clock, for code that waits for something which does not come."""
_GRACE: Final = 5.0
"""Seconds in which the error must arrive: code that waits outside of Python does not see it."""
_REST: Final = 2.0
"""Seconds in which the threads of the code must end after it."""
_LOOK: Final = 0.2
_ROOT = Path(__file__).parents[1]
_COURSE = "course"
"""The folders of the lessons and the exercises are called so."""


@contextmanager
def supervised(
    longest: float = LONGEST, wait: float = LONGEST_WAIT, *, streams: bool = True
) -> Iterator[Callable[[], None]]:
    """Run code of an author in this thread; call what this gives whenever something is done.

    Without `streams` the output is left as it is: the screens are drawn on it from another thread.

    Raises, inside of the author's code:
        SystemExit: it called `os._exit`, or raised KeyboardInterrupt itself.
        EndlessError: nothing was done for `longest` seconds of processor time, or for `wait`
            seconds.
        LessonError: a thread that it has started does not end.
    """
    watch = _Watch(longest, wait)
    own, leave, start = os.getpid(), os._exit, threading.Thread.start
    begun: list[threading.Thread] = []
    interrupts = Interrupts()

    def refuse(status: int) -> NoReturn:
        if os.getpid() == own:
            raise SystemExit(f"os._exit({status})")
        leave(status)  # a process that the code has forked

    def start_noted(thread: threading.Thread) -> None:
        if threading.get_ident() == watch.watched and not thread.daemon:
            thread.daemon = True  # a thread that never ends must not hold up the end of the program
            begun.append(thread)
        start(thread)

    watch.start()
    setattr(os, "_exit", refuse)  # noqa: B010  # mypy takes no other function in its place
    setattr(threading.Thread, "start", start_noted)  # noqa: B010
    try:
        with interrupts, streams_kept() if streams else nullcontext():
            yield watch.alive
    except KeyboardInterrupt as error:
        if interrupts.came:
            raise
        raise SystemExit("KeyboardInterrupt").with_traceback(error.__traceback__) from None
    finally:
        if os.getpid() != own:
            leave(0)  # a process that the code has forked would do the rest once more
        setattr(os, "_exit", leave)  # noqa: B010
        setattr(threading.Thread, "start", start)  # noqa: B010
        watch.end()
    _refuse_endless(begun)


@contextmanager
def told_in(path: Path, *, streams: bool = True) -> Iterator[None]:
    """Supervise the code of the lesson in `path`; what stops it is a LessonError with its line."""
    try:
        with supervised(streams=streams):
            yield
    except (UserError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise in_file(error, path.parent, path) from error


def _refuse_endless(threads: Sequence[threading.Thread]) -> None:
    """Raise LessonError if one of the threads runs on in a file of the course."""
    until = time.monotonic() + _REST
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        frame = sys._current_frames().get(thread.ident or 0) if thread.is_alive() else None
        path, line = _place(frame)
        if path.is_file():  # else it waits for work, such as the threads of a pool
            problem = "The thread that runs here does not end."
            mend = "Make it end, and wait for it with `join`."
            raise LessonError(path, line, problem, mend)


class _Watch(threading.Thread):
    """Looks at the clocks while another thread runs the author's code."""

    def __init__(self, longest: float, wait: float) -> None:
        super().__init__(name="supervision", daemon=True)
        self.watched = threading.get_ident()
        self.longest, self.longest_wait = longest, wait
        self.leave = os._exit
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.alive()

    def alive(self) -> None:
        """Something was done: start counting again."""
        self.since = time.process_time(), time.monotonic()

    def run(self) -> None:
        """Look until the code has ended, or is stopped."""
        while not self.ended.wait(_LOOK):
            computed, waited = self.since
            if (
                time.process_time() - computed > self.longest
                or time.monotonic() - waited > self.longest_wait
            ):
                self.stop()
                return

    def stop(self) -> None:
        """Raise the error in the other thread; end the process if it does not arrive."""
        import ctypes  # takes longer than all the rest, and is hardly ever needed

        with self.lock:
            if self.ended.is_set():
                return
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self.watched), ctypes.py_object(EndlessError)
            )
        if not self.ended.wait(_GRACE):
            path, line = _place(sys._current_frames().get(self.watched))
            error = EndlessError()
            told = f"{path}:{line}: {said_of(error)} {mend_of(error, 'check again')}"
            print(f"dltutor: {told}", file=sys.stderr, flush=True)
            self.leave(2)

    def end(self) -> None:
        """The code has ended."""
        with self.lock:
            self.ended.set()
        self.join()


def _place(frame: FrameType | None) -> tuple[Path, int]:
    """Where the code of a lesson or an exercise waits: the innermost line of the course."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT) and _COURSE in path.relative_to(_ROOT).parts:
            return path, frame.f_lineno
        frame = frame.f_back
    return _ROOT / _COURSE, 1
