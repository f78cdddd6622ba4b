"""A session goes on from its checkpoint, bit by bit, or says why it cannot."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.errors import UserError
from engine.folders import data_folder
from engine.replacing import lock
from engine.training import keeping, underway
from engine.training.archive import entries, find, remove
from engine.training.begin import begin
from engine.training.checkpoint import CheckpointError, capture
from engine.training.checkpoint_file import load, save
from engine.training.keeping import keep, take, to_resume, told_renamed
from engine.training.loop import TrainingRun
from engine.training.offer import look
from engine.training.order import TrainingOrder
from engine.training.run_files import (
    checkpoint_path,
    checkpoints,
    is_reserved,
    new_name,
    record_path,
    was_given,
)
from engine.training.runs import is_worth_keeping
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


def test_a_mark_is_left_by_a_process_that_is_gone() -> None:
    assert underway.cut_off() == []
    underway.begin("linear")
    assert underway.cut_off() == ["linear"]  # this very process asks: so it is a new one
    underway.end("linear")
    assert underway.cut_off() == []


@pytest.mark.parametrize("during", ["load", "claim"])
def test_one_that_is_stopped_before_its_first_update_leaves_no_mark(
    during: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another recipe is begun while it loads: its mark is removed there, and then."""
    ear = Ear()
    real: Callable[[str, str], None] = underway.claim

    def stop() -> None:
        session.stop()
        underway.end("linear")

    def load(_order: TrainingOrder) -> TinyTask:
        if during == "load":
            stop()
        return TinyTask()

    def claim(recipe: str, run: str) -> None:
        stop()
        real(recipe, run)

    monkeypatch.setattr(keeping, "claim", claim)
    session = TrainingSession(ear, load=load, keep=keep, clock=FakeClock())
    underway.begin("linear")
    session.start(tiny_order())
    ear.wait_for(SessionState.STOPPED)
    assert session.close()
    assert underway.cut_off() == []
    assert not record_path("linear-1").exists()


@pytest.mark.skipif(os.name == "nt", reason="processes are not asked for there")
def test_a_mark_of_a_living_process_is_no_cut_off_training() -> None:
    underway.begin("linear")
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    mark.write_text(str(os.getppid()))
    assert underway.cut_off() == []
    underway.end("linear")
    assert mark.exists(), "the other process still trains it"
    mark.write_text("nonsense")
    assert underway.cut_off() == ["linear"]


@pytest.mark.skipif(os.name == "nt", reason="processes are not asked for there")
def test_a_run_that_another_process_trains_is_left_to_it() -> None:
    first, second = tiny_run(), tiny_run()
    for run in (first, second):
        advance(run, 4)
        keep(run)
    other = second.name
    underway.begin("linear", other)
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    mark.write_text(f"{os.getppid()}\n{other}")  # the lock on it stays
    assert [underway.is_running(run.name) for run in (first, second)] == [False, True]
    states = {entry.name: entry.run.state for entry in entries(["linear"])}
    assert states == {first.name: "interrupted", other: "running"}
    assert to_resume("linear").run == first.name
    with pytest.raises(UserError, match=f"{other} is being trained by another dltutor"):
        begin(
            replace(tiny_order(resume=True), run=other), FakeClock(), load_task=loader(TinyTask())
        )
    with pytest.raises(UserError, match="is being trained"):
        remove(find(other, ["linear"]))
    remove(find(first.name, ["linear"]))
    with pytest.raises(CheckpointError, match="is being trained"):
        to_resume("linear")
    underway.end("linear")  # as if its process was gone: the number alone says nothing
    assert to_resume("linear").run == other


def test_a_mark_of_the_same_number_is_another_process_in_another_container() -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    underway.begin("linear", run.name)
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    underway.end("linear")
    mark.write_text(f"{os.getpid()}\n{run.name}")
    with mark.open("r+b") as file:
        assert lock(file)
        assert underway.is_running(run.name)
        with pytest.raises(UserError, match="is being trained by another dltutor"):
            underway.claim("linear", run.name)
    assert not underway.is_running(run.name)


def test_a_mark_that_is_looked_at_is_locked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, False]  # somebody looks at it
    monkeypatch.setattr(underway, "lock", lambda file: answers.pop() if answers else lock(file))
    monkeypatch.setattr(underway, "wait", lambda _seconds: None)
    underway.begin("linear", "linear-1")
    with (data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway").open("r+b") as file:
        assert not lock(file)
    underway.end("linear")


def test_a_run_whose_folder_is_removed_while_it_is_trained_is_marked_again() -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    underway.claim("linear", run.name)
    shutil.rmtree(data_folder())
    keep(run)
    (mark,) = (data_folder() / "checkpoints").glob("*.underway")
    assert mark.read_text() == f"{os.getpid()}\n{run.name}"
    with mark.open("r+b") as file:
        assert not lock(file), "it is locked again"
    underway.end("linear")
    keep(run)
    assert not mark.exists(), "nobody trains it any longer"


def test_a_run_that_is_trained_keeps_its_name_where_its_files_are_removed() -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    underway.begin("linear", run.name)
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    mark.write_text(f"{os.getppid()}\n{run.name}")  # the lock on it stays
    shutil.rmtree(record_path(run.name).parent)
    shutil.rmtree(checkpoint_path(run.name).parent)
    assert new_name("linear") == "linear-2"
    underway.end("linear")


def test_a_run_whose_name_was_given_again_goes_on_under_a_new_one() -> None:
    run, other = tiny_run(), tiny_run()
    advance(run, 4)
    keep(run)
    assert run.name == "linear-1"
    take(run)
    shutil.rmtree(data_folder())
    advance(other, 2)
    other.name = "linear-1"
    save(capture(other), checkpoint_path("linear-1"))
    theirs = checkpoint_path("linear-1").read_bytes()
    advance(run, 1)
    keep(run)
    assert checkpoint_path("linear-1").read_bytes() == theirs
    assert run.name == "linear-2"
    assert load(checkpoint_path("linear-2")).epoch_step == run.epoch_step
    assert "This one goes on as linear-2." in told_renamed("linear-1", run.name)
    (mark,) = (data_folder() / "checkpoints").glob("*.underway")
    assert mark.read_text() == f"{os.getpid()}\nlinear-2"
    keep(run)
    assert run.name == "linear-2", "it is its own name from now on"
    underway.end("linear")


def test_the_screens_tell_of_a_new_name() -> None:
    def keep_under_another_name(run: TrainingRun) -> None:
        run.name = "linear-7"

    ear = Ear()
    session = TrainingSession(
        ear, load=loader(TinyTask()), keep=keep_under_another_name, clock=FakeClock()
    )
    session.start(tiny_order(epochs=1))
    ear.wait_for(SessionState.FINISHED)
    assert session.close()
    assert session.snapshot.run == "linear-7"
    assert "This one goes on as linear-7." in session.snapshot.message


@pytest.mark.skipif(os.name == "nt", reason="processes are not asked for there")
def test_the_screens_leave_a_run_that_another_process_has_taken_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = tiny_run()
    advance(run, 4)
    keep(run)
    before = checkpoint_path(run.name).read_bytes()
    underway.begin("linear", run.name)
    mark = data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"
    mark.write_text(f"{os.getppid()}\n{run.name}")  # the lock on it stays
    monkeypatch.setattr("engine.training.begin.refuse_in_use", lambda _run: None)
    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=keep)
    session.start(replace(tiny_order(resume=True), run=run.name))
    ear.wait_for(SessionState.FAILED)
    assert session.close(TIMEOUT)
    assert "is being trained by another dltutor" in session.snapshot.message
    assert not is_worth_keeping(session.snapshot), "its record is the other one's"
    assert checkpoint_path(run.name).read_bytes() == before
    underway.end("linear")


def test_a_run_that_cannot_be_prepared_leaves_neither_a_record_nor_its_name_reserved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(_run: TrainingRun) -> None:
        raise MemoryError

    monkeypatch.setattr(TrainingRun, "measure_start", no_room)
    order = tiny_order()
    name = f"{order.recipe.name}-1"
    with pytest.raises(MemoryError):
        begin(order, FakeClock(), load_task=loader(TinyTask(0)))
    assert was_given(name)
    assert not is_reserved(name)
    assert not record_path(name).exists()
