"""Trials that were trained before, so that an interrupted sweep goes on where it was.

Two sources: the kept runs, whoever trained them, and the list of the trials of earlier sweeps. That
outlives the kept runs, of which only the latest stay, and knows trials that were never kept.
"""

from __future__ import annotations

from dataclasses import replace

from engine.training import trial_list
from engine.training.archive import entries
from engine.training.checkpoint import CheckpointError
from engine.training.checkpoint_file import load
from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.runs import KeptRun
from engine.training.trial import Trial, TrialStatus
from engine.training.underway import RUNNING


class TrialStore:
    """What earlier sweeps and trainings of one recipe have found."""

    def __init__(self, recipe: str, load_task: Loader = load_task) -> None:
        self._recipe = recipe
        self._load_task = load_task
        self._listed = trial_list.read(recipe)
        self._entries = {entry.name: entry for entry in entries([recipe])}
        kept = [entry.run for entry in self._entries.values()]
        self._kept = [trial for run in kept if (trial := _of_run(run)) is not None]
        self._data: set[str] = set()

    def find(self, order: TrainingOrder) -> Trial | None:
        """The finished or diverged trial with the settings, the device and the data of `order`.

        One that was interrupted is given too, if it can go on from its checkpoint as it was.
        """
        for trial in (*reversed(self._listed), *self._kept):
            if dict(trial.settings) != dict(order.settings):
                continue
            if not self._is_usable(trial) or not self._fits(trial, order):
                continue
            run = trial.run if trial.run in self._entries else ""
            # That the disk refused it then is no news.
            error = "" if trial.status is TrialStatus.FINISHED else trial.error
            return replace(trial, reused=True, run=run, error=error)
        return None

    def add(self, trial: Trial) -> None:
        """Remember a trial; a disk that refuses is left alone."""
        self._listed.append(trial)
        trial_list.append(trial)

    def _is_usable(self, trial: Trial) -> bool:
        if trial.status is TrialStatus.INTERRUPTED:
            return self._can_go_on(trial)
        return trial.status in (TrialStatus.FINISHED, TrialStatus.DIVERGED)

    def _can_go_on(self, trial: Trial) -> bool:
        """Whether there is a whole checkpoint of it, which its owner has not changed since."""
        entry = self._entries.get(trial.run)
        if entry is None or entry.checkpoint is None or entry.run.state == RUNNING:
            return False
        begun = dict(entry.run.started_with or entry.run.settings)
        if entry.run.changes or begun != dict(trial.settings):
            return False
        try:
            load(entry.checkpoint)
        except CheckpointError:
            return False
        return True

    def _fits(self, trial: Trial, order: TrainingOrder) -> bool:
        """Whether the device and the data are the same; the data are loaded to see that."""
        from engine.devices import choose

        if trial.device != str(choose(order.source.device)):
            return False
        if trial.data_sha256 not in self._data:
            self._data.add(self._load_task(order).data_sha256)
        return trial.data_sha256 in self._data


def _of_run(run: KeptRun) -> Trial | None:
    """A kept run as a trial; None where it was changed on the way, or did not run to its end.

    An interrupted one is its owner's: it is not continued by a sweep.
    """
    diverged = run.state == "failed" and bool(run.losses.not_finite)
    if run.changes or not (diverged or (run.state == "finished" and run.is_whole)):
        return None
    return Trial(
        recipe=run.recipe,
        settings=dict(run.started_with or run.settings),
        status=TrialStatus.DIVERGED if diverged else TrialStatus.FINISHED,
        run=run.run,
        epoch=run.epoch,
        step=run.step,
        seconds=run.seconds,
        measured=run.measured,
        device=run.device,
        synthetic=run.synthetic,
        data_sha256=run.data_sha256,
    )
