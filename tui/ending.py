"""What goes wrong while a screen or the program ends: some of it is no fault, the rest is noted."""

from __future__ import annotations

import os
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.folders import ensure, state_folder
from engine.version import VERSION

if TYPE_CHECKING:
    from textual.dom import DOMNode

MOST = 60_000
"""Bytes after which the file starts over."""


def note_path() -> Path:
    """Where faults are noted."""
    return state_folder() / "faults.txt"


def _is_missed(error: BaseException) -> bool:
    """Whether it is what widgets raise whose screen, or the application, is gone before them."""
    from textual._context import NoActiveAppError  # imported late: `doctor` needs no screens
    from textual.app import ScreenError, ScreenStackError
    from textual.css.query import NoMatches
    from textual.dom import NoScreen
    from textual.widget import MountError
    from textual.worker import WorkerFailed

    if isinstance(error, WorkerFailed):
        error = error.error
    missed = (NoMatches, NoScreen, ScreenError, ScreenStackError, MountError, NoActiveAppError)
    return isinstance(error, missed)


def is_missed_by_leaving(error: BaseException, of: DOMNode | None = None) -> bool:
    """Whether it was raised by a widget that is being taken away, because others went before it.

    The widget is the one whose message is being handled, whose worker failed, or `of`, whose action
    is carried out. A screen may be left before it has come up: `x` and `escape` in one piece on a
    slow machine.
    """
    from textual._context import active_app, active_message_pump
    from textual.app import App
    from textual.dom import DOMNode
    from textual.worker import WorkerFailed, active_worker

    pump = active_message_pump.get(None) if of is None else of
    worker = active_worker.get(None)
    if isinstance(error, WorkerFailed) and worker is not None:  # the application handles it
        pump = worker.node
    if not isinstance(pump, DOMNode) or not _is_missed(error):
        return False
    app = active_app.get(None)
    if app is not None and app._is_mounted and not app.is_running:
        return True  # the end: what comes up just then has no parts
    if isinstance(pump, App):
        return False
    if of is not None and not of._is_mounted:
        return True  # a key that was typed on the screen before, and came to this one too soon
    return not pump.is_attached or any(
        node._pruning or node._closing for node in pump.ancestors_with_self
    )


def note(error: BaseException) -> Path | None:
    """Add a fault to the file; None if it is none, or cannot be written."""
    if _is_missed(error):
        return None
    path = note_path()
    told = "".join(traceback.format_exception(error))
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        ensure(path.parent)
        anew = os.O_TRUNC if path.exists() and path.stat().st_size > MOST else os.O_APPEND
        flags = os.O_CREAT | os.O_WRONLY | anew
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(f"{now} dltutor {VERSION}\n{told}\n".encode(errors="replace"))
    except OSError:
        return None
    return path
