"""All kept runs, whatever became of them: from their records and, where these lack, checkpoints."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import UserError
from engine.language import _, plural
from engine.nearest import did_you_mean
from engine.training.checkpoint import Checkpoint, CheckpointError, damaged
from engine.training.checkpoint_file import how_far, load, outline
from engine.training.run_files import (
    BEGUN,
    checkpoints,
    is_reserved,
    moment_of,
    recipe_of,
    stamp_of,
    was_given,
)
from engine.training.runs import KeptRun, RunStore
from engine.training.snapshot import processes_until
from engine.training.underway import RUNNING, in_use, is_running, is_starting, running
from engine.training.unreadable import remove_files, told, unreadable

INTERRUPTED = "interrupted"
"""The status of a run that neither finished nor was stopped: its program or machine went away."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept run and what there is of it."""

    run: KeptRun
    checkpoint: Path | None
    """The parameters and all else that it needs to be resumed; None where it was removed."""

    @property
    def name(self) -> str:
        """Such as `softmax-12`."""
        return self.run.run


def entries(recipes: Iterable[str]) -> list[Entry]:
    """The kept runs of some recipes, the latest first."""
    # Looked at before and after: what ended meanwhile was read as if it had not.
    store, before = RunStore(), running()
    found = [entry for recipe in recipes for entry in _of(recipe, store)]
    found = [_as_it_is_now(entry, before) for entry in found]
    return sorted(found, key=lambda entry: entry.run.ended, reverse=True)


def interrupted(recipe: str, recorded: Collection[str], but: str = "") -> list[KeptRun]:
    """The records that runs would have left whose programs went away, the oldest first.

    Left out are the runs that have one, by their names, and those that are trained: in other
    processes, and the run `but` in this one.
    """
    left_out = {*recorded, but, *running()}
    found = [run for run in cut_short(recipe) if run.run not in left_out]
    left_out |= {run.run for run in RunStore().of(recipe)}  # some may have ended just now
    for path in checkpoints(recipe):
        if path.stem in left_out or is_running(path.stem):
            continue
        with contextlib.suppress(CheckpointError):  # a damaged file holds no run any longer
            found.append(_from_checkpoint(path))
    return sorted(found, key=lambda run: run.ended)


def cut_short(recipe: str) -> list[KeptRun]:
    """The runs whose programs went away before their first checkpoint: nothing could be saved."""
    if is_starting(recipe):
        return []
    before = running()
    begun = [run for run in RunStore().begun(recipe) if run.run not in before]
    begun = [run for run in begun if not is_running(run.run)]
    there = {path.stem for path in checkpoints(recipe) if any(how_far(path))} if begun else ()
    return [replace(run, state=INTERRUPTED) for run in begun if run.run not in there]


def nothing_saved(run: KeptRun) -> bool:
    """Whether it is one of these."""
    return run.state == INTERRUPTED and run.step == 0


def told_of(run: str) -> str:
    """What to tell the learner about such a run."""
    text = _(
        "{run} was interrupted before its first checkpoint, so that nothing of it is saved."
        " `dltutor runs replay {run}` starts it again."
    )
    return text.format(run=run)


def _as_it_is_now(entry: Entry, before: Collection[str]) -> Entry:
    """The entry; running where its run is, or was `before`."""
    begins = entry.run.state == BEGUN and is_starting(entry.run.recipe)
    if not begins and entry.name not in before and not is_running(entry.name):
        cut = entry.run.state == BEGUN
        return replace(entry, run=replace(entry.run, state=INTERRUPTED)) if cut else entry
    return replace(entry, run=replace(entry.run, state=RUNNING))


def _of(recipe: str, store: RunStore) -> list[Entry]:
    paths = {path.stem: path for path in checkpoints(recipe)}
    found = []
    for run in store.of(recipe):
        path = paths.pop(run.run, None)
        later = _later(run, path)
        found.append(Entry(later or run, path))
    begun = {run.run: run for run in store.begun(recipe)}
    for name, path in paths.items():
        # A damaged file holds no run any longer.
        with contextlib.suppress(CheckpointError):
            found.append(Entry(_from_checkpoint(path), path))
            begun.pop(name, None)
    return found + [Entry(run, paths.get(name)) for name, run in begun.items()]


def _per_epoch(run: KeptRun) -> int:
    return run.total_steps // run.epochs if run.epochs else 0


def held_of(entry: Entry) -> int:
    """How many updates the checkpoint holds, where its record tells of more; else 0.

    The disk refused the last one; or an older file was put in its place.
    """
    run, per_epoch = entry.run, _per_epoch(entry.run)
    if entry.checkpoint is None or run.state == RUNNING:
        return 0
    epoch, epoch_step, _changes = how_far(entry.checkpoint)
    if epoch and not per_epoch:
        return 0  # version 0.1 did not note that
    held = epoch * per_epoch + epoch_step
    return held if held < run.step else 0


def told_behind(entry: Entry) -> str:
    """That the checkpoint holds less than the record tells of; empty where it does not."""
    run, held = entry.run, held_of(entry)
    if not held:
        return ""
    text = _(
        "{run} ended after {updates}, but its checkpoint was saved after {held}: the model that is"
        " kept is that of then."
    )
    made, saved = (plural("{count} update", "{count} updates", count) for count in (run.step, held))
    return text.format(run=run.run, updates=made, held=saved)


def _later(run: KeptRun, path: Path | None) -> KeptRun | None:
    """What the checkpoint says, where the run was resumed after its record was written.

    It can have been given more epochs, or another rate, and have made no update since.
    """
    if path is None:
        return None
    # Those that a divergence has undone are in the record alone.
    changes = tuple(change for change in run.changes if change.step <= run.step)
    place = (run.epoch, run.step - run.epoch * _per_epoch(run))
    epoch, epoch_step, its_changes = how_far(path)
    if (epoch, epoch_step) < place or ((epoch, epoch_step), its_changes) == (place, changes):
        return None
    try:
        found = _from_checkpoint(path)
    except CheckpointError:
        return None
    is_later = found.step > run.step or (found.step == run.step and found.changes != changes)
    return found if is_later else None


def _from_checkpoint(path: Path) -> KeptRun:
    """The record that an interrupted run would have left; raises CheckpointError."""
    checkpoint, stamp = outline(path), stamp_of(path)
    if stamp is None:
        raise damaged(path)  # removed meanwhile
    last = checkpoint.measured[-1] if checkpoint.epoch and checkpoint.measured else None
    per_epoch = last.step // last.epoch if last else 0
    step = checkpoint.epoch * per_epoch + checkpoint.epoch_step
    epochs = int(checkpoint.settings["epochs"])
    return KeptRun(
        recipe=checkpoint.recipe,
        settings=checkpoint.settings,
        device="",
        dataset=checkpoint.dataset,
        state="finished" if checkpoint.epoch >= epochs else INTERRUPTED,
        epoch=checkpoint.epoch,
        epochs=epochs,
        step=step,
        seconds=checkpoint.seconds,
        losses=checkpoint.history.curve(),
        measured=checkpoint.measured,
        ended=moment_of(stamp[0]).isoformat(timespec="microseconds"),
        run=checkpoint.run,
        started_with=checkpoint.started_with or checkpoint.settings,
        changes=checkpoint.changes,
        processes=processes_until(checkpoint.processes, step),
        guess=checkpoint.guess,
        diagnoses=checkpoint.watched.told,
        synthetic=checkpoint.synthetic,
        total_steps=per_epoch * epochs,
        data_dir=checkpoint.data_dir,
        data_sha256=checkpoint.fingerprint,
        parameters_sha256=checkpoint.parameters_sha256,
    )


def unreadable_runs(recipes: Collection[str], known: Iterable[Entry]) -> list[str]:
    """The runs of which there are files that cannot be read; those that can are `known`."""
    names = {entry.name for entry in known}
    found = [name for recipe in recipes for name in unreadable(recipe, names)]
    # What was written meanwhile can be read now.
    now = {entry.name for entry in entries(recipes)} if found else set()
    return [name for name in found if name not in now]


class UnreadableRunError(UserError):
    """There are files of the run, but they do not hold it any longer."""


def find(name: str, recipes: Collection[str]) -> Entry:
    """The kept run called `name`; raises UserError with the nearest names where there is none.

    Raises UnreadableRunError where its files cannot be read.
    """
    known = entries([recipe for recipe in recipes if recipe == recipe_of(name)])
    entry = next((entry for entry in known if entry.name == name), None)
    begins = entry is not None and entry.checkpoint is None and entry.run.state == RUNNING
    if entry is not None and not begins:
        return entry
    if begins or is_running(name) or is_reserved(name):
        raise in_use(name)  # nothing of it is kept yet
    if recipe_of(name) in recipes and name in unreadable_runs([recipe_of(name)], known):
        raise UnreadableRunError(told([name]))
    if recipe_of(name) in recipes and was_given(name):
        text = _(
            "{run} is not kept: it was removed, made no update, or newer runs took its place."
            " `dltutor runs list` lists all."
        )
        raise UserError(text.format(run=name))
    names = [entry.name for entry in known or entries(recipes)]
    if not names:
        raise UserError(
            _("There is no run {name!r}; no run is kept yet. `dltutor train` makes one.").format(
                name=name
            )
        )
    latest = _("The latest is {run}.").format(run=names[0])
    parts = [
        _("There is no run {name!r}.").format(name=name),
        did_you_mean(name, names) or latest,
        _("`dltutor runs list` lists all."),
    ]
    raise UserError(" ".join(parts))


def remove(entry: Entry) -> None:
    """Remove a run: its record and its checkpoint; raises UserError while it is trained.

    Or where the disk refuses.
    """
    remove_files(entry.name)
    RunStore().remove(entry.run)  # one of version 0.1 has a record of another name


def parameters_of(entry: Entry) -> Checkpoint:
    """The checkpoint of a run; raises CheckpointError where it is not kept any longer."""
    if entry.checkpoint is None and entry.run.state == "failed":
        raise CheckpointError(
            _(
                "{run} failed before its parameters were saved. Its measurements are kept;"
                " `dltutor runs replay {run}` trains it again."
            ).format(run=entry.name)
        )
    if entry.checkpoint is None and nothing_saved(entry.run):
        raise CheckpointError(told_of(entry.name))
    if entry.checkpoint is None:
        raise CheckpointError(
            _(
                "The parameters of {run} are not kept: they could not be saved, or the checkpoints"
                " of newer runs took their place. Its measurements are; `dltutor runs replay {run}`"
                " trains it again."
            ).format(run=entry.name)
        )
    return load(entry.checkpoint)
