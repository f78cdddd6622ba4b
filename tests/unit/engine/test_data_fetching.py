from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torchvision import datasets

from engine.data import (
    DownloadCancelled,
    DownloadFailed,
    FileState,
    Progress,
    download,
    find,
    load_images,
    verify,
)
from tests.idx import SmallSet
from tests.mirror import Mirror, local_mirror


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallSet:
    return SmallSet.make().register(monkeypatch)


@pytest.fixture
def mirror(small: SmallSet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.stand_in(monkeypatch, small)
        yield mirror


def test_fetched_set_is_complete_and_torchvision_reads_it(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    folder = download("fashion-mnist", tmp_path)
    assert folder == tmp_path / "FashionMNIST" / "raw"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small.contents
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert [check.state for check in verify(found)] == [FileState.OK] * 4
    images = load_images("fashion-mnist", tmp_path).train_images
    assert torch.equal(datasets.FashionMNIST(tmp_path).data, images)


def test_progress_counts_to_the_size_of_every_file(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    reports: list[Progress] = []
    download("fashion-mnist", tmp_path, reports.append)
    last = {report.file: report for report in reports}
    for part, file in enumerate(small.image_set.files, start=1):
        size = len(mirror.files[f"/{file.name}.gz"])
        assert last[file.name] == Progress(file.name, part, 4, size, size)


def test_only_what_is_missing_or_wrong_is_fetched(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    folder = small.write(tmp_path, compressed=True)
    (folder / "train-labels-idx1-ubyte.gz").unlink()
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"no gzip")
    download("fashion-mnist", tmp_path)
    assert mirror.requests == ["/train-labels-idx1-ubyte.gz", "/t10k-labels-idx1-ubyte.gz"]
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert all(check.ok for check in verify(found))
    mirror.requests.clear()
    download("fashion-mnist", tmp_path)
    assert mirror.requests == []


def test_second_mirror_is_asked_where_the_first_fails(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_mirror() as empty:
        monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [empty.url, mirror.url])
        download("fashion-mnist", tmp_path)
        assert len(empty.requests) == len(mirror.requests) == 4


def test_recompressed_archive_is_accepted(tmp_path: Path, small: SmallSet, mirror: Mirror) -> None:
    mirror.serve(small, level=1)
    folder = download("fashion-mnist", tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small.contents


def test_cancel_keeps_whole_files_only(tmp_path: Path, small: SmallSet, mirror: Mirror) -> None:
    reports: list[Progress] = []

    def second_file_has_begun() -> bool:
        return bool(reports) and reports[-1].part == 2

    with pytest.raises(DownloadCancelled):
        download("fashion-mnist", tmp_path, reports.append, second_file_has_begun)
    folder = tmp_path / "FashionMNIST" / "raw"
    first = small.image_set.files[0].name
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        first: small.contents[first]
    }


def test_no_network(tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_mirror() as gone:
        gone.stand_in(monkeypatch, small)
    with pytest.raises(DownloadFailed) as caught:
        download("fashion-mnist", tmp_path)
    text = str(caught.value)
    assert "cannot be reached (Connection refused)" in text
    assert f"`dltutor data fetch fashion-mnist --data-dir {tmp_path}`" in text
    assert list((tmp_path / "FashionMNIST" / "raw").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>Please log in</html>", "damaged or cut short"),
        (b"", "cut short"),
        (None, "answered 404 Not Found"),
    ],
)
def test_nothing_is_left_of_a_bad_answer(
    tmp_path: Path, mirror: Mirror, content: bytes | None, reason: str
) -> None:
    if content is None:
        mirror.files.clear()
    else:
        mirror.files["/train-images-idx3-ubyte.gz"] = content
    with pytest.raises(DownloadFailed, match=reason):
        download("fashion-mnist", tmp_path)
    assert list((tmp_path / "FashionMNIST" / "raw").iterdir()) == []


def test_connection_that_ends_early(tmp_path: Path, mirror: Mirror) -> None:
    name = "/train-images-idx3-ubyte.gz"
    mirror.lengths[name] = len(mirror.files[name])
    mirror.files[name] = mirror.files[name][:5000]
    with pytest.raises(DownloadFailed, match=r"cut short|connection broke"):
        download("fashion-mnist", tmp_path)
    assert list((tmp_path / "FashionMNIST" / "raw").iterdir()) == []


def test_endless_answer_is_given_up(tmp_path: Path, small: SmallSet, mirror: Mirror) -> None:
    size = small.image_set.train_images.size
    mirror.files["/train-images-idx3-ubyte.gz"] = bytes(size + 2**20)
    reports: list[Progress] = []
    with pytest.raises(DownloadFailed):
        download("fashion-mnist", tmp_path, reports.append)
    assert max(report.done for report in reports) < size + 2**18


def test_other_content_is_refused(tmp_path: Path, mirror: Mirror) -> None:
    mirror.serve(SmallSet.make(seed=99))
    with pytest.raises(DownloadFailed, match="does not have the published content"):
        download("fashion-mnist", tmp_path)


def test_folder_that_cannot_be_made(tmp_path: Path, small: SmallSet) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadFailed, match="name a folder that you can write to"):
        download("fashion-mnist", tmp_path / "file")


def test_full_disk_leaves_nothing_behind(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.data.fetching.os.fsync", full)
    with pytest.raises(DownloadFailed, match=r"cannot be written: No space left on device\. Free"):
        download("fashion-mnist", tmp_path)
    assert list((tmp_path / "FashionMNIST" / "raw").iterdir()) == []


def test_torchvision_that_cannot_be_loaded(
    tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(DownloadFailed, match="Run `dltutor doctor` to see what is wrong"):
        download("fashion-mnist", tmp_path)
