"""The short programs of the concise, device and watching lessons do what these lessons say."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch

from lessons.course.classification.softmax_concise import programs as concise
from lessons.course.mlp.device import programs as device
from lessons.course.mlp.watching import programs as watching
from tests.cases import for_each


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_mse_loss_without_the_half_steps_twice_as_far() -> None:
    halved = concise.first_step(halve=True, lr=0.03)
    whole = concise.first_step(halve=False, lr=0.03)
    torch.testing.assert_close(whole, 2 * halved)
    torch.testing.assert_close(concise.first_step(halve=False, lr=0.015), halved)


def test_the_loader_fetches_once_a_batch(capsys: pytest.CaptureFixture[str]) -> None:
    concise.count_fetches()
    by_sample, by_batch = printed(capsys)
    assert by_sample.endswith("4 batches, fetched 1024 times")
    assert by_batch.endswith("4 batches, fetched 4 times")


def test_a_softmax_layer_before_the_loss_hides_in_the_accuracy() -> None:
    loss, accuracy = concise.train_clusters(softmax_layer=True)
    assert loss > math.log(math.e + 9) - 1
    assert accuracy == 1.0
    assert concise.train_clusters(softmax_layer=False)[0] < 0.01


def test_a_tensor_stays_and_a_module_moves(capsys: pytest.CaptureFixture[str]) -> None:
    device.tensor_and_module()
    tensor, same, module, error = printed(capsys)
    assert "X: cpu" in tensor
    assert "the same tensor" in same
    assert "net: meta" in module
    assert error.startswith("net(X): Tensor on device")


def test_the_device_programs_run_with_and_without_a_gpu(
    capsys: pytest.CaptureFixture[str],
) -> None:
    device.devices_here()
    device.there_and_back()
    device.time_a_product()
    lines = printed(capsys)
    assert lines[0].startswith("cpu")
    assert any("mean 0.5001" in line for line in lines)
    assert any(" done after " in line for line in lines)


def test_a_batch_is_moved_to_where_the_model_is() -> None:
    batches = [(torch.zeros(4, 20), torch.zeros(4, dtype=torch.int64))]
    net = device.train_on("cpu", batches)
    bias = net.get_parameter("0.bias")
    assert bias.device.type == "cpu"


def test_whoever_waits_waits_for_the_device() -> None:
    orders = {tuple(device.asked_and_done()) for _ in range(50)}
    assert len(orders) == 1


@for_each(
    ("seconds", "words"),
    [
        (3.2, "after about 3 seconds"),
        (0.0234, "after about 20 milliseconds"),
        (2.3e-5, "after about 20 microseconds"),
        (1e-8, "after less than a microsecond"),
    ],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert device.in_words(seconds) == words


def test_three_figures_differ(capsys: pytest.CaptureFixture[str]) -> None:
    watching.three_figures()
    assert [line.split()[-1] for line in printed(capsys)] == ["1.000", "0.750", "0.680"]


def test_the_four_shapes_are_those_that_the_lesson_names() -> None:
    right, swinging, flat, overfit = (watching.train(lr, n) for _, lr, n in watching.SHAPES)
    assert right.test[-1] < 0.75 * right.test[0]
    assert right.test[-1] - right.train[-1] < 0.2
    rises = sum(later > earlier for earlier, later in pairwise(swinging.train))
    assert rises > 100
    assert abs(flat.train[-1] - flat.train[0]) < 0.02
    assert overfit.train[-1] < 0.1
    assert overfit.test[-1] > 1.2 * min(overfit.test)
