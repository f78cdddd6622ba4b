"""What a checkpoint keeps of the looks and diagnoses of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.training.checkpoint import capture, restore
from engine.training.checkpoint_file import load as load_checkpoint
from engine.training.checkpoint_file import save
from engine.training.divergence import DivergenceError
from engine.training.loop import train
from engine.training.snapshot import Setting
from tests.unit.engine.test_watch import small
from tests.unit.engine.training_fakes import advance


# After so many updates, a two-layer network that had forgotten its last look would look at once.
@pytest.mark.parametrize(("recipe", "updates"), [("mlp", 9), ("two-layer-autograd", 230)])
def test_a_resumed_run_knows_what_was_seen_before(
    recipe: str, updates: int, tmp_path: Path
) -> None:
    sick: dict[str, Setting] = {"lr": 3.0, "batch_size": 200}
    given: dict[str, Setting] = {"epochs": 260} if recipe.startswith("two") else sick
    straight, resumed = small(recipe, **given), small(recipe, **given)
    updating = train(straight)
    for _ in range(updates):
        next(updating)
    path = tmp_path / "x.safetensors"
    save(capture(straight), path)
    restore(resumed, load_checkpoint(path))
    assert resumed.watch.insights == straight.watch.insights
    assert resumed.watch.memory == straight.watch.memory
    list(updating)
    list(train(resumed))
    # The first direction of the curvature is new, so that it may differ a little.
    known, again = ([replace(look, curvature=None) for look in run.watch.insights.measured]
                    for run in (straight, resumed))  # fmt: skip
    assert again == known
    told, told_again = ([(one.id, one.step) for one in run.watch.insights.diagnoses]
                        for run in (straight, resumed))  # fmt: skip
    assert told_again == told


def test_a_run_that_goes_on_after_a_divergence_knows_nothing_of_the_updates_undone() -> None:
    given: dict[str, Setting] = {"epochs": 300, "lr": 1e-5}
    run, resumed = small("linear", **given), small("linear", **given)
    updates = train(run)
    while run.epoch <= 64 or not run.watch._is_due_at_end(run.step + run.steps_per_epoch):
        next(updates)
    known = run.watch.memory
    run.learning_rate = 14.0
    with pytest.raises(DivergenceError):
        list(updates)
    assert [one.id for one in run.watch.insights.diagnoses] == [
        "learning-rate",
        "exploding-updates",
    ]
    restore(resumed, capture(run))
    assert resumed.watch.memory == known
    advance(resumed, 6 * run.steps_per_epoch)
    assert [one.id for one in resumed.watch.insights.diagnoses] == ["chance-level"]
