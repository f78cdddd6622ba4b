"""A timer that fires once fires, however late the machine is.

Textual lets a timer skip what is overdue, so that a repeated one catches up. One that is to fire
once has no next time: where the machine, or another thread, takes the processor from it for longer
than its delay just after it began, it never fires. The application hands a new size of the terminal
on after 8 ms by such a timer, and sets no other before that one has fired; so after one of them was
lost, the screens kept their size for good.
"""

from __future__ import annotations

from textual.timer import Timer

_theirs = Timer._run


async def _run(self: Timer) -> None:
    """Textual's, without skipping what happens once."""
    if self._repeat == 0:
        self._skip = False
    await _theirs(self)


def never_lose_timers() -> None:
    """From now on, in every application of this process."""
    Timer._run = _run  # type: ignore[method-assign]
