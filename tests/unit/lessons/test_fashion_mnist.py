"""What the lesson on Fashion-MNIST says, beside what torchvision and the data do."""

from __future__ import annotations

import re

import pytest
import torch

from engine.data import load_images
from engine.labs.reading_pass import Images, loader_batches
from lessons.course.classification.fashion_mnist.facts import NUMBERS
from lessons.course.classification.fashion_mnist.programs import (
    count_classes,
    first_batches,
    look_at_one,
    one_after_the_other,
    scaled_or_not,
    to_tensor_scales,
)
from lessons.judge.questions import NumberQuestion, ShapeQuestion
from tests.real_data import needs_real_data, real_datasets
from tests.unit.lessons.course import question_of


def answer(name: str) -> float:
    question = question_of("classification/fashion-mnist", name)
    assert isinstance(question, NumberQuestion)
    return question.answer()


def test_a_batch_has_the_shape_that_the_lesson_says() -> None:
    images = torch.zeros((256, 28, 28), dtype=torch.uint8)
    batch, _ = next(loader_batches(images, torch.zeros(256, dtype=torch.int64), 256, workers=0))
    question = question_of("classification/fashion-mnist", "fashion_batch_shape")
    assert isinstance(question, ShapeQuestion)
    assert question.shape() == tuple(batch.shape)
    assert len(list(loader_batches(images, torch.zeros(256), 100, workers=0))) == 3


def test_to_tensor_scales_as_the_lesson_says() -> None:
    grey = torch.full((1, 28, 28), 51, dtype=torch.uint8)
    image, _ = Images(grey, torch.zeros(1, dtype=torch.int64))[0]
    assert float(image[0, 0, 0]) == pytest.approx(answer("fashion_scaled"), rel=1e-7)
    assert image.numel() == answer("fashion_pixels")


@needs_real_data
def test_the_set_is_as_the_lesson_says() -> None:
    data = load_images("fashion-mnist", real_datasets())
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)
    assert data.train_images.nbytes == NUMBERS["fashion_bytes"]()
    floats = data.train_images.numel() * 4 / 1e6
    assert floats == pytest.approx(answer("fashion_megabytes_float"))
    assert len(data.train_labels.split(256)) == answer("fashion_batches")
    assert torch.bincount(data.train_labels).tolist() == [6000] * 10
    always = float((data.test_labels == data.classes.index("Trouser")).double().mean())
    assert always == answer("fashion_guessing")


def test_the_examples_run_without_the_real_images(capsys: pytest.CaptureFixture[str]) -> None:
    look_at_one()
    count_classes()
    to_tensor_scales()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Built-in glyphs (synthetic)"
    assert "shape: (28, 28)  dtype: torch.uint8" in lines
    assert lines[-5].split()[2:] == ["0.0000", "0.2000", "0.4000", "1.0000"]
    assert lines[-4].split()[3:] == ["0.0000", "51.0000", "102.0000", "255.0000"]
    assert lines[-3].split() == ["ToTensor", "0.0000", "0.2000", "0.4000", "1.0000"]
    assert lines[-2].split()[2:] == ["0.0000", "0.2000", "0.4000", "1.0000"]
    assert max(map(len, lines)) <= 100


def test_bytes_need_a_smaller_rate(capsys: pytest.CaptureFixture[str]) -> None:
    scaled_or_not()
    _, scaled, raw, slow = (line.split()[-1] for line in capsys.readouterr().out.splitlines())
    assert float(raw) > 100 * float(scaled)
    assert slow == scaled


def test_every_iterator_begins_an_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    first_batches()
    one_after_the_other()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(":")[1] != lines[1].split(":")[1]
    assert sorted(map(int, re.findall(r"\d", lines[2]))) == list(range(10))
    assert lines[3].endswith("over")
    assert lines[4:] == ["Resize(14): (1, 14, 28)", "Resize((14, 14)): (1, 14, 14)"]
