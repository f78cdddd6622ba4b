"""One update per next(), means over samples, time without pauses, and a way back from NaN."""

from __future__ import annotations

import math

import pytest
import torch

from engine.training import loop
from engine.training.checkpoint import parameters_sha256
from engine.training.divergence import DivergenceError
from engine.training.keeping import can_be_kept
from engine.training.loop import CHECK_EVERY, TrainingRun, train
from engine.training.task import Answers, Batch, BatchSums, Evaluation, right_answers
from tests.unit.engine.training_fakes import FakeClock, TinyTask, advance, tiny_run, tiny_settings


def test_one_update_per_next() -> None:
    task = TinyTask()
    run = tiny_run(task)
    updates = train(run)
    assert task.updates == 0
    ended = []
    for number, metrics in enumerate(updates, start=1):
        assert task.updates == run.step == number
        if metrics:
            ended.append(number)
    assert ended == [3, 6, 9]
    assert (run.epoch, run.epoch_step, run.total_steps) == (3, 0, 9)
    assert run.samples_seen == 30


def test_epoch_metrics_are_means_over_samples() -> None:
    task = TinyTask()
    run = tiny_run(task, epochs=1)
    *_, metrics = train(run)
    assert metrics is not None
    assert [size for _, size in task.batch_losses] == [4, 4, 2]
    assert metrics.during_loss == sum(loss for loss, _ in task.batch_losses) / 10
    assert metrics.test_loss == task.evaluate().loss
    assert metrics.during_accuracy is not None
    assert metrics.during_accuracy * 10 == round(metrics.during_accuracy * 10)
    assert metrics.train_loss is metrics.train_accuracy is None  # not measured by this task
    assert run.history.curve().values == tuple(loss / size for loss, size in task.batch_losses)


class AnsweringTask(TinyTask):
    """The same task, which gives its answers to be counted later."""

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        X, y = batch
        y_hat = X @ self.w.detach()
        scores = torch.stack([-y_hat, y_hat], dim=1)
        return (
            super().update(batch, learning_rate)._replace(correct=Answers(scores, (y > 0).long()))
        )


@pytest.mark.parametrize("most", [0, 5, loop.MOST_UNCOUNTED])
def test_answers_are_counted_for_many_batches_at_once(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(loop, "MOST_UNCOUNTED", most)
    run, plain = tiny_run(AnsweringTask()), tiny_run(TinyTask())
    for _metrics in train(run):
        kept = [sums.samples for sums in run._pending if isinstance(sums.correct, Answers)]
        assert sum(kept) <= most
    list(train(plain))
    assert run.measured == plain.measured


def test_batches_without_samples_and_without_answers_are_counted_too() -> None:
    scores, labels = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 1, 1])
    zero = torch.zeros(())
    given = [
        BatchSums(zero, Answers(scores, labels), 3),
        BatchSums(zero, torch.tensor(7), 9),
        BatchSums(zero, Answers(scores[:0], labels[:0]), 1),
        BatchSums(zero, None, 2),
        BatchSums(zero, Answers(scores[:1], labels[:1]), 1),
    ]
    right = right_answers(given)
    assert right is not None
    assert int(right) == 2 + 7 + 1
    assert right_answers(given[3:4]) is None


def test_every_epoch_uses_each_sample_once_in_another_order() -> None:
    task = TinyTask()
    list(train(tiny_run(task, epochs=2)))
    first = [y for batch in task.batch_order[:3] for y in batch]
    second = [y for batch in task.batch_order[3:] for y in batch]
    assert sorted(first) == sorted(second) == sorted(task.y.tolist())
    assert first != second


def test_the_same_seed_gives_the_same_parameters() -> None:
    digests = []
    for seed in (0, 0, 1):
        run = tiny_run(TinyTask(seed), seed=seed)
        list(train(run))
        digests.append(parameters_sha256(run))
    assert digests[0] == digests[1] != digests[2]


def test_looking_at_the_measurements_changes_nothing() -> None:
    watched, alone = tiny_run(), tiny_run()
    for _ in train(watched):
        watched.collect()
    list(train(alone))
    assert watched.measured == alone.measured
    assert watched.history.curve() == alone.history.curve()
    assert parameters_sha256(watched) == parameters_sha256(alone)


def test_a_new_learning_rate_counts_from_the_next_update() -> None:
    task = TinyTask()
    run = tiny_run(task)
    updates = train(run)
    next(updates)
    run.learning_rate = 0.01
    next(updates)
    assert task.rates == [0.05, 0.01]
    assert run.settings["lr"] == 0.01


def test_pauses_do_not_count_as_training_time() -> None:
    clock = FakeClock()

    def work(task: TinyTask, number: int) -> None:
        clock.now += 2.0

    run = TrainingRun(TinyTask(before_update=work), "linear", tiny_settings(epochs=2), clock)
    for _ in train(run):
        clock.now += 100.0
    assert run.seconds == 18.0 - 6.0
    assert [metrics.seconds for metrics in run.measured] == [0.0, 6.0, 6.0]
    assert run.measured[1].samples_per_second == 10 / 6.0


def spoil(at: int, value: float) -> TinyTask:
    """A task whose parameters become `value` just before update `at`."""

    def before_update(task: TinyTask, number: int) -> None:
        if number == at:
            with torch.no_grad():
                task.w.fill_(value)

    return TinyTask(before_update=before_update)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_brings_back_the_last_good_parameters(value: float) -> None:
    broken = CHECK_EVERY + 2
    run = tiny_run(spoil(broken, value), epochs=100)
    with pytest.raises(DivergenceError) as caught:
        list(train(run))
    assert caught.value.step == broken
    assert caught.value.good_step == run.step == CHECK_EVERY
    assert f"in update {broken} the loss" in str(caught.value)
    assert "learning rate 0.05 is too high" in str(caught.value)
    assert "such as 0.005" in str(caught.value)
    undisturbed = tiny_run(epochs=100)
    advance(undisturbed, CHECK_EVERY)
    assert parameters_sha256(run) == parameters_sha256(undisturbed)
    curve = run.history.curve()
    assert curve.steps[-1] == broken - 1
    assert [step for step, kind in curve.not_finite] == [broken]


def test_parameters_are_looked_at_even_where_the_loss_is_finite() -> None:
    def overflow(task: TinyTask, number: int) -> None:
        if number == 2:
            task.parameters["unused"].fill_(math.inf)

    task = TinyTask(before_update=overflow)
    task.parameters["unused"] = torch.tensor([1.0])
    run = tiny_run(task)
    with pytest.raises(DivergenceError) as caught:
        list(train(run))
    assert caught.value.step == 3
    assert run.step == 0
    assert run.task.parameters["unused"].tolist() == [1.0]


@pytest.mark.parametrize("values", [[3e38, 3e38, 1.0], [3e38, -3e38, -3e38], [3e38] * 3])
def test_large_finite_parameters_are_good_even_if_their_sum_overflows(values: list[float]) -> None:
    task = TinyTask()
    task.parameters["large"] = torch.tensor(values)
    run = tiny_run(task)
    list(train(run))
    assert run.step == run.total_steps


@pytest.mark.parametrize("values", [[math.inf, -math.inf], [3e38, math.nan], [-math.inf, 0.0]])
def test_no_sum_hides_a_parameter_that_is_not_finite(values: list[float]) -> None:
    def spoil_parameter(task: TinyTask, number: int) -> None:
        if number == 2:
            task.parameters["unused"].copy_(torch.tensor(values))

    task = TinyTask(before_update=spoil_parameter)
    task.parameters["unused"] = torch.ones(2)
    with pytest.raises(DivergenceError):
        list(train(tiny_run(task)))
    assert task.parameters["unused"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("usual", "earlier", "said"),
    [
        (None, None, "such as 10, and start again"),
        (1e-6, None, "such as 1e−6, which is usual for these settings, and start again"),
        (1000.0, None, "such as 10, and start again"),
        (1e-6, 0.05, "such as 0.05, with which this training went well, and start again"),
        (None, 500.0, "such as 10, and start again"),
    ],
)
def test_the_advice_names_a_rate_that_is_known_to_work(
    usual: float | None, earlier: float | None, said: str
) -> None:
    run = tiny_run(lr=earlier or 100.0, epochs=1000)
    run.usual_rate = usual
    training = train(run)
    if earlier == 0.05:
        next(training)
    if earlier:
        next(training)
        run.learning_rate = 100.0
    with pytest.raises(DivergenceError, match=said):
        list(training)


def test_a_rate_that_was_too_high_before_is_to_blame() -> None:
    run = tiny_run(lr=500.0, epochs=1000)
    run.usual_rate = 0.1
    training = train(run)
    next(training)
    run.learning_rate = 0.1
    run.task.parameters["w"].data.fill_(math.inf)
    with pytest.raises(DivergenceError, match=r"was 500 before.* 0.1 comes too late") as caught:
        list(training)
    assert "such as 0.1, and start again" in str(caught.value)


def test_the_rate_that_lasted_is_the_one_that_went_well() -> None:
    run = tiny_run(lr=0.05, epochs=1000)
    training = train(run)
    for rate, updates in ((0.05, 70), (0.06, 1), (0.07, 1), (100.0, 0)):
        run.learning_rate = rate
        for _ in range(updates):
            next(training)
    with pytest.raises(DivergenceError, match=r"such as 0\.05, with which this training went well"):
        list(training)


@pytest.mark.parametrize(
    ("batch_size", "ended", "good"), [(4, 3, 0), (10, 1, 0), (4, 66, 64), (10, 64, 63)]
)
def test_a_measured_loss_that_is_not_finite_leads_back_to_what_can_be_saved(
    batch_size: int, ended: int, good: int
) -> None:
    class Overflowing(TinyTask):
        def evaluate(self) -> Evaluation:
            return Evaluation(math.inf if self.updates >= ended else 1.0, 0.5)

    run = tiny_run(Overflowing(), batch_size=batch_size, epochs=100)
    with pytest.raises(DivergenceError, match=f"after {ended} updates? the loss is no") as caught:
        list(train(run))
    assert caught.value.good_step == run.step == good
    said = f"goes back to its parameters after {good} updates, which are finite."
    assert (said if good else "goes back to its first parameters.") in str(caught.value)
    assert can_be_kept(run) == bool(good)
    undisturbed = tiny_run(batch_size=batch_size, epochs=100)
    advance(undisturbed, good)
    assert parameters_sha256(run) == parameters_sha256(undisturbed)


def test_a_learning_rate_far_too_high_ends_with_a_sentence() -> None:
    run = tiny_run(lr=100.0, epochs=1000)
    with pytest.raises(DivergenceError, match="Choose a smaller one, such as 10"):
        list(train(run))
    assert all(math.isfinite(row.learned) for row in run.task.rows())
