"""A run trained on a thread beside a screen, at a chosen pace."""

from __future__ import annotations

import threading
import time

from engine.playground.points import Points
from engine.playground.run import Frame, Run
from engine.playground.settings import Settings
from engine.training.turns import AlwaysFree, Turn

PACES = (1.0, 5.0, 25.0, 100.0, 0.0)
"""Epochs a second; 0 is as fast as the machine can."""
WORK, REST = 0.005, 0.001
"""Seconds of training without a pause, and of the pause: the screen is drawn in between."""


class Runner:
    """Owns a run: the thread steps it, and whoever holds the lock may step it by hand."""

    def __init__(self, settings: Settings, read: Points | None = None) -> None:
        """Raises UserError where the points do not suit the settings."""
        self.read = read
        self.run = Run(settings, read)
        self.pace = PACES[2]
        self.frame: Frame = self.run.frame
        self.lock = threading.Lock()
        self.turn: Turn = AlwaysFree()
        """Asked by the thread before it trains, and given back at a pause."""
        self._refused = ""
        self._going = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_going(self) -> bool:
        """Whether it trains."""
        return self._going.is_set()

    def take_refusal(self) -> str:
        """Why it could not train when it was last started; empty where it could, and once read."""
        refused, self._refused = self._refused, ""
        return refused

    def restart(self, settings: Settings) -> None:
        """Begin anew, paused. Raises UserError, and then the old run stays."""
        run = Run(settings, self.read)
        self.pause()
        with self.lock:
            self.run = run
            self.frame = run.frame

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

    def step(self, steps: int) -> None:
        """Pause, and go some steps forward, or back if negative."""
        self.pause()
        with self.lock:
            self.run.go(self.run.state.step + steps)
            self.frame = self.run.frame

    def epoch(self) -> None:
        """Pause, and train to the end of the epoch."""
        self.pause()
        with self.lock:
            self.run.forward_epoch()
            self.frame = self.run.frame

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
                self.turn.give_back()
                self._going.wait()
                before, owed = time.monotonic(), 0.0
            if self._closed.is_set():
                return self.turn.give_back()
            if refused := self._ask():
                self._refused = refused
                self._going.clear()
                continue
            now = time.monotonic()
            with self.lock:
                run = self.run
                owed += (now - before) * self.pace * run.steps_per_epoch
                before = now
                while self._going.is_set() and time.monotonic() - now < WORK:
                    if self.pace and owed < 1:
                        break
                    owed -= 1
                    if not run.forward():
                        self._going.clear()
                owed = min(owed, float(run.steps_per_epoch))
                self.frame = run.frame
            time.sleep(REST)

    def _ask(self) -> str:
        """Take a turn unless it is held; why there is none, as a sentence."""
        try:
            return self.turn.take()
        except OSError as error:
            return str(error)
