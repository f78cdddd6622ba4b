"""A note of each new run, so that one that is killed before its first checkpoint is told of."""

from __future__ import annotations

from engine.training.loop import TrainingRun
from engine.training.observe import observe
from engine.training.runs import RunStore, kept_run
from engine.training.snapshot import SessionState


def note(run: TrainingRun) -> None:
    """Keep what a new run was begun with, under the name that is reserved for it."""
    if run.name and run.step == 0:
        RunStore().begin(kept_run(observe(run, SessionState.LOADING)))
