"""Checkpoints: a training on disk, saved whole or not at all, resumed bit for bit.

A checkpoint is one safetensors file. Its tensors are the parameters, the state of the optimiser,
the state of the random generator and the history; the JSON in its header holds the rest. Nothing in
it can be executed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.language import _
from engine.replacing import replace_file
from engine.training import plain
from engine.training.digest import sha256_of_arrays, to_array
from engine.training.epochs import metrics_of, metrics_of_old
from engine.training.guess import Guess, as_stored, guess_of
from engine.training.loop import TrainingRun
from engine.training.metrics import History, RunningSums
from engine.training.optimiser_state import OptimiserState
from engine.training.run_files import (
    MOST_BYTES,
    checkpoint_path,
    checkpoints,
    drop_oldest,
    new_name,
)
from engine.training.snapshot import Change, EpochMetrics, Processes, Setting, with_processes

FORMAT = "dltutor checkpoint"
VERSION = 2
"""Version 1, of dltutor 0.1, kept means alone of the history, and train figures during the epoch
alone; it is still read."""
LIVE_SETTINGS = ("epochs", "lr", "threads")
"""Settings that may change during a training; all others determine which run it is."""
ADDED_SETTINGS: Mapping[str, Setting] = {"validation": 0.0, "threads": 1}
"""What was in force in a checkpoint that was saved before there was such a setting."""

LARGEST_FILE = 4 * MOST_BYTES
"""Bytes of a checkpoint: what is larger was not written by this program."""

_PARAMETER = "parameters/"
_OPTIMISER = "optimiser/"
_GENERATOR = "generator"
_HISTORY_STEPS = "history/steps"
_HISTORY_VALUES = "history/values"

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


def parameters_sha256(run: TrainingRun) -> str:
    """The sha256 over names, shapes and little-endian bytes of the parameters, by name."""
    return sha256_of_arrays(_parameters(run))


def _parameters(run: TrainingRun) -> dict[str, Array]:
    return {name: to_array(value) for name, value in run.task.parameters.items()}


def capture(run: TrainingRun) -> Checkpoint:
    """Record the state of `run`; raises DivergenceError where its numbers are not finite."""
    run.collect()
    optimiser = run.task.optimiser_state()
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
        history=run.history.copy(),
        optimiser={name: to_array(value) for name, value in optimiser.tensors.items()},
        optimiser_counters=optimiser.counters,
        run=run.name,
        started_with=dict(run.started_with),
        changes=tuple(run.changes),
        processes=run.processes,
        guess=run.guess,
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
    own = {name: to_array(value) for name, value in run.task.parameters.items()}
    stored_ones = checkpoint.parameters
    if {name: (value.shape, value.dtype) for name, value in own.items()} != {
        name: (value.shape, value.dtype) for name, value in stored_ones.items()
    }:
        raise CheckpointError(
            _(
                "The shapes of the parameters in the checkpoint do not fit this model. Start a new"
                " training."
            )
        )
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
        raise _damaged(checkpoint_path(checkpoint.run))
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
    run.changes = list(checkpoint.changes)
    run.guess = checkpoint.guess
    run.restart_from(epoch=checkpoint.epoch, epoch_step=checkpoint.epoch_step)
    run.processes = with_processes(checkpoint.processes, run.step, run.task.processes)
    run.started_with.setdefault("threads", checkpoint.settings.get("threads", 1))
    run.record(Change(run.step, "epochs", epochs))
    run.learning_rate = rate
    run.threads = threads


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write `checkpoint` to `path`: a reader finds the old file or the new one, never a part.

    Raises OSError where it cannot be written; the old file then stays as it was.
    """
    from safetensors.numpy import save as to_bytes

    steps, values = checkpoint.history.state()
    tensors: dict[str, Array] = {
        _PARAMETER + name: value for name, value in checkpoint.parameters.items()
    }
    tensors |= {_OPTIMISER + name: value for name, value in checkpoint.optimiser.items()}
    tensors[_GENERATOR] = checkpoint.generator_state
    tensors[_HISTORY_STEPS] = np.array(steps, dtype=np.int64)
    tensors[_HISTORY_VALUES] = np.array(values, dtype=np.float64)
    state = json.dumps(
        {
            "recipe": checkpoint.recipe,
            "settings": checkpoint.settings,
            "dataset": checkpoint.dataset,
            "synthetic": checkpoint.synthetic,
            "fingerprint": checkpoint.fingerprint,
            "epoch": checkpoint.epoch,
            "epoch_step": checkpoint.epoch_step,
            "seconds": checkpoint.seconds,
            "epoch_seconds": checkpoint.epoch_seconds,
            "sums": asdict(checkpoint.sums),
            "optimiser_counters": checkpoint.optimiser_counters,
            "measured": [asdict(metrics) for metrics in checkpoint.measured],
            "run": checkpoint.run,
            "started_with": checkpoint.started_with,
            "changes": [asdict(change) for change in checkpoint.changes],
            "processes": checkpoint.processes,
            "guess": as_stored(checkpoint.guess),
        },
        allow_nan=False,
    )
    header = {
        "format": FORMAT,
        "version": str(VERSION),
        "state": state,
        "sha256": _seal(tensors, state),
    }
    replace_file(path, to_bytes(tensors, header), durable=True)


def keep(run: TrainingRun) -> None:
    """Save `run` as its own checkpoint; raises OSError where it cannot be written.

    Checkpoints of older runs beyond the limits of `run_files` are removed.
    """
    run.name = run.name or new_name(run.recipe)
    path = checkpoint_path(run.name)
    is_new = not path.exists()
    save(capture(run), path)
    if is_new:
        drop_oldest(run.recipe, keep=run.name)


def to_resume(recipe: str) -> Checkpoint:
    """The checkpoint from which `recipe` resumes: that of its latest unfinished run.

    Where all runs are finished, it is the latest: more epochs extend it. A damaged file is passed
    over while there is another. Raises CheckpointError where none can be read.
    """
    paths = checkpoints(recipe)
    unfinished = [path for path in paths if _is_unfinished(path)]
    trouble: CheckpointError | None = None
    for path in (*unfinished, *(path for path in paths if path not in unfinished)):
        try:
            return load(path)
        except CheckpointError as error:
            trouble = trouble or error
    raise trouble or CheckpointError(
        _("There is no checkpoint to resume for {recipe}. Train it without resuming first.").format(
            recipe=recipe
        )
    )


def _is_unfinished(path: Path) -> bool:
    """Whether epochs are left to train, by the header alone; False where it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            state = json.loads((file.metadata() or {})["state"])
        return bool(state["epoch"] < state["settings"]["epochs"])
    except (OSError, SafetensorError, *plain.NOT_WHOLE):
        return False


def load(path: Path) -> Checkpoint:
    """Read the checkpoint at `path`; raises CheckpointError where it cannot be read."""
    header, tensors = _read(path)
    if header.get("format") != FORMAT:
        raise _damaged(path)
    version = header.get("version", "")
    # More digits than the number of a version has are damage, and may be too many to read.
    if version.isdecimal() and len(version) < 10 and int(version) > VERSION:
        raise CheckpointError(
            _(
                "The checkpoint {path} was written by a newer dltutor. Update dltutor, or start a"
                " new training."
            ).format(path=path)
        )
    text = header.get("state", "")
    if version not in ("1", str(VERSION)) or header.get("sha256") != _seal(tensors, text):
        raise _damaged(path)
    is_old = version == "1"
    try:
        state = json.loads(text)
        read = metrics_of_old if is_old else metrics_of
        checkpoint = Checkpoint(
            recipe=plain.text(state["recipe"]),
            settings=plain.settings(state["settings"]),
            dataset=plain.text(state["dataset"]),
            synthetic=bool(state["synthetic"]),
            fingerprint=plain.text(state["fingerprint"]),
            epoch=plain.whole(state["epoch"]),
            epoch_step=plain.whole(state["epoch_step"]),
            seconds=plain.number(state["seconds"]),
            epoch_seconds=plain.number(state["epoch_seconds"]),
            sums=_sums(state["sums"]),
            measured=tuple(plain.metrics(read(row)) for row in state["measured"]),
            parameters=_finite(_below(_PARAMETER, tensors)),
            generator_state=tensors[_GENERATOR],
            history=(History.from_means if is_old else History.from_state)(
                tensors[_HISTORY_STEPS].tolist(), tensors[_HISTORY_VALUES].tolist()
            ),
            optimiser=_below(_OPTIMISER, tensors),
            optimiser_counters=plain.counters(state.get("optimiser_counters", {})),
            run=path.stem,
            started_with=plain.settings(state.get("started_with", {})),
            changes=tuple(plain.change(Change(**one)) for one in state.get("changes", ())),
            processes=plain.processes(state.get("processes", [[0, 1]])),
            guess=guess_of(state.get("guess")),
        )
        plain.whole(checkpoint.settings["epochs"], 1)
        if checkpoint.epoch and checkpoint.measured:
            plain.whole(checkpoint.measured[-1].epoch, 1)
    except plain.NOT_WHOLE as error:
        raise _damaged(path) from error
    return checkpoint


def _sums(stored: Mapping[str, object]) -> RunningSums:
    sums = RunningSums(**stored)  # type: ignore[arg-type]  # JSON, checked in the next line
    plain.number(sums.loss)
    plain.whole(sums.correct)
    plain.whole(sums.samples)
    return sums


def _finite(parameters: dict[str, Array]) -> dict[str, Array]:
    """The parameters; raises ValueError where one is not a finite number, TypeError if none is."""
    if not all(bool(np.isfinite(values).all()) for values in parameters.values()):
        raise ValueError("a parameter is not a finite number")
    return parameters


def _below(prefix: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def _seal(tensors: Mapping[str, Array], state: str) -> str:
    """The sha256 of everything in the file, so that a flipped bit is noticed."""
    text = np.frombuffer(state.encode(), dtype=np.uint8)
    return sha256_of_arrays({**tensors, "": text})


def _read(path: Path) -> tuple[dict[str, str], dict[str, Array]]:
    from safetensors import SafetensorError, safe_open

    if path.exists() and (not path.is_file() or path.stat().st_size > LARGEST_FILE):
        raise _damaged(path)
    if not path.is_file():
        raise CheckpointError(
            _(
                "There is no checkpoint to resume: {path} does not exist. Train the recipe without"
                " resuming first."
            ).format(path=path)
        )
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, *plain.NOT_WHOLE) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> CheckpointError:
    return CheckpointError(
        _(
            "The checkpoint {path} is damaged or cut short, or is not a checkpoint of dltutor."
            " Start a new training, or resume another run."
        ).format(path=path)
    )
