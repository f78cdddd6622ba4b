"""How many trainings run at once: turns that processes share, and trainings that take them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine.training.session import TrainingSession
from engine.training.state import SessionState
from engine.training.turns import AlwaysFree, SharedTurn
from tests.unit.engine.training_fakes import TinyTask, tiny_order


def test_there_are_as_many_turns_as_allowed(tmp_path: Path) -> None:
    one, two, three = (SharedTurn(tmp_path, 2) for _ in range(3))
    assert (one.take(), two.take()) == ("", "")
    assert three.take().startswith("2 trainings run already")
    assert one.take() == ""  # it is held already
    one.give_back()
    one.give_back()
    assert three.take() == ""
    assert one.take()
    assert two.take() == ""


def test_one_training_and_none(tmp_path: Path) -> None:
    held = SharedTurn(tmp_path, 1)
    held.take()
    assert "1 training runs already" in SharedTurn(tmp_path, 1).take()
    assert "no trainings" in SharedTurn(tmp_path, 0).take()


def test_a_process_that_is_killed_gives_its_turn_back(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:  # nothing of the test may run here
        SharedTurn(tmp_path, 1).take()
        os.write(writing, b"x")
        time.sleep(60)
        os._exit(0)
    os.read(reading, 1)
    mine = SharedTurn(tmp_path, 1)
    assert mine.take()
    os.kill(process, 9)
    os.waitpid(process, 0)
    assert mine.take() == ""
    os.close(reading)
    os.close(writing)


def test_at_home_nobody_waits() -> None:
    turn = AlwaysFree()
    assert turn.take() == ""
    turn.give_back()


def test_files_of_turns_are_private(tmp_path: Path) -> None:
    SharedTurn(tmp_path, 1).take()
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def _wait(event: threading.Event) -> None:
    event.wait(0.01)


def _is_free(folder: Path) -> bool:
    turn = SharedTurn(folder, 1)
    refused = turn.take()
    turn.give_back()
    return not refused


def _until(true: Callable[[], bool]) -> None:
    for _number in range(2000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


def test_a_training_waits_for_its_turn_and_hands_it_on_at_a_pause(tmp_path: Path) -> None:
    go_on = threading.Event()
    slow = TinyTask(samples=4000, before_update=lambda task, number: _wait(go_on))
    order = tiny_order(epochs=200)
    one, two = (
        TrainingSession(load=lambda order: slow, turn=SharedTurn(tmp_path, 1)) for _ in range(2)
    )
    try:
        one.start(order)
        _until(lambda: one.snapshot.state is SessionState.RUNNING)
        two.start(order)
        _until(lambda: two.snapshot.state is SessionState.FAILED)
        assert "1 training runs already" in two.snapshot.message

        one.pause()
        _until(lambda: one.snapshot.state is SessionState.PAUSED)
        _until(lambda: _is_free(tmp_path))
        two.start(order)
        _until(lambda: two.snapshot.state is SessionState.RUNNING)

        one.resume()
        _until(lambda: "1 training runs already" in one.snapshot.message)
        assert one.snapshot.state is SessionState.PAUSED
        two.stop()
        _until(lambda: two.snapshot.state is SessionState.STOPPED)
        _until(lambda: _is_free(tmp_path))
        one.resume()
        _until(lambda: one.snapshot.state is SessionState.RUNNING)
        assert one.snapshot.message == ""
    finally:
        go_on.set()
        one.close()
        two.close()


def test_the_thread_of_the_tests_keeps_its_priority(tmp_path: Path) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    held = SharedTurn(tmp_path, 1)
    assert held.take() == ""
    held.give_back()
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
