"""Whatever goes wrong on the training thread becomes a message, and never more than that."""

from __future__ import annotations

import math
import subprocess
import sys
import threading

import pytest
import torch

from engine.errors import UserError
from engine.training.divergence import DivergenceError
from engine.training.order import TrainingOrder
from engine.training.session import TrainingSession
from engine.training.snapshot import Panels, SessionState
from engine.training.task import Task
from engine.training.worker import explain
from tests.unit import warm
from tests.unit.engine.training_fakes import TIMEOUT, Ear, TinyTask, loader, tiny_order

State = SessionState


def test_an_exception_in_an_update_is_told() -> None:
    def fail(task: TinyTask, number: int) -> None:
        if number == 5:
            raise IndexError("row 7 of 5")

    ear = Ear()
    task = TinyTask(before_update=fail)
    session = TrainingSession(ear, load=loader(task))
    session.start(tiny_order())
    event = ear.wait_for(State.FAILED)
    assert isinstance(event.error, IndexError)
    assert "IndexError: row 7 of 5" in event.message
    assert session.snapshot.message == event.message
    assert session.snapshot.step == 4
    assert [row.learned for row in session.snapshot.parameters] == task.w.tolist()
    assert session.close(TIMEOUT)
    task.before_update = lambda task, number: None
    session.start(tiny_order())
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)


def test_nan_stops_it_with_the_last_good_parameters() -> None:
    def spoil(task: TinyTask, number: int) -> None:
        if number == 5:
            with torch.no_grad():
                task.w.fill_(math.nan)

    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask(before_update=spoil)))
    session.start(tiny_order())
    event = ear.wait_for(State.FAILED)
    assert isinstance(event.error, DivergenceError)
    assert "update 5" in event.message
    assert "learning rate 0.05 is too high" in event.message
    snapshot = session.snapshot
    assert snapshot.step == 3
    assert all(math.isfinite(row.learned) for row in snapshot.parameters)
    assert all(map(math.isfinite, snapshot.losses.values))
    assert session.close(TIMEOUT)


def test_a_model_that_cannot_be_looked_at_still_fails_with_a_message() -> None:
    class Blind(TinyTask):
        def panels(self) -> Panels:
            raise RuntimeError("the device is gone")

    ear = Ear()
    session = TrainingSession(ear, load=loader(Blind()))
    session.start(tiny_order())
    assert "the device is gone" in ear.wait_for(State.FAILED).message
    assert session.snapshot.state is State.FAILED
    assert session.close(TIMEOUT)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UserError("There is no such device. Choose cpu."), "There is no such device. Choose cpu."),
        (ImportError("libcudart.so.13"), "libcudart.so.13"),
        (MemoryError(), "no memory left"),
    ],
)
def test_a_load_that_fails_is_told(error: Exception, said: str) -> None:
    def load(order: TrainingOrder) -> Task:
        raise error

    ear = Ear()
    session = TrainingSession(ear, load=load)
    session.start(tiny_order())
    event = ear.wait_for(State.FAILED)
    assert event.error is error
    assert said in event.message
    assert session.snapshot.recipe == "linear"
    assert session.close(TIMEOUT)


def test_a_stop_while_it_loads() -> None:
    entered, go_on = threading.Event(), threading.Event()
    task = TinyTask()

    def load(order: TrainingOrder) -> Task:
        entered.set()
        assert go_on.wait(TIMEOUT)
        return task

    ear = Ear()
    session = TrainingSession(ear, load=load)
    session.start(tiny_order())
    assert entered.wait(TIMEOUT)
    assert session.snapshot.state is State.LOADING
    session.stop()
    assert not session.close(timeout=0.0)
    go_on.set()
    ear.wait_for(State.STOPPED)
    assert session.close(TIMEOUT)
    assert task.updates == 0


def test_an_update_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    program = """
import threading
from engine.training.session import TrainingSession
from tests.unit.engine.training_fakes import TinyTask, loader, tiny_order
reached = threading.Event()
def hang(task, number):
    reached.set()
    threading.Event().wait()
session = TrainingSession(load=loader(TinyTask(before_update=hang)))
session.start(tiny_order())
assert reached.wait(20)
print(session.close(timeout=0.05))
"""
    done = warm.run(["-c", program], loaded=True)
    assert (done.stdout, done.returncode) == ("False\n", 0)


def test_the_session_imports_without_torch() -> None:
    program = "import sys, engine.training.session; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"


def test_every_explanation_is_a_sentence() -> None:
    for error in (RuntimeError(), RuntimeError("x"), MemoryError(), torch.OutOfMemoryError("x")):
        assert explain(error).endswith(".")
    assert "no memory left" in explain(torch.OutOfMemoryError("x"))
