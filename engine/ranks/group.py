"""The processes that train one model: sums over all, and what the others found."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.language import _
from engine.ranks.place import Place

if TYPE_CHECKING:
    import torch
    from torch.distributed import ProcessGroup

GLOO, BOTH = "gloo", "cpu:gloo,cuda:nccl"
_PATIENCE = timedelta(minutes=30)
"""How long a process waits for the others: they may have been stopped with ctrl+z."""
_SETTLED = 0.3
"""Seconds until the system has told who is gone."""


class RankLost(UserError):  # noqa: N818 - says what happened
    """Another process of the training ended, or can no longer be reached."""

    def __init__(self) -> None:
        super().__init__(
            _("The training stopped: another of its processes ended or cannot be reached.")
        )


class Ask(IntEnum):
    """What one process may ask of all; each is the place of its count in the sums."""

    STOP = 0
    SAVE = 1


class Group:
    """Some processes, of which this is one. Everything here waits for all of them.

    A process that is gone raises RankLost in all others, as soon as they wait for it.
    """

    def __init__(self, place: Place, handle: ProcessGroup | None = None) -> None:
        """`handle` is torch's group; None stands for all processes."""
        self.place = place
        self.rank, self.size = place.rank, place.size
        self._handle = handle
        self.asks: list[float] = [0.0] * len(Ask)
        """What this process asks for with the next update."""
        self.agreed: frozenset[Ask] = frozenset()
        """What was asked for, by any, with the last update: the same in all."""
        self._members: list[tuple[str, int]] = []

    @classmethod
    def join(cls, place: Place, *, gpu: bool = False) -> Group:
        """Meet the others; with `gpu`, gradients are added up by NCCL, else by gloo."""
        import torch.distributed as dist

        store: Any = None
        if place.store:
            store = dist.FileStore(place.store, place.size)  # type: ignore[attr-defined]
        try:
            if store is None:
                dist.init_process_group(BOTH if gpu else GLOO, timeout=_PATIENCE)
            else:
                dist.init_process_group(
                    BOTH if gpu else GLOO,
                    store=store,
                    rank=place.rank,
                    world_size=place.size,
                    timeout=_PATIENCE,
                )
        except (RuntimeError, ValueError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
            text = _("The {size} processes do not find each other: {reason}.")
            raise UserError(text.format(size=place.size, reason=reason)) from error
        group = cls(place)
        group._members = group.gather((socket.gethostname(), os.getpid()))
        return group

    def first(self, count: int) -> Group | None:
        """The first `count` processes as a group; None in the others. All must call it."""
        import torch.distributed as dist

        handle = dist.new_group(list(range(count)), timeout=_PATIENCE)
        if not isinstance(handle, dist.ProcessGroup):  # a mark for those outside
            return None
        return Group(replace(self.place, size=count), handle)

    def leave(self) -> None:
        """Give up the group; the others are not waited for."""
        import torch.distributed as dist

        if dist.is_initialized():
            dist.destroy_process_group()

    def add_up(self, tensor: torch.Tensor) -> None:
        """Replace a tensor by the sum over all processes, in place; raises RankLost."""
        import torch.distributed as dist

        with _lost_explained():
            dist.all_reduce(tensor, group=self._handle)

    def from_first(self, tensor: torch.Tensor) -> None:
        """Replace a tensor by that of process 0, in place; raises RankLost."""
        import torch.distributed as dist

        with _lost_explained():
            dist.broadcast(tensor, 0, group=self._handle)

    def gather(self, value: Any) -> list[Any]:
        """The values of all processes, by rank; raises RankLost."""
        import torch.distributed as dist

        values: list[Any] = [None] * self.size
        with _lost_explained():
            dist.all_gather_object(values, value, group=self._handle)
        return values

    def told(self, value: Any) -> Any:
        """The value of process 0; raises RankLost."""
        import torch.distributed as dist

        values = [value]
        with _lost_explained():
            dist.broadcast_object_list(values, 0, group=self._handle)
        return values[0]

    def agree(self, trouble: Exception | None) -> None:
        """Raise `trouble`, or UserError with that of another process, in all at the same place."""
        texts = self.gather(None if trouble is None else str(trouble))
        if trouble is not None:
            raise trouble
        for rank, text in enumerate(texts):
            if text is not None:
                told = _("Process {number} of {size}: {text}")
                raise UserError(told.format(number=rank + 1, size=self.size, text=text))

    def ask(self, what: Ask) -> None:
        """Ask all for something with the next update."""
        self.asks[what] = 1.0

    def is_first_alive(self) -> bool:
        """Whether this is the lowest process that still runs on the machine of process 0."""
        time.sleep(_SETTLED)
        here = socket.gethostname()
        if not self._members or self._members[0][0] != here:
            return self.rank == 0
        before = self._members[: self.rank]
        return not any(host == here and _runs(process) for host, process in before)


def _runs(process: int) -> bool:
    """Whether a process runs: one that has ended, but was not yet waited for, does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
    else:
        return state.rpartition(")")[2].split()[0] not in "ZX"
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


@contextmanager
def _lost_explained() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise RankLost from error
