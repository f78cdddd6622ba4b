"""The process that reads a data set: nothing of it outlives the lab or the application."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from engine.labs.reading_data import Reading, command

_WITH_A_WORKER = """
import json, subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"],
                          stdin=subprocess.PIPE)
print(json.dumps({"event": "data", "title": "T", "synthetic": False, "images": worker.pid,
                  "trouble": ""}), flush=True)
worker.wait()
"""


def _is_gone(pid: int) -> bool:
    """Whether a process has ended, be it waited for or not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return text.rpartition(")")[2].split()[0] in "ZX"


def test_stopping_ends_the_process_and_its_workers() -> None:
    reading = Reading([sys.executable, "-c", _WITH_A_WORKER])
    has_worker = threading.Event()

    def watch() -> None:
        while not reading.state.images:
            has_worker.wait(0.01)
        has_worker.set()

    follower = threading.Thread(target=reading.follow, daemon=True)
    follower.start()
    threading.Thread(target=watch, daemon=True).start()
    assert has_worker.wait(30)
    worker = reading.state.images
    assert not _is_gone(worker)
    reading.stop()
    reading.stop()
    follower.join(30)
    assert not follower.is_alive()  # it reads to the end of the pipe, which the worker held too
    until = time.monotonic() + 30  # it closes its end of the pipe before it is gone
    while not _is_gone(worker):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert reading.state.stopped
    assert not reading.state.running
    assert reading.state.trouble == ""


def test_it_ends_when_the_application_is_gone(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command(tmp_path, 64),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.close()  # as when the application was killed
    try:
        assert process.wait(60) == -9
    finally:
        process.kill()
