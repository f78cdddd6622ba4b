"""A note of each new run, so that one that is killed before its first checkpoint is told of.

It has the settings at the first update, and what was changed since: from these it is begun again.
"""

from __future__ import annotations

from engine.training.loop import TrainingRun
from engine.training.observe import observe
from engine.training.run_files import checkpoint_path
from engine.training.runs import RunStore, kept_run
from engine.training.snapshot import SessionState


def note(run: TrainingRun) -> None:
    """Keep what a run was begun with, and its changes, as long as it has no checkpoint."""
    if run.name and not checkpoint_path(run.name).exists():
        RunStore().begin(kept_run(observe(run, SessionState.LOADING)))
