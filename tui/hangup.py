"""When the connection to the terminal drops: discard all output, so that training can continue.

The kernel sends SIGHUP, and from then on every write to the terminal fails. The screens keep
drawing, but into /dev/null, which costs next to nothing; the application decides when to quit.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from textual.driver import Driver

from engine.language import _, plural
from engine.training.state import SessionState
from tui.output import TolerantFile, discard
from tui.sign_width import QUESTION
from tui.terminal import answers_queries

if TYPE_CHECKING:
    from engine.training.snapshot import Snapshot

_QUERY = re.compile(r"\x1b\[\?\d+\$p")
_RESTORED = b"".join(
    (
        b"\x1b[?2004l\x1b[?7h\x1b[?2048l",  # pasting, wrapping, sizes in band
        b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # the mouse
        b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l",  # keyboard, screen, cursor, focus
    )
)
"""What a terminal is sent that gets its own screen back."""

CATCHES_UP = 0.1
"""Seconds between two looks at whether a terminal reads again."""
DEAF_AFTER = 1.0
"""After so many seconds in which a terminal has taken nothing, nothing more is drawn for it."""
GIVES_UP = 2.0
"""Seconds that the end of the program waits for a terminal that reads nothing."""

LEFT_BEHIND = "left behind"
"""The setting that holds what became of a training after the line dropped, until it is shown."""


def _drawn_on(file: TextIO) -> TextIO:
    """Where the screens go: Textual takes stderr, which may be a file (`dltutor 2> log`)."""
    stdout = sys.__stdout__
    if stdout is None or file.isatty() or not stdout.isatty():
        return file
    return stdout


def tolerant(driver: type[Driver]) -> type[Driver]:
    """The same driver, writing through a `TolerantFile`.

    It also leaves out the questions that some terminals display instead of answering them.

    Without the file, Textual's writer thread would end at the first failed write, and later writes
    would wait for it forever, in the time between the loss of the line and the signal of it.
    """

    class TolerantDriver(driver):  # type: ignore[valid-type, misc]  # chosen by platform
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            file = getattr(self, "_file", None)
            if file is not None:
                self._file = TolerantFile(_drawn_on(file))
            self._asks = answers_queries(os.environ)
            self._asks_width = os.name != "nt"  # Windows draws the signs in question one cell wide
            self._is_behind = False

        @property
        def is_behind(self) -> bool:
            """Whether something was left out that the terminal had no time for."""
            return self._is_behind

        def start_application_mode(self) -> None:
            if isinstance(file := getattr(self, "_file", None), TolerantFile):
                file.begin()
            self._is_behind = False
            super().start_application_mode()
            if self._asks_width and isinstance(file, TolerantFile) and file.isatty():
                self._asks_width = False
                self.write(QUESTION)

        def write(self, data: str) -> None:
            """Hand on what is drawn, or leave it out while the terminal does not keep up.

            Textual would wait for the terminal, and the application with it: no key and no signal
            would be acted on. Once all that waits is read, everything is redrawn.
            """
            # What Textual asks at the start; see `answers_queries`.
            if not self._asks and _QUERY.fullmatch(data):
                return
            if self._is_behind or self._is_deaf:
                if not self._is_behind:
                    self._is_behind = True
                    self._loop.call_later(CATCHES_UP, self._catch_up)
                return
            super().write(data)

        @property
        def _is_deaf(self) -> bool:
            """Whether the terminal has taken nothing for a while, or too much waits for it."""
            thread, file = getattr(self, "_writer_thread", None), getattr(self, "_file", None)
            if thread is None:
                return False
            waited = file.waited if isinstance(file, TolerantFile) else 0.0
            return waited > DEAF_AFTER or bool(thread._queue.full())

        def _catch_up(self) -> None:
            """Redraw everything once the terminal has read what it was sent."""
            thread = getattr(self, "_writer_thread", None)
            if not self._is_behind or not self._app.is_running or thread is None:
                return
            if not thread._queue.empty():
                self._loop.call_later(CATCHES_UP, self._catch_up)
                return
            self._is_behind = False
            self._app.call_later(self._app.refresh, layout=True)

        def give_up(self) -> None:
            """Write no more: the line is lost."""
            if isinstance(file := getattr(self, "_file", None), TolerantFile):
                file.leave()

        def run_input_thread(self) -> None:
            """Read keys. A terminal that is torn away meanwhile has hung up, which is no error.

            The kernel lets a read fail a moment before it sends the signal. Textual would end the
            application, and the training with it.
            """
            try:
                super().run_input_thread()
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                if not self.exit_event.is_set():
                    os.kill(os.getpid(), signal.SIGHUP)

        def close(self) -> None:
            """End the thread that writes, also where the terminal reads nothing."""
            file = getattr(self, "_file", None)
            if isinstance(file, TolerantFile):
                file.end_within(GIVES_UP)
            super().close()
            if not isinstance(file, TolerantFile) or not file.is_patient:
                return
            if file.has_lost or self._is_behind:
                give_back(file.fileno(), None)  # what does it was thrown away, too

        def _sigtstp_application(self, *_signal: Any) -> None:
            """Suspend from the loop: the signal may come while a write holds the lock of its queue,
            and what suspends writes, too."""
            self._soon(super()._sigtstp_application)

        def _sigcont_application(self, *_signal: Any) -> None:
            """Go on from the loop, for the same reason."""
            self._soon(self._go_on)

        def _soon(self, what: Callable[[], None]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nothing is drawn any more
                self._loop.call_soon_threadsafe(what)

        def _go_on(self) -> None:
            """Start the screens again after ctrl+z only, or after `kill -STOP`.

            Whoever loses the terminal is told to go on, too: the kernel sends SIGCONT with SIGHUP.
            To begin once more without an end before would double the threads of the driver.
            """
            if not getattr(self, "_must_signal_resume", True):
                if not _has_terminal(self.fileno):
                    return
                self.suspend_application_mode()
            super()._sigcont_application()

    return TolerantDriver


def _has_terminal(descriptor: int) -> bool:
    """Whether a terminal is still at the other end."""
    import termios

    try:
        termios.tcgetattr(descriptor)
    except (OSError, termios.error):
        return False
    return True


class Line:
    """The connection to the terminal, watched from the event loop; never lost on Windows."""

    def __init__(
        self,
        lost: Callable[[], None],
        ended: Callable[[], None],
        settings: Callable[[], Any] = lambda: None,
        give_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`lost` is called on the event loop when the line drops.

        `ended` is called on SIGTERM, SIGINT and SIGQUIT. `settings` are those of the terminal
        before the program changed them, as termios gives them; None where they are not known.
        `give_up` keeps the driver from writing any more.
        """
        self._lost = lost
        self._ended = ended
        self._settings = settings
        self._give_up = give_up
        self._silence: int | None = None

    def watch(self) -> None:
        """Start listening for the signals."""
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
                loop.add_signal_handler(number, self._ended)
            loop.add_signal_handler(signal.SIGHUP, self._hung_up)

    def unwatch(self) -> None:
        """Restore the default handling of the signals."""
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
                loop.remove_signal_handler(number)
            loop.remove_signal_handler(signal.SIGHUP)

    def _hung_up(self) -> None:
        if self._silence is None:
            terminal = os.dup(2 if os.isatty(2) else 1)
            nothing = os.open(os.devnull, os.O_WRONLY)
            self._give_up()
            for descriptor in (1, 2):
                os.dup2(nothing, descriptor)
            give_back(terminal, self._settings())
            for descriptor in (terminal, nothing):
                os.close(descriptor)
            # A pipe that nobody writes to keeps the thread that reads the keys asleep; /dev/null
            # would wake it again and again, because its end of file can always be read.
            keys, self._silence = os.pipe()
            os.dup2(keys, 0)
            os.close(keys)
        self._lost()

    def release(self) -> None:
        """Wake the thread that reads the keys, so that it can end with the application."""
        if self._silence is not None:
            os.close(self._silence)
            self._silence = None


def give_back(terminal: int, settings: Any) -> None:
    """Restore a terminal that is still there, such as after `kill -HUP`; never waits for it."""
    import termios

    was_blocking = os.get_blocking(terminal)
    os.set_blocking(terminal, False)
    try:
        for _again in range(2):
            with contextlib.suppress(OSError):
                if os.write(terminal, _RESTORED) == len(_RESTORED):
                    break
            discard(terminal)  # there is no room: it has not read what came before
        if settings is not None:
            # Whoever is in the background would be stopped for this.
            masked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
            with contextlib.suppress(OSError, termios.error):
                termios.tcsetattr(terminal, termios.TCSANOW, settings)
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
    finally:
        os.set_blocking(terminal, was_blocking)


def goes_on(state: SessionState) -> bool:
    """Whether a training in this state runs to its end by itself."""
    return state in (SessionState.LOADING, SessionState.RUNNING)


def left_behind(snapshot: Snapshot) -> str:
    """What to tell the learner about a training that went on without a terminal."""
    told = [
        _("The connection dropped while recipe “{recipe}” was training.").format(
            recipe=snapshot.recipe
        )
    ]
    if snapshot.state is SessionState.FINISHED:
        told.append(
            plural(
                "The training continued and finished its {count} epoch.",
                "The training continued and finished all {count} epochs.",
                snapshot.epochs,
            )
        )
    elif snapshot.state is SessionState.PAUSED:
        text = _("The training was paused in epoch {epoch} of {epochs} and is saved.")
        told.append(text.format(epoch=snapshot.epoch + 1, epochs=snapshot.epochs))
    else:
        text = _("The training ended in epoch {epoch} of {epochs}.")
        told += [text.format(epoch=snapshot.epoch + 1, epochs=snapshot.epochs), snapshot.message]
    if snapshot.measured and snapshot.measured[-1].test_accuracy is not None:
        accuracy = f"{snapshot.measured[-1].test_accuracy:.4f}"
        told.append(_("Test accuracy {accuracy}.").format(accuracy=accuracy))
    command = f"`dltutor train {snapshot.recipe} --resume --epochs N`"
    told.append(_("To train further, run {command}.").format(command=command))
    return " ".join(filter(None, told))
