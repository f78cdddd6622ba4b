"""SIGKILL at random moments of a download from a slow server on this machine.

`python -m tests.faults.long fetching --kills 100` kills often; the suite a few times.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine.data import IMAGE_SETS
from tests.faults.terminal import ROOT, TIMEOUT, environment
from tests.idx import SmallSet
from tests.mirror import Mirror, local_mirror

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


def _start(mirror: Mirror, home: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", "import sys; " + PROGRAM, mirror.url, str(home / "data")]
    return subprocess.Popen(
        words, cwd=ROOT, env=environment(home),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def kill(seconds: float, home: Path) -> tuple[str, list[str]]:
    """Kill a download so long after its first request: what was left, and what is wrong."""
    small = SmallSet.make()
    folder = home / "data" / small.image_set.folder / "raw"
    troubles: list[str] = []
    with local_mirror() as mirror:
        mirror.serve(small)
        mirror.headers = {"ETag": '"v1"'}
        mirror.chunk, mirror.pause = CHUNK, 0.01
        with _start(mirror, home) as process:
            until = time.monotonic() + TIMEOUT
            while not mirror.requests and process.poll() is None:
                assert time.monotonic() < until, "nothing was asked for"
                time.sleep(0.002)
            # The moment is what is tested, so here the clock is meant.
            time.sleep(seconds)
            process.kill()
            _out, told = process.communicate(timeout=TIMEOUT)
            ended = "killed" if process.returncode == -signal.SIGKILL else "ended before"
        if process.returncode not in (0, -signal.SIGKILL) or "Traceback" in told:
            troubles.append(f"exit status {process.returncode}: {told[-300:]!r}")
        left = {path.name: path.read_bytes() for path in folder.glob("*")}
        whole = {name for name, content in left.items() if small.contents.get(name) == content}
        parts = [name for name in left.keys() - whole if name.endswith(".part")]
        troubles += [f"not whole: {name}" for name in left.keys() - whole - set(parts)]

        mirror.chunk, asked = 0, len(mirror.requests)
        with _start(mirror, home) as process:
            _out, told = process.communicate(timeout=TIMEOUT)
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
