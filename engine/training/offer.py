"""What a kept checkpoint has to offer: how far it is, of when, and whether there is more to do.

Importing this never imports torch; looking at a checkpoint does not either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.training.snapshot import Setting


@dataclass(frozen=True, slots=True)
class Offer:
    """A training that can go on from its checkpoint."""

    recipe: str
    settings: Mapping[str, Setting]
    """Those it was trained with."""
    dataset: str
    epoch: int
    """Finished epochs."""
    epochs: int
    step: int
    """Updates made."""
    total_steps: int | None
    """None where no epoch is finished: then nobody has counted how many updates one has."""
    saved: datetime
    """Local time."""
    size_bytes: int

    @property
    def is_unfinished(self) -> bool:
        """Whether epochs are left to train."""
        return self.epoch < self.epochs


def look(recipe: str) -> Offer | None:
    """What the checkpoint of `recipe` offers; None where there is none.

    Raises CheckpointError with a sentence where it cannot be read.
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
