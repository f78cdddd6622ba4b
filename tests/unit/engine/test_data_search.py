from __future__ import annotations

from pathlib import Path

import pytest

from engine import folders
from engine.data import DataMissing, fetch_command, find, search
from engine.data.search import SYSTEM_FOLDERS, cache_root, require
from engine.errors import UserError
from tests.idx import SmallSet


@pytest.fixture(autouse=True)
def no_system_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the folder of Debian's package."""
    folder = tmp_path / "usr" / "share"
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", (folder,))
    return folder


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("below", ["FashionMNIST/raw", "raw", "."])
def test_every_layout_is_found(
    tmp_path: Path, small: SmallSet, below: str, compressed: bool
) -> None:
    folder = small.write_flat(tmp_path / below, compressed=compressed)
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert found.folder == folder
    assert found.missing == ()
    suffix = ".gz" if compressed else ""
    assert {path.name for path in found.paths.values()} == {n + suffix for n in small.contents}


def test_decompressed_files_are_preferred(tmp_path: Path, small: SmallSet) -> None:
    small.write(tmp_path, compressed=True)
    small.write(tmp_path, compressed=False)
    found = find("fashion-mnist", tmp_path)
    assert found is not None
    assert {path.suffix for path in found.paths.values()} == {""}


def test_search_order(
    tmp_path: Path, small: SmallSet, no_system_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "chosen"
    monkeypatch.setenv("DLTUTOR_DATA", str(chosen))
    expected = (chosen, cache_root(), no_system_folder)
    assert search("fashion-mnist").searched == expected
    for root in reversed(expected):
        small.write_flat(root)
        found = find("fashion-mnist")
        assert found is not None
        assert found.root == root


def test_cache_lies_in_the_users_cache(empty_home: Path) -> None:
    assert cache_root() == empty_home / ".cache" / "dltutor" / "datasets"
    assert not folders.cache_folder().exists()


def test_named_folder_is_never_passed_over(
    tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.write(tmp_path / "chosen")
    monkeypatch.setenv("DLTUTOR_DATA", str(tmp_path / "chosen"))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataMissing) as caught:
        find("fashion-mnist", empty)
    assert caught.value.name == "fashion-mnist"
    assert caught.value.searched == (empty,)
    assert f"The folder {empty} does not hold Fashion-MNIST." in str(caught.value)
    with pytest.raises(DataMissing, match="There is no folder"):
        find("fashion-mnist", tmp_path / "nowhere")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DataMissing, match="is a file, not a folder") as caught:
        find("fashion-mnist", file)
    assert f"--data-dir {file}" not in str(caught.value)  # nothing can be fetched into it


def test_missing_names_every_place_and_every_choice(no_system_folder: Path) -> None:
    assert find("fashion-mnist") is None
    with pytest.raises(DataMissing) as caught:
        require("fashion-mnist")
    assert caught.value.searched == (cache_root(), no_system_folder)
    text = str(caught.value)
    for expected in (
        str(cache_root()),
        str(no_system_folder),
        "`dltutor data fetch fashion-mnist`",
        "--data-dir",
        "--synthetic",
    ):
        assert expected in text


def test_incomplete_set_is_not_found_and_its_gap_is_named(tmp_path: Path, small: SmallSet) -> None:
    folder = small.write(tmp_path)
    (folder / "train-labels-idx1-ubyte.gz").unlink()
    result = search("fashion-mnist", tmp_path)
    assert result.found is None
    assert result.incomplete is not None
    assert result.incomplete.missing == ("train-labels-idx1-ubyte",)
    with pytest.raises(DataMissing, match="Missing: train-labels-idx1-ubyte"):
        find("fashion-mnist", tmp_path)


def test_a_later_complete_set_is_taken_before_an_incomplete_one(
    tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "chosen"
    (small.write(chosen) / "t10k-labels-idx1-ubyte.gz").unlink()
    monkeypatch.setenv("DLTUTOR_DATA", str(chosen))
    small.write(cache_root())
    found = find("fashion-mnist")
    assert found is not None
    assert found.root == cache_root()


@pytest.mark.parametrize("below", [".", "raw", "FashionMNIST/raw"])
def test_files_of_one_set_are_not_taken_for_another(
    tmp_path: Path, small: SmallSet, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    SmallSet.make("mnist").register(monkeypatch)
    folder = small.write_flat(tmp_path / below)
    for root in (tmp_path, folder):
        assert search("mnist", root).found is None
        assert search("fashion-mnist", root).found is not None


def test_tilde_in_the_variable(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLTUTOR_DATA", "~/sets")
    assert search("mnist").searched[0] == empty_home / "sets"
    monkeypatch.setenv("DLTUTOR_DATA", " ")
    assert search("mnist").searched == (cache_root(),)


def test_fetch_command_names_the_folder_only_where_it_must(no_system_folder: Path) -> None:
    plain = "dltutor data fetch fashion-mnist"
    assert fetch_command("fashion-mnist", None) == plain
    assert fetch_command("fashion-mnist", cache_root()) == plain
    assert fetch_command("fashion-mnist", no_system_folder) == plain
    assert fetch_command("mnist", Path("/my sets")) == (
        "dltutor data fetch mnist --data-dir '/my sets'"
    )


def test_unknown_name() -> None:
    with pytest.raises(UserError, match=r"The data sets are fashion-mnist, mnist\."):
        search("kmnist")
