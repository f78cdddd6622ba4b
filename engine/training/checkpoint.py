"""Checkpoints: all the state of a training, taken from a run and put back bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.language import _
from engine.training.digest import sha256_of_arrays, to_array
from engine.training.guess import Guess
from engine.training.loop import TrainingRun
from engine.training.metrics import History, RunningSums
from engine.training.optimiser_state import OptimiserState
from engine.training.run_files import checkpoint_path
from engine.training.snapshot import Change, EpochMetrics, Processes, Setting, with_processes
from engine.training.task import Task
from engine.training.watch_memory import Memory

LIVE_SETTINGS = ("epochs", "lr", "threads")
"""Settings that may change during a training; all others determine which run it is."""
ADDED_SETTINGS: Mapping[str, Setting] = {"validation": 0.0, "threads": 1}
"""What was in force in a checkpoint that was saved before there was such a setting."""

Array = npt.NDArray[np.generic]


class CheckpointError(UserError):
    """A checkpoint is missing, damaged, or belongs to another training."""


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that a training needs to continue exactly as if it had never stopped."""

    recipe: str
    settings: dict[str, Setting]
    """The settings in force, including a changed learning rate."""
    dataset: str
    synthetic: bool
    fingerprint: str
    """The sha256 of the training data."""
    epoch: int
    epoch_step: int
    seconds: float
    epoch_seconds: float
    sums: RunningSums
    """The sums of the current epoch."""
    measured: tuple[EpochMetrics, ...]
    parameters: dict[str, Array]
    generator_state: Array
    """The state before the current epoch was shuffled, uint8."""
    history: History
    optimiser: dict[str, Array] = field(default_factory=dict)
    """The state of the optimiser, as in `OptimiserState.tensors`."""
    optimiser_counters: dict[str, int] = field(default_factory=dict)
    run: str = ""
    """The name of the run."""
    started_with: dict[str, Setting] = field(default_factory=dict)
    """The settings at the first update; empty in a checkpoint of version 0.1."""
    changes: tuple[Change, ...] = ()
    """What was changed since."""
    processes: Processes = ((0, 1),)
    """From which step on how many processes trained it; the state is the same for any number."""
    guess: Guess = field(default_factory=Guess)
    data_dir: str = ""
    """The folder that was named for its images; empty where they lie in the usual places."""
    watched: Memory = field(default_factory=Memory)
    """What is known of the inside of the model."""
    parameters_sha256: str = ""
    """That of the parameters, where it was read from a file; one of an older version lacks it."""


def parameters_sha256(run: TrainingRun) -> str:
    """The sha256 over names, shapes and little-endian bytes of the parameters, by name."""
    return sha256_of_arrays(_parameters(run))


def _parameters(run: TrainingRun) -> dict[str, Array]:
    return {name: to_array(value) for name, value in run.task.parameters.items()}


def capture(run: TrainingRun) -> Checkpoint:
    """Record the state of `run`; raises DivergenceError where its numbers are not finite."""
    run.collect()
    optimiser = run.task.optimiser_state()
    history = run.history.copy()
    history.forget_after(run.step)  # after a divergence, it still holds what led there
    return Checkpoint(
        recipe=run.recipe,
        settings=run.settings,
        dataset=run.task.dataset,
        synthetic=run.task.synthetic,
        fingerprint=run.task.data_sha256,
        epoch=run.epoch,
        epoch_step=run.epoch_step,
        seconds=run.seconds,
        epoch_seconds=run.epoch_seconds,
        sums=RunningSums(run.sums.loss, run.sums.correct, run.sums.samples),
        measured=tuple(run.measured),
        parameters=_parameters(run),
        generator_state=to_array(run.epoch_generator_state),
        history=history,
        optimiser={name: to_array(value) for name, value in optimiser.tensors.items()},
        optimiser_counters=optimiser.counters,
        run=run.name,
        started_with=dict(run.started_with),
        changes=tuple(change for change in run.changes if change.step <= run.step),
        processes=run.processes,
        guess=run.guess,
        data_dir=run.data_dir,
        watched=run.watch.memory,
    )


def refuse_other_shapes(task: Task, checkpoint: Checkpoint) -> None:
    """Raise CheckpointError where its parameters are not those of the model, by name and shape."""
    own = {name: to_array(value) for name, value in task.parameters.items()}
    stored = checkpoint.parameters
    if {name: (value.shape, value.dtype) for name, value in own.items()} != {
        name: (value.shape, value.dtype) for name, value in stored.items()
    }:
        raise CheckpointError(
            _(
                "The shapes of the parameters in the checkpoint do not fit this model. Start a new"
                " training."
            )
        )


def restore(run: TrainingRun, checkpoint: Checkpoint) -> None:
    """Bring a new run to the point where `checkpoint` was taken.

    The run keeps its own epochs and learning rate. Raises CheckpointError, and leaves the run as it
    was, where the recipe, the settings, the data or the shapes of the checkpoint are different.
    """
    import torch

    if checkpoint.recipe != run.recipe:
        raise CheckpointError(
            _(
                "This checkpoint belongs to the recipe {stored!r}, not to {wanted!r}. Resume the"
                " recipe that it belongs to."
            ).format(stored=checkpoint.recipe, wanted=run.recipe)
        )
    for name, value in run.settings.items():
        stored = checkpoint.settings.get(name, ADDED_SETTINGS.get(name))
        if name not in LIVE_SETTINGS and stored != value:
            raise CheckpointError(
                _(
                    "The checkpoint was trained with {name} {stored}, not {value}. Resume with"
                    " {name} {stored}, or start a new training."
                ).format(name=name, stored=stored, value=value)
            )
    if checkpoint.fingerprint != run.task.data_sha256:
        raise CheckpointError(
            _(
                "The checkpoint was trained on different data ({dataset}). Resume with the same"
                " data, or start a new training."
            ).format(dataset=checkpoint.dataset)
        )
    refuse_other_shapes(run.task, checkpoint)
    done = checkpoint.epoch + (checkpoint.epoch_step > 0)
    if run.epochs < done:
        raise CheckpointError(
            _(
                "The checkpoint is already in epoch {epoch}. To resume it, set epochs to {epoch} or"
                " more."
            ).format(epoch=done)
        )
    generator_state = torch.from_numpy(checkpoint.generator_state.copy())
    try:
        torch.Generator().set_state(generator_state)
        is_known = bool(generator_state.any()) and checkpoint.epoch_step < run.steps_per_epoch
    except (RuntimeError, TypeError, ValueError):
        is_known = False
    if not is_known:
        raise damaged(checkpoint_path(checkpoint.run))
    remembered = {
        name: torch.from_numpy(values.copy()) for name, values in checkpoint.optimiser.items()
    }
    try:
        run.task.restore_optimiser(OptimiserState(remembered, checkpoint.optimiser_counters))
    except (ValueError, RuntimeError, TypeError) as error:
        raise CheckpointError(
            _(
                "The checkpoint was trained with a different optimiser than this training. Start a"
                " new training."
            )
        ) from error
    with torch.no_grad():
        for name, values in checkpoint.parameters.items():
            run.task.parameters[name].copy_(torch.from_numpy(values.copy()))
    run.epoch_generator_state = generator_state
    run.task.generator.set_state(run.epoch_generator_state)
    run.seconds, run.epoch_seconds = checkpoint.seconds, checkpoint.epoch_seconds
    sums = checkpoint.sums
    run.sums = RunningSums(sums.loss, sums.correct, sums.samples)
    run.history = checkpoint.history.copy()
    run.measured = list(checkpoint.measured)
    epochs, rate, threads = run.epochs, run.learning_rate, run.threads
    run.name = checkpoint.run or run.name
    run.started_with = dict(checkpoint.started_with or checkpoint.settings)
    run.guess, run.data_dir = checkpoint.guess, checkpoint.data_dir
    run.restart_from(epoch=checkpoint.epoch, epoch_step=checkpoint.epoch_step)
    run.changes = list(checkpoint.changes)
    run.processes = with_processes(checkpoint.processes, run.step, run.task.processes)
    if "threads" in run.settings:  # not all recipes have this setting
        run.started_with.setdefault("threads", checkpoint.settings.get("threads", 1))
    run.record(Change(run.step, "epochs", epochs))
    run.learning_rate = rate
    run.threads = threads
    run.watch.recall(checkpoint.watched)


def damaged(path: Path) -> CheckpointError:
    """The error that says that the file at `path` cannot be read."""
    return CheckpointError(
        _(
            "The checkpoint {path} is damaged or cut short, or is not a checkpoint of dltutor."
            " Start a new training, or resume another run."
        ).format(path=path)
    )
