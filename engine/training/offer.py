"""What a checkpoint offers: how far it got, when it was saved, and whether epochs are left.

Neither importing this nor looking at a checkpoint imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.training.snapshot import Setting


@dataclass(frozen=True, slots=True)
class Offer:
    """A training that can resume from its checkpoint."""

    recipe: str
    settings: Mapping[str, Setting]
    """The settings it was trained with."""
    dataset: str
    epoch: int
    """Finished epochs."""
    epochs: int
    step: int
    """Updates made."""
    total_steps: int | None
    """None before the first epoch is finished: the number of updates in one is not known yet."""
    saved: datetime
    """Local time."""
    size_bytes: int

    @property
    def is_unfinished(self) -> bool:
        """Whether epochs are left to train."""
        return self.epoch < self.epochs


def look(recipe: str) -> Offer | None:
    """What the checkpoint of `recipe` offers; None where there is none.

    Raises CheckpointError where it cannot be read.
    """
    from engine.training.checkpoint import checkpoint_path, load

    path = checkpoint_path(recipe)
    try:
        status = path.stat()
    except OSError:
        return None
    checkpoint = load(path)
    epochs = int(checkpoint.settings["epochs"])
    step, total = checkpoint.epoch_step, None
    if checkpoint.measured:
        last = checkpoint.measured[-1]
        per_epoch = last.step // last.epoch
        step, total = last.step + checkpoint.epoch_step, epochs * per_epoch
    return Offer(
        recipe=checkpoint.recipe,
        settings=dict(checkpoint.settings),
        dataset=checkpoint.dataset,
        epoch=checkpoint.epoch,
        epochs=epochs,
        step=step,
        total_steps=total,
        saved=datetime.fromtimestamp(status.st_mtime).astimezone(),
        size_bytes=status.st_size,
    )
