"""The thread does what it is told, at once, and tells where it stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.events import Session, StateChanged
from engine.training.hyperparameters import SettingError
from engine.training.loop import TrainingRun
from engine.training.order import TrainingOrder
from engine.training.session import TrainingSession
from engine.training.snapshot import SessionState, Setting
from engine.training.task import Source, Task
from tests.unit.engine.training_fakes import (
    TIMEOUT,
    Ear,
    FakeClock,
    TinyTask,
    loader,
    tiny_order,
)

State = SessionState


class Stage:
    """A session, what it says, and a task that can be held before its updates."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.clock = FakeClock()
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()
        self.task = TinyTask(before_update=self._hold)
        self.session = TrainingSession(self.ear, load=loader(self.task), clock=self.clock)

    def _hold(self, task: TinyTask, number: int) -> None:
        self.clock.now += 1.0
        self.reached.set()
        assert self.gate.wait(TIMEOUT)

    def start(self, paused: bool = False, **changes: Setting) -> None:
        self.session.start(tiny_order(paused=paused, **changes))


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.gate.set()
    assert stage.session.close(TIMEOUT)


def test_it_is_the_session_that_applications_own() -> None:
    session: Session = TrainingSession()
    assert session.snapshot.state is State.IDLE
    for command in (session.pause, session.resume, session.step, session.run_epoch, session.stop):
        command()
    session.set_learning_rate(0.1)
    assert session.snapshot.revision == 0
    assert session.close()


def test_from_start_to_end(stage: Stage) -> None:
    stage.start()
    stage.ear.wait_for(State.FINISHED)
    assert stage.ear.states == [State.LOADING, State.RUNNING, State.FINISHED]
    snapshot = stage.session.snapshot
    assert (snapshot.step, snapshot.total_steps, snapshot.epoch, snapshot.epochs) == (9, 9, 3, 3)
    assert snapshot.progress == 1.0
    assert snapshot.losses.steps == tuple(range(1, 10))
    assert [metrics.epoch for metrics in snapshot.measured] == [0, 1, 2, 3]
    assert [row.learned for row in snapshot.parameters] == stage.task.w.tolist()
    assert snapshot.seconds == 9.0
    assert snapshot.samples_per_second == 30 / 9.0
    assert snapshot.seconds_left == 0.0
    assert snapshot.dataset == "a few points"
    assert snapshot.classes == ("below", "above")


def test_an_ended_training_can_be_forgotten_and_a_running_one_not(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    stage.session.forget()
    assert stage.session.snapshot.state is State.PAUSED
    stage.session.stop()
    stage.ear.wait_for(State.STOPPED)
    revision = stage.session.snapshot.revision
    stage.session.forget()
    empty = stage.session.snapshot
    assert (empty.state, empty.recipe, empty.step) == (State.IDLE, "", 0)
    assert empty.revision > revision
    stage.session.step()  # there is nothing to make a step of
    stage.start()
    stage.ear.wait_for(State.FINISHED)
    assert stage.session.snapshot.epoch == 3


def test_every_epoch_is_filmed(stage: Stage) -> None:
    stage.start()
    stage.ear.wait_for(State.FINISHED)
    film = stage.session.snapshot.film
    assert [frame.epoch for frame in film.frames] == [0, 1, 2, 3]
    (last,) = film.values(3, change=False)
    assert last.ravel().tolist() == stage.task.w.tolist()


def test_started_paused_it_waits_before_the_first_update(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    assert stage.session.snapshot.step == 0
    assert stage.session.snapshot.total_steps == 9
    stage.session.resume()
    stage.ear.wait_for(State.FINISHED)


def test_one_update_then_it_waits(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    for step in (1, 2, 3, 4):
        stage.session.step()
        stage.ear.wait_for(State.PAUSED)
        assert stage.session.snapshot.step == stage.task.updates == step
    assert stage.session.snapshot.epoch == 1


def test_updates_asked_for_meanwhile_are_all_made(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    stage.gate.clear()
    stage.session.step()
    assert stage.reached.wait(TIMEOUT)
    stage.session.step()
    stage.session.step()
    stage.gate.set()
    stage.ear.wait_for(State.PAUSED)
    assert stage.session.snapshot.step == 3


def test_one_epoch_then_it_waits(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    stage.session.step()
    stage.ear.wait_for(State.PAUSED)
    for step in (3, 6):
        stage.session.run_epoch()
        stage.ear.wait_for(State.PAUSED)
        assert stage.session.snapshot.step == step
    stage.session.run_epoch()
    stage.ear.wait_for(State.FINISHED)


def test_a_pause_comes_before_the_next_update(stage: Stage) -> None:
    stage.gate.clear()
    stage.start()
    assert stage.reached.wait(TIMEOUT)
    stage.session.pause()
    stage.gate.set()
    stage.ear.wait_for(State.PAUSED)
    assert stage.session.snapshot.step == stage.task.updates == 1


@pytest.mark.parametrize("paused", [True, False])
def test_a_stop_keeps_what_is_learned(stage: Stage, paused: bool) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    stage.session.step()
    stage.ear.wait_for(State.PAUSED)
    if not paused:
        stage.gate.clear()
        stage.reached.clear()
        stage.session.resume()
        assert stage.reached.wait(TIMEOUT)
    stage.session.stop()
    stage.gate.set()
    stage.ear.wait_for(State.STOPPED)
    assert stage.session.snapshot.step == (1 if paused else 2)
    assert [row.learned for row in stage.session.snapshot.parameters] == stage.task.w.tolist()


def test_a_new_learning_rate_counts_from_the_next_update(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    stage.session.step()
    stage.ear.wait_for(State.PAUSED)
    stage.session.set_learning_rate(0.01)
    stage.session.step()
    stage.ear.wait_for(State.PAUSED)
    assert stage.task.rates == [0.05, 0.01]
    assert stage.session.snapshot.settings["lr"] == 0.01
    with pytest.raises(SettingError, match="out of bounds"):
        stage.session.set_learning_rate(-1.0)


def test_settings_that_cannot_be_used_make_no_order() -> None:
    with pytest.raises(SettingError):
        TrainingOrder(find_recipe("linear"), {"lr": 1e9})
    with pytest.raises(SettingError):
        TrainingOrder(find_recipe("linear"), {"hidden": 3})
    with pytest.raises(SettingError):
        find_recipe("no such recipe")


def test_an_order_holds_all_settings_and_never_changes() -> None:
    order = TrainingOrder(find_recipe("linear"), {"epochs": 7})
    assert order.settings == {**find_recipe("linear").settings(), "epochs": 7}
    assert order == TrainingOrder(find_recipe("linear"), order.settings)
    with pytest.raises(TypeError):
        order.settings["epochs"] = 8  # type: ignore[index]  # that is the point


def test_revisions_grow_and_the_clock_decides_about_snapshots() -> None:
    seen: list[int] = []
    clock = FakeClock()

    def look(task: TinyTask, number: int) -> None:
        seen.append(session.snapshot.step)
        clock.now += 0.06

    ear = Ear()
    task = TinyTask(samples=40, before_update=look)
    session = TrainingSession(ear, load=loader(task), clock=clock, snapshot_interval=0.1)
    session.start(tiny_order(epochs=1))
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert seen == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8]
    assert session.snapshot.step == 10


def test_a_snapshot_never_changes_once_it_is_there(stage: Stage) -> None:
    stage.start(paused=True)
    stage.ear.wait_for(State.PAUSED)
    early = stage.session.snapshot
    learned = [row.learned for row in early.parameters]
    stage.session.resume()
    stage.ear.wait_for(State.FINISHED)
    assert early.revision < stage.session.snapshot.revision
    assert [row.learned for row in early.parameters] == learned
    assert (early.step, early.losses.steps) == (0, ())


def test_a_new_training_takes_the_place_of_the_old_one(stage: Stage) -> None:
    stage.gate.clear()
    stage.start(epochs=1000)
    assert stage.reached.wait(TIMEOUT)
    stage.start(paused=True, epochs=2)
    assert stage.session.snapshot.state is State.LOADING
    assert stage.session.snapshot.epochs == 2
    stage.gate.set()
    stage.ear.wait_for(State.PAUSED)
    assert State.STOPPED not in stage.ear.states
    assert stage.session.snapshot.epochs == 2
    assert len([thread for thread in threading.enumerate() if thread.name == "training"]) == 1


def test_the_loader_gets_what_was_asked_for() -> None:
    asked: list[TrainingOrder] = []

    def load(order: TrainingOrder) -> Task:
        asked.append(order)
        return TinyTask()

    ear = Ear()
    session = TrainingSession(ear, load=load)
    order = TrainingOrder(find_recipe("softmax"), {"epochs": 1}, Source("cpu", None, True))
    session.start(order)
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert asked == [order]
    assert order.settings == find_recipe("softmax").settings({"epochs": 1})


def test_the_gallery_is_renewed_each_epoch() -> None:
    clock = FakeClock()
    task = TinyTask(samples=400, before_update=lambda task, number: setattr(clock, "now", number))
    ear = Ear()
    session = TrainingSession(ear, load=loader(task), clock=clock)
    session.start(tiny_order(epochs=3))
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert task.galleries == 1 + 3 + 1  # at the start, after each epoch, at the end


def test_an_owner_that_refuses_events_does_not_hurt_the_training() -> None:
    done = threading.Event()

    def refuse(event: StateChanged) -> None:
        if event.state is State.FINISHED:
            done.set()
        raise RuntimeError("closing down")

    session = TrainingSession(refuse, load=loader(TinyTask()))
    session.start(tiny_order())
    assert done.wait(TIMEOUT)
    assert session.close(TIMEOUT)
    assert session.snapshot.state is State.FINISHED


def test_checkpoints_are_kept_after_an_epoch_and_at_the_end() -> None:
    clock = FakeClock()
    kept: list[tuple[int, int]] = []
    # 3 updates an epoch; the clock says 1 s more with every update.
    task = TinyTask(before_update=lambda task, number: setattr(clock, "now", float(number)))
    ear = Ear()
    session = TrainingSession(
        ear,
        load=loader(task),
        keep=lambda run: kept.append((run.epoch, run.step)),
        clock=clock,
    )
    session.start(tiny_order(epochs=3))
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert kept == [(1, 3), (2, 6), (3, 9)]


def test_short_epochs_are_not_all_kept_but_the_last_one_is() -> None:
    kept: list[int] = []
    ear = Ear()
    session = TrainingSession(
        ear, load=loader(TinyTask()), keep=lambda run: kept.append(run.epoch), clock=FakeClock()
    )
    session.start(tiny_order(epochs=9))
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert kept == [9]


def test_a_divergence_keeps_the_last_finite_parameters() -> None:
    def spoil(task: TinyTask, number: int) -> None:
        if number == 8:
            task.w.data.fill_(float("nan"))

    kept: list[tuple[int, int]] = []
    ear = Ear()
    session = TrainingSession(
        ear,
        load=loader(TinyTask(before_update=spoil)),
        keep=lambda run: kept.append((run.step, int(run.task.parameters["w"].isfinite().all()))),
        clock=FakeClock(),
    )
    session.start(tiny_order(epochs=9))
    ear.wait_for(State.FAILED)
    assert session.close(TIMEOUT)
    assert kept == [(6, 1)]


def test_a_stop_keeps_what_was_learned_in_the_middle_of_an_epoch() -> None:
    kept: list[tuple[int, int]] = []
    ear = Ear()
    session = TrainingSession(
        ear,
        load=loader(TinyTask()),
        keep=lambda run: kept.append((run.epoch, run.epoch_step)),
        clock=FakeClock(),
    )
    session.start(tiny_order(paused=True))
    ear.wait_for(State.PAUSED)
    session.step()
    ear.wait_for(State.RUNNING)
    ear.wait_for(State.PAUSED)
    assert session.close(TIMEOUT)
    assert kept == [(0, 1)]


def test_a_full_disk_costs_the_checkpoint_and_not_the_training() -> None:
    def refuse(run: TrainingRun) -> None:
        raise OSError(28, "No space left on device")

    ear = Ear()
    session = TrainingSession(ear, load=loader(TinyTask()), keep=refuse, clock=FakeClock())
    session.start(tiny_order())
    ear.wait_for(State.FINISHED)
    assert session.close(TIMEOUT)
    assert session.snapshot.epoch == 3
    assert "No space left on device" in session.snapshot.message
