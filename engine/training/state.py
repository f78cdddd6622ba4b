"""The states of a training session. They stand alone, so that naming one loads no NumPy."""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """The state of a training session."""

    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_active(self) -> bool:
        """Whether a training exists that can still continue."""
        return self in (SessionState.LOADING, SessionState.RUNNING, SessionState.PAUSED)
