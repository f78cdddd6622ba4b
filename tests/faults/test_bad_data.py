"""Damaged, incomplete and foreign data files: each gets a sentence, none is ever trained on."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data import DataDamaged, DataMissing, FileState, find, load_images, verify
from engine.data.content import ContentError, values_offset
from engine.data.sets import IdxFile
from tests.idx import SmallSet
from tui.cli import main

LABELS = "train-labels-idx1-ubyte"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallSet:
    return SmallSet.make().register(monkeypatch)


def cut_gzip(content: bytes) -> bytes:
    return gzip.compress(content)[:-20]


def flipped_bit_in_gzip(content: bytes) -> bytes:
    packed = bytearray(gzip.compress(content))
    packed[len(packed) // 2] ^= 0x10
    return bytes(packed)


def no_gzip(content: bytes) -> bytes:
    return b"<html>404</html>"


def no_gzip_at_all(content: bytes) -> bytes:
    return b"404"


def empty(content: bytes) -> bytes:
    return b""


def short_inside(content: bytes) -> bytes:
    return gzip.compress(content[:-1])


def long_inside(content: bytes) -> bytes:
    return gzip.compress(content + b"\0")


def other_label(content: bytes) -> bytes:
    return gzip.compress(content[:-1] + bytes([(content[-1] + 1) % 10]))


def huge_inside(content: bytes) -> bytes:
    return gzip.compress(bytes(50_000_000), 1)


Damage = Callable[[bytes], bytes]
DAMAGES: list[tuple[Damage, FileState, str]] = [
    (cut_gzip, FileState.DAMAGED, "damaged or cut short"),
    (flipped_bit_in_gzip, FileState.DAMAGED, "damaged or cut short"),
    (no_gzip, FileState.DAMAGED, "is a web page that was saved under this name"),
    (no_gzip_at_all, FileState.DAMAGED, "damaged or cut short"),
    (empty, FileState.WRONG_SIZE, "has 0 of 68 bytes"),
    (short_inside, FileState.WRONG_SIZE, "has 67 of 68 bytes"),
    (long_inside, FileState.WRONG_SIZE, "more than the expected 68 bytes"),
    (huge_inside, FileState.WRONG_SIZE, "more than the expected 68 bytes"),
    (other_label, FileState.WRONG_CONTENT, "does not have the published content"),
]


@pytest.mark.parametrize(("damage", "state", "said"), DAMAGES)
def test_damaged_file(
    tmp_path: Path, small: SmallSet, damage: Damage, state: FileState, said: str
) -> None:
    path = small.write(tmp_path) / f"{LABELS}.gz"
    path.write_bytes(damage(small.contents[LABELS]))
    with pytest.raises(DataDamaged) as caught:
        load_images("fashion-mnist", tmp_path)
    text = str(caught.value)
    assert caught.value.path == path
    assert str(path) in text
    assert said in text
    assert f"`dltutor data fetch fashion-mnist --data-dir {tmp_path}`" in text
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    states = {check.name: check.state for check in verify(found)}
    assert states.pop(LABELS) is state
    assert set(states.values()) == {FileState.OK}


def test_plain_file_cut_short(tmp_path: Path, small: SmallSet) -> None:
    folder = small.write(tmp_path, compressed=False)
    (folder / LABELS).write_bytes(small.contents[LABELS][:30])
    with pytest.raises(DataDamaged, match="has 30 of 68 bytes"):
        load_images("fashion-mnist", tmp_path)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> SmallSet:
    """MNIST beside Fashion-MNIST; both use the same file names."""
    return SmallSet.make("mnist").register(monkeypatch)


FILES = {
    "train-images-idx3-ubyte": "training images",
    "train-labels-idx1-ubyte": "training labels",
    "t10k-images-idx3-ubyte": "test images",
    "t10k-labels-idx1-ubyte": "test labels",
}


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_set_is_recognised(
    tmp_path: Path, small: SmallSet, other: SmallSet, name: str, compressed: bool
) -> None:
    folder = small.write(tmp_path, compressed=compressed)
    content = other.contents[name]
    path = folder / (f"{name}.gz" if compressed else name)
    path.write_bytes(gzip.compress(content) if compressed else content)
    said = f"{path} holds the {FILES[name]} of MNIST, not the {FILES[name]} of Fashion-MNIST."
    with pytest.raises(DataDamaged) as caught:
        load_images("fashion-mnist", tmp_path)
    assert said in str(caught.value)
    assert "`dltutor data fetch fashion-mnist" in str(caught.value)
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    states = {check.name: check.state for check in verify(found)}
    assert states.pop(name) is FileState.OTHER_FILE
    assert set(states.values()) == {FileState.OK}


@pytest.mark.parametrize("swapped", itertools.combinations(FILES, 2))
def test_files_that_were_swapped_are_recognised(
    tmp_path: Path, small: SmallSet, swapped: tuple[str, str]
) -> None:
    folder = small.write(tmp_path)
    one, two = (folder / f"{name}.gz" for name in swapped)
    one.write_bytes(gzip.compress(small.contents[swapped[1]]))
    two.write_bytes(gzip.compress(small.contents[swapped[0]]))
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    wrong = {check.name: check.message for check in verify(found) if not check.ok}
    first, second = (f"the {FILES[name]} of Fashion-MNIST" for name in swapped)
    assert f"holds {second}, not {first}." in wrong.pop(swapped[0])
    assert f"holds {first}, not {second}." in wrong.pop(swapped[1])
    assert wrong == {}


@pytest.mark.parametrize(
    ("wanted", "lying"), [("fashion-mnist", "mnist"), ("mnist", "fashion-mnist")]
)
@pytest.mark.parametrize("own_folder", [True, False])
def test_a_whole_set_under_the_name_of_another(
    tmp_path: Path,
    small: SmallSet,
    other: SmallSet,
    wanted: str,
    lying: str,
    own_folder: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sets = {"fashion-mnist": small, "mnist": other}
    title, other_title = sets[wanted].image_set.title, sets[lying].image_set.title
    below = Path(sets[wanted].image_set.folder) / "raw" if own_folder else Path()
    folder = sets[lying].write_flat(tmp_path / below, compressed=False)
    said = (
        f"holds the training images of {other_title}, not the training images of {title}."
        if own_folder
        else f"The folder {folder} holds the files of {other_title}, not those of {title}; both"
    )
    recipe = "softmax" if wanted == "fashion-mnist" else "mnist-mlp"
    for words in (
        ["data", "verify", wanted],
        ["data", "list", wanted],
        ["train", recipe, "--epochs", "1"],
    ):
        status = main([*words, "--data-dir", str(tmp_path)])
        out, err = capsys.readouterr()
        assert said in out + err, words
        assert status == (0 if words[1] == "list" else 1 if words[0] == "data" else 2)


@pytest.mark.parametrize("compressed", [True, False])
def test_a_name_that_lies_about_compression_does_no_harm(
    tmp_path: Path, small: SmallSet, compressed: bool
) -> None:
    folder = small.write(tmp_path, compressed=compressed)
    for path in list(folder.iterdir()):
        path.rename(path.with_suffix("") if compressed else f"{path}.gz")
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert all(check.ok for check in verify(found))


def test_file_that_cannot_be_opened(
    tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = small.write(tmp_path, compressed=False) / LABELS
    opened = Path.open

    def open_or_refuse(self: Path, *args: str) -> object:
        if self == refused:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args)  # type: ignore[call-overload]  # passed on as it came

    monkeypatch.setattr(Path, "open", open_or_refuse)
    with pytest.raises(DataDamaged, match="cannot be read: Permission denied"):
        load_images("fashion-mnist", tmp_path)


def test_missing_file_and_missing_folder(
    tmp_path: Path, small: SmallSet, capsys: pytest.CaptureFixture[str]
) -> None:
    (small.write(tmp_path) / f"{LABELS}.gz").unlink()
    with pytest.raises(DataMissing, match=f"Missing: {LABELS}"):
        load_images("fashion-mnist", tmp_path)
    assert main(["data", "verify", "fashion-mnist", "--data-dir", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "missing" in out
    assert LABELS in out
    with pytest.raises(DataMissing, match="There is no folder"):
        load_images("fashion-mnist", tmp_path / "nowhere")


@pytest.mark.parametrize(
    "header",
    [
        bytes([0, 0, 8, 2, 0, 0, 0, 4]),
        bytes([0, 0, 9, 1, 0, 0, 0, 4]),
        bytes([0, 1, 8, 1, 0, 0, 0, 4]),
        bytes([0, 0, 8, 1, 4, 0, 0, 0]),
    ],
)
def test_header_that_says_something_else(header: bytes) -> None:
    described = IdxFile("labels", (4,), "")
    good = bytearray([0, 0, 8, 1, 0, 0, 0, 4, *range(4)])
    assert values_offset(good, described, "labels") == 8
    with pytest.raises(ContentError, match="not an IDX file of 4 bytes"):
        values_offset(bytearray(header + bytes(4)), described, "labels")
