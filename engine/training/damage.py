"""What of a kept run is damaged, though the rest of it still says what it was."""

from __future__ import annotations

from pathlib import Path

from engine.language import _
from engine.training import plain
from engine.training.archive import Entry, told_behind
from engine.training.checkpoint import CheckpointError
from engine.training.checkpoint_file import load, outline
from engine.training.run_files import record_path
from engine.training.runs import read_record

RECORD, CHECKPOINT = "record", "checkpoint"


def damage(entry: Entry, *, by_outline: bool = False) -> dict[str, str]:
    """A sentence for the record and for the checkpoint, if it cannot be used; both are read.

    With `by_outline`, the checkpoint is not read whole: damage to its parameters is not noticed.
    """
    found = {}
    record = record_path(entry.name)
    if _is_damaged(record, entry.name):
        text = _(
            "The record {path} is damaged, belongs to another run, or was written by a newer"
            " dltutor. What is shown comes from the checkpoint."
        )
        found[RECORD] = text.format(path=record)
    if entry.checkpoint is not None:
        try:
            (outline if by_outline else load)(entry.checkpoint)
        except CheckpointError as error:
            # One that was replaced or removed meanwhile is not damaged.
            if entry.checkpoint.exists():
                found[CHECKPOINT] = str(error)
        else:
            if behind := told_behind(entry):
                found[CHECKPOINT] = behind
    return found


def _is_damaged(record: Path, run: str) -> bool:
    """Whether there is a record of the run that does not hold it."""
    try:
        # An empty one only reserves the name.
        return record.stat().st_size > 0 and read_record(plain.read_plain(record)).run != run
    except FileNotFoundError:
        return False
    except (OSError, *plain.NOT_WHOLE):
        return True
