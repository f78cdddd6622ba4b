"""Which of several processes this one is, as torchrun or our own launcher says it.

Importing this never imports torch.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import UserError
from engine.language import _

STORE = "DLTUTOR_STORE"
"""The variable with the file by which the processes of our launcher find each other."""
MOST = 64
"""Processes that are started on one machine."""
_NEEDED = ("RANK", "WORLD_SIZE", "LOCAL_RANK")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of this process among all that train one model."""

    rank: int
    """From 0; process 0 writes and speaks for all."""
    size: int
    """How many there are."""
    local_rank: int = 0
    """Its number among those on this machine."""
    local_size: int = 1
    store: str = ""
    """The file by which they find each other; empty where that is an address, as by torchrun."""


def place_here(environ: Mapping[str, str] = os.environ) -> Place | None:
    """The place of this process; None where it is the only one.

    Raises UserError where the variables contradict each other.
    """
    store = environ.get(STORE, "")
    meets = store or ("MASTER_ADDR" in environ and "MASTER_PORT" in environ)
    if not meets or any(name not in environ for name in _NEEDED):
        return None
    try:
        rank, size, local = (int(environ[name]) for name in _NEEDED)
        local_size = int(environ.get("LOCAL_WORLD_SIZE", size))
    except ValueError:
        rank, size, local, local_size = 0, 0, 0, 0
    if not 0 <= rank < size or not 0 <= local < local_size:
        told = ", ".join(f"{name}={environ[name]}" for name in _NEEDED)
        raise UserError(
            _(
                "The environment says {told}, which is not the place of a process among several."
                " Start them with torchrun or with --nproc, or unset these variables."
            ).format(told=told)
        )
    return None if size == 1 else Place(rank, size, local, local_size, store)


def speaks(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this process says what went wrong: of several that were started alike, the first."""
    try:
        place = place_here(environ)
    except UserError:
        return environ.get("RANK") == "0"
    return place is None or place.rank == 0


def refuse_crowd(count: int, batch_size: int) -> None:
    """Raise UserError where a batch has too few samples for so many processes."""
    if count > batch_size:
        text = _(
            "{count} processes cannot share a batch of {size}: each needs a sample at least. Choose"
            " a batch size of {count} or more, or at most {size} processes."
        )
        raise UserError(text.format(count=count, size=batch_size))


def share(samples: int, rank: int, size: int) -> slice:
    """Which of the samples of a batch are those of `rank`; sizes differ by one at most.

    Where there are fewer samples than ranks, some get none.
    """
    return slice(samples * rank // size, samples * (rank + 1) // size)


def cores() -> int:
    """How many CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
