"""A download that breaks goes on where it broke, if the file is still the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data import (
    DownloadCancelled,
    DownloadFailed,
    Progress,
    download,
)
from tests.idx import SmallSet
from tests.mirror import IMAGES, Mirror, contents, folder_of, local_mirror, stand_in


@pytest.mark.parametrize(
    "headers", [{}, {"ETag": '"v1"'}, {"Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}]
)
def test_a_broken_connection_is_resumed_where_it_broke(
    tmp_path: Path, small: SmallSet, mirror: Mirror, headers: dict[str, str]
) -> None:
    mirror.headers = headers
    mirror.breaks[IMAGES] = [5000, 7000]
    download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents
    assert mirror.asked_ranges[:4] == [None, "bytes=5000-", "bytes=12000-", None]


def test_a_mirror_without_ranges_sends_it_again_from_the_start(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    mirror.knows_ranges = False
    mirror.breaks[IMAGES] = [5000]
    download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents
    assert mirror.requests[:2] == [IMAGES] * 2


def test_a_mirror_that_always_breaks_is_left_for_the_next(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.breaks[IMAGES] = [100] * 99
    with pytest.raises(DownloadFailed, match=r"the connection broke \(it ended after 500 of \d+"):
        download("fashion-mnist", tmp_path)
    with local_mirror() as other:
        other.serve(small)
        stand_in(monkeypatch, small, mirror.url, other.url)
        download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents, "nothing is left of the first mirror's bytes"


def arrived(root: Path) -> int:
    """Bytes of the first file that are kept, without the line before them."""
    parts = list(folder_of(root).glob("*.part"))
    return len(parts[0].read_bytes().partition(b"\n")[2]) if parts else 0


@pytest.mark.parametrize("whole", [False, True])
def test_the_next_download_goes_on_where_one_was_cancelled(
    tmp_path: Path,
    small: SmallSet,
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    whole: bool,
) -> None:
    """Also where all had arrived, and nobody had looked at it yet."""
    monkeypatch.setattr("engine.data.mirrors._CHUNK", 4096)
    size = len(mirror.files[IMAGES])
    enough = size if whole else 1
    with pytest.raises(DownloadCancelled):
        download("fashion-mnist", tmp_path, cancelled=lambda: arrived(tmp_path) >= enough)
    (left,) = folder_of(tmp_path).iterdir()
    assert left.name.startswith(".train-images-idx3-ubyte.")
    assert left.suffix == ".part"
    kept = arrived(tmp_path)
    assert kept == size if whole else 0 < kept < size
    download("fashion-mnist", tmp_path)
    assert mirror.asked_ranges[:3] == [None, f"bytes={kept}-", None]
    assert contents(tmp_path) == small.contents


def cut(root: Path, mirror: Mirror) -> None:
    """Let a download end after 5 000 bytes of the first file."""
    mirror.breaks[IMAGES] = [5000, 0]
    with pytest.raises(DownloadFailed, match="What has arrived is kept"):
        download("fashion-mnist", root)
    mirror.requests.clear()
    mirror.asked_ranges.clear()


@pytest.mark.parametrize("etags", [('"v1"', '"v2"'), ("", ""), ('W/"v1"', 'W/"v1"')])
def test_a_file_that_changed_in_between_is_fetched_whole(
    tmp_path: Path, small: SmallSet, mirror: Mirror, etags: tuple[str, str]
) -> None:
    mirror.serve(small, level=1)
    mirror.headers = {"ETag": etags[0]} if etags[0] else {}
    cut(tmp_path, mirror)
    mirror.serve(small, level=9)
    mirror.headers = {"ETag": etags[1]} if etags[1] else {}
    download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents
    # Without a version to name, the pieces do not fit, and it is asked for once more.
    asked = ["bytes=5000-"] if etags[0].startswith('"') else ["bytes=5000-", None]
    assert mirror.asked_ranges[: len(asked) + 1] == [*asked, None]


def test_a_file_that_is_shorter_now_is_fetched_whole(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    cut(tmp_path, mirror)
    (part,) = folder_of(tmp_path).iterdir()
    part.write_bytes(part.read_bytes() + bytes(90_000))
    download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents
    assert mirror.asked_ranges[:2] == ["bytes=95000-", None]


@pytest.mark.parametrize("left", [b"", b"no header", b"{}\n123", b'{"url": "x"}\n', bytes(9000)])
def test_a_part_that_cannot_be_used_is_no_hindrance(
    tmp_path: Path, small: SmallSet, mirror: Mirror, left: bytes
) -> None:
    cut(tmp_path, mirror)
    (part,) = folder_of(tmp_path).iterdir()
    part.write_bytes(left)
    download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents
    assert mirror.asked_ranges[0] is None


def test_what_dead_downloads_left_is_removed(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    folder = folder_of(tmp_path)
    folder.mkdir(parents=True)
    for name in small.contents:
        (folder / f".{name}.k3j2h1.part").write_bytes(b"from a process that was killed")
    (folder / ".t10k-labels-idx1-ubyte.deadbeef.part").write_bytes(b"from a mirror of old")
    (folder / "mine.part").write_bytes(b"not ours")
    (folder / ".other.part").write_bytes(b"not ours")
    download("fashion-mnist", tmp_path)
    mine = {"mine.part": b"not ours", ".other.part": b"not ours"}
    assert contents(tmp_path) == small.contents | mine


def test_two_downloads_do_not_disturb_each_other(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    def meanwhile(progress: Progress) -> None:
        if progress.part == 1:
            with pytest.raises(DownloadFailed, match=r"is being downloaded into .* already"):
                download("fashion-mnist", tmp_path)

    download("fashion-mnist", tmp_path, meanwhile)
    assert contents(tmp_path) == small.contents


def test_a_full_disk_leaves_no_part(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.data import parts

    class Full:
        def __init__(self, stream: object) -> None:
            self.stream = stream

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    opened = parts._open_locked
    monkeypatch.setattr(parts, "_open_locked", lambda path: Full(opened(path)))
    with pytest.raises(DownloadFailed, match=r"cannot be written: No space left on device\. Free"):
        download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == {}
