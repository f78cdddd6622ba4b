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
    run: str
    """The name of the run."""
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
    """What the latest unfinished run of `recipe` offers, else its latest; None without runs.

    Raises CheckpointError where no checkpoint can be read.
    """
    from engine.training.keeping import to_resume
    from engine.training.run_files import checkpoint_path, checkpoints, moment_of

    if not checkpoints(recipe):
        return None
    checkpoint = to_resume(recipe)
    try:
        status = checkpoint_path(checkpoint.run).stat()
    except OSError:
        return None
    epochs = int(checkpoint.settings["epochs"])
    step, total = checkpoint.epoch_step, None
    if checkpoint.epoch and checkpoint.measured:
        last = checkpoint.measured[-1]
        per_epoch = last.step // last.epoch
        step, total = last.step + checkpoint.epoch_step, epochs * per_epoch
    return Offer(
        recipe=checkpoint.recipe,
        run=checkpoint.run,
        settings=dict(checkpoint.settings),
        dataset=checkpoint.dataset,
        epoch=checkpoint.epoch,
        epochs=epochs,
        step=step,
        total_steps=total,
        saved=moment_of(status.st_mtime_ns).astimezone(),
        size_bytes=status.st_size,
    )
