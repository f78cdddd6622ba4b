"""What a training session tells its owner, and what an owner may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from engine.training.snapshot import SessionState, Setting, Snapshot


@dataclass(frozen=True, slots=True)
class StateChanged:
    """Posted by the engine thread each time the state of the session changes."""

    state: SessionState
    message: str = ""
    """A whole sentence where there is something to say (why it failed), else empty."""
    error: Exception | None = None
    """What was raised, where the state is FAILED; `DataMissing` asks for a choice."""


EventHandler: TypeAlias = Callable[[StateChanged], None]
"""Called on the engine thread: it may only post, never wait."""


class Session(Protocol):
    """The one training that an application owns (`engine.training.session.TrainingSession`)."""

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; reading it never waits."""

    def start(
        self,
        recipe: str,
        settings: Mapping[str, Setting],
        *,
        device: str = "auto",
        data_dir: Path | None = None,
        allow_synthetic: bool = False,
        paused: bool = False,
        resume: bool = False,
    ) -> None:
        """Begin to train `recipe`; a training that is under way is stopped first.

        `allow_synthetic` takes the built-in glyph set instead of an image set; `paused` loads and
        waits before the first step; `resume` goes on, bit by bit, from the checkpoint that is kept
        of the recipe. A checkpoint that cannot be read, or was made with other settings or data,
        fails with a CheckpointError.
        """

    def pause(self) -> None:
        """Wait before the next step."""

    def resume(self) -> None:
        """Go on."""

    def step(self) -> None:
        """Make one update, then wait."""

    def run_epoch(self) -> None:
        """Go on to the end of the epoch, then wait."""

    def stop(self) -> None:
        """Ask the training to end; what is learned so far stays in the snapshot."""

    def set_learning_rate(self, value: float) -> None:
        """Use `value` from the next update on."""

    def close(self, timeout: float = 5.0) -> bool:
        """Stop and wait at most `timeout` seconds for the thread; whether it ended."""
