"""Keeping a run on disk, and finding the one to resume."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError
from engine.language import _
from engine.training.checkpoint import Checkpoint, CheckpointError, capture
from engine.training.checkpoint_file import how_far, is_unfinished, load, offered, save
from engine.training.loop import TrainingRun
from engine.training.run_files import (
    Stamp,
    checkpoint_path,
    checkpoints,
    drop_oldest,
    is_reserved,
    make_latest,
    new_name,
    stamp_of,
)
from engine.training.underway import (
    begin,
    claim,
    end,
    has_lost_mark,
    in_use,
    is_running,
    nobody_claims,
)

_own: dict[Path, Stamp] = {}
"""The checkpoints of runs that this process trains, as it found or saved them last."""


def keep(run: TrainingRun) -> list[str]:
    """Save `run` as its own checkpoint; raises OSError where it cannot be written.

    Checkpoints of older runs beyond the limits of `run_files` are removed, but not that of the
    latest unfinished one, which may be resumed next. Returns whose were.

    Where all files of the run were removed, and its name was given again, it gets a new one.
    """
    run.name = run.name or new_name(run.recipe)
    if has_lost_mark(run.recipe):
        _mark_again(run)
    path = checkpoint_path(run.name)
    is_new = not path.exists()
    save(capture(run), path)
    make_latest(path)
    _own[path] = stamp_of(path)
    if not is_new:
        return []
    return drop_oldest(run.recipe, keep=run.name, offered=offered(run.recipe, but=run.name))


def _mark_again(run: TrainingRun) -> None:
    """Mark `run` once more, under a new name where another process was given its own meanwhile."""
    with nobody_claims():
        path = checkpoint_path(run.name)
        stamp = stamp_of(path)
        is_foreign = stamp is not None and stamp != _own.get(path)
        if is_foreign or is_running(run.name) or is_reserved(run.name):
            run.name = new_name(run.recipe)
        begin(run.recipe, run.name)


def told_renamed(before: str, now: str) -> str:
    """That the run `before` is called `now`; empty where it is called as before."""
    text = _(
        "The files of {run} were removed while it was trained, and its name was given to a new run."
        " This one goes on as {name}."
    )
    return text.format(run=before, name=now) if now != before else ""


def take(run: TrainingRun) -> None:
    """Mark that this process trains `run` from here on, before its first update.

    Raises UserError where another process trains it, or has trained it on or removed it since it
    was read: what that one has learned would be lost.
    """
    claim(run.recipe, run.name)
    path = checkpoint_path(run.name)
    _own[path] = stamp_of(path)
    if how_far(path)[:2] != (run.epoch, run.epoch_step):
        end(run.recipe)
        text = _(
            "{run} has been trained on, or removed, by another dltutor meanwhile. Look at it, and"
            " try again."
        )
        raise UserError(text.format(run=run.name))


def can_be_kept(run: TrainingRun) -> bool:
    """Whether a run that ended anywhere, also by a divergence, can be saved and resumed from there.

    Not before its first update, nor between the last update of an epoch and its measurements.
    """
    return run.step > 0 and run.epoch_step < run.steps_per_epoch


def to_resume(recipe: str, passed_over: list[CheckpointError] | None = None) -> Checkpoint:
    """The checkpoint from which `recipe` resumes: that of its latest unfinished run.

    Runs that another process trains at this moment are left out.

    Where all runs are finished, it is the latest: more epochs extend it. A damaged file is passed
    over while there is another, and what is wrong with it added to `passed_over`. Raises
    CheckpointError where none can be read.
    """
    found = checkpoints(recipe)
    paths = [path for path in found if not is_running(path.stem)]
    if found and not paths:
        raise CheckpointError(str(in_use(found[0].stem)))
    # One whose header is damaged may be unfinished, too.
    unfinished = [path for path in paths if is_unfinished(path) or not any(how_far(path))]
    trouble: list[CheckpointError] = [] if passed_over is None else passed_over
    for path in (*unfinished, *(path for path in paths if path not in unfinished)):
        try:
            return load(path)
        except CheckpointError as error:
            trouble.append(error)
    if trouble:
        raise trouble[0]
    raise CheckpointError(
        _("There is no checkpoint to resume for {recipe}. Train it without resuming first.").format(
            recipe=recipe
        )
    )
