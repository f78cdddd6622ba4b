"""The training screen draws what the lesson on watching says."""

from __future__ import annotations

import pytest

from engine.training.snapshot import EpochMetrics, Snapshot
from lessons.course.mlp.watching.claims import line_of
from lessons.course.mlp.watching.facts import KEPT
from tui.panes.epoch import epoch_series
from tui.panes.loss import SMOOTHING
from tui.widgets.run_chart import STEP_LOSS, TEST_ACCURACY, TEST_LOSS, measures
from tui.widgets.series import smooth


def test_the_smoothed_line_is_that_of_the_lesson() -> None:
    losses = [2.3, 1.0, 4.0, 0.5, 0.5, 0.5]
    assert SMOOTHING == KEPT
    assert smooth(range(1, 7), losses, SMOOTHING) == pytest.approx(line_of(losses))


def test_pane_2_draws_accuracies_alone_and_pane_6_the_test_loss_as_well() -> None:
    row = EpochMetrics(
        epoch=1, step=1, train_loss=2.0, train_accuracy=0.5, test_loss=1.5, test_accuracy=0.6,
        seconds=1.0, samples_per_second=1.0, gradient_norms=(), during_accuracy=0.4,
    )  # fmt: skip
    drawn = epoch_series(Snapshot(measured=(row,), epochs=1))
    assert [series.ys for series in drawn] == [(0.4,), (0.5,), (0.6,)]
    named = [(series.sign, series.name) for series in drawn]
    assert named == [("·", "train, during the epoch"), ("●", "train"), ("×", "test")]
    assert {TEST_ACCURACY, TEST_LOSS, STEP_LOSS} <= set(measures(classifies=True))
