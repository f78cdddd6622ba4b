"""Run code of an author in a process of its own, which that code may kill."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar, cast

from engine.errors import UserError

T = TypeVar("T")


class EndedError(Exception):
    """The process was ended, by the code that ran in it or by the system; its text says how."""


def apart(work: Callable[[], T]) -> T:
    """What `work` returns, which has to be picklable.

    Where processes cannot be forked, it runs in this one.

    Raises:
        EndedError: the process has ended without a result.
        UserError: raised by `work`.
    """
    if sys.platform != "linux":
        return work()
    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(writer, work))
    process.start()
    writer.close()  # else its end would never be noticed
    try:
        found = reader.recv()
    except (EOFError, OSError):  # before it answered, or in the middle of it
        process.join()
        raise EndedError(_how(process.exitcode or 0)) from None
    finally:
        reader.close()
        process.kill()  # where the user stops to wait for it, or it leaves a thread behind
        process.join()
    if isinstance(found, UserError):
        raise found
    return cast("T", found)


def _send(to: Connection, work: Callable[[], T]) -> None:
    found: T | UserError
    try:
        found = work()
    except UserError as error:
        found = error
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGINT)  # the process that has started this one tells of it
    try:
        to.send(found)
    except OSError:  # the code has closed what it is sent through
        os._exit(1)


def _how(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:  # a signal without a name
        return f"signal {-status}"
