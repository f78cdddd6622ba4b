"""A run as it was ordered: a new one, or one that resumes from its checkpoint."""

from __future__ import annotations

from dataclasses import replace

from engine.training.checkpoint import Checkpoint, checkpoint_path, load, restore
from engine.training.loop import Clock, TrainingRun
from engine.training.order import Loader, TrainingOrder, load_task


def begin(
    order: TrainingOrder,
    clock: Clock,
    *,
    load_task: Loader = load_task,
    checkpoint: Checkpoint | None = None,
) -> TrainingRun:
    """The run of `order`, its data loaded; this imports torch.

    `checkpoint` is the one to resume, where it has already been read. Raises CheckpointError where
    it cannot be resumed, and whatever `load_task` raises.
    """
    if order.resume and checkpoint is None:
        checkpoint = load(checkpoint_path(order.recipe.name))
    if checkpoint is not None and checkpoint.synthetic:
        order = replace(order, source=replace(order.source, allow_synthetic=True))
    run = TrainingRun(load_task(order), order.recipe.name, order.settings, clock)
    if checkpoint is not None:
        restore(run, checkpoint)
        run.is_kept = True
    return run
