"""One training of a sweep: trained from its first update to its last, and what came of it.

Importing this never imports torch.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.run_files import checkpoint_path, record_path, release
from engine.training.snapshot import EpochMetrics, SessionState, Setting

if TYPE_CHECKING:
    from engine.training.loop import Clock, TrainingRun

LONGEST_UNSAVED = 10.0
"""Seconds after which a checkpoint is saved in the middle of a trial."""
SEED = "seed"


class TrialStatus(StrEnum):
    """How a trial ended."""

    FINISHED = "finished"
    DIVERGED = "diverged"
    """A loss or a parameter was no longer a finite number."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one training of a sweep."""

    recipe: str
    settings: Mapping[str, Setting]
    """All settings, the seed among them."""
    status: TrialStatus
    run: str
    """The name under which it is kept; empty where it is not."""
    epoch: int
    """Finished epochs."""
    step: int
    seconds: float
    measured: tuple[EpochMetrics, ...]
    device: str
    synthetic: bool
    data_sha256: str
    error: str = ""
    """What happened, in sentences: of a trial that failed or diverged, or could not be saved."""
    reused: bool = False
    """Whether it was trained by an earlier sweep or training."""

    @property
    def last(self) -> EpochMetrics | None:
        """What was measured at the end; None where that was before the first epoch was over."""
        return self.measured[-1] if self.measured and self.measured[-1].epoch else None

    @property
    def point(self) -> dict[str, Setting]:
        """The settings without the seed: trials with the same ones are compared over seeds."""
        return {name: value for name, value in self.settings.items() if name != SEED}


def train_trial(
    order: TrainingOrder,
    clock: Clock,
    *,
    keep: bool,
    on_begin: Callable[[Trial], None] = lambda _trial: None,
    on_update: Callable[[TrainingRun], None] = lambda _run: None,
    stopping: Callable[[], bool] = lambda: False,
    load_task: Loader = load_task,
) -> Trial:
    """Train what is ordered; `keep` gives it a name, a checkpoint and a record like any other run.

    `on_begin` is called with what a kept trial leaves behind if it is killed, `on_update` after
    each update; `stopping` ends the trial in the middle. A training that diverges or fails gives a
    trial that says so; missing data raises DataMissing.
    """
    from engine.training.begin import begin

    run = begin(order, clock, load_task=load_task, name=None if keep else "")
    if not keep:
        return _train(run, order, clock, False, on_update, stopping)
    from engine.training import underway
    from engine.training.begun import note
    from engine.training.keeping import take

    take(run)
    note(run)
    on_begin(replace(_trial(run, order, TrialStatus.INTERRUPTED), run=run.name, measured=()))
    try:
        return _train(run, order, clock, True, on_update, stopping)
    finally:
        underway.end(run.recipe)


def _train(
    run: TrainingRun,
    order: TrainingOrder,
    clock: Clock,
    keep: bool,
    on_update: Callable[[TrainingRun], None],
    stopping: Callable[[], bool],
) -> Trial:
    from engine.training.divergence import DivergenceError
    from engine.training.keeping import keep as save
    from engine.training.loop import train
    from engine.training.worker import explain

    status, error, saved = TrialStatus.FINISHED, "", clock()
    try:
        for _metrics in train(run):
            on_update(run)
            if run.epoch < run.epochs and stopping():
                status = TrialStatus.INTERRUPTED
                break
            if keep and clock() - saved >= LONGEST_UNSAVED:
                with contextlib.suppress(OSError):  # the last one is told of
                    save(run)
                saved = clock()
    except DivergenceError as trouble:
        status, error = TrialStatus.DIVERGED, str(trouble)
    except Exception as trouble:  # of one trial: the others may have memory enough
        status, error = TrialStatus.FAILED, explain(trouble)
    if not keep:
        return _trial(run, order, status, error)
    refused = _keep(run, status)
    found = _trial(run, order, status, error or refused)
    there = record_path(run.name).exists() or checkpoint_path(run.name).exists()
    return replace(found, run=run.name) if there else found


def _trial(run: TrainingRun, order: TrainingOrder, status: TrialStatus, error: str = "") -> Trial:
    """What has come of `run` so far, as one that is not kept."""
    return Trial(
        recipe=run.recipe,
        settings=dict(order.settings),
        status=status,
        run="",
        epoch=run.epoch,
        step=run.step,
        seconds=run.seconds,
        measured=tuple(run.measured),
        device=str(run.task.device),
        synthetic=run.task.synthetic,
        data_sha256=run.task.data_sha256,
        error=error,
    )


_STATES = {
    TrialStatus.FINISHED: SessionState.FINISHED,
    TrialStatus.INTERRUPTED: SessionState.STOPPED,
}


def _keep(run: TrainingRun, status: TrialStatus) -> str:
    """Keep the checkpoint and the record; where no update was made, nothing stays.

    Returns what to tell where the disk refuses the checkpoint.
    """
    from engine.training.checkpoint import parameters_sha256
    from engine.training.keeping import can_be_kept
    from engine.training.keeping import keep as save
    from engine.training.observe import observe
    from engine.training.runs import RunStore, is_worth_keeping, kept_run
    from engine.training.unsaved import not_saved

    refused = ""
    if can_be_kept(run):
        try:
            save(run)
        except OSError as error:
            refused = not_saved(run.name, error, is_over=True)
    snapshot = replace(
        observe(run, _STATES.get(status, SessionState.FAILED)),
        data_sha256=run.task.data_sha256,
        parameters_sha256=parameters_sha256(run),
    )
    if is_worth_keeping(snapshot):
        RunStore().add(kept_run(snapshot))
    else:
        release(run.name)
    return refused
