from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.data import IMAGE_SETS
from engine.data.search import SYSTEM_FOLDERS, cache_root
from tests.idx import SmallSet
from tests.mirror import Mirror, local_mirror, mirror_of
from tests.real_data import needs_real_data, real_datasets
from tui.cli import main

PUBLISHED = dict(IMAGE_SETS)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> SmallSet:
    """Small sets under both names, and no system folder."""
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    SmallSet.make("mnist").register(monkeypatch)
    return SmallSet.make("fashion-mnist").register(monkeypatch)


@pytest.fixture
def mirror(small: SmallSet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with mirror_of(small, monkeypatch) as mirror:
        yield mirror


def test_list(tmp_path: Path, small: SmallSet, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small.write(tmp_path)
    assert main(["data", "list", "--data-dir", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"fashion-mnist  Fashion-MNIST  found in {folder}"
    assert lines[1] == "mnist          MNIST          not found"
    assert f"  {tmp_path}" in lines

    assert main(["data", "list", "--json", "--data-dir", str(tmp_path)]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first == {
        "name": "fashion-mnist",
        "title": "Fashion-MNIST",
        "found": True,
        "path": str(folder),
        "missing_files": [],
        "searched": [str(tmp_path)],
        "problems": [],
    }
    assert (second["found"], second["path"]) == (False, None)


def test_list_names_what_an_incomplete_set_lacks(
    tmp_path: Path, small: SmallSet, capsys: pytest.CaptureFixture[str]
) -> None:
    (small.write(tmp_path) / "t10k-images-idx3-ubyte.gz").unlink()
    assert main(["data", "list", "fashion-mnist", "--data-dir", str(tmp_path)]) == 0
    assert "incomplete, missing: t10k-images-idx3-ubyte" in capsys.readouterr().out


def test_verify(tmp_path: Path, small: SmallSet, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small.write(tmp_path)
    assert main(["data", "verify", "--data-dir", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "All files match the published ones." in out
    assert "MNIST was not found." in out

    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    assert main(["data", "verify", "--json", "--data-dir", str(tmp_path)]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert first["verified"] is False
    assert [file["state"] for file in first["files"]] == ["ok", "wrong size", "ok", "ok"]
    assert (second["verified"], second["files"]) == (None, [])


def test_verify_of_nothing_fails_with_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "verify", "mnist"]) == 1
    assert "`dltutor data fetch mnist`" in capsys.readouterr().err


def test_fetch_into_the_cache_and_again(
    small: SmallSet, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "fetch", "fashion-mnist"]) == 0
    folder = cache_root() / "FashionMNIST" / "raw"
    assert capsys.readouterr().out == (
        f"Fashion-MNIST is now in {folder}. All files match the published ones.\n"
    )
    mirror.requests.clear()
    assert main(["data", "fetch", "fashion-mnist", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "fashion-mnist", "fetched": False, "path": str(folder), "error": None}
    ]
    assert mirror.requests == []


def test_fetch_mends_a_damaged_set_where_it_lies(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLTUTOR_DATA", str(tmp_path))
    path = small.write(tmp_path) / "train-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-9])
    assert main(["data", "verify", "fashion-mnist"]) == 1
    assert main(["data", "fetch", "fashion-mnist"]) == 0
    assert main(["data", "verify", "fashion-mnist"]) == 0
    assert mirror.requests == ["/train-labels-idx1-ubyte.gz"]


def test_fetch_offline(mirror: Mirror, small: SmallSet, capsys: pytest.CaptureFixture[str]) -> None:
    mirror.files.clear()
    assert main(["data", "fetch", "fashion-mnist", "--json"]) == 1
    out, err = capsys.readouterr()
    (row,) = json.loads(out)
    assert (row["fetched"], row["path"]) == (False, None)
    assert row["error"] in err
    assert "Traceback" not in err


def test_interrupted_fetch_ends_with_130(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*args: object, **options: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.commands.data.download", interrupt)
    assert main(["data", "fetch", "fashion-mnist"]) == 130
    assert "`dltutor data fetch fashion-mnist` continues there" in capsys.readouterr().err


def test_without_an_action_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data"]) == 0
    assert "usage: dltutor data" in capsys.readouterr().out


def test_quiet_says_only_what_is_wrong(
    tmp_path: Path, small: SmallSet, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small.write(tmp_path)
    for action in ("list", "verify", "fetch"):
        words = ["data", action, "fashion-mnist", "-q", "--data-dir", str(tmp_path)]
        assert main(words) == 0
        assert capsys.readouterr() == ("", "")
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    for action in ("list", "verify"):
        main(["data", action, "fashion-mnist", "-q", "--data-dir", str(tmp_path)])
        assert "is cut short: it has 0 of 68 bytes" in capsys.readouterr().out


def test_fetch_from_a_mirror_of_ones_own(
    small: SmallSet, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    with local_mirror() as own:
        own.serve(small)
        assert main(["data", "fetch", "fashion-mnist", "--mirror", own.url]) == 0
        assert (len(own.requests), mirror.requests) == (4, [])
    assert main(["data", "fetch", "mnist", "--mirror", "example.org"]) == 2
    assert "begins with https://" in capsys.readouterr().err


def test_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list", "kmnist"]) == 2
    assert "The data sets are fashion-mnist, mnist." in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        main(["data", "burn"])
    assert caught.value.code == 2


@needs_real_data
def test_published_sets_verify(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, published in PUBLISHED.items():
        monkeypatch.setitem(IMAGE_SETS, name, published)
    assert main(["data", "verify", "--json", "--data-dir", str(real_datasets())]) == 0
    assert [row["verified"] for row in json.loads(capsys.readouterr().out)] == [True, True]


def test_a_terminal_gets_a_progress_bar(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["data", "fetch", "fashion-mnist"]) == 0
    out, err = capsys.readouterr()
    assert "Fetching Fashion-MNIST, file 4 of 4" in err
    assert "Fetching" not in out
