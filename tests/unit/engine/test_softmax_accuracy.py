"""Softmax regression learns the built-in glyphs, healthy all the while, and the same twice.

What it learns on the published images is in `test_recipe_accuracy`.
"""

from __future__ import annotations

from engine.training.loop import train
from tests.unit.engine.sick_runs import default_run, seen


def test_ten_epochs_of_the_built_in_glyphs() -> None:
    run = default_run("softmax")
    assert run.epochs == 10
    assert seen(run) == {}
    looks = run.watch.insights.measured
    assert len(looks) >= 4
    assert looks[-1].step == run.step
    accuracies = [metrics.test_accuracy or 0.0 for metrics in run.measured[1:]]
    assert accuracies[0] < 0.8  # not at once
    assert 0.85 < accuracies[-1] < 0.97
    again = default_run("softmax")
    for _metrics in train(again):
        if again.epoch == 3:
            break
    assert again.measured == run.measured[:4]
