"""What a lesson shows and judges next is computed beside the screen, before it is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from threading import Lock

from textual.widget import Widget

from lessons.format.document import Lesson, Predict
from lessons.judge.answers import compute_ahead
from tui.background import in_background, is_there
from tui.page.lesson import block_lines

_WIDTH = 80
"""The numbers of a block do not depend on it."""


class Ahead:
    """Does one thing after the other, on one thread, for a screen; no more once that is left."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._waiting = deque[Callable[[], object]]()
        self._lock = Lock()
        self._works = False

    def want(self, works: Iterable[Callable[[], object]]) -> None:
        """Do these next; what was wanted before and has not begun is left out.

        Errors are told by whoever asks for the same later.
        """
        with self._lock:
            self._waiting = deque(works)
            begins = bool(self._waiting) and not self._works
            self._works |= begins
        if begins:
            in_background(self._widget, self._work, _nothing, _nothing)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or not is_there(self._widget):
                    self._works = False
                    return
                work = self._waiting.popleft()
            with suppress(Exception):
                work()


def _nothing(_result: object) -> None:
    """What was computed is kept where it is asked for."""


def of_step(lesson: Lesson, step: int) -> Iterator[Callable[[], object]]:
    """What a learner at `step`, counted from 0, may ask for: verdicts, then the next step."""
    for block in lesson.steps[step].blocks:
        if isinstance(block, Predict):
            yield partial(compute_ahead, block.question)
    for block in lesson.steps[step + 1].blocks if step + 1 < len(lesson.steps) else ():
        yield partial(block_lines, block, _WIDTH)
