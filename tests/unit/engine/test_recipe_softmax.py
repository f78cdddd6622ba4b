"""Softmax regression from scratch agrees with PyTorch and holds where numbers get extreme."""

from __future__ import annotations

import math

import pytest
import torch

from engine.data import DataMissing, ImageData
from engine.recipes import softmax
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import TrainingRun, train
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock, load

CPU = torch.device("cpu")


def image_data(train_images: int = 300, test_images: int = 120) -> ImageData:
    """Three classes, told apart by which third of the image is bright, with noise."""
    generator = torch.Generator().manual_seed(5)

    def draw(n: int) -> tuple[torch.Tensor, torch.Tensor]:
        labels = torch.randint(3, (n,), generator=generator)
        images = torch.randint(0, 120, (n, 28, 28), generator=generator)
        for row, label in enumerate(labels.tolist()):
            images[row, 9 * label : 9 * label + 9] += 40
        return images.to(torch.uint8), labels

    return ImageData(
        "bands", "Bands", ("top", "middle", "bottom"), *draw(train_images), *draw(test_images),
        synthetic=True, source="made here",
    )  # fmt: skip


def run_on(data: ImageData, **changes: float) -> TrainingRun:
    settings = {"epochs": 3, "lr": 0.1, "batch_size": 64, "seed": 0, **changes}
    task = softmax.SoftmaxTask(data, settings, Source("cpu"))
    return TrainingRun(task, "softmax", settings, FakeClock())


def test_it_learns() -> None:
    run = run_on(image_data())
    list(train(run))
    assert run.steps_per_epoch == 5
    last = run.measured[-1]
    assert last.test_accuracy is not None
    assert last.test_accuracy > 0.9
    before = run.measured[0].train_loss
    assert last.train_loss is not None
    assert before is not None
    assert last.train_loss < before


def test_the_same_seed_gives_the_same_parameters() -> None:
    digests = []
    for seed in (0, 0, 1):
        run = run_on(image_data(), seed=seed)
        list(train(run))
        digests.append(parameters_sha256(run))
    assert digests[0] == digests[1] != digests[2]


def test_softmax_and_cross_entropy_agree_with_pytorch() -> None:
    generator = torch.Generator().manual_seed(0)
    Z = 10 * torch.randn(50, 10, generator=generator)
    y = torch.randint(10, (50,), generator=generator)
    torch.testing.assert_close(softmax.softmax(Z), torch.softmax(Z, dim=1))
    expected = torch.nn.functional.cross_entropy(Z, y, reduction="none")
    torch.testing.assert_close(softmax.cross_entropy(Z, y), expected)
    torch.testing.assert_close(softmax.softmax(Z).sum(dim=1), torch.ones(50))


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_extreme_scores_give_finite_losses_and_gradients(size: float) -> None:
    Z = torch.tensor([[size, 0.0, -size], [-size, 0.0, size]], requires_grad=True)
    losses = softmax.cross_entropy(Z, torch.tensor([0, 0]))
    losses.sum().backward()
    assert losses.tolist() == [0.0, pytest.approx(2 * size)]
    assert Z.grad is not None
    assert Z.grad.tolist() == [[0.0, 0.0, 0.0], [-1.0, 0.0, 1.0]]
    assert softmax.softmax(Z.detach()).tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


@for_each("size", [1, 3, 7])
def test_an_update_follows_the_mean_of_y_hat_minus_y(size: int) -> None:
    generator = torch.Generator().manual_seed(0)
    X = torch.rand(size, 4, generator=generator)
    y = torch.randint(3, (size,), generator=generator)
    W, b = softmax.init_params(4, 3, generator)
    blame = torch.softmax(X @ W + b, dim=1) - torch.nn.functional.one_hot(y, 3)
    expected_W = W - 0.5 * X.T @ blame / size
    expected_b = b - 0.5 * blame.mean(dim=0)
    before = softmax.scores(X, W, b)
    loss, Z = softmax.update(X, y, W.requires_grad_(), b.requires_grad_(), lr=0.5)
    torch.testing.assert_close(W.detach(), expected_W)
    torch.testing.assert_close(b.detach(), expected_b)
    assert torch.equal(Z, before)
    assert not Z.requires_grad
    assert math.isfinite(float(loss))


def test_it_starts_near_zero() -> None:
    W, b = softmax.init_params(784, 10, torch.Generator().manual_seed(0))
    assert W.shape == (784, 10)
    assert float(W.std()) == pytest.approx(0.01, rel=0.05)
    assert b.tolist() == [0.0] * 10


def test_bytes_become_numbers_from_0_to_1() -> None:
    images = torch.tensor([[[0, 51], [102, 255]]], dtype=torch.uint8)
    flat = softmax.flatten(images)
    assert flat.dtype == torch.float32
    torch.testing.assert_close(flat, torch.tensor([[0.0, 0.2, 0.4, 1.0]]))


def test_the_whole_test_set_is_measured_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_on(image_data())
    task = run.task
    assert isinstance(task, softmax.SoftmaxTask)
    whole = task.evaluate()
    monkeypatch.setattr(softmax, "TEST_BATCH", 50)  # 120 = 50 + 50 + 20
    in_parts = task.evaluate()
    assert in_parts.accuracy == whole.accuracy
    assert in_parts.loss == pytest.approx(whole.loss, rel=1e-6)
    with torch.no_grad():
        Z = softmax.scores(task.test_X, task.W, task.b)
    assert whole.accuracy == softmax.accuracy(Z, task.test_y)


def test_the_gallery_shows_test_images_right_and_wrong() -> None:
    data = image_data()
    run = run_on(data, lr=0.01, epochs=1)
    untrained = run.task.panels().gallery
    list(train(run))
    gallery = run.task.panels().gallery
    assert len(untrained) == len(gallery) == 24
    assert [image.is_right for image in gallery] == [
        image.is_right for image in run.task.panels().gallery
    ]
    assert any(not image.is_right for image in untrained)
    for image in gallery:
        assert image.pixels.shape == (28, 28)
        assert 1 / 3 < image.probability <= 1.0
        assert 0 <= image.predicted < 3
    positions = [
        next(
            i for i, pixels in enumerate(data.test_images) if (pixels.numpy() == shown.pixels).all()
        )
        for shown in gallery
    ]
    assert positions == sorted(positions)
    assert [data.test_labels[i] for i in positions] == [image.label for image in gallery]


def test_the_confusion_matrix_counts_the_whole_test_set() -> None:
    run = run_on(image_data(), lr=0.01, epochs=1)
    list(train(run))
    confusion = run.task.panels().confusion
    assert sum(map(sum, confusion)) == run.task.test_samples
    right = sum(confusion[label][label] for label in range(3))
    assert right / run.task.test_samples == pytest.approx(run.measured[-1].test_accuracy)


def test_a_confusion_matrix_has_true_classes_in_its_rows() -> None:
    truth, taken_for = torch.tensor([0, 0, 1, 2]), torch.tensor([0, 2, 1, 1])
    counts = softmax.confusion_matrix(truth, taken_for, 3)
    assert counts.tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]


def test_weights_are_drawn_as_images_of_their_classes() -> None:
    run = run_on(image_data(), lr=0.01, epochs=1)
    list(train(run))
    images = run.task.panels().weights
    assert [image.label for image in images] == [0, 1, 2]
    weights = run.task.parameters["W"].detach()
    limit = images[0].limit
    assert 0.98 < (weights.abs() <= limit).float().mean() < 1
    for image in images:
        assert image.pixels.shape == (28, 28)
        drawn = (torch.tensor(image.pixels.ravel()) - 127.5) / 127.5 * limit
        clipped = weights[:, image.label].clamp(-limit, limit)
        assert (drawn - clipped).abs().max() <= limit / 127.5


def test_a_gallery_of_few_images_shows_them_all() -> None:
    run = run_on(image_data(test_images=10))
    assert len(run.task.panels().gallery) == 10


def test_missing_images_ask_for_a_choice() -> None:
    settings = {"epochs": 1, "lr": 0.1, "batch_size": 256, "seed": 0}
    with pytest.raises(DataMissing):
        load("softmax", settings, Source("cpu"))
