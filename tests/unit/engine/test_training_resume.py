"""A session goes on from its checkpoint, bit by bit, or says why it cannot."""

from __future__ import annotations

import threading
import time

import pytest

from engine.training.checkpoint import CheckpointError
from engine.training.checkpoint_file import load
from engine.training.keeping import keep
from engine.training.offer import look
from engine.training.run_files import (
    checkpoint_path,
    checkpoints,
)
from engine.training.session import TrainingSession
from engine.training.snapshot import Change, SessionState, Setting
from engine.training.worker import LONGEST_UNKEPT
from tests.checkpoints import latest_checkpoint
from tests.unit.engine.training_fakes import (
    TIMEOUT,
    Ear,
    FakeClock,
    TinyTask,
    advance,
    loader,
    tiny_order,
    tiny_run,
    tiny_settings,
)


def train_to_the_end(*, resume: bool = False, **changes: Setting) -> tuple[TrainingSession, Ear]:
    ear = Ear()
    task = TinyTask(int(changes.get("seed", 0)))
    session = TrainingSession(ear, load=loader(task), keep=keep, clock=FakeClock())
    session.start(tiny_order(resume=resume, **changes))
    return session, ear


@pytest.mark.parametrize("updates", [1, 3, 5, 8])
def test_a_resumed_session_ends_with_the_same_bits(updates: int) -> None:
    straight, ear = train_to_the_end()
    ear.wait_for(SessionState.FINISHED)
    expected = straight.snapshot
    run = tiny_run()
    advance(run, updates)
    keep(run)
    resumed, ear = train_to_the_end(resume=True)
    ear.wait_for(SessionState.FINISHED)
    assert resumed.snapshot.parameters_sha256 == expected.parameters_sha256
    assert resumed.snapshot.losses == expected.losses
    assert len(expected.parameters_sha256) == 64
    assert resumed.close()


def test_a_resumed_session_keeps_on_with_the_checkpoint_of_its_run() -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    session, ear = train_to_the_end(resume=True)
    ear.wait_for(SessionState.FINISHED)
    assert session.close()
    (path,) = checkpoints("linear")
    assert load(path).epoch == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"seed": 7}, "seed 0, not 7"), ({"batch_size": 5}, "batch_size 4, not 5")],
)
def test_other_settings_are_refused_in_a_sentence(
    changes: dict[str, Setting], sentence: str
) -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    session, ear = train_to_the_end(resume=True, **changes)
    event = ear.wait_for(SessionState.FAILED)
    assert isinstance(event.error, CheckpointError)
    assert sentence in event.message
    assert "or start a new training" in event.message
    assert session.close()


def test_other_data_are_refused_in_a_sentence() -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask(samples=11)), keep=keep, clock=FakeClock())
    session.start(tiny_order(resume=True))
    assert "different data" in ear.wait_for(SessionState.FAILED).message
    assert session.close()
    assert load(latest_checkpoint("linear")).epoch_step == 1  # it is left as it was


@pytest.mark.parametrize("content", [b"", b"no checkpoint at all"])
def test_a_damaged_checkpoint_is_refused_in_a_sentence(content: bytes) -> None:
    path = checkpoint_path("linear-1")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    session, ear = train_to_the_end(resume=True)
    assert "damaged" in ear.wait_for(SessionState.FAILED).message
    assert session.close()
    with pytest.raises(CheckpointError, match="damaged"):
        look("linear")


def test_without_a_checkpoint_there_is_nothing_to_resume() -> None:
    assert look("linear") is None
    session, ear = train_to_the_end(resume=True)
    assert "no checkpoint to resume" in ear.wait_for(SessionState.FAILED).message
    assert session.close()


def test_a_pause_keeps_a_checkpoint() -> None:
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=keep, clock=FakeClock())
    session.start(tiny_order(paused=True))
    ear.wait_for(SessionState.PAUSED)
    assert look("linear") is None
    session.step()
    ear.wait_for(SessionState.RUNNING)
    ear.wait_for(SessionState.PAUSED)
    assert load(latest_checkpoint("linear")).epoch_step == 1
    assert session.close()


def test_a_rate_that_is_changed_in_a_pause_is_kept() -> None:
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=keep, clock=FakeClock())
    session.start(tiny_order(paused=True))
    ear.wait_for(SessionState.PAUSED)
    session.step()
    ear.wait_for(SessionState.RUNNING)
    ear.wait_for(SessionState.PAUSED)
    session.set_learning_rate(0.01)
    until = time.monotonic() + TIMEOUT
    while session.snapshot.settings["lr"] != 0.01:
        assert time.monotonic() < until
        time.sleep(0.001)
    session.stop()
    ear.wait_for(SessionState.STOPPED)
    assert session.close()
    kept = load(latest_checkpoint("linear"))
    assert (kept.epoch_step, kept.settings["lr"], kept.changes) == (
        1,
        0.01,
        (Change(1, "lr", 0.01),),
    )


def test_in_a_long_epoch_a_checkpoint_is_kept_every_ten_seconds() -> None:
    clock, kept = FakeClock(), []
    # 25 updates of one second in one epoch.
    task = TinyTask(samples=100, before_update=lambda task, number: setattr(clock, "now", number))
    ear = Ear()
    session = TrainingSession(
        ear, load=loader(task), keep=lambda run: kept.append(run.step), clock=clock
    )
    session.start(tiny_order(epochs=1))
    ear.wait_for(SessionState.FINISHED)
    assert session.close()
    assert LONGEST_UNKEPT == 10
    assert kept == [10, 20, 25]


def test_a_changed_rate_is_soon_in_a_checkpoint() -> None:
    clock, kept = FakeClock(), []

    def change(_task: TinyTask, number: int) -> None:
        clock.now = number
        if number == 13:
            session.set_learning_rate(0.01)

    ear = Ear()
    session = TrainingSession(
        ear,
        load=loader(TinyTask(samples=100, before_update=change)),
        keep=lambda run: kept.append((run.step, run.learning_rate)),
        clock=clock,
    )
    session.start(tiny_order(epochs=1))
    ear.wait_for(SessionState.FINISHED)
    assert session.close()
    assert kept == [(10, 0.05), (14, 0.01), (24, 0.01), (25, 0.01)]


def test_an_offer_says_how_far_it_is() -> None:
    run = tiny_run(epochs=4)
    advance(run, 2)
    keep(run)
    first = look("linear")
    assert first is not None
    assert (first.epoch, first.step, first.total_steps, first.epochs) == (0, 2, None, 4)
    advance(run, 3)
    keep(run)
    offer = look("linear")
    assert offer is not None
    assert (offer.epoch, offer.step, offer.total_steps) == (1, 5, 12)
    assert offer.is_unfinished
    assert offer.size_bytes == latest_checkpoint("linear").stat().st_size
    assert dict(offer.settings) == tiny_settings(epochs=4)


def test_the_fingerprint_of_the_parameters_is_told_only_while_they_stand_still() -> None:
    ear, at_update = Ear(), threading.Event()

    def wait(task: TinyTask, number: int) -> None:
        at_update.wait(20)

    task = TinyTask(before_update=wait)
    session = TrainingSession(ear, load=loader(task), clock=FakeClock())
    session.start(tiny_order())
    ear.wait_for(SessionState.RUNNING)
    assert session.snapshot.parameters_sha256 == ""
    assert session.snapshot.data_sha256 == task.data_sha256
    at_update.set()
    ear.wait_for(SessionState.FINISHED)
    assert len(session.snapshot.parameters_sha256) == 64
    assert session.close()
