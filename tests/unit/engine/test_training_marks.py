"""Marks of trainings: which run a process trains, so that no other one takes it or its name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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
from engine.training.order import TrainingOrder
from engine.training.run_files import (
    checkpoint_path,
    is_reserved,
    new_name,
    record_path,
    was_given,
)
from engine.training.runs import is_worth_keeping
from engine.training.session import TrainingSession
from engine.training.snapshot import SessionState
from tests.unit.engine.training_fakes import (
    TIMEOUT,
    Ear,
    FakeClock,
    TinyTask,
    advance,
    loader,
    tiny_order,
    tiny_run,
)


def marked_run() -> tuple[TrainingRun, Path]:
    """A run with a checkpoint that this process trains, and its mark."""
    run = tiny_run()
    advance(run, 4)
    keep(run)
    underway.begin("linear", run.name)
    return run, data_folder() / "checkpoints" / f"linear.{os.getpid()}.underway"


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
    run, mark = marked_run()
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
    run, mark = marked_run()
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
    kept: list[int] = []

    def keep_under_another_name(run: TrainingRun) -> None:
        kept.append(run.step)
        run.name = "linear-7"

    ear = Ear()
    session = TrainingSession(
        ear,
        load=loader(TinyTask()),
        keep=keep_under_another_name,
        clock=iter(range(0, 10**6, 10)).__next__,
    )
    session.start(tiny_order(epochs=2))
    ear.wait_for(SessionState.FINISHED)
    assert session.close()
    assert len(kept) > 1, "it is told on, after another checkpoint, too"
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
