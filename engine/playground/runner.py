"""A run trained on a thread beside a screen, at a chosen pace."""

from __future__ import annotations

import threading
import time

from engine.playground.points import Points
from engine.playground.run import Frame, Run
from engine.playground.settings import Settings
from engine.refusals import reason
from engine.training.turns import AlwaysFree, Turn

PACES = (1.0, 5.0, 25.0, 100.0, 0.0)
"""Epochs a second; 0 is as fast as the machine can."""
WORK = 0.005
"""Seconds of training between two looks at what is wanted of the thread."""
LONGEST = 0.01
"""Seconds at most that it waits for its next step: so soon it sees a pause, or another pace."""
GIVEN = 0.25
"""Seconds at most that it lets a screen go first: enough for a picture on a slow machine.

Both need the interpreter, so nothing is lost while it rests; side by side, the screen got a fifth.
"""


class Runner:
    """Owns a run: the thread steps it, and whoever holds the lock may step it by hand."""

    def __init__(self, settings: Settings, read: Points | None = None) -> None:
        """Raises UserError where the points do not suit the settings."""
        self.read = read
        self.run = Run(settings, read)
        self.pace = PACES[2]
        self._frame = self.run.frame
        self._is_wanted = False
        """Whether somebody has looked since the frame was made."""
        self.lock = threading.Lock()
        self.turn: Turn = AlwaysFree()
        """Asked by the thread before it trains, and given back at a pause."""
        self._refused = ""
        self._going = threading.Event()
        self._free = threading.Event()
        """Whether no screen is drawing."""
        self._free.set()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def frame(self) -> Frame:
        """The newest one that was made. To look at it asks for the next one.

        The thread makes that one after its next step, so there are never more than are looked at:
        measuring costs as much as a step. At a pause it makes the last one unasked.
        """
        self._is_wanted = True
        return self._frame

    @property
    def is_going(self) -> bool:
        """Whether its thread makes updates, or is to begin with them."""
        return self._going.is_set()

    def take_refusal(self) -> str:
        """Why it could not train when it was last started; empty where it could, and once read."""
        refused, self._refused = self._refused, ""
        return refused

    def restart(self, settings: Settings) -> None:
        """Start over, paused. Raises UserError, and then the old run stays."""
        self.go_on(Run(settings, self.read))

    def go_on(self, run: Run) -> None:
        """Take over another run, paused."""
        self.pause()
        with self.lock:
            self.run = run
            self._frame = run.frame

    def start(self) -> None:
        """Train until it is paused, or the run diverges."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._train, name="playground", daemon=True)
            self._thread.start()
        self._refused = ""
        self._going.set()

    def pause(self) -> None:
        """Stop after the step under way."""
        self._going.clear()

    def give_way(self) -> None:
        """Rest after the step under way, while a screen draws: two at a time are both slow."""
        self._free.clear()

    def go_first(self) -> None:
        """Train again: the screen has drawn."""
        self._free.set()

    def step(self, steps: int) -> None:
        """Pause, and go some steps forward, or back if negative."""
        self.pause()
        with self.lock:
            self.run.go(self.run.state.step + steps)
            self._frame = self.run.frame

    def epoch(self) -> None:
        """Pause, and train to the end of the epoch."""
        self.pause()
        with self.lock:
            self.run.forward_epoch()
            self._frame = self.run.frame

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._going.set()
        if self._thread is not None:
            self._thread.join(1.0)

    def _train(self) -> None:
        owed = 0.0
        before = time.monotonic()
        while True:
            if not self._going.is_set():
                with self.lock:
                    self._look()
                self.turn.give_back()
                self._going.wait()
                before, owed = time.monotonic(), 0.0
            if self._closed.is_set():
                return self.turn.give_back()
            if refused := self._ask():
                self._refused = refused
                self._going.clear()
                continue
            if not self._free.wait(GIVEN):
                self._free.set()
            now = time.monotonic()
            with self.lock:
                run, pace = self.run, self.pace
                owed += (now - before) * pace * run.steps_per_epoch
                before = now
                while self._is_free and time.monotonic() - now < WORK:
                    if pace and owed < 1:
                        break
                    owed -= 1
                    if not run.forward():
                        self._going.clear()
                owed = min(owed, float(run.steps_per_epoch))
                if self._is_wanted:
                    self._look()
            if pace and owed < 1:
                time.sleep(min(LONGEST, (1 - owed) / (pace * run.steps_per_epoch)))

    @property
    def _is_free(self) -> bool:
        return self._going.is_set() and self._free.is_set()

    def _look(self) -> None:
        """Make a frame where the run has moved; by whoever holds the lock."""
        run, last = self.run, self._frame
        if last.flat is not run.state.flat or last.diverged != run.diverged:
            self._is_wanted = False
            self._frame = run.frame

    def _ask(self) -> str:
        """Take a turn unless it is held; why there is none, as a sentence."""
        try:
            return self.turn.take()
        except OSError as error:
            return reason(error)
