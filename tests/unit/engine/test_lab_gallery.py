"""The images of a set by part, class and page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.labs.gallery import Choice, Gallery, load_set
from tests.real_data import needs_real_data, real_datasets


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """Seven training and three test images of three classes."""
    labels = {"train": np.array([0, 1, 2, 1, 0, 1, 2]), "test": np.array([2, 2, 1])}
    images = {part: np.zeros((len(y), 28, 28), np.uint8) for part, y in labels.items()}
    return Gallery("T", False, "", ("a", "b", "c"), images, labels)


def test_all_images_in_their_order(gallery: Gallery) -> None:
    assert gallery.count(Choice()) == 7
    assert gallery.pages(Choice(), 3) == 3
    assert gallery.page(Choice(), 3).tolist() == [0, 1, 2]
    assert gallery.page(Choice(page=2), 3).tolist() == [6]


def test_one_class_alone(gallery: Gallery) -> None:
    choice = Choice(label=1)
    assert gallery.page(choice, 10).tolist() == [1, 3, 5]
    assert gallery.count(choice) == 3


def test_the_other_part(gallery: Gallery) -> None:
    assert gallery.page(Choice("test", 2), 10).tolist() == [0, 1]
    assert gallery.count(Choice("test", 0)) == 0
    assert gallery.pages(Choice("test", 0), 10) == 1


def test_pages_go_round(gallery: Gallery) -> None:
    last = gallery.turned(Choice(), -1, 3)
    assert last == Choice(page=2)
    assert gallery.turned(last, 1, 3) == Choice()


def test_classes_go_round_and_begin_at_the_first_page(gallery: Gallery) -> None:
    choices = [Choice(page=1)]
    for _ in range(4):
        choices.append(gallery.next_class(choices[-1], 1))
    assert [choice.label for choice in choices] == [None, 0, 1, 2, None]
    assert choices[1].page == 0
    assert gallery.next_class(Choice(), -1).label == 2


def test_without_the_real_images_there_are_glyphs_and_a_reason(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        data, trouble = load_set(folder)
        assert data.synthetic
        assert "synthetic" in trouble
        assert "dltutor data fetch fashion-mnist" in trouble
    found = Gallery.load()
    assert found.synthetic
    assert found.images["train"].shape == (10_000, 28, 28)


def test_damaged_files_are_told_and_glyphs_shown(tmp_path: Path) -> None:
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (raw / f"{name}-ubyte").write_bytes(b"no images")
    data, trouble = load_set(tmp_path)
    assert data.synthetic
    assert "synthetic" in trouble
    assert "ubyte" in trouble


@needs_real_data
def test_every_class_of_the_real_set_has_as_many_images() -> None:
    found = Gallery.load(real_datasets())
    assert not found.synthetic
    assert found.trouble == ""
    assert len(found.classes) == 10
    for label in range(10):
        assert found.count(Choice("train", label)) == 6000
        assert found.count(Choice("test", label)) == 1000
