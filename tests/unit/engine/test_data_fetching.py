"""Image sets are fetched from mirrors, which may be slow, silent, wrong, or not there."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest
import torch

from engine.data import (
    IMAGE_SETS,
    DownloadCancelled,
    DownloadFailed,
    FileState,
    Progress,
    download,
    find,
    load_images,
    pace,
    verify,
)
from engine.data.mirrors import MirrorFailed
from engine.errors import UserError
from tests.cases import for_each
from tests.idx import SmallSet
from tests.mirror import IMAGES, Mirror, contents, local_mirror, stand_in


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
    from torchvision import datasets  # not at the top: the import takes a second

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
        stand_in(monkeypatch, small, empty.url, mirror.url)
        download("fashion-mnist", tmp_path)
        assert len(empty.requests) == 1, "a mirror that failed once is asked last from then on"
        assert len(mirror.requests) == 4


def test_recompressed_archive_is_accepted(tmp_path: Path, small: SmallSet, mirror: Mirror) -> None:
    mirror.serve(small, level=1)
    folder = download("fashion-mnist", tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small.contents


def test_cancel_keeps_whole_files_under_their_names_only(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    reports: list[Progress] = []

    def second_file_has_begun() -> bool:
        return bool(reports) and reports[-1].part == 2

    with pytest.raises(DownloadCancelled):
        download("fashion-mnist", tmp_path, reports.append, second_file_has_begun)
    folder = tmp_path / "FashionMNIST" / "raw"
    first = small.image_set.files[0].name
    whole = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".part"}
    assert whole == {first: small.contents[first]}


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
        (b"<html>Please log in</html>", "it sent a web page instead of the file"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>" + bytes(900), "it sent a web page"),
        (b"Not here, sorry", "damaged or cut short: it is no gzip file"),
        (b"", "it sent an empty file"),
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


def test_a_full_disk_is_told_before_anything_is_fetched(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("engine.data.fetching.shutil.disk_usage", lambda path: usage(9, 9, 5000))
    with pytest.raises(DownloadFailed, match=r"need 0\.1 MB, and the disk of .* has 0\.0 MB left"):
        download("fashion-mnist", tmp_path)
    assert mirror.requests == []


def test_a_mirror_that_drips_is_left_for_the_next(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "WINDOW", 0.1)
    with local_mirror() as slow:
        slow.serve(small)
        slow.drips.add(IMAGES)
        stand_in(monkeypatch, small, slow.url, mirror.url)
        download("fashion-mnist", tmp_path)
        assert contents(tmp_path) == small.contents
        stand_in(monkeypatch, small, slow.url)
        with pytest.raises(DownloadFailed, match="it sent less than 1000 bytes per second"):
            download("fashion-mnist", tmp_path / "other")


@for_each(("rate", "slow"), [(2.0, True), (999.0, True), (1000.0, False), (1e6, False)])
def test_the_rate_is_that_of_a_window(rate: float, slow: bool) -> None:
    now = 0.0
    meter = pace.Pace(lambda: now)

    def second() -> int:
        nonlocal now
        now += 1
        return int(rate)

    for _ in range(19):
        meter.wait_for(second)
        now += 600.0  # what the program does in between, or a laptop asleep, does not count
    if slow:
        with pytest.raises(pace.TooSlow):
            meter.wait_for(second)
    else:
        for _ in range(60):
            meter.wait_for(second)


def test_a_mirror_that_gets_slow_is_noticed_later(tmp_path: Path) -> None:
    now = 0.0
    meter = pace.Pace(lambda: now)

    def receive(count: int) -> int:
        nonlocal now
        now += 1
        return count

    for _ in range(20):
        meter.wait_for(lambda: receive(10**9))
    for _ in range(19):
        meter.wait_for(lambda: receive(2))
    with pytest.raises(pace.TooSlow):
        meter.wait_for(lambda: receive(2))


def test_silence_is_given_up(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SILENCE", 0.01)
    mirror.drips.add(IMAGES)
    with pytest.raises(DownloadFailed, match=r"it sent nothing for 0\.01 seconds"):
        download("fashion-mnist", tmp_path)


def test_a_certificate_that_is_not_valid(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_mirror(Path(__file__).parents[2] / "self_signed.pem") as false:
        false.serve(small)
        stand_in(monkeypatch, small, false.url)
        with pytest.raises(DownloadFailed, match=r"certificate is not valid \(self.signed"):
            download("fashion-mnist", tmp_path)
        assert false.requests == [], "nothing is sent to it"
        stand_in(monkeypatch, small, false.url, mirror.url)
        download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == small.contents


def test_https_of_a_server_that_has_none(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, small, mirror.url.replace("http:", "https:"))
    with pytest.raises(DownloadFailed, match="it cannot be reached"):
        download("fashion-mnist", tmp_path)


def test_another_published_file_is_recognised(
    tmp_path: Path, small: SmallSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.serve(SmallSet.make("mnist").register(monkeypatch))
    wanted = "holds the training images of MNIST, not the training images of Fashion-MNIST"
    with pytest.raises(DownloadFailed, match=wanted):
        download("fashion-mnist", tmp_path)
    assert contents(tmp_path) == {}


def test_what_a_mirror_says_cannot_move_the_cursor() -> None:
    said = str(MirrorFailed("it answered 302 \x1b[2J\x07" + "very " * 1000 + "long"))
    assert said.isprintable()
    assert len(said) <= 300
    assert said.startswith("it answered 302 \N{REPLACEMENT CHARACTER}[2J")


def test_a_given_mirror_is_asked_first(tmp_path: Path, small: SmallSet, mirror: Mirror) -> None:
    with local_mirror() as own:
        own.serve(small)
        download("fashion-mnist", tmp_path, mirrors=[own.url.rstrip("/")])
        assert (len(own.requests), mirror.requests) == (4, [])
    with pytest.raises(UserError, match="begins with https:// or http://"):
        download("fashion-mnist", tmp_path, mirrors=["ftp://example.org"])


@for_each(
    "address",
    ["http://", "http://[bad", "http://127.0.0.1:99999/", "http://127.0.0.1:port", "http://a b/",
     "http://..", "http://" + 70 * "a", "https://me:secret@example.org"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address: str, tmp_path: Path, small: SmallSet) -> None:
    with pytest.raises(UserError, match="is not the address of a mirror"):
        download("fashion-mnist", tmp_path, mirrors=[address])


def test_a_mirror_may_lie_in_a_folder_of_any_name(
    tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    with local_mirror() as own:
        own.serve(small)
        own.files = {f"/my%20s%C3%A4t{path}": content for path, content in own.files.items()}
        place = own.url.rstrip("/") + "/my s\N{LATIN SMALL LETTER A WITH DIAERESIS}t/"
        download("fashion-mnist", tmp_path, mirrors=[place])
        assert (len(own.requests), mirror.requests) == (4, [])


@pytest.mark.parametrize("elsewhere", ["http://[bad", "http://..", "file:///etc/hostname"])
def test_a_mirror_that_sends_us_nowhere_is_left_for_the_next(
    elsewhere: str, tmp_path: Path, small: SmallSet, mirror: Mirror
) -> None:
    with local_mirror() as lost:
        lost.redirects = dict.fromkeys(mirror.files, elsewhere)
        download("fashion-mnist", tmp_path, mirrors=[lost.url])
        assert (len(lost.requests), len(mirror.requests)) == (1, 4)


def test_the_known_mirrors_are_asked_by_https_first() -> None:
    for one in IMAGE_SETS.values():
        assert len(one.mirrors) > 1
        safe = [mirror.startswith("https://") for mirror in one.mirrors]
        assert safe == sorted(safe, reverse=True)
        assert safe[0]


def test_torchvision_names_no_mirror_that_is_not_known() -> None:
    from torchvision import datasets

    for one in IMAGE_SETS.values():
        assert set(getattr(datasets, one.folder).mirrors) <= set(one.mirrors)
