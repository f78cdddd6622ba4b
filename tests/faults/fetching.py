"""SIGKILL at random moments of a download from a slow server on this machine.

`python -m tests.faults.long fetching --kills 100` kills often; the suite a few times.
"""

from __future__ import annotations

import argparse
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from engine.data import IMAGE_SETS
from tests.faults.terminal import TIMEOUT, environment
from tests.idx import SmallSet
from tests.mirror import Mirror, local_mirror
from tests.unit import warm

NAME = "fashion-mnist"
PROGRAM = "from tests.faults.fetching import fetch; sys.exit(fetch(sys.argv[1], sys.argv[2]))"
CHUNK = 1500
LASTS = 0.7
"""Seconds that the slow server needs for all files, about."""


def fetch(url: str, folder: str) -> int:
    """`dltutor data fetch` of a small set from one mirror; the exit status."""
    from tui.cli import main

    IMAGE_SETS[NAME] = replace(SmallSet.make().image_set, mirrors=(url,))
    return main(["data", "fetch", NAME, "--data-dir", folder])


@contextmanager
def _started(mirror: Mirror, home: Path) -> Iterator[tuple[warm.Process, TextIO]]:
    """The download, and what it tells; it has ended in the end."""
    words = ["-c", "import sys; " + PROGRAM, mirror.url, str(home / "data")]
    with (
        tempfile.TemporaryFile() as nowhere,
        tempfile.TemporaryFile("w+", encoding="utf-8") as told,
    ):
        process = warm.start(
            words, env=environment(home), tidy=False, loaded=True,
            stdout=nowhere.fileno(), stderr=told.fileno(),
        )  # fmt: skip
        try:
            yield process, told
        finally:
            process.kill()
            process.wait(TIMEOUT)


def _told(process: warm.Process, stderr: TextIO) -> str:
    """All that it has told when it has ended."""
    process.wait(TIMEOUT)
    stderr.seek(0)
    return stderr.read()


def kill(seconds: float, home: Path) -> tuple[str, list[str]]:
    """Kill a download so long after its first request: what was left, and what is wrong."""
    small = SmallSet.make()
    folder = home / "data" / small.image_set.folder / "raw"
    troubles: list[str] = []
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.headers = {"ETag": '"v1"'}
        mirror.chunk, mirror.pause = CHUNK, 0.01
        with _started(mirror, home) as (process, stderr):
            until = time.monotonic() + TIMEOUT
            while not mirror.requests and process.poll() is None:
                assert time.monotonic() < until, "nothing was asked for"
                time.sleep(0.002)
            # The moment is what is tested, so here the clock is meant.
            time.sleep(seconds)
            process.kill()
            told = _told(process, stderr)
            ended = "killed" if process.returncode == -signal.SIGKILL else "ended before"
        if process.returncode not in (0, -signal.SIGKILL) or "Traceback" in told:
            troubles.append(f"exit status {process.returncode}: {told[-300:]!r}")
        left = {path.name: path.read_bytes() for path in folder.glob("*")}
        whole = {name for name, content in left.items() if small.contents.get(name) == content}
        parts = [name for name in left.keys() - whole if name.endswith(".part")]
        troubles += [f"not whole: {name}" for name in left.keys() - whole - set(parts)]

        mirror.chunk, asked = 0, len(mirror.requests)
        with _started(mirror, home) as (process, stderr):
            told = _told(process, stderr)
        if process.returncode or "Traceback" in told:
            troubles.append(f"the next one: exit status {process.returncode}: {told[-300:]!r}")
        again = {path.removeprefix("/").removesuffix(".gz") for path in mirror.requests[asked:]}
        troubles += [f"fetched twice: {name}" for name in again & whole]
    if {path.name: path.read_bytes() for path in folder.iterdir()} != small.contents:
        troubles.append(f"in the end there is {sorted(path.name for path in folder.iterdir())}")
    troubles += [
        f"left over: {path.name}"
        for path in home.rglob("*")
        if path.name.endswith((".tmp", ".part"))
    ]
    return f"{ended}, {len(whole)} files and {len(parts)} parts", troubles


def main(words: list[str]) -> int:
    """Kill often, and print what was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long fetching")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(words)
    draw = random.Random(args.seed)
    lost = 0
    for _ in range(args.kills):
        with tempfile.TemporaryDirectory() as home:
            seen, troubles = kill(draw.uniform(0, LASTS), Path(home))
        lost += bool(troubles)
        print(f"{'LOST' if troubles else 'ok  '} {seen} {'; '.join(troubles)}", flush=True)
    print(f"{args.kills} kills, {lost} lost")
    return int(lost > 0)
