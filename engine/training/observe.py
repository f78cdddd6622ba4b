"""Makes the immutable `Snapshot` that a screen reads from a run that keeps changing."""

from __future__ import annotations

from types import MappingProxyType

from engine.training.film import Film
from engine.training.loop import TrainingRun
from engine.training.snapshot import Panels, SessionState, Snapshot, processes_until

NOTHING = Panels()


def observe(
    run: TrainingRun,
    state: SessionState,
    *,
    message: str = "",
    panels: Panels = NOTHING,
) -> Snapshot:
    """The present state of `run`; to be called between two updates by whoever iterates it.

    It collects the pending measurements from the device. Raises DivergenceError.
    """
    run.collect()
    rate = run.samples_seen / run.seconds if run.seconds > 0 else 0.0
    left = run.task.train_samples * run.epochs - run.samples_seen
    return Snapshot(
        state=state,
        message=message,
        recipe=run.recipe,
        run=run.name,
        started_with=MappingProxyType(run.started_with),
        changes=tuple(run.changes),
        processes=processes_until(run.processes, run.step),
        settings=MappingProxyType(run.settings),
        device=str(run.task.device),
        dataset=run.task.dataset,
        synthetic=run.task.synthetic,
        train_samples=run.task.train_samples,
        test_samples=run.task.test_samples,
        validation_samples=run.task.validation_samples,
        probe_samples=run.task.probe_samples,
        epoch=run.epoch,
        epochs=run.epochs,
        step=run.step,
        total_steps=run.total_steps,
        seconds=run.seconds,
        samples_per_second=rate,
        seconds_left=left / rate if rate > 0 else None,
        losses=run.history.curve(),
        measured=tuple(run.measured),
        parameters=run.task.rows(),
        gallery=panels.gallery,
        confusion=panels.confusion,
        weights=panels.weights,
        board=panels.board,
        worst=panels.worst,
        layers=run.task.layers,
        classes=run.task.classes,
        film=run.reel.film if run.reel else Film(),
        guess=run.guess,
        data_dir=run.data_dir,
        insights=run.watch.insights,
    )
