"""Several processes that train together, forked from this one: so torch is imported only once."""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from engine.ranks.group import Group
from engine.ranks.place import Place

T = TypeVar("T")


def together(size: int, folder: Path, work: Callable[[Group], T]) -> list[T]:
    """What `work` gives in each of `size` processes; `folder` is where they find each other.

    What it gives must be plain values. A process that fails fails the test, with its traceback.
    """
    os.environ["GLOO_SOCKET_IFNAME"] = "lo" if sys.platform == "linux" else "lo0"
    context = multiprocessing.get_context("fork")
    store = str(folder / f"store-{size}-{os.urandom(4).hex()}")
    started = []
    for rank in range(size):
        receiver, sender = context.Pipe(duplex=False)
        place = Place(rank, size, rank, size, store)
        process = context.Process(target=_run, args=(place, work, sender), daemon=True)
        process.start()
        sender.close()
        started.append((process, receiver))
    answers = []
    for process, receiver in started:
        try:
            answers.append(receiver.recv())
        except EOFError:
            answers.append("the process ended without an answer")
        process.join(20)
    troubles = [text for text in answers if isinstance(text, str)]
    assert not troubles, "\n".join(troubles)
    return [answer[0] for answer in answers]


def _run(place: Place, work: Callable[[Group], T], answer: Connection) -> None:
    try:
        group = Group.join(place)
        answer.send((work(group),))
        group.leave()
    except BaseException:
        answer.send(traceback.format_exc())
