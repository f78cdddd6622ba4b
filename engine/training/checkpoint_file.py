"""The file of a checkpoint: written whole or not at all, and checked when it is read.

A checkpoint is one safetensors file. Its tensors are the parameters, the state of the optimiser,
the state of the random generator and the history; the JSON in its header holds the rest. Nothing in
it can be executed.

What a list of runs shows is in a small part of the file, its outline, which has a seal of its own:
the parameters, which may be many megabytes, are read only where a run is used.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.language import _
from engine.replacing import replace_file
from engine.training import plain
from engine.training.checkpoint import Array, Checkpoint, CheckpointError, damaged
from engine.training.digest import sha256_of_arrays
from engine.training.epochs import metrics_of, metrics_of_old
from engine.training.guess import as_stored, guess_of
from engine.training.metrics import History, RunningSums
from engine.training.run_files import MOST_BYTES, checkpoints
from engine.training.snapshot import Change
from engine.training.underway import is_running
from engine.training.watch_memory import Memory, from_bytes, to_bytes

FORMAT = "dltutor checkpoint"
VERSION = 2
"""Version 1, of dltutor 0.1, kept means alone of the history, and train figures during the epoch
alone; it is still read."""

LARGEST_FILE = 4 * MOST_BYTES
"""Bytes of a checkpoint: what is larger was not written by this program."""

_PARAMETER = "parameters/"
_OPTIMISER = "optimiser/"
_GENERATOR = "generator"
_HISTORY_STEPS = "history/steps"
_HISTORY_VALUES = "history/values"
_WATCHED = "watched"
_SMALL = (_GENERATOR, _HISTORY_STEPS, _HISTORY_VALUES, _WATCHED)
"""The tensors of the outline, besides the JSON in the header."""
_OUTLINE = "outline"
"""The seal of these alone; files of older versions have none."""
_HEADER = {"format", "version", "state", "sha256", _OUTLINE}
"""All that a header holds."""


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write `checkpoint` to `path`: a reader finds the old file or the new one, never a part.

    Raises OSError where it cannot be written; the old file then stays as it was.
    """
    from safetensors.numpy import save as to_file

    steps, values = checkpoint.history.state()
    tensors: dict[str, Array] = {
        _PARAMETER + name: value for name, value in checkpoint.parameters.items()
    }
    tensors |= {_OPTIMISER + name: value for name, value in checkpoint.optimiser.items()}
    tensors[_GENERATOR] = checkpoint.generator_state
    tensors[_HISTORY_STEPS] = np.array(steps, dtype=np.int64)
    tensors[_HISTORY_VALUES] = np.array(values, dtype=np.float64)
    tensors[_WATCHED] = np.frombuffer(to_bytes(checkpoint.watched), dtype=np.uint8)
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
            "data_dir": checkpoint.data_dir,
            "parameters_sha256": sha256_of_arrays(checkpoint.parameters),
        },
        allow_nan=False,
    )
    header = {
        "format": FORMAT,
        "version": str(VERSION),
        "state": state,
        "sha256": _seal(tensors, state),
        _OUTLINE: _seal(_small(tensors), state),
    }
    assert header.keys() == _HEADER
    replace_file(path, to_file(tensors, header), durable=True)


def is_unfinished(path: Path) -> bool:
    """Whether epochs are left to train, by the header alone; False where it cannot be read."""
    try:
        state = _state(path)
        return bool(state["epoch"] < state["settings"]["epochs"])
    except (OSError, *plain.NOT_WHOLE):
        return False


def offered(recipe: str, but: str = "") -> str:
    """The unfinished run that can be resumed next, besides `but`; empty where there is none."""
    for path in checkpoints(recipe):
        if path.stem != but and not is_running(path.stem) and is_unfinished(path):
            return path.stem
    return ""


def how_far(path: Path) -> tuple[int, int, tuple[Change, ...]]:
    """Finished epochs, updates in the next, and the changes made, by the header alone.

    Zeros and no changes where it cannot be read.
    """
    try:
        state = _state(path)
        changes = tuple(plain.change(Change(**one)) for one in state.get("changes", ()))
        return plain.whole(state["epoch"]), plain.whole(state["epoch_step"]), changes
    except (OSError, *plain.NOT_WHOLE):
        return 0, 0, ()


def owner(path: Path) -> str:
    """The run that a checkpoint belongs to, wherever it lies; raises as `_header_state`."""
    return plain.text(_header_state(path)["run"])


def _state(path: Path) -> dict[str, Any]:
    """The JSON in the header of the run's own checkpoint; raises as `_header_state`."""
    state = _header_state(path)
    if _other_run(state, path):
        raise ValueError("the checkpoint of another run")
    return state


def _header_state(path: Path) -> dict[str, Any]:
    """The JSON in the header; raises OSError, or one of the errors in `plain.NOT_WHOLE`."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise FileNotFoundError(path)  # a pipe would keep its reader waiting for ever
    try:
        with safe_open(path, framework="np") as file:
            state: dict[str, Any] = json.loads((file.metadata() or {})["state"])
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    return state


def _other_run(state: Mapping[str, object], path: Path) -> str:
    """The run that a checkpoint belongs to, where it is in the place of another one's."""
    run = plain.text(state.get("run", ""))
    return run if run != path.stem else ""


def load(path: Path) -> Checkpoint:
    """Read the checkpoint at `path`; raises CheckpointError where it cannot be read."""
    header, tensors = _read(path)
    _refuse_unknown(path, header)
    text = header.get("state", "")
    outline_seal = _seal(_small(tensors), text)
    if header.get("sha256") != _seal(tensors, text):
        raise damaged(path)
    if header.get(_OUTLINE, outline_seal) != outline_seal:
        raise damaged(path)
    return _checkpoint(path, header["version"], text, tensors)


def outline(path: Path) -> Checkpoint:
    """As `load`, but without the parameters and what the optimiser remembers: they are not read.

    So damage to these is not noticed; the sha256 of the parameters is that of when they were saved.
    A checkpoint of an older version has no outline, and is read as a whole.
    """
    header, tensors = _read(path, _SMALL)
    if _OUTLINE not in header:
        whole = load(path)
        return replace(whole, parameters_sha256=sha256_of_arrays(whole.parameters))
    _refuse_unknown(path, header)
    text = header.get("state", "")
    if header[_OUTLINE] != _seal(_small(tensors), text):
        raise damaged(path)
    return _checkpoint(path, header["version"], text, tensors)


def _refuse_unknown(path: Path, header: Mapping[str, str]) -> None:
    """Raise CheckpointError where this program cannot read a file with such a header."""
    if header.get("format") != FORMAT:
        raise damaged(path)
    version = header.get("version", "")
    # More digits than the number of a version has are damage, and may be too many to read.
    if version.isdecimal() and len(version) < 10 and int(version) > VERSION:
        raise CheckpointError(
            _(
                "The checkpoint {path} was written by a newer dltutor. Update dltutor, or start a"
                " new training."
            ).format(path=path)
        )
    if not header.keys() <= _HEADER:  # a name was damaged, and what it names seems to be missing
        raise damaged(path)
    if version not in ("1", str(VERSION)):
        raise damaged(path)


def _checkpoint(path: Path, version: str, text: str, tensors: Mapping[str, Array]) -> Checkpoint:
    """What the JSON `text` and the tensors of the file at `path` say, once their seal was seen."""
    is_old = version == "1"
    try:
        state = json.loads(text)
        other = _other_run(state, path)
    except plain.NOT_WHOLE as error:
        raise damaged(path) from error
    if other:
        raise CheckpointError(
            _(
                "The checkpoint {path} belongs to the run {other}, not to {run}. Move it back, or"
                " remove {run} with `dltutor runs rm {run}`."
            ).format(path=path, other=other, run=path.stem)
        )
    try:
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
            generator_state=_vector(tensors[_GENERATOR], np.uint8),
            history=(History.from_means if is_old else History.from_state)(
                _vector(tensors[_HISTORY_STEPS], np.int64).tolist(),
                _vector(tensors[_HISTORY_VALUES], np.float64).tolist(),
            ),
            optimiser=_below(_OPTIMISER, tensors),
            optimiser_counters=plain.counters(state.get("optimiser_counters", {})),
            run=path.stem,
            started_with=plain.settings(state.get("started_with", {})),
            changes=tuple(plain.change(Change(**one)) for one in state.get("changes", ())),
            processes=plain.processes(state.get("processes", [[0, 1]])),
            guess=guess_of(state.get("guess")),
            data_dir=plain.text(state.get("data_dir", "")),
            watched=_watched(tensors),
            parameters_sha256=plain.text(state.get("parameters_sha256", "")),
        )
        plain.whole(checkpoint.settings["epochs"], 1)
        if checkpoint.epoch and checkpoint.measured:
            plain.whole(checkpoint.measured[-1].epoch, 1)
    except plain.NOT_WHOLE as error:
        raise damaged(path) from error
    return checkpoint


def _sums(stored: Mapping[str, object]) -> RunningSums:
    sums = RunningSums(**stored)  # type: ignore[arg-type]  # JSON, checked in the next line
    plain.number(sums.loss)
    plain.whole(sums.correct)
    plain.whole(sums.samples)
    return sums


def _watched(tensors: Mapping[str, Array]) -> Memory:
    if _WATCHED not in tensors:
        return Memory()  # of an older version
    return from_bytes(_vector(tensors[_WATCHED], np.uint8).tobytes())


def _finite(parameters: dict[str, Array]) -> dict[str, Array]:
    """The parameters; raises ValueError where one is not a finite number, TypeError if none is."""
    if not all(bool(np.isfinite(values).all()) for values in parameters.values()):
        raise ValueError("a parameter is not a finite number")
    return parameters


def _vector(stored: Array, kind: type[np.generic]) -> Array:
    """What is stored; raises ValueError where it is no vector of numbers of this kind."""
    if stored.ndim != 1 or stored.dtype != kind:
        raise ValueError(f"not a vector of {kind.__name__}")
    return stored


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


def _small(tensors: Mapping[str, Array]) -> dict[str, Array]:
    return {name: tensors[name] for name in _SMALL if name in tensors}


def _read(
    path: Path, wanted: Collection[str] | None = None
) -> tuple[dict[str, str], dict[str, Array]]:
    """The header and the tensors of a file: all, or the `wanted` ones alone."""
    from safetensors import SafetensorError, safe_open

    try:
        size = path.stat().st_size if path.is_file() else -1
    except FileNotFoundError:  # removed between the two
        size = -1
    if size > LARGEST_FILE or (size < 0 and path.exists()):
        raise damaged(path)
    if size < 0:
        raise CheckpointError(
            _(
                "There is no checkpoint to resume: {path} does not exist. Train the recipe without"
                " resuming first."
            ).format(path=path)
        )
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            names = [name for name in file.keys() if wanted is None or name in wanted]  # noqa: SIM118
            return header, {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError, *plain.NOT_WHOLE) as error:
        raise damaged(path) from error
