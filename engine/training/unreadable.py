"""Files of runs that hold no run any longer: which they are, and what to do about them."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.errors import UserError
from engine.language import _
from engine.refusals import reason
from engine.training.plain import NOT_WHOLE, read_plain
from engine.training.run_files import (
    checkpoint_path,
    is_reserved,
    names_of_runs,
    recipe_of,
    record_path,
    remember,
    was_given,
)
from engine.training.underway import in_use, is_running, is_starting, nobody_claims


def unreadable(recipe: str, known: Collection[str]) -> list[str]:
    """The runs of which there are files, but which are not `known`: they could not be read."""
    if is_starting(recipe):
        return []
    names = [name for name in names_of_runs(recipe) if name not in known]
    return [name for name in names if not is_running(name) and not is_reserved(name)]


def clear_away(names: Sequence[str]) -> list[str]:
    """Remove the empty records among `names`, of which nothing else is left; which these were.

    Their programs were killed before the first update.
    """
    gone = []
    for name in names:
        with contextlib.suppress(OSError, ValueError):
            is_empty = record_path(name).stat().st_size == 0 and not is_reserved(name)
            if not is_empty or checkpoint_path(name).exists():
                continue
            remember(name)
            if was_given(name):  # otherwise the name would be given again
                record_path(name).unlink()
                gone.append(name)
    return gone


def told_gone(names: Sequence[str]) -> str:
    """That these were cleared away."""
    text = _("Ended from outside before the first update, with nothing to keep: {runs}.")
    return text.format(runs=", ".join(names))


def moved(run: str) -> list[tuple[Path, Path]]:
    """The files in the place of `run` that belong to other runs, and where each belongs."""
    from engine.training.checkpoint_file import owner
    from engine.training.runs import read_record

    found = []
    checkpoint, record = checkpoint_path(run), record_path(run)
    with contextlib.suppress(OSError, *NOT_WHOLE):
        other = owner(checkpoint)
        if other != run and recipe_of(other) == recipe_of(run):
            found.append((checkpoint, checkpoint_path(other)))
    with contextlib.suppress(OSError, *NOT_WHOLE):
        other = read_record(read_plain(record)).run
        if other != run and recipe_of(other) == recipe_of(run):
            found.append((record, record_path(other)))
    return found


def told(names: Sequence[str]) -> str:
    """That these cannot be read, and what to do; sentences in lines of their own."""
    elsewhere = {name: files for name in names if (files := moved(name))}
    lines = [_told_moved(name, *one) for name, files in elsewhere.items() for one in files]
    others = [name for name in names if name not in elsewhere]
    return "\n".join([*lines, *([_told_damaged(others)] if others else [])])


def _told_moved(run: str, path: Path, place: Path) -> str:
    """Where a file belongs that was renamed or copied by hand."""
    text = _(
        "{path} belongs to {other}. Rename it to {name}, or remove it with `dltutor runs rm {run}`."
    )
    if place.exists():
        text = _(
            "{path} belongs to {other}, which has its own. `dltutor runs rm {run}` removes it."
        )
    return text.format(path=path, other=place.stem, name=place.name, run=run)


def _told_damaged(names: Sequence[str]) -> str:
    text = _(
        "Cannot be read: {runs}. The files are empty or damaged, belong to another run, or were"
        " written by a newer dltutor. `dltutor runs rm {names}` removes them."
    )
    return text.format(runs=", ".join(names), names=" ".join(names))


def remove_files(run: str) -> None:
    """Remove all files of a run, whatever is in them; raises UserError where that is refused.

    The record is the last to go: what a kill leaves is listed, and can be removed again.
    """
    with nobody_claims():
        if is_running(run):
            raise in_use(run)
        for path in (checkpoint_path(run), record_path(run)):
            try:
                path.unlink(missing_ok=True)
            except IsADirectoryError:
                text = _("{path} is a folder, which dltutor did not make. Move it away yourself.")
                raise UserError(text.format(path=path)) from None
            except OSError as error:
                text = _(
                    "{path} cannot be removed: {reason}. Make its folder writable, then remove the"
                    " run again."
                )
                raise UserError(text.format(path=path, reason=reason(error))) from None
