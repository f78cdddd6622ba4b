"""Runs that are kept for comparison: their names, their bounds, their files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.run_files import MOST_KEPT
from engine.training.runs import (
    MOST_POINTS,
    MOST_SHOWN,
    KeptRun,
    RunStore,
    kept_run,
    run_label,
)
from engine.training.snapshot import Change, Curve, EpochMetrics, SessionState, Setting, Snapshot

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS: dict[str, Setting] = {"epochs": 10, "lr": 0.1, "batch_size": 256, "seed": 0}


def finished(number: int = 0, epochs: int = 2, **settings: Setting) -> KeptRun:
    """A run of 5 updates an epoch that ended `number` minutes after the first."""
    measured = tuple(
        EpochMetrics(epoch, 5 * epoch, 1 / epoch, 0.5, 1.5 / epoch, 0.4, 0.1, 100.0, (0.25, 0.5))
        for epoch in range(1, epochs + 1)
    )
    snapshot = Snapshot(
        state=SessionState.FINISHED,
        recipe="softmax",
        settings={**DEFAULTS, "epochs": epochs, **settings},
        device="cpu",
        dataset="glyphs",
        epoch=epochs,
        epochs=epochs,
        step=5 * epochs,
        losses=Curve((1, 2, 3), (2.0, 1.0, 0.5)),
        measured=measured,
    )
    return kept_run(snapshot, BEGIN + timedelta(minutes=number))


def test_names_tell_what_differs_from_the_defaults() -> None:
    softmax = find_recipe("softmax")
    assert run_label(softmax, DEFAULTS) == "defaults"
    assert run_label(softmax, {**DEFAULTS, "lr": 0.5}) == "lr 0.5"
    assert run_label(softmax, {**DEFAULTS, "lr": 0.5, "batch_size": 64}) == "lr 0.5 · batch size 64"
    mlp = find_recipe("mlp")
    chosen = {**mlp.settings(), "activation": "tanh"}
    assert run_label(mlp, chosen) == "tanh"


def test_names_tell_a_default_in_which_the_others_differ() -> None:
    others = [{**DEFAULTS, "lr": 0.5}, DEFAULTS]
    assert run_label(find_recipe("softmax"), DEFAULTS, others) == "lr 0.1"


def test_a_run_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    run = finished(lr=0.5)
    RunStore(tmp_path).add(run)
    (found,) = RunStore(tmp_path).of("softmax")
    assert found == run


def test_the_oldest_makes_room(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    runs = [finished(number, seed=number) for number in range(MOST_KEPT + 3)]
    for run in runs:
        store.add(run)
    assert store.of("softmax") == tuple(reversed(runs[3:]))
    assert RunStore(tmp_path).of("softmax") == store.of("softmax")
    assert len(list(tmp_path.rglob("*.json"))) == MOST_KEPT


def test_a_resumed_run_takes_the_place_of_its_shorter_record(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.add(replace(finished(0, epochs=2), run="softmax-1"))
    store.add(replace(finished(1, epochs=5), run="softmax-1"))
    assert [run.epochs for run in store.of("softmax")] == [5]
    store.add(replace(finished(2, epochs=5), run="softmax-2"))  # the same settings, another run
    assert [run.run for run in store.of("softmax")] == ["softmax-2", "softmax-1"]
    assert RunStore(tmp_path).of("softmax") == store.of("softmax")


def test_a_changed_rate_is_in_the_name_and_survives(tmp_path: Path) -> None:
    changes = (Change(940, "lr", 0.05), Change(2000, "lr", 0.01))
    run = replace(finished(lr=0.01), run="softmax-3", changes=changes,
                  started_with={**DEFAULTS, "lr": 0.5})  # fmt: skip
    RunStore(tmp_path).add(run)
    (found,) = RunStore(tmp_path).of("softmax")
    assert found == run
    label = run_label(find_recipe("softmax"), found.started_with, changes=found.changes)
    assert label == "lr 0.5→0.05 @940→0.01 @2000"


def test_a_record_of_version_0_1_is_read_under_a_name_of_its_own(tmp_path: Path) -> None:
    RunStore(tmp_path).add(replace(finished(), run="softmax-1"))
    path = tmp_path / "softmax" / "softmax-1.json"
    state = json.loads(path.read_text("utf-8"))
    for name in ("run", "started_with", "changes", "synthetic", "total_steps", "train_samples",
                 "test_samples", "layers", "data_sha256", "parameters_sha256",
                 "sha256"):  # fmt: skip
        del state[name]
    stamp = "".join(filter(str.isalnum, state["ended"]))
    path.unlink()
    path.with_name(f"{stamp}.json").write_text(json.dumps(state), "utf-8")
    store = RunStore(tmp_path)
    (found,) = store.of("softmax")
    assert found.run.startswith("softmax-20")
    assert found.started_with == found.settings
    store.remove(found)
    assert not list(tmp_path.rglob("*.json"))


def test_at_most_a_handful_is_shown(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    runs = [finished(number, lr=0.1 * (number + 1)) for number in range(MOST_SHOWN + 2)]
    for run in runs:
        store.add(run)
    assert store.shown("softmax") == tuple(reversed(runs[2:]))
    store.show(runs[0])
    assert runs[0] in store.shown("softmax")
    assert runs[2] not in store.shown("softmax")
    assert len(store.shown("softmax")) == MOST_SHOWN
    store.hide(runs[0])
    assert runs[0] not in store.shown("softmax")
    assert runs[0] in store.of("softmax")


def test_a_removed_run_is_gone_from_disk(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = finished()
    store.add(run)
    store.remove(run)
    assert store.of("softmax") == store.shown("softmax") == ()
    assert RunStore(tmp_path).of("softmax") == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": 2}', '{"version": 1, "recipe": "softmax"}']
)
def test_a_damaged_file_costs_that_run_alone(tmp_path: Path, text: str) -> None:
    run = finished()
    RunStore(tmp_path).add(run)
    (tmp_path / "softmax" / "broken.json").write_text(text)
    assert RunStore(tmp_path).of("softmax") == (run,)


def test_a_folder_that_cannot_be_written_costs_the_disk_alone(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    store = RunStore(blocked)
    run = finished()
    store.add(run)
    assert store.of("softmax") == (run,)


def test_what_another_program_keeps_resumes_or_removes_is_seen(tmp_path: Path) -> None:
    here, there = RunStore(tmp_path), RunStore(tmp_path)
    first, second = (replace(finished(n), run=f"softmax-{n}") for n in (1, 2))
    here.add(first)
    there.add(second)
    assert here.of("softmax") == (second, first)
    longer = replace(finished(3, epochs=3), run="softmax-1")
    there.add(longer)
    assert here.of("softmax") == (longer, second)
    assert here.shown("softmax") == (longer,)
    there.remove(longer)
    assert here.of("softmax") == (second,)
    assert here.shown("softmax") == ()


def test_retention_spares_a_run_that_is_being_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path)
    monkeypatch.setattr("engine.training.runs.is_running", lambda run: run == "softmax-0")
    for number in range(MOST_KEPT + 2):
        store.add(replace(finished(number), run=f"softmax-{number}"))
    kept = [run.run for run in store.of("softmax")]
    assert "softmax-0" in kept
    assert "softmax-1" not in kept


def test_curves_are_thinned_to_a_bound_that_keeps_both_ends() -> None:
    count = 10_000
    measured = tuple(
        EpochMetrics(epoch, epoch, 1.0, None, 1.0, None, 0.0, 1.0) for epoch in range(1, count + 1)
    )
    snapshot = Snapshot(
        recipe="fizzbuzz",
        losses=Curve(tuple(range(1, count + 1)), (1.0,) * count),
        measured=measured,
    )
    run = kept_run(snapshot, BEGIN)
    assert MOST_POINTS >= len(run.losses.steps) == len(run.losses.values) > MOST_POINTS // 2
    assert len(run.measured) == MOST_POINTS
    assert run.losses.steps[-1] == count
    assert (run.measured[0].epoch, run.measured[-1].epoch) == (1, count)


def test_a_run_that_was_stopped_is_not_whole() -> None:
    run = finished()
    assert run.is_whole
    assert not replace(run, epoch=1).is_whole
