from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch

from engine.data.glyphs import CLASSES, TITLE, draw_glyphs, glyph_images
from engine.errors import UserError


def digest(seed: int) -> str:
    images, labels = draw_glyphs(1500, seed)
    return hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()


def test_shapes_and_classes() -> None:
    data = glyph_images()
    assert data.train_images.shape == (10_000, 28, 28)
    assert data.test_images.shape == (2_000, 28, 28)
    assert data.train_images.dtype is torch.uint8
    assert data.train_labels.dtype is torch.int64
    assert data.synthetic
    assert (data.title, data.classes) == (TITLE, CLASSES)
    counts = data.train_labels.bincount() + data.test_labels.bincount()
    assert counts.tolist() == [1200] * 10
    assert data.train_labels.bincount().min() > 900


def test_same_seed_gives_the_same_bytes_whatever_the_threads() -> None:
    threads = torch.get_num_threads()
    first = digest(7)
    try:
        torch.set_num_threads(1)
        assert digest(7) == first
    finally:
        torch.set_num_threads(threads)
    assert digest(8) != first


def test_no_image_is_empty_or_cut_off() -> None:
    images, _ = draw_glyphs(1000, 0)
    ink = images > 140
    assert ink.sum(axis=(1, 2)).min() > 15
    border = np.ones((28, 28), dtype=bool)
    border[1:-1, 1:-1] = False
    assert ink[:, border].any(axis=1).mean() < 0.05


def test_pillow_without_freetype_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import features

    monkeypatch.setattr(features, "check", lambda feature: False)
    with pytest.raises(UserError, match="lacks FreeType"):
        draw_glyphs(10, 0)
