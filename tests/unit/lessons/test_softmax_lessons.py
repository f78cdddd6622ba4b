"""The programs of the lessons on softmax regression do what these lessons say."""

from __future__ import annotations

import pytest
import torch

from engine.data import load_images
from engine.recipes.linear import sgd
from engine.recipes.softmax import accuracy, flatten, init_params, scores
from lessons.course.classification.softmax_concise import programs as concise
from lessons.course.classification.softmax_from_scratch import programs as scratch
from lessons.course.classification.softmax_from_scratch.facts import ACCURACY, PRINTED
from tests.real_data import needs_real_data, real_datasets


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_sums_give_the_mean_and_batch_means_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    scratch.accumulate()
    *sums, accuracy, mean, of_means = (line.split() for line in printed(capsys))
    losses, right, seen = map(float, sums[-1][1:])
    assert seen == 608
    assert float(accuracy[-1]) == pytest.approx(right / seen, abs=1e-4)
    assert float(mean[-1]) == pytest.approx(losses / seen, abs=1e-4)
    assert float(of_means[-1]) > 1.1 * float(mean[-1])


def test_a_row_of_the_chart_has_a_mark_for_each_value() -> None:
    animator = scratch.Animator("ox", high=2.0, width=10)
    assert animator.add(1, (2.0, 1.0)) == "  1 |     x    o"
    assert animator.add(12, (5.0, 0.0)) == " 12 |x         o"


def test_the_loop_takes_parameters_or_an_optimiser(capsys: pytest.CaptureFixture[str]) -> None:
    scratch.both_ways()
    _, *lines = printed(capsys)
    assert [line.split()[1:] for line in lines[:3]] == [line.split()[1:] for line in lines[3:]]
    scratch.watch()
    chart = printed(capsys)[1:-1]
    assert [row.index("o") for row in chart] == sorted(row.index("o") for row in chart)[::-1]
    assert max(map(len, chart)) <= 60


def test_our_own_flatten_is_that_of_pytorch(capsys: pytest.CaptureFixture[str]) -> None:
    concise.own_layer()
    lines = printed(capsys)
    assert lines[:2] == ["the same: True", "parameters: 0"]
    assert lines[-1] == "scores: (2, 10)"


def test_the_rate_is_chosen_on_the_validation_set(capsys: pytest.CaptureFixture[str]) -> None:
    concise.choose_rate()
    _, *tried, chosen = printed(capsys)
    figures = {line.split()[1]: float(line.split()[-1]) for line in tried}
    assert chosen.startswith(f"chosen: {max(figures, key=lambda rate: figures[rate])};")
    assert chosen.count("test accuracy") == 1


@needs_real_data
def test_a_sum_over_the_whole_batch_learns_and_prints_about_500() -> None:
    data = load_images("fashion-mnist", real_datasets())
    images, y = data.train_images, data.train_labels
    generator = torch.Generator().manual_seed(0)
    W, b = (param.requires_grad_() for param in init_params(784, 10, generator))
    for _ in range(3):
        loss = torch.zeros(())
        for rows in torch.randperm(len(y), generator=generator).split(256):
            exps = scores(flatten(images[rows]), W, b).exp()
            P = exps / exps.sum()
            loss = -P[torch.arange(len(rows)), y[rows]].log().sum()
            loss.backward()
            sgd([W, b], 0.1, len(rows))
        assert float(loss.detach()) == pytest.approx(PRINTED, rel=0.06)
    with torch.no_grad():
        found = accuracy(scores(flatten(data.test_images), W, b), data.test_labels)
    assert found == pytest.approx(ACCURACY[0], abs=0.02)
