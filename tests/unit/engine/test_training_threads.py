"""The CPU threads of a training: those that its setting names, inside it alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.devices import CpuThreads
from engine.recipes.catalog import recipes
from engine.training.checkpoint import capture, restore
from engine.training.checkpoint_file import load, save
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import Change
from engine.training.task import Evaluation
from tests.unit.engine.training_fakes import FakeClock, TinyTask, advance, tiny_run, tiny_settings


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class NotingTask(TinyTask):
    """Notes on how many threads it computes; no thread of its own is started for that."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        super().__init__(before_update=lambda _task, _number: self.note("update"))

    def note(self, what: str) -> None:
        self.seen.append((what, torch.get_num_threads()))

    def evaluate(self) -> Evaluation:
        self.note("measure")
        return super().evaluate()


def test_updates_and_measurements_use_them_and_nothing_else_does() -> None:
    task = NotingTask()
    run = tiny_run(task, epochs=1, threads=3)
    outside = [torch.get_num_threads() for _metrics in train(run)]
    assert outside == [1, 1, 1]
    assert task.seen == [("measure", 3), *[("update", 3)] * 3, ("measure", 3)]
    assert torch.get_num_threads() == 1


def test_two_trainings_in_turns_keep_their_own() -> None:
    tasks = NotingTask(), NotingTask()
    runs = [train(tiny_run(task, threads=n)) for task, n in zip(tasks, (1, 3), strict=True)]
    for _turn in range(4):
        for updates in runs:
            next(updates)
    assert [{n for _what, n in task.seen} for task in tasks] == [{1}, {3}]


def test_a_failure_does_not_leave_them_behind() -> None:
    def fail(task: TinyTask, number: int) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(train(tiny_run(TinyTask(before_update=fail), threads=3)))
    assert torch.get_num_threads() == 1


def test_the_process_gets_back_what_it_had() -> None:
    torch.set_num_threads(2)
    threads = CpuThreads(3)
    for _again in range(2):
        with threads:
            assert torch.get_num_threads() == 3
        assert torch.get_num_threads() == 2


def test_one_thread_is_the_default_wherever_pytorch_computes() -> None:
    has = {
        recipe.name: [one.default for one in recipe.hyperparameters if one.name == "threads"]
        for recipe in recipes()
    }
    assert [name for name, default in has.items() if default != [1]] == ["two-layer-numpy"]


def test_a_checkpoint_keeps_them_and_may_continue_with_others(tmp_path: Path) -> None:
    run = tiny_run(threads=2)
    advance(run, 4)
    save(capture(run), tmp_path / "c.safetensors")
    checkpoint = load(tmp_path / "c.safetensors")
    assert checkpoint.settings["threads"] == 2
    same, other = tiny_run(threads=2), tiny_run(threads=1)
    for again in (same, other):
        restore(again, checkpoint)
    assert (same.threads, same.changes) == (2, [])
    assert (other.threads, other.settings["threads"]) == (1, 1)
    assert other.changes == [Change(4, "threads", 1)]
    assert other.started_with["threads"] == 2


def test_an_old_checkpoint_was_trained_on_one() -> None:
    old = capture(TrainingRun(TinyTask(), "linear", tiny_settings(), FakeClock()))
    run = tiny_run(threads=1)
    restore(run, replace(old, run="linear-1"))
    assert (run.threads, run.changes) == (1, [])


def test_a_plan_repeats_their_change() -> None:
    task = NotingTask()
    run = tiny_run(task, epochs=1, threads=3)
    run.plan = [Change(1, "threads", 1)]
    list(train(run))
    assert [n for what, n in task.seen if what == "update"] == [3, 1, 1]
    assert run.changes == [Change(1, "threads", 1)]
