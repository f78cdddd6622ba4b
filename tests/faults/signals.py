"""Signals and keys that end or stop the screens, on every kind of screen.

`python -m tests.faults.long signals` tries them all; the suite takes a few.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine.training.checkpoint_file import load
from lessons.learner.progress import Progress
from tests.faults import opening
from tests.faults.terminal import Terminal, environment, members, terminal

PROGRAM = "from tests.faults.opening import run; sys.exit(run(sys.argv[1], sys.argv[2]))"
STARTING = "from tui.cli import main; sys.exit(main([]))"
ENDS = {
    "SIGTERM": signal.SIGTERM, "SIGINT": signal.SIGINT, "SIGQUIT": signal.SIGQUIT,
    "SIGHUP": signal.SIGHUP,
}  # fmt: skip
HOWS = (*ENDS, "ctrl+c", "ctrl+q", "SIGTSTP", "ctrl+z")
GOES_ON = 20.0
"""Seconds in which the terminal has to be given back."""


def begin(line: Terminal, name: str, home: Path, *, tidy: bool = True) -> None:
    """Open a screen and wait until it is there; see `Terminal.start` for `tidy`."""
    found = opening.opening(name)
    marker = home / "marker"
    process = line.start(PROGRAM, name, str(marker), env=environment(home), tidy=tidy)
    line.wait_until(lambda: marker.exists() or process.poll() is not None, f"{name} opened")
    assert process.poll() is None, line.text[-2000:]
    line.quiet()
    for key in found.keys:
        line.type(key)
        line.quiet(0.1)
    line.quiet()


def leave(line: Terminal, name: str) -> None:
    """Quit by a key, and agree where it is asked."""
    assert line.process is not None
    found = opening.opening(name)
    mark = line.mark
    line.type("\x11")
    if found.state:
        _agree(line, 0 if found.is_asking else mark)
    _wait_for_end(line)


def _agree(line: Terminal, mark: int) -> None:
    line.wait_for("Stop training and quit", mark)
    line.type("y")


def _wait_for_end(line: Terminal) -> None:
    assert line.process is not None
    process = line.process
    line.wait_until(lambda: process.poll() is not None, "the end of the program")


def survive(name: str, how: str, home: Path, *, tidy: bool = True) -> list[str]:
    """Open the screen `name`, do what `how` says, and tell what is not as it should be."""
    troubles: list[str] = []
    with terminal() as line:
        begin(line, name, home, tidy=tidy)
        assert line.process is not None
        found = opening.opening(name)
        trains = bool(found.state)
        if how in ("SIGTSTP", "ctrl+z"):
            if how == "ctrl+z":
                if name.startswith("exercise"):
                    line.type("\x1b")  # in the editor it takes back what was typed
                    line.quiet(1.0)
                line.type("\x1a")
            else:
                line.process.send_signal(signal.SIGTSTP)
            line.wait_until_stopped()
            time.sleep(0.2)
            troubles += [f"stopped: {each}" for each in line.left_on()]
            mark = line.mark
            line.process.send_signal(signal.SIGCONT)
            line.wait_for("\x1b[?1049h", mark)
            line.wait_until(lambda: len(line.since(mark)) > 500, "drawn after SIGCONT", 20)
            line.quiet()
            leave(line, name)
        elif how == "ctrl+c":
            mark = line.mark
            line.type("\x03")
            if trains:
                _agree(line, 0 if found.is_asking else mark)
            _wait_for_end(line)
        elif how == "ctrl+q":
            leave(line, name)
        else:
            line.process.send_signal(ENDS[how])
            if how == "SIGHUP" and found.state == "running":
                # It goes on without its terminal, which it gives back at once.
                line.wait_until(lambda: not line.left_on(), "given back", GOES_ON)
                line.process.send_signal(signal.SIGTERM)
            _wait_for_end(line)
        time.sleep(0.1)
        troubles += line.left_on()
        if line.process.returncode != 0:
            troubles.append(f"exit status {line.process.returncode}")
        troubles += [f"process {pid} left" for pid in _left(line.process.pid, home)]
        if "Traceback" in line.text or "Error:" in line.text:
            troubles.append(f"told: {line.text[-800:]!r}")
    return troubles + _kept(name, how, home)


def _left(session: int, home: Path) -> list[int]:
    """What is left of the program and of what it has started, after a moment."""
    until = time.monotonic() + 5
    found: list[int] = []
    while time.monotonic() < until:
        found = members(session) + _with_home(home)
        if not found:
            break
        time.sleep(0.1)
    return found


def _with_home(home: Path) -> list[int]:
    wanted = f"HOME={home}\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            pid = int(path.parent.name)
            if wanted in path.read_bytes() and pid != os.getpid():
                found.append(pid)
        except OSError:
            continue
    return found


def _kept(name: str, how: str, home: Path) -> list[str]:
    """What should have been saved, and what should not have been left."""
    troubles = []
    found = opening.opening(name)
    folder = home / ".local/share/dltutor"
    progress = Progress(folder / "progress.sqlite")
    wanted = opening.LESSON if name == "question" else found.lesson
    if wanted and not name.startswith("lab ") and progress.last() != wanted:
        troubles.append(f"the place is lost: {progress.last()}")
    if progress.notice:
        troubles.append(progress.notice)
    progress.close()
    if found.state:
        kept = [load(path) for path in folder.glob("checkpoints/*/*.safetensors")]
        if not any(one.epoch + one.epoch_step for one in kept):
            troubles.append("no checkpoint")
    if name == "exercise" and "#half" not in (folder / "exercises/relu.py").read_text("utf-8"):
        troubles.append("what was typed is lost")
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            troubles.append(f"not private: {path.relative_to(home)} {mode:o}")
        if path.suffix in (".tmp", ".part"):
            troubles.append(f"left over: {path.relative_to(home)}")
    return troubles


def survive_start(number: signal.Signals, moment: float | str, home: Path) -> list[str]:
    """Start, and send a signal after so many seconds, or as soon as something is written."""
    with terminal() as line:
        process = line.start(STARTING, env=environment(home), new=True)
        if isinstance(moment, str):
            line.wait_for(moment)
        else:
            time.sleep(moment)
        process.send_signal(number)
        _wait_for_end(line)
        time.sleep(0.05)
        troubles = line.left_on()
        if process.returncode not in (0, 130, -number):
            troubles.append(f"exit status {process.returncode}")
        if "Traceback" in line.text:
            troubles.append(f"told: {line.text[-800:]!r}")
    return troubles


def tried(what: str, attempt: Callable[[Path], list[str]]) -> bool:
    """Try it in a home of its own, and print what went wrong; whether all was right."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            troubles = attempt(Path(folder))
        except AssertionError as error:
            troubles = [f"AssertionError: {str(error)[:900]}"]
    print(f"{'ok  ' if not troubles else 'LOST'} {what} {'; '.join(troubles)}", flush=True)
    return not troubles


def main(words: list[str]) -> int:
    """All signals on all screens, then signals at random moments of a start."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long signals")
    parser.add_argument("screens", nargs="*")
    parser.add_argument("--how", choices=HOWS, action="append")
    parser.add_argument("--starts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(words)
    screens = args.screens or [*opening.OPENINGS, "lab stepper", "lab playground", "lab lockstep"]
    count = lost = 0
    for name in screens:
        for how in args.how or HOWS:
            count += 1
            lost += not tried(f"{name}, {how}", partial(survive, name, how))
    draw = random.Random(args.seed)
    for _ in range(args.starts):
        number = draw.choice([*ENDS.values()])
        seconds = draw.uniform(0.0, 3.0)
        count += 1
        what = f"{number.name} {seconds:.3f} s after the start"
        lost += not tried(what, partial(survive_start, number, seconds))
    print(f"{count} tries, {lost} lost")
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
