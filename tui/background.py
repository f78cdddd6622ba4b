"""Background work on daemon threads, so that quitting never waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from textual.app import App
from textual.widget import Widget

T = TypeVar("T")
P = ParamSpec("P")

_running: set[threading.Thread] = set()
_beginning = threading.Lock()
"""Held while a thread is among those that run, and may not run yet: such a one cannot be joined."""
_held = WeakKeyDictionary[App[Any], list[threading.Thread]]()
"""The work of applications that are about to draw something first."""


def hold(app: App[Any]) -> None:
    """Let work for the screens of `app` wait until `release`.

    Whatever imports PyTorch would delay what is about to be drawn by a second: all threads share
    the interpreter.
    """
    _held.setdefault(app, [])


def release(app: App[Any]) -> None:
    """Begin what was held, and from now on all work at once."""
    for thread in _held.pop(app, []):
        _begin(thread)


def _begin(thread: threading.Thread) -> None:
    with _beginning:
        _running.add(thread)
        thread.start()


def in_background(
    widget: Widget,
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None],
) -> None:
    """Run `work` on a thread, then call `done` or `failed` on the thread of the screen.

    Neither is called once the widget has left the screen.
    """
    app = widget.app

    def run() -> None:
        deliver: Callable[[], None]
        try:
            result = work()
        except Exception as error:
            caught = error

            def deliver() -> None:
                failed(caught)
        else:

            def deliver() -> None:
                done(result)

        app.call_later(_if_there, widget, deliver)
        _running.discard(threading.current_thread())

    thread = threading.Thread(target=run, name="background", daemon=True)
    if app in _held:
        _held[app].append(thread)
    else:
        _begin(thread)


def after_refresh(
    widget: Widget, call: Callable[P, None], *args: P.args, **kwargs: P.kwargs
) -> None:
    """Call `call` after the next frame, unless the widget leaves the screen first."""
    widget.call_after_refresh(_if_there, widget, partial(call, *args, **kwargs))


def is_there(widget: Widget) -> bool:
    """Whether the widget is intact: during removal, its children go before it does."""
    return widget.is_attached and not widget._pruning


def _if_there(widget: Widget, deliver: Callable[[], None]) -> None:
    if is_there(widget):
        deliver()


def is_idle() -> bool:
    """Whether no work is running; for tests."""
    return not _running


def wait_until_idle(timeout: float = 60.0) -> None:
    """Wait for all running work; for tests."""
    with _beginning:
        running = list(_running)
    for thread in running:
        thread.join(timeout)
