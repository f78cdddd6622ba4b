"""What is measured beside the training: epoch 0, train after the epoch, a validation split."""

from __future__ import annotations

import csv
import functools
import io
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.data import glyphs
from engine.recipes.catalog import find_recipe, recipes
from engine.recipes.images import ImageTask
from engine.recipes.parts import PROBE_SAMPLES, MeasuredTask, probe, split
from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.checkpoint_file import load, save
from engine.training.epochs import metrics_of
from engine.training.export import losses_csv, metrics_csv
from engine.training.loop import TrainingRun, train
from engine.training.observe import observe
from engine.training.runs import RunStore, kept_run
from engine.training.snapshot import EpochMetrics, SessionState, Setting
from engine.training.task import Source
from tests.unit.engine.small_images import make_narrow
from tests.unit.engine.training_fakes import FakeClock, TinyTask, tiny_run
from tests.unit.engine.training_fakes import load as load_task

OLD = Path(__file__).parent / "old"
RECIPES = [recipe.name for recipe in recipes()]
SMALL: Mapping[str, Setting] = {"epochs": 2, "batch_size": 64}


def run_of(recipe: str, **changes: Setting) -> TrainingRun:
    """A run of the recipe, on the built-in glyphs where it wants images."""
    settings = find_recipe(recipe).settings({**SMALL, **changes})
    task = load_task(recipe, settings, Source("cpu", allow_synthetic=True))
    return TrainingRun(task, recipe, settings, FakeClock())


def quick(recipe: str) -> dict[str, Setting]:
    """Larger batches where there are many samples."""
    return {} if find_recipe(recipe).dataset == "random" else {"batch_size": 400}


@pytest.fixture
def few_images(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many glyphs in place of every image set, and narrow networks for digits."""
    few = functools.partial(glyphs.glyph_images, 0, request.param, 200)
    monkeypatch.setattr(glyphs, "glyph_images", few)
    make_narrow(monkeypatch)


@pytest.mark.parametrize("few_images", [1000], indirect=True)
@pytest.mark.parametrize("recipe", RECIPES)
def test_measuring_changes_no_draw_and_no_parameter(recipe: str, few_images: None) -> None:
    bare, run = (run_of(recipe, **quick(recipe)) for _ in range(2))
    for _ in range(2):
        for batch in bare.task.batches(bare.batch_size):
            bare.task.update(batch, bare.learning_rate)
    list(train(run))
    assert parameters_sha256(run) == parameters_sha256(bare)
    states = (one.task.generator.get_state() for one in (run, bare))
    assert torch.equal(*states)


@pytest.mark.parametrize("few_images", [PROBE_SAMPLES + 400], indirect=True)
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_measures_all_parts_by_one_model(recipe: str, few_images: None) -> None:
    run = run_of(recipe, **quick(recipe), validation=0.1, epochs=1)
    task = run.task
    assert isinstance(task, MeasuredTask)
    whole = run_of(recipe, **quick(recipe)).task.train_samples
    assert task.validation_samples == round(0.1 * whole)
    assert task.train_samples == whole - task.validation_samples
    assert task.probe_samples == min(task.train_samples, PROBE_SAMPLES)
    list(train(run))
    begin, end = run.measured
    assert (begin.epoch, begin.step, begin.seconds) == (0, 0, 0.0)
    assert begin.during_loss is begin.during_accuracy is None
    for row in run.measured:
        assert None not in (row.train_loss, row.validation_loss)
        assert (row.train_accuracy is None) == (row.test_accuracy is None)
        assert (row.validation_accuracy is None) == (row.test_accuracy is None)
    assert (end.train_loss, end.train_accuracy) == tuple(task.evaluate_train())
    assert (end.validation_loss, end.validation_accuracy) == task.evaluate_validation()
    assert end.during_loss != end.train_loss
    batches = list(task.batches(100))
    assert sum(len(y) for _, y in batches) == task.train_samples


def test_what_is_held_out_is_never_learned_from() -> None:
    run = run_of("softmax", validation=0.25)
    task = run.task
    assert isinstance(task, ImageTask)
    assert task.parts.validation is not None
    held = {bytes(row.numpy().tobytes()) for row in task.parts.validation[0]}
    learned = {bytes(row.numpy().tobytes()) for X, _ in task.batches(500) for row in X}
    probed = {bytes(row.numpy().tobytes()) for row in task.parts.train[0]}
    assert not held & learned
    assert probed <= learned
    everything = task.features(task.data.train_images)
    assert held | learned == {bytes(row.numpy().tobytes()) for row in everything}


def test_the_seed_fixes_the_split() -> None:
    kept, held = split(1000, 0.1, seed=3)
    assert kept is not None
    assert held is not None
    assert sorted([*kept.tolist(), *held.tolist()]) == list(range(1000))
    assert len(held) == 100
    again, other = split(1000, 0.1, seed=3)[1], split(1000, 0.1, seed=4)[1]
    assert again is not None
    assert other is not None
    assert held.tolist() == again.tolist() != other.tolist()
    assert split(1000, 0.0, seed=3) == (None, None)


@pytest.mark.parametrize(("count", "share", "held"), [(2, 0.9, 1), (64, 0.001, 1), (10, 0.9, 9)])
def test_each_part_of_a_split_has_a_sample(count: int, share: float, held: int) -> None:
    found = split(count, share, 0)
    assert [len(part) for part in found if part is not None] == [count - held, held]


def test_the_probe_is_the_same_for_all_runs_and_no_run_of_neighbours() -> None:
    few, many = probe(PROBE_SAMPLES), probe(60_000)
    assert few == slice(None)
    assert isinstance(many, torch.Tensor)
    assert len(set(many.tolist())) == PROBE_SAMPLES
    assert int(many[-1]) > 50_000
    assert torch.equal(many, torch.as_tensor(probe(60_000)))


def test_epoch_0_is_measured_once_whoever_asks() -> None:
    run = tiny_run()
    run.measure_start()
    run.measure_start()
    list(train(run))
    assert [row.epoch for row in run.measured] == [0, 1, 2, 3]
    assert run.measured[0].test_loss == pytest.approx(TinyTask().evaluate().loss)


def test_an_epoch_0_that_is_not_finite_is_left_out() -> None:
    task = TinyTask()
    with torch.no_grad():
        task.w.fill_(math.inf)
    run = tiny_run(task)
    run.measure_start()
    assert run.measured == []


def test_the_split_is_recorded_kept_and_resumed(tmp_path: Path) -> None:
    straight, run = (run_of("softmax-concise", validation=0.2, batch_size=2000) for _ in range(2))
    list(train(straight))
    for _ in zip(range(straight.steps_per_epoch + 1), train(run), strict=False):
        pass
    save(capture(run), tmp_path / "c.safetensors")
    resumed = run_of("softmax-concise", validation=0.2, batch_size=2000)
    restore(resumed, load(tmp_path / "c.safetensors"))
    list(train(resumed))
    assert resumed.measured == straight.measured
    assert parameters_sha256(resumed) == parameters_sha256(straight)
    seen = observe(resumed, SessionState.FINISHED)
    assert (seen.settings["validation"], seen.validation_samples) == (0.2, 2000)
    store = RunStore(tmp_path)
    store.add(kept_run(replace(seen, run="softmax-concise-7")))
    (record,) = RunStore(tmp_path).of("softmax-concise")
    assert record.measured == tuple(straight.measured)
    assert (record.settings["validation"], record.validation_samples) == (0.2, 2000)
    assert record.probe_samples == PROBE_SAMPLES
    rows = list(csv.DictReader(io.StringIO(metrics_csv(seen))))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["during_loss"] == ""
    for name in ("train", "during", "validation", "test"):
        assert float(rows[2][f"{name}_accuracy"]) == getattr(seen.measured[2], f"{name}_accuracy")


def test_another_share_is_another_run(tmp_path: Path) -> None:
    run = run_of("linear", validation=0.2)
    with pytest.raises(Exception, match=r"trained with validation 0\.2, not 0\.1"):
        restore(run_of("linear", validation=0.1), capture(run))


def test_the_losses_of_merged_updates_are_exported_with_their_extremes() -> None:
    run = tiny_run()
    for step in range(1, 4097):
        run.history.append(step, 7.0 if step == 3000 else float(step % 2))
    run.history.append(4097, math.nan)
    rows = list(csv.reader(io.StringIO(losses_csv(observe(run, SessionState.RUNNING)))))
    assert rows[0] == ["step", "min", "mean", "max", "updates"]
    assert rows[1] == ["4", "0.0", "0.5", "1.0", "4"]
    assert ["3000", "0.0", "2.25", "7.0", "4"] in rows
    assert rows[-1] == ["4097", "nan", "nan", "nan", "1"]
    assert sum(int(row[4]) for row in rows[1:]) == 4097


def test_a_checkpoint_of_version_0_1_is_read_and_resumed() -> None:
    old = load(OLD / "linear-1.safetensors")
    assert (old.epoch, old.epoch_step) == (4, 222)
    assert [row.epoch for row in old.measured] == [1, 2, 3, 4]
    assert {row.train_loss for row in old.measured} == {None}  # it was not measured then
    assert old.measured[3].during_loss == pytest.approx(4.65e-5, rel=0.01)
    curve = old.history.curve()
    assert (sum(curve.counts), curve.most, set(curve.lows)) == (2222, 2, {None})
    settings = find_recipe("linear").settings({**old.settings, "epochs": 6})
    assert settings["validation"] == 0.0
    task = load_task("linear", settings, Source("cpu"))
    run = TrainingRun(task, "linear", settings, FakeClock())
    # On another processor, the last bits of the data may be different.
    restore(run, replace(old, fingerprint=task.data_sha256))
    assert run.step == 2222
    list(train(run))
    assert [row.epoch for row in run.measured] == [1, 2, 3, 4, 5, 6]
    assert run.measured[-1].train_loss == pytest.approx(4.65e-5, rel=0.05)
    assert sum(run.history.curve().counts) == 3000


def test_a_record_of_version_0_1_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "linear"
    folder.mkdir()
    (folder / "linear-1.json").write_bytes((OLD / "linear-1.json").read_bytes())
    (run,) = RunStore(tmp_path).of("linear")
    assert (run.run, run.step, run.epoch) == ("linear-1", 2222, 4)
    assert [row.during_loss for row in run.measured] == [
        row.during_loss for row in load(OLD / "linear-1.safetensors").measured
    ]
    assert run.measured[0].train_loss is None
    assert (len(run.losses.steps), run.losses.lows) == (512, ())


def test_metrics_that_are_not_whole_are_refused() -> None:
    with pytest.raises((TypeError, KeyError)):
        metrics_of({"epoch": 1, "gradient_norms": []})
    whole = EpochMetrics(1, 2, 0.5, None, 0.25, None, 1.0, 2.0, (0.5,), 0.75)
    assert metrics_of({**{k: getattr(whole, k) for k in whole.__slots__}}) == whole
