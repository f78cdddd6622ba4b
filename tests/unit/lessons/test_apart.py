"""Code of authors in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from engine.declared import DeclarationError
from engine.errors import UserError
from lessons.format.lesson_error import LessonError
from lessons.proof.apart import EndedError, apart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is forked on Linux alone")


def closed() -> int:
    os.closerange(3, 256)
    return 1


def with_a_child() -> int:
    child = get_context("fork").Process(target=os.getpid)
    child.start()
    child.join()
    return child.exitcode or 0


def test_what_it_returns_comes_back() -> None:
    assert apart(os.getpid) != os.getpid()
    assert apart(with_a_child) == 0


@pytest.mark.parametrize(
    "error",
    [
        UserError("one"),
        LessonError(Path("a.py"), 2, "two.", "Mend."),
        DeclarationError(Path("a.py"), 3, "three.", "Mend."),
    ],
)
def test_an_error_for_the_author_comes_back(error: UserError) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        apart(fail)
    assert str(caught.value) == str(error)


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL"),
        (lambda: os.kill(os.getpid(), 40), "signal 40"),
        (lambda: os._exit(3), "status 3"),
        (closed, "status 1"),
    ],
)
def test_how_it_was_ended_is_told(work: Callable[[], object], said: str) -> None:
    with pytest.raises(EndedError, match=f"^{said}$"):
        apart(work)
