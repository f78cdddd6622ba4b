"""What makes pictures of the program the same at each making: home, seed, moments, clock."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from unittest.mock import patch

from engine.training import runs
from engine.training.events import EventHandler, Session
from engine.training.session import TrainingSession
from tui.services import keep_checkpoint


def counted_session(on_event: EventHandler) -> Session:
    """A training whose seconds are how often it looked at the clock."""
    readings = count()
    return TrainingSession(
        on_event, keep=keep_checkpoint, clock=lambda: next(readings) / 1000, snapshot_interval=0
    )


class _Seconds(datetime):
    """Moments that are the same in each process: runs are told apart by when they ended."""

    passed = 0

    @classmethod
    def now(cls, tz: object = None) -> _Seconds:
        cls.passed += 1
        return cls(2026, 1, 1, 12, 0, cls.passed % 60, tzinfo=UTC)


@contextmanager
def alone(*, no_colour: bool = False) -> Iterator[Path]:
    """An empty home without images, the same seed and moment, and a terminal with all colours."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ):
        for name in ("NO_COLOR", "DLTUTOR_DATA", "SSH_CONNECTION", "SSH_TTY"):
            os.environ.pop(name, None)
        for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "DLTUTOR_LANG": "en"}
        if no_colour:
            os.environ["NO_COLOR"] = "1"
        random.seed(0)
        _Seconds.passed = 0
        with (
            patch.object(runs, "datetime", _Seconds),
            patch("lessons.learner.seed.new_seed", lambda: ""),
            patch.dict("engine.data.search.SYSTEM_FOLDERS", {}, clear=True),
        ):
            yield Path(folder)
