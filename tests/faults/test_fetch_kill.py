"""A download that is interrupted or killed: the next one continues, and nothing is left over."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from engine.data import download
from tests.idx import SmallSet
from tests.mirror import local_mirror
from tests.unit import warm

PROGRAM = """
import signal
import sys
from dataclasses import replace
from engine.data import IMAGE_SETS
from tests.idx import SmallSet
from tui.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
IMAGE_SETS["fashion-mnist"] = replace(SmallSet.make().image_set, mirrors=(sys.argv[1],))
sys.exit(main(["data", "fetch", "fashion-mnist", "--data-dir", sys.argv[2]]))
"""
ARRIVED = 20_000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_the_next_download_continues(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = SmallSet.make().register(monkeypatch)
    folder = tmp_path / "FashionMNIST" / "raw"
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.headers = {"ETag": '"v1"'}
        mirror.stalls = {"/train-images-idx3-ubyte.gz": ARRIVED}
        words = ["-c", PROGRAM, mirror.url, str(tmp_path)]
        with (tmp_path / "told").open("w") as told:
            child = warm.start(words, stderr=told.fileno(), loaded=True)
        wait_until_arrived(folder)
        child.send_signal(number)
        child.wait(60)
        err = (tmp_path / "told").read_text("utf-8")
        assert "Traceback" not in err
        if number == signal.SIGINT:
            assert child.returncode == 130
            assert "What has arrived is kept; `dltutor data fetch fashion-mnist" in err
        else:
            assert child.returncode == -number
        (part,) = folder.iterdir()
        assert part.suffix == ".part"
        arrived = len(part.read_bytes().partition(b"\n")[2])
        assert arrived > 0

        mirror.stalls.clear()
        mirror.stand_in(monkeypatch, small)
        download("fashion-mnist", tmp_path)
        assert mirror.asked_ranges[:2] == [None, f"bytes={arrived}-"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small.contents


def wait_until_arrived(folder: Path) -> None:
    end = time.monotonic() + 60
    while sum(path.stat().st_size for path in folder.glob(".*.part")) < ARRIVED:
        assert time.monotonic() < end, "the download has not begun"
        time.sleep(0.01)
