"""Sweeps: the trainings they make, what came of each, and what is not trained twice."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.folders import data_folder
from engine.recipes.catalog import find_recipe
from engine.replacing import replace_file
from engine.training import trial_list
from engine.training.archive import entries, find, remove
from engine.training.begin import begin
from engine.training.grid import MOST, best, grid, judge, points
from engine.training.hyperparameters import SettingError
from engine.training.loop import train
from engine.training.order import TrainingOrder
from engine.training.run_files import checkpoints
from engine.training.snapshot import EpochMetrics, Setting
from engine.training.task import Source
from engine.training.trial import Trial, TrialStatus, train_trial
from engine.training.trial_list import MOST_TRIALS
from engine.training.trial_store import TrialStore
from tests.cases import for_each

LINEAR = find_recipe("linear")
CPU = Source("cpu")


def order_of(**settings: Setting) -> TrainingOrder:
    return TrainingOrder(LINEAR, {"epochs": 2, "batch_size": 250, **settings}, CPU)


def tried(order: TrainingOrder, *, keep: bool = False, updates: int | None = None) -> Trial:
    """Train what is ordered; `updates` is when to stop."""
    made = 0

    def count(_run: object) -> None:
        nonlocal made
        made += 1

    return train_trial(
        order, lambda: 0.0, keep=keep, on_update=count, stopping=lambda: made == updates
    )


def trial(
    status: TrialStatus = TrialStatus.FINISHED, *losses: float, held: float | None = None,
    accuracy: float | None = None, **settings: Setting,
) -> Trial:  # fmt: skip
    """A trial with these test losses, epoch 0 first."""
    rows = tuple(
        EpochMetrics(
            epoch, 4 * epoch, loss / 2, None, loss, accuracy, 0.1, 10.0, validation_loss=held
        )
        for epoch, loss in enumerate(losses)
    )
    return Trial(
        "linear", {**order_of().settings, **settings}, status, "", len(losses) - 1, 4, 0.1, rows,
        "cpu", True, "",
    )  # fmt: skip


def test_every_combination_is_trained_with_every_seed_in_order() -> None:
    orders = grid(LINEAR, {"lr": [0.1, 0.3, 0.1], "batch_size": [5, 10]}, CPU, seeds=2)
    found = [tuple(o.settings[name] for name in ("lr", "batch_size", "seed")) for o in orders]
    assert found == [(lr, size, seed) for lr in (0.1, 0.3) for size in (5, 10) for seed in (0, 1)]
    assert all(order.source == CPU and order.settings["epochs"] == 5 for order in orders)


def test_seeds_count_from_the_one_given_or_that_of_the_recipe() -> None:
    fizzbuzz = find_recipe("fizzbuzz")
    assert [o.settings["seed"] for o in grid(fizzbuzz, {}, CPU, seeds=2)] == [3, 4]
    assert [o.settings["seed"] for o in grid(LINEAR, {"seed": [7]}, CPU, seeds=2)] == [7, 8]
    assert [o.settings["seed"] for o in grid(LINEAR, {"seed": [7, 5]}, CPU)] == [7, 5]


@for_each(
    ("values", "seeds"),
    [({"seed": [1, 2]}, 2), ({}, 0), ({"lr": [0.1] * 2, "batch_size": range(1, 1002)}, 1)],
)
def test_what_makes_no_sense_is_refused(values: dict[str, list[Setting]], seeds: int) -> None:
    with pytest.raises(SettingError):
        grid(LINEAR, values, CPU, seeds)


def test_a_trial_is_the_training_that_train_makes() -> None:
    order = order_of(seed=4)
    run = begin(order, lambda: 0.0, name="")
    for _ in train(run):
        pass
    found = tried(order)
    assert found.status is TrialStatus.FINISHED
    assert found.last == run.measured[-1]
    assert (found.epoch, found.step, found.run) == (2, 8, "")
    assert found.data_sha256 == run.task.data_sha256
    assert entries(["linear"]) == []


def test_a_kept_trial_is_a_run_like_any_other() -> None:
    found = tried(order_of(), keep=True)
    entry = find(found.run, ["linear"])
    assert entry.checkpoint is not None
    assert (entry.run.state, entry.run.is_whole) == ("finished", True)
    assert dict(entry.run.started_with) == dict(found.settings)
    assert entry.run.parameters_sha256
    assert entry.run.measured == found.measured


def test_a_trial_that_diverges_says_so_and_leaves_no_empty_run() -> None:
    found = tried(order_of(lr=100.0, epochs=50), keep=True)
    assert found.status is TrialStatus.DIVERGED
    assert "learning rate" in found.error
    assert found.last is None or found.last.epoch < 50
    names = [entry.name for entry in entries(["linear"])]
    assert names == ([found.run] if found.run else [])


def test_an_interrupted_trial_goes_on_bit_for_bit() -> None:
    whole = tried(order_of(epochs=3))
    store = TrialStore("linear")
    half = tried(order_of(epochs=3), keep=True, updates=5)
    assert (half.status, half.step) == (TrialStatus.INTERRUPTED, 5)
    store.add(half)
    again = TrialStore("linear").find(order_of(epochs=3))
    assert again is not None
    assert (again.status, again.run) == (TrialStatus.INTERRUPTED, half.run)
    rest = tried(replace(order_of(epochs=3), resume=True, run=half.run), keep=True)
    assert rest.run == half.run
    assert [row.test_loss for row in rest.measured] == [row.test_loss for row in whole.measured]
    store = TrialStore("linear")
    store.add(rest)
    done = store.find(order_of(epochs=3))
    assert done is not None
    assert done.status is TrialStatus.FINISHED
    remove(find(half.run, ["linear"]))
    without = TrialStore("linear").find(order_of(epochs=3))
    assert without is not None
    assert (without.run, without.status) == ("", TrialStatus.FINISHED)


def test_an_interrupted_trial_without_its_checkpoint_begins_anew() -> None:
    half = tried(order_of(), keep=True, updates=3)
    store = TrialStore("linear")
    store.add(half)
    for path in checkpoints("linear"):
        path.unlink()
    assert TrialStore("linear").find(order_of()) is None


def test_a_finished_run_of_any_kind_is_not_trained_again() -> None:
    kept = tried(order_of(seed=1), keep=True)
    store = TrialStore("linear")
    found = store.find(order_of(seed=1))
    assert found is not None
    assert (found.run, found.reused, found.last) == (kept.run, True, kept.last)
    others: list[dict[str, Setting]] = [
        {"seed": 2},
        {"seed": 1, "lr": 0.1},
        {"seed": 1, "epochs": 3},
    ]
    assert [store.find(order_of(**other)) for other in others] == [None] * 3


def test_a_run_whose_rate_was_changed_on_the_way_is_another_one() -> None:
    from engine.training.keeping import keep
    from engine.training.observe import observe
    from engine.training.runs import RunStore, kept_run
    from engine.training.snapshot import SessionState

    run = begin(order_of(), lambda: 0.0)
    for _ in train(run):
        if run.step == 4:
            run.learning_rate = 0.01
    keep(run)
    RunStore().add(kept_run(observe(run, SessionState.FINISHED)))
    assert TrialStore("linear").find(order_of()) is None


def test_a_trial_on_other_data_or_another_device_does_not_count() -> None:
    done = tried(order_of())
    store = TrialStore("linear")
    store.add(replace(done, data_sha256="0" * 64))
    store.add(replace(done, device="cuda:0"))
    assert store.find(order_of()) is None
    store.add(done)
    assert store.find(order_of()) is not None


def test_a_damaged_line_of_the_list_hides_no_other() -> None:
    store = TrialStore("linear")
    store.add(tried(order_of(lr=100.0, epochs=50)))
    path = data_folder() / "sweeps" / "linear.jsonl"
    state = json.loads(path.read_text())
    path.write_text(
        "{half\n\n" + json.dumps({**state, "version": 99}) + "\n[]\n" + json.dumps(state) + "\n"
    )
    found = TrialStore("linear").find(order_of(lr=100.0, epochs=50))
    assert found is not None
    assert found.status is TrialStatus.DIVERGED


def test_a_line_that_was_edited_is_not_believed() -> None:
    trial_list.append(tried(order_of()))
    path = data_folder() / "sweeps" / "linear.jsonl"
    line = path.read_text()
    state = json.loads(line)
    state["measured"][-1]["test_loss"] /= 10
    path.write_text(json.dumps(state) + "\n")
    assert trial_list.read("linear") == []
    state = json.loads(line)
    del state["sha256"]
    path.write_text(json.dumps(state) + "\n")
    assert len(trial_list.read("linear")) == 1, "as a version without checksums wrote it"


def test_a_line_that_was_cut_short_takes_no_later_one_with_it() -> None:
    done = tried(order_of())
    store = TrialStore("linear")
    store.add(done)
    path = data_folder() / "sweeps" / "linear.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    store.add(replace(done, settings={**done.settings, "seed": 7}))
    assert [one.settings["seed"] for one in trial_list.read("linear")] == [7]


def test_no_trial_of_the_largest_sweep_makes_room() -> None:
    assert MOST_TRIALS // 2 >= MOST


def test_a_trial_that_ends_takes_the_line_of_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.trial_list.MOST_TRIALS", 6)
    done = tried(order_of())
    for number in range(4):
        for status in (TrialStatus.INTERRUPTED, TrialStatus.FINISHED):
            trial_list.append(replace(done, run=f"linear-{number}", status=status))
    found = [(one.run, one.status.value) for one in trial_list.read("linear")]
    assert found == [(f"linear-{number}", "finished") for number in range(4)]


def test_the_list_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.trial_list.MOST_TRIALS", 6)
    assert MOST_TRIALS > 100
    done = tried(order_of())
    store = TrialStore("linear")
    for seed in range(9):
        store.add(replace(done, settings={**done.settings, "seed": seed}))
    lines = (data_folder() / "sweeps" / "linear.jsonl").read_text().splitlines()
    seeds = [json.loads(line)["settings"]["seed"] for line in lines]
    assert seeds[-1] == 8
    assert len(seeds) <= 6
    assert seeds == sorted(seeds)


def test_a_line_that_is_added_while_the_list_is_shortened_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial_list, "MOST_TRIALS", 6)
    done = tried(order_of())
    for number in range(6):
        trial_list.append(replace(done, run=f"linear-{number}"))
    let_go = threading.Event()

    def add(run: str) -> None:
        trial_list.append(replace(done, run=run))

    def add_another() -> None:
        add("linear-7")
        let_go.set()

    other = threading.Thread(target=add_another)

    def waits(_seconds: float) -> None:
        let_go.set()
        time.sleep(0.001)

    def meanwhile(path: Path, content: bytes) -> None:
        other.start()
        assert let_go.wait(60), "the other one neither waits nor is done"
        replace_file(path, content)

    monkeypatch.setattr("engine.alone.wait", waits)
    with monkeypatch.context() as patch:
        patch.setattr("engine.training.trial_list.replace_file", meanwhile)
        add("linear-6")
    other.join(60)
    assert [one.run for one in trial_list.read("linear")][-2:] == ["linear-6", "linear-7"]


def test_a_point_takes_the_figures_over_its_seeds_without_what_diverged() -> None:
    (point,) = points(
        [
            trial(TrialStatus.FINISHED, 9.0, 4.0, 1.0, seed=0),
            trial(TrialStatus.FINISHED, 7.0, 2.0, 3.0, seed=1),
            trial(TrialStatus.DIVERGED, 8.0, 99.0, seed=2),
        ]
    )
    one = point.spread("test_loss")
    assert one is not None
    assert (one.mean, one.low, one.high) == (2.0, 1.0, 3.0)
    assert point.spread("test_accuracy") is None
    assert point.seeds(TrialStatus.DIVERGED) == [2]
    assert [(epoch, s.low, s.high) for epoch, s in point.along("test_loss")] == [
        (0, 7.0, 9.0), (1, 2.0, 4.0), (2, 1.0, 3.0),
    ]  # fmt: skip


def test_the_best_is_chosen_by_validation_if_there_is_one() -> None:
    finished = TrialStatus.FINISHED
    found = points(
        [
            trial(finished, 9.0, 1.0, held=5.0, lr=0.1),
            trial(finished, 9.0, 2.0, held=4.0, lr=0.2),
            trial(TrialStatus.DIVERGED, lr=0.3),
        ]
    )
    assert judge(found) == "validation_loss"
    winner = best(found)
    assert winner is not None
    assert winner.settings["lr"] == 0.2
    found = points([trial(finished, 9.0, 1.0, lr=0.1), trial(finished, 9.0, 2.0, lr=0.2)])
    assert judge(found) == "test_loss"
    assert best(found) is found[0]
    found = points(
        [trial(finished, 9.0, 1.0, accuracy=0.5), trial(finished, 9.0, 2.0, accuracy=0.6, lr=0.2)]
    )
    assert judge(found) == "test_accuracy"
    assert best(found) is found[1]
    assert best(points([trial(TrialStatus.DIVERGED)])) is None


def test_what_diverges_with_one_seed_is_not_best_by_the_others() -> None:
    lucky = [
        trial(TrialStatus.FINISHED, 9.0, 1.0, lr=0.3, seed=0),
        trial(TrialStatus.DIVERGED, lr=0.3, seed=1),
    ]
    steady = [trial(TrialStatus.FINISHED, 9.0, 2.0, lr=0.1, seed=seed) for seed in (0, 1)]
    found = points([*lucky, *steady])
    assert best(found) is found[1]
    assert best(points(lucky)) is not None
