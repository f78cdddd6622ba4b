"""What a training session tells its owner, and what an owner may ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from engine.training.state import SessionState

if TYPE_CHECKING:
    from engine.training.order import TrainingOrder
    from engine.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class StateChanged:
    """Posted by the training thread each time the state of the session changes."""

    state: SessionState
    message: str = ""
    """A whole sentence where there is something to say, such as why it failed; else empty."""
    error: Exception | None = None
    """The exception where the state is FAILED; after `DataMissing` the learner has a choice."""


EventHandler: TypeAlias = Callable[[StateChanged], None]
"""Called on the training thread: it may only post, never wait."""


class Session(Protocol):
    """The one training that an application owns (`engine.training.session.TrainingSession`)."""

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; reading it never waits."""

    def start(self, order: TrainingOrder) -> None:
        """Begin what is ordered; a training in progress is stopped first.

        Where the checkpoint to resume cannot be read, or belongs to other settings or data, the
        training fails with a CheckpointError.
        """

    def pause(self) -> None:
        """Wait before the next step."""

    def resume(self) -> None:
        """Let the training go on after a pause."""

    def step(self) -> None:
        """Make one update, then wait."""

    def run_epoch(self) -> None:
        """Continue to the end of the epoch, then wait."""

    def stop(self) -> None:
        """Ask the training to end; what it has learned so far stays in the snapshot."""

    def forget(self) -> None:
        """Show nothing again, as before the first training; does nothing while one is active."""

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next update on."""

    def close(self, timeout: float = 5.0) -> bool:
        """Stop and wait at most `timeout` seconds for the thread; return whether it ended."""
