from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data import (
    IMAGE_SETS,
    DataMissing,
    FileState,
    Progress,
    find,
    load_images,
    verify,
)
from tests.idx import SmallSet
from tests.real_data import needs_real_data, real_datasets


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("name", ["fashion-mnist", "mnist"])
def test_images_are_those_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, compressed: bool
) -> None:
    small = SmallSet.make(name).register(monkeypatch)
    folder = small.write(tmp_path, compressed=compressed)
    data = load_images(name, tmp_path)
    for tensor, file, dtype in (
        (data.train_images, small.image_set.train_images, torch.uint8),
        (data.train_labels, small.image_set.train_labels, torch.int64),
        (data.test_images, small.image_set.test_images, torch.uint8),
        (data.test_labels, small.image_set.test_labels, torch.int64),
    ):
        assert tensor.dtype is dtype
        np.testing.assert_array_equal(tensor.numpy(), small.arrays[file.name])
    assert (data.name, data.title) == (name, small.image_set.title)
    assert data.classes == small.image_set.classes
    assert not data.synthetic
    assert data.source == str(folder)


def test_torchvision_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import FashionMNIST

    small = SmallSet.make().register(monkeypatch)
    small.write(tmp_path, compressed=False)
    data = load_images("fashion-mnist", tmp_path)
    train, test = FashionMNIST(tmp_path, train=True), FashionMNIST(tmp_path, train=False)
    assert torch.equal(train.data, data.train_images)
    assert torch.equal(train.targets, data.train_labels)
    assert torch.equal(test.data, data.test_images)
    assert torch.equal(test.targets, data.test_labels)


def test_second_load_comes_from_memory_until_a_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_set = SmallSet.make(seed=1).register(monkeypatch)
    first_set.write(tmp_path)
    first = load_images("fashion-mnist", tmp_path)
    assert load_images("fashion-mnist", tmp_path) is first
    SmallSet.make(train=80, seed=2).register(monkeypatch).write(tmp_path)
    assert len(load_images("fashion-mnist", tmp_path).train_labels) == 80


def test_progress_ends_at_the_size_of_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = SmallSet.make(seed=3).register(monkeypatch)
    small.write(tmp_path)
    reports: list[Progress] = []
    load_images("fashion-mnist", tmp_path, progress=reports.append)
    last = {report.file: report for report in reports}
    for part, file in enumerate(small.image_set.files, start=1):
        assert last[file.name] == Progress(file.name, part, 4, file.size, file.size)


def test_glyphs_are_taken_instead_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SmallSet.make().register(monkeypatch).write(tmp_path)
    assert not load_images("fashion-mnist", tmp_path).synthetic
    glyphs = load_images("fashion-mnist", tmp_path, allow_synthetic=True)
    assert glyphs.synthetic
    assert glyphs.name == "glyphs"
    assert glyphs.classes == tuple("0123456789")
    assert load_images("glyphs") is glyphs
    with pytest.raises(DataMissing):
        load_images("fashion-mnist", tmp_path / "nowhere")


def test_recompressed_files_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SmallSet.make().register(monkeypatch)
    small.write_flat(tmp_path, level=1)
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert [check.state for check in verify(found)] == [FileState.OK] * 4


@needs_real_data
@pytest.mark.parametrize("name", list(IMAGE_SETS))
def test_published_sets_are_recognised(name: str) -> None:
    data = load_images(name, real_datasets())
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)
    assert data.train_labels.bincount().numel() == 10
    assert data.test_labels.bincount().tolist() == (
        [1000] * 10
        if name == "fashion-mnist"
        else [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    )


@pytest.mark.parametrize("name", list(IMAGE_SETS))
def test_descriptions_agree_with_torchvision(name: str) -> None:
    from torchvision import datasets

    known = getattr(datasets, IMAGE_SETS[name].folder)
    assert {archive for archive, _ in known.resources} == {
        f"{file.name}.gz" for file in IMAGE_SETS[name].files
    }
    assert tuple(each.split(" - ")[0] for each in known.classes) == IMAGE_SETS[name].classes


def test_importing_does_not_import_torch() -> None:
    code = (
        "import sys, engine.data, engine.devices, engine.folders, tui.commands.data,"
        " tui.commands.doctor; print({'torch', 'textual', 'rich'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
