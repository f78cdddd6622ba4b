"""What the application takes from the engine; tests replace it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from engine.training.events import EventHandler, Session
    from engine.training.loop import TrainingRun

SessionMaker: TypeAlias = "Callable[[EventHandler], Session]"


def real_session(on_event: EventHandler) -> Session:
    """The training of the application, with checkpoints on disk; torch is not imported yet."""
    from engine.training.session import TrainingSession

    return TrainingSession(on_event, keep=keep_checkpoint)


def keep_checkpoint(run: TrainingRun) -> None:
    """Save a checkpoint on disk; raises OSError."""
    from engine.training.keeping import keep

    keep(run)


def real_devices() -> Sequence[str]:
    """Names of the devices of this machine; imports torch."""
    from engine.devices import available_devices

    return [device.name for device in available_devices()]


def import_torch() -> None:
    """Import torch ahead of time; a broken installation is reported where torch is needed."""
    try:
        import torch  # noqa: F401
    except Exception:
        return
    # Else each search for cycles goes through all of torch: 0.2 s in which no key is answered.
    gc.freeze()
